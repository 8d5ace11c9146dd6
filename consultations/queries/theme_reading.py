"""Reads: which comment comes next for a reader of the theme workbench, and how it stands.

Every comment has a random number that nobody knows (its salt), so that its order is a random one
that no reader can choose. The comments in front of the first unread one of that order are a random
sample, whoever read them and for whichever reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from consultations.models import (
    Comment,
    Contribution,
    DiscussionPlace,
    ReadingOutcome,
    ThemePlacement,
    ThemeReading,
    Visibility,
)
from core.errors import NotFoundError

READ = (ReadingOutcome.PLACED, ReadingOutcome.UNSURE)
#: Ways to the next comment, taken in turn: where the machine is unsure, machine themes that people
#: have read least of, and the random order.
WAYS = 3


@dataclass(frozen=True)
class ToRead:
    """A comment to read.

    Attributes
    ----------
    seen : int
        Revision of the reading that stands; 0 where nobody has read it.
    chosen : frozenset of int
        Themes that the present reading put it into.
    suggested : frozenset of int
        Chosen themes that only the machine puts it into; empty for a blind reading.
    """

    comment: Comment
    seen: int
    outcome: ReadingOutcome | None
    chosen: frozenset[int]
    suggested: frozenset[int]


def next_reference(session: Session, consultation_id: int, reader_id: int | None) -> str | None:
    """Return the comment that somebody reads next; None when all are read. At most five queries.

    Two readers are sent different ways, so that they seldom meet at one comment; skipped comments
    come back once nothing else is left.
    """
    done = select(func.count()).where(
        ThemeReading.consultation_id == consultation_id, ThemeReading.is_second.is_(False)
    )
    way = ((session.scalar(done) or 0) + (reader_id or 0)) % WAYS
    where: tuple[ColumnElement[bool], ...] = ()
    if way == 0:
        where = (DiscussionPlace.is_weak.is_(True),)
    elif way == 1:
        where = (DiscussionPlace.theme_key == _least_read(session, consultation_id),)
    found = session.scalars(_unread(consultation_id).where(*where)).first()
    if found is None and where:
        found = session.scalars(_unread(consultation_id)).first()
    return found or session.scalars(_skipped(consultation_id)).first()


def next_second(session: Session, consultation_id: int, reader_id: int | None) -> str | None:
    """Return what a second reader reads next: in the random order, read by somebody else before."""
    first, second = aliased(ThemeReading), aliased(ThemeReading)
    return session.scalars(
        select(Contribution.reference)
        .join(DiscussionPlace, DiscussionPlace.comment_id == Contribution.id)
        .join(first, and_(first.comment_id == Contribution.id, first.is_second.is_(False)))
        .outerjoin(second, and_(second.comment_id == Contribution.id, second.is_second.is_(True)))
        .where(
            *_published(consultation_id),
            first.outcome.in_(READ),
            first.reader_id != (reader_id or 0),
            (second.id.is_(None)) | (second.outcome == ReadingOutcome.SKIPPED),
        )
        .order_by(second.id.is_not(None), Contribution.salt)
        .limit(1)
    ).first()


def to_read(
    session: Session, consultation_id: int, reference: str, themes: Sequence[int], *, second: bool
) -> ToRead:
    """Return a comment with how its reading stands; NotFoundError ``contribution.unknown``.

    Three queries. A second reader sees nothing of what others said.
    """
    comment = session.scalars(
        select(Comment).where(
            Comment.consultation_id == consultation_id,
            Comment.reference == reference,
            Comment.visibility == Visibility.PUBLISHED,
        )
    ).first()
    if comment is None:
        raise NotFoundError("contribution.unknown")
    reading = session.scalars(
        select(ThemeReading).where(
            ThemeReading.comment_id == comment.id, ThemeReading.is_second == second
        )
    ).first()
    suggested = session.scalars(
        select(ThemePlacement.theme_id).where(
            ThemePlacement.comment_id == comment.id,
            ThemePlacement.theme_id.in_(themes),
            ThemePlacement.by_machine,
            ThemePlacement.by_person.is_(None),
        )
    )
    return ToRead(
        comment,
        seen=reading.revision if reading else 0,
        outcome=reading.outcome if reading else None,
        chosen=frozenset(reading.themes if reading else ()),
        suggested=frozenset() if second else frozenset(suggested),
    )


def _published(consultation_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        DiscussionPlace.consultation_id == consultation_id,
        DiscussionPlace.visibility == Visibility.PUBLISHED,
    )


def _unread(consultation_id: int) -> Select[str]:
    """Return the comments that nobody has looked at, in the random order."""
    first = aliased(ThemeReading)
    return (
        select(Contribution.reference)
        .join(DiscussionPlace, DiscussionPlace.comment_id == Contribution.id)
        .outerjoin(first, and_(first.comment_id == Contribution.id, first.is_second.is_(False)))
        .where(*_published(consultation_id), first.id.is_(None))
        .order_by(Contribution.salt)
        .limit(1)
    )


def _skipped(consultation_id: int) -> Select[str]:
    return (
        select(Contribution.reference)
        .join(DiscussionPlace, DiscussionPlace.comment_id == Contribution.id)
        .join(ThemeReading, ThemeReading.comment_id == Contribution.id)
        .where(
            *_published(consultation_id),
            ThemeReading.is_second.is_(False),
            ThemeReading.outcome == ReadingOutcome.SKIPPED,
        )
        .order_by(ThemeReading.read_at, ThemeReading.id)
        .limit(1)
    )


def _least_read(session: Session, consultation_id: int) -> str | None:
    """Return the machine theme with the smallest share of touched comments; None when all are."""
    rows = session.execute(
        select(DiscussionPlace.theme_key, func.count(), func.count(ThemeReading.id))
        .outerjoin(
            ThemeReading,
            (ThemeReading.comment_id == DiscussionPlace.comment_id)
            & ThemeReading.is_second.is_(False),
        )
        .where(*_published(consultation_id))
        .group_by(DiscussionPlace.theme_key)
    )
    left = [(read / total, key) for key, total, read in rows if read < total]
    return min(left)[1] if left else None
