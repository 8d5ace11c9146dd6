"""A working group for the matrix: the author and a citizen decide, the facilitator leads."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from consultations import participation
from consultations.models import (
    CharterAgreement,
    Commitment,
    Consultation,
    DecisionRule,
    GroupCharter,
    GroupMeeting,
    GroupMember,
    GroupProposal,
    GroupRound,
    MemberState,
    Panel,
    PanelClause,
    PanelSeat,
    SeatState,
    Sector,
    WorkingGroup,
)
from core.actor import Actor
from core.clock import now

NUMBER, STEP = 901, 903
#: Who sits for what; a third member lets the group decide.
SEATS = (
    ("author", "citizens"),
    ("citizen", "business"),
    ("", "academia"),
    ("facilitator", "agency"),
)


def make_group(session: Any, here: Consultation, actors: Mapping[str, Actor]) -> int:
    """Make a group with an open round, a meeting, an open invitation and a step."""
    group = _add(
        session,
        WorkingGroup(
            consultation_id=here.id, number=NUMBER, title_th="ก", purpose_th="ข", founded_at=now()
        ),
    )
    charter = _add(
        session,
        GroupCharter(
            group_id=group.id,
            version=1,
            body="ค",
            rule=DecisionRule.CONSENT,
            quorum=60,
            round_days=7,
            written_at=now(),
            in_force_at=now(),
        ),
    )
    members = [_member(session, group.id, n, *seat, actors) for n, seat in enumerate(SEATS, 1)]
    _add(session, _seat(group.id, 9, "business"))
    for each in members[:3]:
        session.add(CharterAgreement(charter_id=charter.id, member_id=each.id, agreed_at=now()))
    held = {"held_on": now().date(), "place": "ง", "agenda": "จ", "announced_at": now()}
    session.add(GroupMeeting(group_id=group.id, number=1, **held))
    proposals = [
        _add(
            session,
            GroupProposal(
                group_id=group.id,
                number=n,
                title="ฉ",
                author_id=members[0].id,
                proposed_at=now(),
            ),
        )
        for n in (1, 2)
    ]
    session.add(
        GroupRound(
            proposal_id=proposals[0].id,
            number=1,
            body="ช",
            charter_id=charter.id,
            eligible=3,
            opened_at=now(),
            closes_at=now() + timedelta(days=7),
        )
    )
    session.add(
        Commitment(
            consultation_id=here.id,
            number=STEP,
            proposal_id=proposals[1].id,
            text_th="จะทำ",
            owner="ชมรม",
            due_on=now().date() + timedelta(days=90),
            written_at=now(),
            promised_at=now(),
        )
    )
    session.flush()
    return NUMBER


def make_panels(session: Any, here: Consultation, actors: Mapping[str, Actor]) -> dict[str, int]:
    """Make a panel with public results and the author in it, and one that is over."""
    made = {}
    for name, number, days in (("panel", 901, 9), ("panel over", 902, -1)):
        panel = _add(
            session,
            Panel(
                consultation_id=here.id,
                number=number,
                title_th="ซ",
                closes_on=now().date() + timedelta(days=days),
                begun_by_id=actors["officer"].account_id,
                begun_at=now(),
                published_at=now() if days > 0 else None,
            ),
        )
        session.add(PanelClause(panel_id=panel.id, position=1, body="ฌ"))
        [key, *_] = participation.person_keys(actors["author"], here)
        session.add(PanelSeat(panel_id=panel.id, state=SeatState.ACTIVE, person_key=key))
        made |= {name: number, f"{name} id": panel.id}
    session.flush()
    return made


def _seat(group_id: int, number: int, sector: str) -> GroupMember:
    return GroupMember(
        group_id=group_id, number=number, sector=Sector(sector), seat="ที่นั่ง", invited_at=now()
    )


def _member(
    session: Any, group_id: int, number: int, who: str, sector: str, actors: Mapping[str, Actor]
) -> GroupMember:
    made = _seat(group_id, number, sector)
    made.state, made.joined_at = MemberState.ACTIVE, now()
    made.is_facilitator = who == "facilitator"
    made.shown_name = "สมาชิก"
    if who:
        made.account_id = actors[who].account_id
    return _add(session, made)


def _add(session: Any, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row
