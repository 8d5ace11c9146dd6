"""Reads: the contributions behind the agency's responses, and with them behind a changed clause."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Subquery, func, select, union
from sqlalchemy.orm import Session

from consultations.models import (
    COUNTING,
    Contribution,
    Evidence,
    OfficialResponse,
    ThemeComment,
    Visibility,
)

#: Contributions that are quoted for one response.
QUOTED = 3
#: Contributions on one page of all behind a response.
PAGE_SIZE = 20


@dataclass(frozen=True)
class Quoted:
    """A published contribution that an answered item rests on."""

    reference: str
    body: str
    language: str


@dataclass(frozen=True)
class Behind:
    """What one response answers, in people's own words."""

    #: Contributions that count, shown or not.
    count: int
    #: The first written of those that are published.
    quoted: Sequence[Quoted]


def contributions_behind(session: Session, response_ids: Collection[int]) -> dict[int, Behind]:
    """Return the contributions behind each response; two queries, a few rows for each.

    A contribution stands behind a response through the answered theme, as evidence of the answered
    finding, or because it is answered by itself.
    """
    ways = paths(response_ids)
    base = select(ways.c.response_id).join(Contribution, Contribution.id == ways.c.contribution_id)
    counts = session.execute(
        base.add_columns(func.count())
        .where(Contribution.visibility.in_(COUNTING))
        .group_by(ways.c.response_id)
    )
    place = func.row_number().over(
        partition_by=ways.c.response_id, order_by=(Contribution.created_at, Contribution.id)
    )
    ranked = (
        base.add_columns(
            Contribution.reference, Contribution.body, Contribution.language, place.label("place")
        )
        .where(Contribution.visibility == Visibility.PUBLISHED)
        .subquery()
    )
    quoted: dict[int, list[Quoted]] = {}
    for number, *words, _place in session.execute(
        select(ranked).where(ranked.c.place <= QUOTED).order_by(ranked.c.place)
    ):
        quoted.setdefault(number, []).append(Quoted(*words))
    return {number: Behind(count, quoted.get(number, ())) for number, count in counts}


def paths(response_ids: Collection[int]) -> Subquery:
    """Return which contributions stand behind some responses: response_id, contribution_id."""
    response = OfficialResponse.id.label("response_id")
    wanted = OfficialResponse.id.in_(response_ids)
    return union(
        select(response, ThemeComment.comment_id.label("contribution_id"))
        .join(ThemeComment, ThemeComment.theme_id == OfficialResponse.theme_id)
        .where(wanted),
        select(response, Evidence.contribution_id)
        .join(Evidence, Evidence.finding_id == OfficialResponse.finding_id)
        .where(wanted, Evidence.contribution_id.is_not(None)),
        select(response, OfficialResponse.comment_id).where(
            wanted, OfficialResponse.comment_id.is_not(None)
        ),
    ).subquery()


def contributions_page(
    session: Session, response_id: int, *, page: int, size: int = PAGE_SIZE
) -> tuple[list[Quoted], int]:
    """Return one page (from 1) of the published words behind a response, and how many; two queries.

    The first written comes first.
    """
    ways = paths([response_id])
    shown = (
        select(Contribution.reference, Contribution.body, Contribution.language)
        .join(ways, ways.c.contribution_id == Contribution.id)
        .where(Contribution.visibility == Visibility.PUBLISHED)
    )
    total = session.scalar(select(func.count()).select_from(shown.subquery())) or 0
    rows = session.execute(
        shown.order_by(Contribution.created_at, Contribution.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return [Quoted(*row) for row in rows], total
