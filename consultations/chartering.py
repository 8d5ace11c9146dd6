"""Service: write how a working group decides, and let every member agree to it."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import group_access
from consultations.models import CharterAgreement, DecisionRule, GroupCharter
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotFoundError
from core.text import plain_text

LONGEST_BODY: Final = 10_000
#: Least share of a hundred members that can be a quorum, and how long a round can be, in days.
LEAST_QUORUM: Final = 50
SHORTEST_ROUND: Final = 1
LONGEST_ROUND: Final = 60


@dataclass(frozen=True)
class CharterWords:
    """How a group works: text, a value of ``DecisionRule``, quorum of a hundred, full days."""

    body: str
    rule: str
    quorum: int
    round_days: int


def write(session: Session, actor: Actor, group_id: int, *, given: CharterWords) -> GroupCharter:
    """Put another version of the charter to the members; the one before holds until they agree.

    Raises
    ------
    NotFoundError
        ``group.unknown``.
    NotAllowedError
        ``group.conveners_only``.
    InvalidError
        ``group.rule_unknown`` on ``rule``; ``group.quorum`` on ``quorum``; ``group.round_days`` on
        ``round_days``; ``text.empty`` or ``text.too_long`` on ``body``.
    """
    group, consultation = group_access.locked_group(session, group_id)
    group_access.require_convener(session, actor, consultation, group.id)
    if given.rule not in set(DecisionRule):
        raise InvalidError("group.rule_unknown", field="rule")
    if not LEAST_QUORUM <= given.quorum <= 100:
        raise InvalidError("group.quorum", field="quorum", least=LEAST_QUORUM)
    if not SHORTEST_ROUND <= given.round_days <= LONGEST_ROUND:
        raise InvalidError("group.round_days", field="round_days", most=LONGEST_ROUND)
    latest = select(func.max(GroupCharter.version)).where(GroupCharter.group_id == group.id)
    charter = GroupCharter(
        group_id=group.id,
        version=(session.scalar(latest) or 0) + 1,
        body=plain_text(given.body, max_length=LONGEST_BODY, field="body"),
        rule=DecisionRule(given.rule),
        quorum=given.quorum,
        round_days=given.round_days,
        written_by_id=actor.account_id,
        written_at=now(),
    )
    session.add(charter)
    session.flush()
    group_access.record(
        session,
        actor,
        group,
        "charter_written",
        f"/charter:{charter.version}",
        rule=charter.rule.value,
        quorum=charter.quorum,
        round_days=charter.round_days,
        sha256=group_access.sha256(charter.body),
    )
    return charter


def agree(session: Session, actor: Actor, group_id: int, version: int) -> GroupCharter:
    """Agree to the newest version, which is in force once nobody is left who has not.

    Raises
    ------
    NotFoundError
        ``group.unknown``, ``group.charter_unknown``.
    NotAllowedError
        ``group.members_only``, ``group.facilitator_decides_not``.
    ConflictError
        ``group.charter_overtaken``: there is a newer version.
    """
    group, _ = group_access.locked_group(session, group_id)
    seat = group_access.require_deciding(session, actor, group.id)
    charter = session.scalars(
        select(GroupCharter)
        .where(GroupCharter.group_id == group.id)
        .order_by(GroupCharter.version.desc())
        .limit(1)
    ).first()
    if charter is None:
        raise NotFoundError("group.charter_unknown")
    if charter.version != version:
        raise ConflictError("group.charter_overtaken")
    if session.get(CharterAgreement, (charter.id, seat.id)) is None:
        session.add(CharterAgreement(charter_id=charter.id, member_id=seat.id, agreed_at=now()))
        session.flush()
        place = f"/charter:{charter.version}"
        group_access.record(session, actor, group, "charter_agreed", place, member=seat.number)
        group_access.put_in_force(session, actor, group)
    return charter
