"""Reads: what became of contributions, from the words to the clause that changed because of them.

Only published summaries, responses and drafts appear: what officials are still writing is not an
answer yet. What moderators decided is read from ``moderation.queries.history``.
"""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, with_polymorphic

from consultations.models import (
    Comment,
    Consultation,
    Contribution,
    ContributionRevision,
    Statement,
    Visibility,
)
from consultations.queries.tracing import Trace, Tracer
from core.errors import NotFoundError

#: Contributions on one page of all one's own.
PAGE_SIZE: Final = 10


def traces_of(session: Session, consultation: Consultation, participant_id: str) -> list[Trace]:
    """Return a participant's contributions with their traces, newest first. Nine queries."""
    row = with_polymorphic(Contribution, [Comment, Statement])
    found = session.scalars(
        select(row)
        .where(row.participant_id == participant_id, row.consultation_id == consultation.id)
        .order_by(row.created_at.desc(), row.id.desc())
    ).all()
    return Tracer(session, found).traces()


def traces_across(
    session: Session, participant_ids: Collection[str], *, page: int
) -> tuple[list[Trace], int]:
    """Return one page of a person's contributions with their traces, newest first. Ten queries.

    Parameters
    ----------
    participant_ids : collection of str
        Who the person is in each consultation.
    page : int
        From 1.

    Returns
    -------
    list of Trace
    int
        Number of all their contributions.
    """
    row = with_polymorphic(Contribution, [Comment, Statement])
    mine = row.participant_id.in_(participant_ids)
    total = (
        session.scalar(
            select(func.count())
            .select_from(Contribution)
            .where(Contribution.participant_id.in_(participant_ids))
        )
        or 0
    )
    found = session.scalars(
        select(row)
        .where(mine)
        .order_by(row.created_at.desc(), row.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return Tracer(session, found).traces(), total


def trace_at(
    session: Session, consultation: Consultation, reference: str, participant_id: str | None
) -> Trace:
    """Return one contribution with its trace. Nine queries.

    Parameters
    ----------
    participant_id : str or None
        Who is asking: authors see their own contribution whatever its visibility.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``: there is none, or it is not published and someone else's.
    """
    row = with_polymorphic(Contribution, [Comment, Statement])
    found = session.scalars(
        select(row).where(row.reference == reference, row.consultation_id == consultation.id)
    ).first()
    if found is None or not _may_see(found, participant_id):
        raise NotFoundError("contribution.unknown")
    return Tracer(session, [found]).traces()[0]


def earlier_words(session: Session, contribution_id: int) -> Sequence[ContributionRevision]:
    """Return the words that an author has replaced, the latest first. One query."""
    return session.scalars(
        select(ContributionRevision)
        .where(ContributionRevision.contribution_id == contribution_id)
        .order_by(ContributionRevision.revision.desc())
    ).all()


def _may_see(contribution: Contribution, participant_id: str | None) -> bool:
    if contribution.visibility is Visibility.PUBLISHED:
        return True
    return participant_id is not None and contribution.participant_id == participant_id
