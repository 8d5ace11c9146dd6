"""Reads: the comments of a chosen theme or of a machine theme, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, null, select, true
from sqlalchemy.orm import Session

from consultations.models import (
    Comment,
    DiscussionPlace,
    ReadingOutcome,
    ThemePlacement,
    ThemeReading,
    Visibility,
)
from consultations.queries.chosen_themes import origin
from consultations.theme_places import is_member

#: Comments on one page.
PAGE = 50


@dataclass(frozen=True)
class PlacedComment:
    """A published comment with who put it into the theme and whether a person has read it.

    Attributes
    ----------
    origin : str
        ``machine``, ``person`` or ``both``.
    """

    number: int
    reference: str
    body: str
    language: str
    supports: int
    origin: str
    is_weak: bool
    is_read: bool


@dataclass(frozen=True)
class CommentPage:
    """One page of comments, and how many there are in all."""

    rows: Sequence[PlacedComment]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))


def in_theme(
    session: Session, theme_id: int, *, page: int = 1, by: str = "", words: str = ""
) -> CommentPage:
    """Return comments of a chosen theme, the machine's unsure ones in front; two queries.

    Parameters
    ----------
    by : str
        ``machine``, ``person`` or ``both`` for those placed so only; all where empty.
    words : str
        A piece of text that the comments must hold.
    """
    query = (
        _base()
        .add_columns(ThemePlacement.by_machine, ThemePlacement.by_person)
        .join(ThemePlacement, ThemePlacement.comment_id == Comment.id)
        .where(ThemePlacement.theme_id == theme_id, is_member())
    )
    wanted = {
        "machine": ThemePlacement.by_person.is_(None),
        "person": ThemePlacement.by_machine.is_(False),
        "both": ThemePlacement.by_machine & ThemePlacement.by_person.is_(True),
    }
    if by in wanted:
        query = query.where(wanted[by])
    return _page(session, query, page, words)


def in_candidate(session: Session, consultation_id: int, key: str, page: int = 1) -> CommentPage:
    """Return comments of a machine theme of the latest run; two queries."""
    query = (
        _base()
        .add_columns(true(), null())
        .where(DiscussionPlace.consultation_id == consultation_id, DiscussionPlace.theme_key == key)
    )
    return _page(session, query, page, "")


def _base() -> Any:
    return (
        select(
            Comment.id,
            Comment.reference,
            Comment.body,
            Comment.language,
            DiscussionPlace.supports,
            DiscussionPlace.is_weak,
            ThemeReading.outcome,
        )
        .join(DiscussionPlace, DiscussionPlace.comment_id == Comment.id)
        .outerjoin(
            ThemeReading,
            (ThemeReading.comment_id == Comment.id) & ThemeReading.is_second.is_(False),
        )
        .where(DiscussionPlace.visibility == Visibility.PUBLISHED)
    )


def _page(session: Session, query: Select[Any], page: int, words: str) -> CommentPage:
    if words.strip():
        query = query.where(Comment.body.icontains(words.strip(), autoescape=True))
    counted = query.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    total = session.scalar(counted) or 0
    page = max(1, min(page, -(-total // PAGE) or 1))
    ordered = query.order_by(DiscussionPlace.is_weak.desc(), Comment.id)
    rows = session.execute(ordered.offset((page - 1) * PAGE).limit(PAGE)).all()
    return CommentPage(
        [
            PlacedComment(
                number=row[0],
                reference=row[1],
                body=row[2],
                language=row[3],
                supports=row[4],
                is_weak=row[5],
                is_read=row[6] in (ReadingOutcome.PLACED, ReadingOutcome.UNSURE),
                origin=origin(row[7], row[8]),
            )
            for row in rows
        ],
        total,
        page,
    )
