"""Service: put proposals to a working group, answer them in rounds, and close rounds by the rule.

Nobody decides how a round ends: ``group_rules.outcome`` does, when everybody has answered or the
time is over.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import group_access, rounds
from consultations.models import (
    GroupPosition,
    GroupProposal,
    GroupRound,
    Position,
    RoundOutcome,
)
from consultations.rounds import Place
from core.actor import Actor
from core.clock import BANGKOK, now
from core.errors import ConflictError, InvalidError, NotAllowedError
from core.text import plain_text, single_line

LONGEST_TITLE: Final = 200
LONGEST_REASON: Final = 2000


@dataclass(frozen=True)
class ProposalWords:
    """What a member proposes; with a day it is a step that the member's own side carries out."""

    title: str
    body: str
    due_on: date | None = None
    resources: str = ""


def propose(
    session: Session, actor: Actor, group_id: int, *, given: ProposalWords
) -> GroupProposal:
    """Put a proposal to the group, and open its first round.

    Raises
    ------
    NotFoundError
        ``group.unknown``.
    NotAllowedError
        ``group.members_only``, ``group.facilitator_decides_not``.
    ConflictError
        ``group.no_charter``, ``group.too_few``.
    InvalidError
        ``commitment.due_past`` on ``due_on``; ``text.empty`` or ``text.too_long``.
    """
    group, consultation = group_access.locked_group(session, group_id)
    seat = group_access.require_deciding(session, actor, group.id)
    if given.due_on is not None and given.due_on < now().astimezone(BANGKOK).date():
        raise InvalidError("commitment.due_past", field="due_on")
    latest = select(func.max(GroupProposal.number)).where(GroupProposal.group_id == group.id)
    resources = given.resources.strip()
    proposal = GroupProposal(
        group_id=group.id,
        number=(session.scalar(latest) or 0) + 1,
        title=single_line(given.title, max_length=LONGEST_TITLE, field="title"),
        author_id=seat.id,
        due_on=given.due_on,
        resources=plain_text(resources, max_length=LONGEST_REASON, field="resources")
        if resources
        else "",
        proposed_at=now(),
    )
    session.add(proposal)
    session.flush()
    rounds.open_round(session, actor, group, proposal, given.body, number=1)
    group_access.tell(session, consultation, f"proposal {proposal.id}")
    return proposal


def amend(session: Session, actor: Actor, proposal_id: int, *, body: str) -> GroupRound:
    """Put another text of one's own proposal to the group; the answers so far stay on record.

    Raises
    ------
    NotFoundError
        ``group.proposal_unknown``.
    NotAllowedError
        ``group.members_only``, ``group.facilitator_decides_not``, ``group.authors_only``.
    ConflictError
        ``group.settled``: it is adopted or withdrawn; ``group.no_charter``, ``group.too_few``.
    InvalidError
        ``text.empty`` or ``text.too_long`` on ``body``.
    """
    place = _own(session, actor, proposal_id)
    latest = place.latest
    if latest.outcome is None:
        rounds.end(session, actor, place, RoundOutcome.AMENDED)
    number = latest.number + 1
    return rounds.open_round(session, actor, place.group, place.proposal, body, number=number)


def withdraw(session: Session, actor: Actor, proposal_id: int) -> None:
    """Take one's own proposal back while its round is open; raises as ``amend``."""
    place = _own(session, actor, proposal_id)
    if place.latest.outcome is not None:
        raise ConflictError("group.round_over")
    rounds.end(session, actor, place, RoundOutcome.WITHDRAWN)


def declare(
    session: Session, actor: Actor, proposal_id: int, number: int, *, position: str, reason: str
) -> GroupPosition:
    """Say what one thinks of a proposal, or change it; the last to answer closes the round.

    Parameters
    ----------
    number : int
        The round whose text the member has read.

    Raises
    ------
    NotFoundError
        ``group.proposal_unknown``.
    NotAllowedError
        ``group.members_only``, ``group.facilitator_decides_not``, ``group.joined_later``.
    ConflictError
        ``group.round_over``: its time is over or everybody has answered; ``group.round_changed``:
        there is another text.
    InvalidError
        ``group.position_unknown`` on ``position``; ``text.empty`` on ``reason``: an objection or a
        reservation says why; ``text.too_long``.
    """
    place, moment = rounds.found(session, proposal_id), now()
    seat = group_access.require_deciding(session, actor, place.group.id)
    latest = place.latest
    if latest.number != number:
        raise ConflictError("group.round_changed")
    if latest.outcome is not None or moment >= latest.closes_at:
        raise ConflictError("group.round_over")
    if seat.joined_at is None or seat.joined_at > latest.opened_at:
        raise NotAllowedError("group.joined_later")
    if position not in set(Position):
        raise InvalidError("group.position_unknown", field="position")
    taken = Position(position)
    needs_reason = taken in (Position.OBJECTION, Position.RESERVATION)
    words = (
        plain_text(reason, max_length=LONGEST_REASON, field="reason")
        if needs_reason or reason.strip()
        else ""
    )
    row = GroupPosition(
        round_id=latest.id, member_id=seat.id, position=taken, reason=words, declared_at=moment
    )
    row = session.merge(row)
    session.flush()
    group_access.record(
        session,
        actor,
        place.group,
        "position",
        f"/proposal:{place.proposal.number}",
        round=latest.number,
        member=seat.number,
        position=taken.value,
        sha256=group_access.sha256(words),
    )
    if rounds.count_of(session, latest).is_whole:
        rounds.close(session, actor, place)
    return row


def close_due(session: Session, actor: Actor) -> int:
    """Close the rounds whose time is over; return how many."""
    due = session.scalars(
        select(GroupRound.proposal_id)
        .where(GroupRound.closed_at.is_(None), GroupRound.closes_at <= now())
        .order_by(GroupRound.id)
    ).all()
    closed = 0
    for proposal_id in due:
        place = rounds.found(session, proposal_id, even_archived=True)
        if place.latest.outcome is None and place.latest.closes_at <= now():
            rounds.close(session, actor, place)
            closed += 1
    return closed


def _own(session: Session, actor: Actor, proposal_id: int) -> Place:
    place = rounds.found(session, proposal_id)
    seat = group_access.require_deciding(session, actor, place.group.id)
    if place.proposal.author_id != seat.id:
        raise NotAllowedError("group.authors_only")
    if place.latest.outcome is None and now() >= place.latest.closes_at:
        rounds.close(session, actor, place)
    if place.latest.outcome in (RoundOutcome.ADOPTED, RoundOutcome.WITHDRAWN):
        raise ConflictError("group.settled")
    return place
