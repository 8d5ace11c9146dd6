"""Reads: the contributions behind the agency's responses, and with them behind a changed clause."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, union
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
    response = OfficialResponse.id.label("response_id")
    paths = union(
        select(response, ThemeComment.comment_id.label("contribution_id")).join(
            ThemeComment, ThemeComment.theme_id == OfficialResponse.theme_id
        ),
        select(response, Evidence.contribution_id).join(
            Evidence, Evidence.finding_id == OfficialResponse.finding_id
        ),
        select(response, OfficialResponse.comment_id),
    ).subquery()
    base = (
        select(paths.c.response_id)
        .join(Contribution, Contribution.id == paths.c.contribution_id)
        .where(paths.c.response_id.in_(response_ids))
    )
    counts = session.execute(
        base.add_columns(func.count())
        .where(Contribution.visibility.in_(COUNTING))
        .group_by(paths.c.response_id)
    )
    place = func.row_number().over(
        partition_by=paths.c.response_id, order_by=(Contribution.created_at, Contribution.id)
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
