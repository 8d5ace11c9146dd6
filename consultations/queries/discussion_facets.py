"""Reads: what a discussion can be filtered for, and how many comments each choice has."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from consultations.models import (
    Clause,
    DiscussionPlace,
    DiscussionTheme,
    Draft,
    DraftState,
    Stance,
    Summary,
    SummaryState,
    Theme,
    Visibility,
)
from consultations.queries.discussion_order import Filters


@dataclass(frozen=True)
class Facet:
    """Something that can be filtered for, with how many published comments it has."""

    key: str
    number: str
    heading: str
    count: int


@dataclass(frozen=True)
class ThemeName:
    """A theme of the latest run: named by a person where the summary is published."""

    key: str
    label_th: str
    label_en: str
    terms: str
    language: str


@dataclass(frozen=True)
class Group:
    """Published comments that are alike in all that can be filtered for."""

    clause_key: str
    theme_key: str
    stance: Stance | None
    is_answered: bool
    count: int
    number: str
    heading: str
    position: int | None


def groups_of(session: Session, consultation_id: int) -> list[Group]:
    """Count published comments by all that can be filtered for; clauses have names. One query."""
    place = DiscussionPlace
    is_answered = case((place.answers > 0, 1), else_=0)
    counted = (
        select(
            place.clause_key,
            place.theme_key,
            place.stance,
            is_answered.label("is_answered"),
            func.count().label("count"),
        )
        .where(place.consultation_id == consultation_id, place.visibility == Visibility.PUBLISHED)
        .group_by(place.clause_key, place.theme_key, place.stance, is_answered)
        .subquery()
    )
    latest = (
        select(Draft.id)
        .where(Draft.consultation_id == consultation_id, Draft.state == DraftState.PUBLISHED)
        .order_by(Draft.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(counted, Clause.number, Clause.heading, Clause.position).outerjoin(
            Clause, and_(Clause.draft_id == latest, Clause.key == counted.c.clause_key)
        )
    )
    return [
        Group(key, theme, stance, bool(answered), count, number or "", heading or "", position)
        for key, theme, stance, answered, count, number, heading, position in rows
    ]


def passes(group: Group, filters: Filters) -> bool:
    """Whether the comments of a group pass the filters; words are not looked at."""
    return (
        filters.clause_key in (None, group.clause_key)
        and filters.theme_key in ("", group.theme_key)
        and filters.stance in ("", group.stance or "")
        and filters.answered in (None, group.is_answered)
    )


def clauses_of(groups: Sequence[Group]) -> tuple[Facet, ...]:
    """Return the clauses that have comments: the whole draft, then by place, then those gone."""
    counts: Counter[str] = Counter()
    for group in groups:
        counts[group.clause_key] += group.count
    labels = {group.clause_key: group for group in groups}

    def place(key: str) -> tuple[int, str]:
        position = labels[key].position
        return (-1 if not key else len(groups) + 10**6 if position is None else position), key

    return tuple(
        Facet(key, labels[key].number, labels[key].heading, counts[key])
        for key in sorted(counts, key=place)
    )


def themes_of(
    session: Session, consultation_id: int, groups: Sequence[Group]
) -> tuple[tuple[ThemeName, int], ...]:
    """Return the themes of the latest run that have published comments. At most one query."""
    counts: Counter[str] = Counter()
    for group in groups:
        counts[group.theme_key] += group.count
    if not set(counts) - {""}:
        return ()
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
        (ThemeName(key, thai or "", english or "", terms, language), counts[key])
        for key, thai, english, terms, language in rows
        if counts[key]
    )
