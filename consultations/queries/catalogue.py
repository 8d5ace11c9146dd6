"""Reads: one consultation by its address, what its page tells, and how many took part."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from consultations.lifecycle import PRIVATE_STAGES
from consultations.models import (
    Consultation,
    Contribution,
    ContributionKind,
    Draft,
    DraftState,
    OfficialResponse,
    Participant,
    ResponseState,
    StageChange,
    Statement,
    Summary,
    SummaryState,
    Visibility,
    Vote,
)
from core.errors import NotFoundError


@dataclass(frozen=True)
class Counts:
    """How many took part, and with what; only what is published counts."""

    participants: int = 0
    comments: int = 0
    statements: int = 0
    votes: int = 0


@dataclass(frozen=True)
class Overview:
    """What the page of one consultation tells about it."""

    counts: Counts
    #: Number of the latest published draft; None when there is none.
    draft_number: int | None
    has_summary: bool
    #: How many answers of the agency are published.
    responses: int
    #: Steps of the life cycle since the consultation became public, the first in front.
    history: Sequence[StageChange]


def consultation_at(session: Session, slug: str) -> Consultation:
    """Return the consultation with this address, whoever may see it; one query.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    """
    found = session.scalars(select(Consultation).where(Consultation.slug == slug)).first()
    if found is None:
        raise NotFoundError("consultation.unknown")
    return found


def is_taken(session: Session, slug: str) -> bool:
    """Whether a consultation has this address; one query."""
    return bool(session.scalar(select(exists().where(Consultation.slug == slug))))


def has_published_draft(session: Session, consultation_id: int) -> bool:
    """Whether there is a draft to read."""
    published = exists().where(
        Draft.consultation_id == consultation_id, Draft.state == DraftState.PUBLISHED
    )
    return bool(session.scalar(select(published)))


def overview(session: Session, consultation: Consultation) -> Overview:
    """Return what the page of a consultation tells; 5 queries."""
    identity = consultation.id
    latest_draft = select(func.max(Draft.number)).where(
        Draft.consultation_id == identity, Draft.state == DraftState.PUBLISHED
    )
    summary = exists().where(
        Summary.consultation_id == identity, Summary.state == SummaryState.PUBLISHED
    )
    responses = select(func.count(OfficialResponse.id)).where(
        OfficialResponse.consultation_id == identity,
        OfficialResponse.state == ResponseState.PUBLISHED,
    )
    number, has_summary, answered = session.execute(
        select(latest_draft.scalar_subquery(), summary, responses.scalar_subquery())
    ).one()
    counts = counts_of(session, [identity])[identity]
    public = [
        change for change in history(session, identity) if change.to_stage not in PRIVATE_STAGES
    ]
    return Overview(counts, number, bool(has_summary), answered, public)


def history(session: Session, consultation_id: int) -> Sequence[StageChange]:
    """Return all steps of a consultation's life cycle, the first in front; one query."""
    return session.scalars(
        select(StageChange)
        .where(StageChange.consultation_id == consultation_id)
        .order_by(StageChange.id)
    ).all()


def counts_of(session: Session, consultation_ids: Sequence[int]) -> dict[int, Counts]:
    """Return the counts of each consultation; three queries, whatever their number."""
    participants = _by_consultation(
        session,
        select(Participant.consultation_id, func.count())
        .where(Participant.consultation_id.in_(consultation_ids))
        .group_by(Participant.consultation_id),
    )
    votes = _by_consultation(
        session,
        select(Statement.number_in_id, func.count(Vote.id))
        .join(Vote, Vote.statement_id == Statement.id)
        .where(
            Statement.number_in_id.in_(consultation_ids),
            Statement.visibility == Visibility.PUBLISHED,
        )
        .group_by(Statement.number_in_id),
    )
    written = {
        (row[0], row[1]): row[2]
        for row in session.execute(
            select(Contribution.consultation_id, Contribution.kind, func.count())
            .where(
                Contribution.consultation_id.in_(consultation_ids),
                Contribution.visibility == Visibility.PUBLISHED,
            )
            .group_by(Contribution.consultation_id, Contribution.kind)
        )
    }
    return {
        number: Counts(
            participants.get(number, 0),
            written.get((number, ContributionKind.COMMENT), 0),
            written.get((number, ContributionKind.STATEMENT), 0),
            votes.get(number, 0),
        )
        for number in consultation_ids
    }


def _by_consultation(session: Session, counting: Select[int, int]) -> dict[int, int]:
    return {row[0]: row[1] for row in session.execute(counting)}
