"""Reads: what a discussion can be filtered for, and how many comments pass."""

from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from consultations.models import (
    Clause,
    DiscussionPlace,
    DiscussionTheme,
    Draft,
    DraftState,
    Summary,
    SummaryState,
    Theme,
    Visibility,
)
from consultations.queries.discussion_order import Filters, filtering

#: Where clauses stand that the latest draft no longer has: behind all others.
_GONE = 10**9


@dataclass(frozen=True)
class ClauseFacet:
    """A clause with how many published comments it has; unnamed when it is gone."""

    key: str
    number: str
    heading: str
    count: int


@dataclass(frozen=True)
class ThemeFacet:
    """A theme of the latest run: named by a person where the summary is published."""

    key: str
    label_th: str
    label_en: str
    terms: str
    language: str


def clauses_of(session: Session, consultation_id: int) -> tuple[ClauseFacet, ...]:
    """Return the clauses with comments: the whole draft, then by place, then those gone. One query.

    Counted in the order of the index, so that a hundred thousand comments are a matter of
    milliseconds.
    """
    counted = (
        select(DiscussionPlace.clause_key, func.count().label("count"))
        .where(
            DiscussionPlace.consultation_id == consultation_id,
            DiscussionPlace.visibility == Visibility.PUBLISHED,
        )
        .group_by(DiscussionPlace.clause_key)
        .subquery()
    )
    latest = (
        select(Draft.id)
        .where(Draft.consultation_id == consultation_id, Draft.state == DraftState.PUBLISHED)
        .order_by(Draft.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    place = func.coalesce(Clause.position, _GONE)
    rows = session.execute(
        select(counted.c.clause_key, Clause.number, Clause.heading, counted.c.count)
        .outerjoin(Clause, and_(Clause.draft_id == latest, Clause.key == counted.c.clause_key))
        .order_by(counted.c.clause_key != "", place, counted.c.clause_key)
    )
    return tuple(ClauseFacet(row[0], row[1] or "", row[2] or "", row[3]) for row in rows)


def themes_of(session: Session, consultation_id: int) -> tuple[ThemeFacet, ...]:
    """Return the themes of the latest run, the largest first. One query."""
    newest = (
        select(func.max(Summary.id))
        .where(Summary.consultation_id == consultation_id, Summary.state == SummaryState.PUBLISHED)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            DiscussionTheme.key,
            Theme.label_th,
            Theme.label_en,
            DiscussionTheme.terms,
            DiscussionTheme.language,
        )
        .outerjoin(Theme, and_(Theme.summary_id == newest, Theme.key == DiscussionTheme.key))
        .where(DiscussionTheme.consultation_id == consultation_id)
        .order_by(DiscussionTheme.position)
    )
    return tuple(
        ThemeFacet(key, thai or "", english or "", terms, language)
        for key, thai, english, terms, language in rows
    )


def count_passing(
    session: Session, consultation_id: int, filters: Filters, clauses: tuple[ClauseFacet, ...]
) -> int | None:
    """Return how many published comments pass; None when words are looked for. At most one query.

    Words would have to be looked for in every comment just to count them.
    """
    if filters.words:
        return None
    if filters in (Filters(), Filters(clause_key=filters.clause_key)):
        wanted = filters.clause_key
        return sum(facet.count for facet in clauses if wanted in (None, facet.key))
    passing = select(func.count()).where(
        DiscussionPlace.consultation_id == consultation_id,
        DiscussionPlace.visibility == Visibility.PUBLISHED,
        *filtering(filters),
    )
    return session.scalar(passing) or 0
