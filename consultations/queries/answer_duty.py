"""Reads: what an agency has to answer, and how much of it is answered.

What has to be answered is declared by the consultation before it opens: common ground and
differences of the published summary, themes from so many people, and single comments that propose
a wording or are rich in evidence from so many supporters.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from consultations.models import (
    AnswerTask,
    Comment,
    Consultation,
    DiscussionPlace,
    Finding,
    OfficialResponse,
    ResponseState,
    Section,
    Summary,
    SummaryState,
    Theme,
    ThemeKind,
    Visibility,
)
from core.errors import NotFoundError

#: Sections whose sentences the agency must answer; themes must be answered too, mere lists not.
ANSWERED_SECTIONS: Final = (Section.COMMON_GROUND, Section.DIFFERENCES)
#: Largest number of a row; an address can hold any.
LARGEST: Final = 2**31 - 1
#: From so many characters of reasons or evidence a comment is rich in evidence.
RICH_LENGTH: Final = 200


class ItemKind(StrEnum):
    """What a response answers."""

    FINDING = "finding"
    THEME = "theme"
    COMMENT = "comment"


@dataclass(frozen=True)
class Item:
    """One thing to answer: its kind and its number within the kind."""

    kind: ItemKind
    number: int


RESPONSE_COLUMNS: Final[Mapping[ItemKind, InstrumentedAttribute[int | None]]] = {
    ItemKind.FINDING: OfficialResponse.finding_id,
    ItemKind.THEME: OfficialResponse.theme_id,
    ItemKind.COMMENT: OfficialResponse.comment_id,
}
TASK_COLUMNS: Final[Mapping[ItemKind, InstrumentedAttribute[int | None]]] = {
    ItemKind.FINDING: AnswerTask.finding_id,
    ItemKind.THEME: AnswerTask.theme_id,
    ItemKind.COMMENT: AnswerTask.comment_id,
}


def require_item(session: Session, consultation_id: int, item: Item) -> None:
    """Raise NotFoundError ``response.item_unknown`` unless the item can be answered."""
    published = select(Summary.id).where(
        Summary.consultation_id == consultation_id, Summary.state == SummaryState.PUBLISHED
    )
    queries = {
        ItemKind.FINDING: select(Finding.id).where(
            Finding.id == item.number, Finding.summary_id.in_(published), is_answered_finding()
        ),
        ItemKind.THEME: select(Theme.id).where(
            Theme.id == item.number,
            Theme.summary_id.in_(published),
            Theme.kind == ThemeKind.THEME,
        ),
        ItemKind.COMMENT: select(Comment.id).where(
            Comment.id == item.number,
            Comment.consultation_id == consultation_id,
            is_single_comment(),
        ),
    }
    if item.number > LARGEST or session.scalar(queries[item.kind]) is None:
        raise NotFoundError("response.item_unknown")


def required_items(consultation_ids: Sequence[int]) -> tuple[Select[Any], ...]:
    """Return selects of (consultation_id, kind, number) of all that must be answered."""
    latest = latest_summaries(consultation_ids)
    summary = select(Summary.consultation_id.label("consultation_id"))
    return (
        summary.add_columns(literal("finding").label("kind"), Finding.id.label("number"))
        .join(Finding, Finding.summary_id == Summary.id)
        .where(Summary.id.in_(latest), is_answered_finding()),
        summary.add_columns(literal("theme"), Theme.id)
        .join(Theme, Theme.summary_id == Summary.id)
        .join(Consultation, Consultation.id == Summary.consultation_id)
        .where(Summary.id.in_(latest), Theme.kind == ThemeKind.THEME, is_large_theme()),
        summary.add_columns(literal("comment"), Comment.id)
        .join(Consultation, Consultation.id == Summary.consultation_id)
        .join(DiscussionPlace, DiscussionPlace.consultation_id == Summary.consultation_id)
        .join(Comment, Comment.id == DiscussionPlace.comment_id)
        .where(
            Summary.id.in_(latest),
            is_single_comment(),
            DiscussionPlace.supports >= Consultation.answer_supports,
        ),
    )


def answered_counts(
    session: Session, consultation_ids: Sequence[int]
) -> dict[int, tuple[int, int]]:
    """Return how many items have a published answer, and how many must; one query.

    A consultation without any item is missing from the mapping.
    """
    items = union_all(*required_items(consultation_ids)).subquery()
    is_answered = exists().where(
        OfficialResponse.state == ResponseState.PUBLISHED,
        or_(
            *(
                and_(items.c.kind == kind.value, column == items.c.number)
                for kind, column in RESPONSE_COLUMNS.items()
            )
        ),
    )
    rows = session.execute(
        select(
            items.c.consultation_id, func.sum(case((is_answered, 1), else_=0)), func.count()
        ).group_by(items.c.consultation_id)
    )
    return {row[0]: (int(row[1]), row[2]) for row in rows}


def is_answered_finding() -> ColumnElement[bool]:
    """Return the condition of a sentence that the agency answers."""
    return and_(Finding.section.in_(ANSWERED_SECTIONS), Finding.left_out_reason.is_(None))


def is_large_theme() -> ColumnElement[bool]:
    """Return the condition of a theme with enough people; with 1 every theme is answered."""
    return or_(Consultation.answer_people <= 1, Theme.people_count >= Consultation.answer_people)


def is_single_comment() -> ColumnElement[bool]:
    """Return the condition of a published comment that can be answered by itself."""
    rich = func.length(Comment.reason) >= RICH_LENGTH
    return and_(
        Comment.visibility == Visibility.PUBLISHED, or_(Comment.proposed_wording != "", rich)
    )


def latest_summaries(consultation_ids: Sequence[int]) -> Select[int]:
    """Return the latest published summary of each consultation that has one."""
    return (
        select(func.max(Summary.id))
        .where(
            Summary.consultation_id.in_(consultation_ids), Summary.state == SummaryState.PUBLISHED
        )
        .group_by(Summary.consultation_id)
    )


def answered_ones(session: Session, consultation_ids: Collection[int]) -> set[int]:
    """Return which consultations have published answers since they last closed; one query."""
    return set(
        session.scalars(
            select(OfficialResponse.consultation_id)
            .join(Consultation, Consultation.id == OfficialResponse.consultation_id)
            .where(
                OfficialResponse.consultation_id.in_(consultation_ids),
                OfficialResponse.state == ResponseState.PUBLISHED,
                or_(
                    Consultation.closes_at.is_(None),
                    OfficialResponse.published_at >= Consultation.closes_at,
                ),
            )
            .distinct()
        )
    )
