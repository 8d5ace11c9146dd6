"""Reads: one consultation by its address, what its page tells, and how many took part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from consultations.lifecycle import PRIVATE_STAGES
from consultations.models import (
    COUNTING,
    Clause,
    Consultation,
    Contribution,
    ContributionKind,
    Draft,
    DraftState,
    OfficialResponse,
    Panel,
    Participant,
    ResponseState,
    StageChange,
    Summary,
    SummaryState,
    Tally,
    Visibility,
    Vote,
    WorkingGroup,
)
from consultations.outline_numbering import Kind
from consultations.queries.panels import panels_of
from core.errors import NotFoundError


@dataclass(frozen=True)
class Counts:
    """How many took part, and with what; only what is published counts."""

    participants: int = 0
    comments: int = 0
    statements: int = 0
    votes: int = 0


_ASKS = exists().where(Clause.draft_id == Draft.id, Clause.kind == Kind.QUESTION.value)


@dataclass(frozen=True)
class PublishedDraft:
    """A draft that anyone can read, with what the agency says about it."""

    number: int
    published_at: datetime | None
    note_th: str
    note_en: str
    #: Whether it asks open questions instead of saying what is to hold.
    asks: bool = False


@dataclass(frozen=True)
class Overview:
    """What the page of one consultation tells about it."""

    counts: Counts
    #: Published drafts, the first in front.
    drafts: Sequence[PublishedDraft]
    has_summary: bool
    #: How many answers of the agency are published.
    responses: int
    #: How many working groups there are.
    groups: int
    #: Steps of the life cycle since the consultation became public, the first in front.
    history: Sequence[StageChange]
    #: Panels whose results are public.
    panels: Sequence[Panel] = ()

    @property
    def listens(self) -> bool:
        """Whether the newest text asks open questions, before there is a draft."""
        return bool(self.drafts) and self.drafts[-1].asks

    @property
    def has_asked(self) -> bool:
        """Whether any text asked open questions."""
        return any(each.asks for each in self.drafts)

    @property
    def draft_number(self) -> int | None:
        """Number of the latest published draft; None when there is none."""
        return self.drafts[-1].number if self.drafts else None


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


def require_contribution(session: Session, consultation_id: int, reference: str) -> None:
    """Raise unless a contribution is one of this consultation's, whoever may see it; one query.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``.
    """
    query = select(Contribution.id).where(
        Contribution.reference == reference, Contribution.consultation_id == consultation_id
    )
    if session.scalar(query) is None:
        raise NotFoundError("contribution.unknown")


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
    """Return what the page of a consultation tells; 8 queries."""
    identity = consultation.id
    drafts = session.execute(
        select(Draft.number, Draft.published_at, Draft.note_th, Draft.note_en, _ASKS)
        .where(Draft.consultation_id == identity, Draft.state == DraftState.PUBLISHED)
        .order_by(Draft.number)
    )
    summary = exists().where(
        Summary.consultation_id == identity, Summary.state == SummaryState.PUBLISHED
    )
    responses = select(func.count(OfficialResponse.id)).where(
        OfficialResponse.consultation_id == identity,
        OfficialResponse.state == ResponseState.PUBLISHED,
    )
    groups = select(func.count(WorkingGroup.id)).where(WorkingGroup.consultation_id == identity)
    has_summary, answered, grouped = session.execute(
        select(summary, responses.scalar_subquery(), groups.scalar_subquery())
    ).one()
    counts = counts_of(session, [identity])[identity]
    public = [
        change for change in history(session, identity) if change.to_stage not in PRIVATE_STAGES
    ]
    published = [PublishedDraft(*row) for row in drafts]
    panels = panels_of(session, identity, public_only=True)
    return Overview(counts, published, bool(has_summary), answered, grouped, public, panels)


def history(session: Session, consultation_id: int) -> Sequence[StageChange]:
    """Return all steps of a consultation's life cycle, the first in front; one query."""
    return session.scalars(
        select(StageChange)
        .where(StageChange.consultation_id == consultation_id)
        .order_by(StageChange.id)
    ).all()


def counts_of(
    session: Session, consultation_ids: Sequence[int], *, votes: bool = True
) -> dict[int, Counts]:
    """Return the counts of each consultation; four queries at most, whatever their number.

    Where very many take part they are those of a minute ago; see ``consultations.counting``.

    Parameters
    ----------
    votes : bool
        Whether the votes are needed: counting them takes longest.
    """
    kept = session.scalars(select(Tally).where(Tally.consultation_id.in_(consultation_ids)))
    known = {
        tally.consultation_id: Counts(
            tally.participants, tally.comments, tally.statements, tally.votes
        )
        for tally in kept
    }
    rest = [number for number in consultation_ids if number not in known]
    return {**counted(session, rest, votes=votes), **known}


def counted(
    session: Session, consultation_ids: Sequence[int], *, votes: bool = True
) -> dict[int, Counts]:
    """Count now, whatever is kept of earlier counts; two queries, three with votes."""
    participants = _by_consultation(
        session,
        select(Participant.consultation_id, func.count())
        .where(Participant.consultation_id.in_(consultation_ids))
        .group_by(Participant.consultation_id),
    )
    of_these = (
        Contribution.consultation_id.in_(consultation_ids),
        Contribution.visibility == Visibility.PUBLISHED,
    )
    written = {
        (row[0], row[1]): row[2]
        for row in session.execute(
            select(Contribution.consultation_id, Contribution.kind, func.count())
            .where(
                Contribution.consultation_id.in_(consultation_ids),
                Contribution.visibility.in_(COUNTING),
                Contribution.kind.in_(list(ContributionKind)),
            )
            .group_by(Contribution.consultation_id, Contribution.kind)
        )
    }
    cast = _votes(session, of_these) if votes else {}
    return {
        number: Counts(
            participants.get(number, 0),
            written.get((number, ContributionKind.COMMENT), 0),
            written.get((number, ContributionKind.STATEMENT), 0),
            cast.get(number, 0),
        )
        for number in consultation_ids
    }


def _votes(session: Session, of_these: tuple[ColumnElement[bool], ...]) -> dict[int, int]:
    return _by_consultation(
        session,
        select(Contribution.consultation_id, func.count())
        .join(Vote, Vote.statement_id == Contribution.id)
        .where(*of_these, Contribution.kind == ContributionKind.STATEMENT)
        .group_by(Contribution.consultation_id),
    )


def _by_consultation(session: Session, counting: Select[int, int]) -> dict[int, int]:
    return {row[0]: row[1] for row in session.execute(counting)}
