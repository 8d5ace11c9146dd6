"""Working groups: seats are taken in person, charters agreed, rounds ended by the rule alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import chartering, committing, deliberating, forming, meeting
from consultations.chartering import CharterWords
from consultations.committing import Report
from consultations.forming import Seat
from consultations.meeting import Agenda
from consultations.models import (
    Commitment,
    DecisionRule,
    GroupRound,
    MemberState,
    News,
    RoundOutcome,
    Sector,
    Stage,
)
from consultations.queries import groups
from core.actor import Role, system_actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.ledger import LedgerEntry
from core.mailing import outbox
from tests.consultations.working_groups import (
    FOUNDING,
    WORDS,
    Table,
    convened,
    proposed,
    say,
    seated,
)
from tests.factories import make_actor, make_agency

SEAT = Seat("new@example.org", "business", "Market traders")


@pytest.fixture
def table(session: Session, keyring: Keyring) -> Table:
    convened(session, keyring)
    return convened(session, keyring)


def page(session: Session, table: Table) -> groups.GroupPage:
    return groups.group_page(session, table.group)


def latest(session: Session, table: Table, number: int = 1) -> groups.RoundRow:
    return groups.proposal_numbered(session, table.group, number).latest


def deeds(session: Session, table: Table) -> list[str]:
    query = select(LedgerEntry).where(LedgerEntry.consultation_id == table.consultation.id)
    return [each.action for each in session.scalars(query.order_by(LedgerEntry.id))]


def test_only_the_agency_founds_a_group_and_only_conveners_invite(
    session: Session, keyring: Keyring, table: Table
) -> None:
    other = make_actor(session, keyring, Role.OFFICER, agency=make_agency(session))
    with pytest.raises(NotAllowedError, match="other_agency"):
        forming.found(session, other, table.consultation.id, given=FOUNDING)
    for who in (other, table.people[0], make_actor(session, keyring, Role.FACILITATOR)):
        with pytest.raises(NotAllowedError, match="conveners_only"):
            forming.invite(session, who, keyring, table.group.id, given=SEAT)
    forming.invite(session, table.facilitator, keyring, table.group.id, given=SEAT)
    bad = replace(SEAT, sector="army")
    with pytest.raises(InvalidError, match="sector_unknown"):
        forming.invite(session, table.facilitator, keyring, table.group.id, given=bad)


def test_a_seat_is_taken_in_person_once_under_the_name_one_agreed_to_show(
    session: Session, keyring: Keyring, table: Table
) -> None:
    member, token = forming.invite(
        session, table.staff.officer, keyring, table.group.id, given=SEAT
    )
    with time_machine.travel(now() + timedelta(minutes=1), tick=False):
        letters = [each.letter for each in outbox.claim(session, keyring, limit=99)]
    assert [e.address for e in letters if e and e.details["token"] == token] == [SEAT.email]
    new = make_actor(session, keyring)
    accepted = {"shown_name": "สมชาย ใจดี", "shown_organisation": "ชมรมผู้ค้า"}
    with pytest.raises(ConflictError, match="one_seat"):
        forming.accept(session, table.people[0], token, **accepted)
    forming.accept(session, new, token, **accepted)
    assert (member.state, member.shown_name) == (MemberState.ACTIVE, "สมชาย ใจดี")
    with pytest.raises(NotFoundError, match="invitation_unknown"):
        forming.accept(session, make_actor(session, keyring), token, **accepted)
    in_force = page(session, table).in_force
    assert in_force is not None
    assert member.id in in_force.agreed
    with pytest.raises(ConflictError, match="invitation_answered"):
        forming.withdraw(session, table.staff.officer, member.id)


def test_an_invitation_can_be_declined_taken_back_and_grows_old(
    session: Session, keyring: Keyring, table: Table
) -> None:
    officer, person = table.staff.officer, make_actor(session, keyring)
    tokens = [
        forming.invite(session, officer, keyring, table.group.id, given=SEAT) for _ in range(3)
    ]
    forming.decline(session, person, keyring, tokens[0][1])
    forming.withdraw(session, officer, tokens[1][0].id)
    with time_machine.travel(now() + timedelta(days=61)):
        for _, token in tokens:
            with pytest.raises(NotFoundError, match="invitation_unknown"):
                forming.invitation(session, keyring, token)


def test_nobody_of_the_agency_sits_for_citizens_and_only_facilitators_facilitate(
    session: Session, keyring: Keyring, table: Table
) -> None:
    with pytest.raises(NotAllowedError, match="agency_seat"):
        seated(session, keyring, table, table.staff.approver, Sector.CITIZENS)
    person = make_actor(session, keyring)
    with pytest.raises(NotAllowedError, match="facilitator_role"):
        seated(session, keyring, table, person, Sector.ACADEMIA, is_facilitator=True)
    seated(session, keyring, table, table.staff.approver, Sector.AGENCY)


def test_a_charter_holds_once_every_member_has_agreed(session: Session, table: Table) -> None:
    old = page(session, table).in_force
    given = CharterWords("We decide faster.", "majority", 50, 3)
    new = chartering.write(session, table.facilitator, table.group.id, given=given)
    for person in table.people[:2]:
        chartering.agree(session, person, table.group.id, new.version)
    now_held = page(session, table)
    assert old is not None
    assert now_held.in_force is not None
    assert now_held.in_force.charter.id == old.charter.id
    assert now_held.offered is not None
    with pytest.raises(ConflictError, match="charter_overtaken"):
        chartering.agree(session, table.people[2], table.group.id, old.charter.version)
    with pytest.raises(NotAllowedError, match="facilitator_decides_not"):
        chartering.agree(session, table.facilitator, table.group.id, new.version)
    forming.leave(session, table.people[2], table.group.id)
    assert new.in_force_at is not None


@pytest.mark.parametrize(
    ("change", "code"),
    [({"rule": "lot"}, "rule_unknown"), ({"quorum": 49}, "quorum"), ({"round_days": 0}, "days")],
)
def test_a_charter_names_a_rule_a_quorum_and_days(
    session: Session, table: Table, change: dict[str, object], code: str
) -> None:
    given = replace(CharterWords("x", "consent", 60, 7), **change)  # type: ignore[arg-type]
    with pytest.raises(InvalidError, match=code):
        chartering.write(session, table.facilitator, table.group.id, given=given)


def test_a_round_ends_when_all_have_answered_and_keeps_the_dissent(
    session: Session, table: Table
) -> None:
    proposal = proposed(session, table)
    for who, position in enumerate(("consent", "reservation")):
        say(session, table, who, proposal, position)
    assert latest(session, table).round.outcome is None
    say(session, table, 2, proposal, "consent")
    row = latest(session, table)
    assert row.round.outcome is RoundOutcome.ADOPTED
    assert [(each.member.number, each.position.reason) for each in row.dissent] == [
        (3, "It costs too much")
    ]
    with pytest.raises(ConflictError, match="round_over"):
        say(session, table, 2, proposal, "objection")
    entry = session.scalars(
        select(LedgerEntry).where(LedgerEntry.action == "group.round_closed")
    ).one()
    assert '"consent":2' in entry.content
    assert '"outcome":"adopted"' in entry.content
    assert session.scalars(select(News.code)).all().count("group.changed") >= 3


def test_a_round_ends_with_its_time_by_the_clock(session: Session, table: Table) -> None:
    proposal = proposed(session, table)
    say(session, table, 0, proposal, "consent")
    assert deliberating.close_due(session, system_actor()) == 0
    with time_machine.travel(now() + timedelta(days=9)):
        with pytest.raises(ConflictError, match="round_over"):
            say(session, table, 1, proposal, "consent")
        assert deliberating.close_due(session, system_actor()) == 1
        assert deliberating.close_due(session, system_actor()) == 0
    assert latest(session, table).round.outcome is RoundOutcome.NO_QUORUM


def test_who_objects_says_why_and_may_think_again(session: Session, table: Table) -> None:
    proposal, person = proposed(session, table), table.people[1]
    for position, code in (("objection", "text.empty"), ("never", "position_unknown")):
        with pytest.raises(InvalidError, match=code):
            deliberating.declare(session, person, proposal.id, 1, position=position, reason=" ")
    say(session, table, 1, proposal, "objection")
    say(session, table, 1, proposal, "consent")
    assert [each.position.reason for each in latest(session, table).said] == [""]


def test_an_amendment_opens_a_new_round_and_the_old_one_stays(
    session: Session, table: Table
) -> None:
    proposal = proposed(session, table)
    say(session, table, 1, proposal, "objection")
    with pytest.raises(NotAllowedError, match="authors_only"):
        deliberating.amend(session, table.people[1], proposal.id, body="x")
    deliberating.amend(session, table.people[0], proposal.id, body="Once a week in the dry season.")
    with pytest.raises(ConflictError, match="round_changed"):
        say(session, table, 1, proposal, "consent", number=1)
    for who in range(3):
        say(session, table, who, proposal, "consent", number=2)
    row = groups.proposal_numbered(session, table.group, 1)
    assert [each.round.outcome for each in row.rounds] == ["amended", "adopted"]
    assert len(row.rounds[0].dissent) == 1
    with pytest.raises(ConflictError, match="settled"):
        deliberating.amend(session, table.people[0], proposal.id, body="x")


def test_a_facilitator_and_who_joins_later_have_no_voice_in_a_round(
    session: Session, keyring: Keyring, table: Table
) -> None:
    proposal = proposed(session, table)
    outsider = make_actor(session, keyring)
    answer = {"position": "consent", "reason": ""}
    for who, code in (
        (table.facilitator, "facilitator_decides_not"),
        (table.staff.officer, "members_only"),
        (outsider, "members_only"),
    ):
        with pytest.raises(NotAllowedError, match=code):
            deliberating.declare(session, who, proposal.id, 1, **answer)
    with pytest.raises(NotAllowedError, match="facilitator_decides_not"):
        deliberating.propose(session, table.facilitator, table.group.id, given=WORDS)
    with time_machine.travel(now() + timedelta(minutes=5)):
        seated(session, keyring, table, outsider, Sector.ACADEMIA)
        with pytest.raises(NotAllowedError, match="joined_later"):
            deliberating.declare(session, outsider, proposal.id, 1, **answer)
    assert latest(session, table).round.eligible == 3


def test_who_leaves_changes_no_count(session: Session, table: Table) -> None:
    proposal = proposed(session, table)
    say(session, table, 2, proposal, "objection")
    forming.leave(session, table.people[2], table.group.id)
    say(session, table, 0, proposal, "consent")
    say(session, table, 1, proposal, "consent")
    row = latest(session, table)
    assert (row.round.outcome, row.count.objection) == (RoundOutcome.NOT_ADOPTED, 1)


def test_no_round_without_an_agreed_charter_or_with_one_sector_alone(
    session: Session, keyring: Keyring
) -> None:
    alone = convened(session, keyring, sectors=(Sector.BUSINESS,) * 3)
    with pytest.raises(ConflictError, match="too_few"):
        proposed(session, alone)
    bare = forming.found(session, alone.staff.officer, alone.consultation.id, given=FOUNDING)
    fresh = replace(alone, group=bare)
    seated(session, keyring, fresh, alone.people[0], Sector.CITIZENS)
    with pytest.raises(ConflictError, match="no_charter"):
        proposed(session, fresh)
    assert [each.members for each in groups.groups_of(session, alone.consultation.id)] == [3, 1]


def test_an_adopted_step_is_followed_with_all_other_promises(
    session: Session, keyring: Keyring
) -> None:
    table = convened(session, keyring, DecisionRule.MAJORITY)
    due = (now() + timedelta(days=90)).date()
    step = replace(WORDS, due_on=due, resources="Two trucks")
    with pytest.raises(InvalidError, match="due_past"):
        proposed(session, table, replace(step, due_on=date(2020, 1, 1)))
    proposal = proposed(session, table, step)
    for who in range(3):
        say(session, table, who, proposal, "consent")
    made = session.scalars(select(Commitment)).one()
    assert (made.owner, made.due_on, made.resources) == ("Org", due, "Two trucks")
    assert [row.commitment.id for row in page(session, table).plan] == [made.id]
    report = Report("under_way", "เริ่มแล้ว")
    committing.report(session, table.people[0], made.id, given=report)
    committing.report(session, table.staff.officer, made.id, given=report)
    with pytest.raises(NotAllowedError, match="other_agency"):
        committing.report(session, table.people[1], made.id, given=report)


def test_minutes_are_corrected_beside_the_earlier_words(session: Session, table: Table) -> None:
    officer, today = table.staff.officer, now().date()
    later = meeting.announce(
        session,
        officer,
        table.group.id,
        given=Agenda(today + timedelta(days=5), "Town hall", "1. Sorting"),
    )
    with pytest.raises(ConflictError, match="meeting_to_come"):
        meeting.publish_minutes(session, officer, later.id, body="x")
    held = meeting.announce(
        session, officer, table.group.id, given=Agenda(today, "Town hall", "1. Sorting")
    )
    meeting.publish_minutes(session, table.facilitator, held.id, body="Five people came.")
    with pytest.raises(InvalidError, match=r"text\.empty"):
        meeting.publish_minutes(session, officer, held.id, body="Six people came.")
    meeting.publish_minutes(
        session, officer, held.id, body="Six people came.", correction="One had come late."
    )
    kept = groups.meeting_numbered(session, table.group, held.number).minutes
    assert [each.body for each in kept] == ["Six people came.", "Five people came."]
    with pytest.raises(NotAllowedError, match="conveners_only"):
        meeting.publish_minutes(session, table.people[0], held.id, body="x", correction="x")


def test_every_deed_is_in_the_ledger_and_an_archived_group_is_still(
    session: Session, table: Table
) -> None:
    proposal = proposed(session, table)
    deliberating.withdraw(session, table.people[0], proposal.id)
    made = deeds(session, table)
    for deed in ("founded", "invited", "joined", "charter_in_force", "round_opened"):
        assert f"group.{deed}" in made
    assert made[-1] == "group.round_closed"
    names = " ".join(session.scalars(select(LedgerEntry.content)))
    assert "Member" not in names
    table.consultation.stage = Stage.ARCHIVED
    session.flush()
    with pytest.raises(ConflictError, match="wrong_stage"):
        proposed(session, table)


def test_a_closed_account_leaves_no_name_behind(session: Session, table: Table) -> None:
    account = table.people[0].account_id
    assert account is not None
    forming.forget_names(session, account)
    session.expire_all()
    gone = next(each for each in page(session, table).members if each.number == 2)
    assert (gone.state, gone.shown_name, gone.account_id) == (MemberState.LEFT, "", None)
    assert session.scalars(select(GroupRound)).all() == []
