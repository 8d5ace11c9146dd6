"""Rounds of a working group: opened under the charter in force, ended by its rule alone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import group_access, group_rules
from consultations.models import (
    Commitment,
    Consultation,
    GroupCharter,
    GroupMember,
    GroupPosition,
    GroupProposal,
    GroupRound,
    Position,
    RoundOutcome,
    WorkingGroup,
)
from core.actor import Actor
from core.clock import BANGKOK, now
from core.errors import ConflictError, NotFoundError
from core.languages import language_of
from core.text import plain_text

LONGEST_BODY: Final = 5000
#: Fewer members, or members of fewer sectors, are no working group yet.
FEWEST_MEMBERS: Final = 3
FEWEST_SECTORS: Final = 2


@dataclass(frozen=True)
class Place:
    """A proposal with what is around it, locked."""

    group: WorkingGroup
    consultation: Consultation
    proposal: GroupProposal
    latest: GroupRound


def found(session: Session, proposal_id: int, *, even_archived: bool = False) -> Place:
    """Load a proposal with its latest round, locked; NotFoundError ``group.proposal_unknown``."""
    group_id = session.scalar(select(GroupProposal.group_id).where(GroupProposal.id == proposal_id))
    if group_id is None:
        raise NotFoundError("group.proposal_unknown")
    group, consultation = group_access.locked_group(session, group_id, even_archived=even_archived)
    latest = session.scalars(
        select(GroupRound)
        .where(GroupRound.proposal_id == proposal_id)
        .order_by(GroupRound.number.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).one()
    return Place(group, consultation, session.get_one(GroupProposal, proposal_id), latest)


def open_round(
    session: Session,
    actor: Actor,
    group: WorkingGroup,
    proposal: GroupProposal,
    body: str,
    *,
    number: int,
) -> GroupRound:
    """Put a text to the group, by the charter in force.

    Raises
    ------
    ConflictError
        ``group.no_charter``, ``group.too_few``.
    InvalidError
        ``text.empty`` or ``text.too_long`` on ``body``.
    """
    charter = group_access.charter_in_force(session, group.id)
    if charter is None:
        raise ConflictError("group.no_charter")
    deciding = [e for e in group_access.active_members(session, group.id) if not e.is_facilitator]
    if len(deciding) < FEWEST_MEMBERS or len({e.sector for e in deciding}) < FEWEST_SECTORS:
        raise ConflictError("group.too_few", members=FEWEST_MEMBERS, sectors=FEWEST_SECTORS)
    opened = GroupRound(
        proposal_id=proposal.id,
        number=number,
        body=plain_text(body, max_length=LONGEST_BODY, field="body"),
        charter_id=charter.id,
        eligible=len(deciding),
        opened_at=now(),
        closes_at=_last_moment(charter.round_days),
    )
    session.add(opened)
    session.flush()
    group_access.record(
        session,
        actor,
        group,
        "round_opened",
        f"/proposal:{proposal.number}",
        round=number,
        rule=charter.rule.value,
        quorum=charter.quorum,
        eligible=opened.eligible,
        closes_at=opened.closes_at.isoformat(),
        sha256=group_access.sha256(opened.body),
    )
    return opened


def _last_moment(days: int) -> datetime:
    """Return the end of so many full days in Bangkok after today."""
    day = now().astimezone(BANGKOK).date() + timedelta(days=days + 1)
    return datetime.combine(day, time.min, BANGKOK)


def count_of(session: Session, asked: GroupRound) -> group_rules.Count:
    """Return how many took each position in a round."""
    taken = session.scalars(
        select(GroupPosition.position).where(GroupPosition.round_id == asked.id)
    )
    return group_rules.counted(taken, asked.eligible)


def close(session: Session, actor: Actor, place: Place) -> None:
    """Let the declared rule end a round, and tell people; an adopted step is followed."""
    charter = session.get_one(GroupCharter, place.latest.charter_id)
    count = count_of(session, place.latest)
    end(session, actor, place, group_rules.outcome(charter.rule, charter.quorum, count))
    if place.latest.outcome is RoundOutcome.ADOPTED and place.proposal.due_on is not None:
        _promise(session, actor, place, place.proposal.due_on)
    group_access.tell(session, place.consultation, f"round {place.latest.id}")


def end(session: Session, actor: Actor, place: Place, outcome: RoundOutcome) -> None:
    """End a round, and put its counts on record."""
    place.latest.outcome, place.latest.closed_at = outcome, now()
    session.flush()
    count = count_of(session, place.latest)
    group_access.record(
        session,
        actor,
        place.group,
        "round_closed",
        f"/proposal:{place.proposal.number}",
        round=place.latest.number,
        outcome=outcome.value,
        eligible=count.eligible,
        **{each.value: getattr(count, each.value) for each in Position},
    )


def _promise(session: Session, actor: Actor, place: Place, due_on: date) -> None:
    """Follow an adopted step where all promises of the consultation are followed."""
    owner = session.get_one(GroupMember, place.proposal.author_id)
    title = place.proposal.title
    latest = select(func.max(Commitment.number)).where(
        Commitment.consultation_id == place.consultation.id
    )
    is_english = language_of(title) == "en"
    commitment = Commitment(
        consultation_id=place.consultation.id,
        number=(session.scalar(latest) or 0) + 1,
        text_th="" if is_english else title,
        text_en=title if is_english else "",
        owner=owner.shown_organisation or owner.shown_name or owner.seat,
        due_on=due_on,
        proposal_id=place.proposal.id,
        resources=place.proposal.resources,
        written_at=now(),
        promised_at=now(),
    )
    session.add(commitment)
    session.flush()
    number = commitment.number
    group_access.record(session, actor, place.group, "step_adopted", commitment=number)
