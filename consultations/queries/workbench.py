"""Reads: the theme workbench, what people chose beside what the machine offers, and its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations.models import (
    ChosenTheme,
    DiscussionPlace,
    ReadingOutcome,
    ThemeChange,
    ThemeDesk,
    ThemeReading,
    ThemeState,
    Visibility,
)
from consultations.queries import theme_candidates
from consultations.queries.chosen_themes import ChosenRow, with_counts
from core.errors import NotFoundError

#: Deeds on one page of the history.
HISTORY_PAGE = 50


@dataclass(frozen=True)
class Progress:
    """How many published comments a person has read, of how many."""

    read: int
    unsure: int
    skipped: int
    total: int


@dataclass(frozen=True)
class Workbench:
    """The workbench of a consultation."""

    shown_at: datetime | None
    themes: tuple[ChosenRow, ...]
    candidates: tuple[theme_candidates.Candidate, ...]
    aside: tuple[theme_candidates.Candidate, ...]
    progress: Progress
    changes: Sequence[ThemeChange]


def workbench(session: Session, consultation_id: int, recent: int = 5) -> Workbench:
    """Return the workbench; nine queries."""
    desk = session.get(ThemeDesk, consultation_id)
    everything = theme_candidates.everything(session, consultation_id)
    chosen = [theme for theme in everything if theme.state is ThemeState.CHOSEN]
    candidates = theme_candidates.candidates(session, consultation_id, everything)
    offered = [each for each in candidates if not each.is_aside]
    return Workbench(
        shown_at=desk.shown_at if desk else None,
        themes=tuple(with_counts(session, chosen)),
        candidates=tuple(offered),
        aside=tuple(each for each in candidates if each.is_aside),
        progress=progress(session, consultation_id),
        changes=changes(session, consultation_id, limit=recent),
    )


def chosen(session: Session, consultation_id: int) -> Sequence[ChosenTheme]:
    """Return the themes that are chosen now, in the order of their choice; one query."""
    return session.scalars(
        select(ChosenTheme)
        .where(
            ChosenTheme.consultation_id == consultation_id, ChosenTheme.state == ThemeState.CHOSEN
        )
        .order_by(ChosenTheme.id)
    ).all()


def own_theme(session: Session, consultation_id: int, number: int) -> ChosenTheme:
    """Return a theme that is chosen now; NotFoundError ``theme.unknown``."""
    theme = session.get(ChosenTheme, number)
    if theme is None or theme.consultation_id != consultation_id:
        raise NotFoundError("theme.unknown")
    if theme.state is not ThemeState.CHOSEN:
        raise NotFoundError("theme.gone")
    return theme


def theme_now(session: Session, number: int) -> ChosenTheme:
    """Return a chosen theme as it stands now, whatever its state."""
    return session.get_one(ChosenTheme, number, populate_existing=True)


def progress(session: Session, consultation_id: int) -> Progress:
    """Return how far people have read; two queries."""
    rows = session.execute(
        select(ThemeReading.outcome, func.count())
        .join(DiscussionPlace, DiscussionPlace.comment_id == ThemeReading.comment_id)
        .where(
            ThemeReading.consultation_id == consultation_id,
            ThemeReading.is_second.is_(False),
            DiscussionPlace.visibility == Visibility.PUBLISHED,
        )
        .group_by(ThemeReading.outcome)
    )
    counts = {row[0]: row[1] for row in rows}
    total = session.scalar(
        select(func.count()).where(
            DiscussionPlace.consultation_id == consultation_id,
            DiscussionPlace.visibility == Visibility.PUBLISHED,
        )
    )
    unsure = counts.get(ReadingOutcome.UNSURE, 0)
    return Progress(
        read=counts.get(ReadingOutcome.PLACED, 0) + unsure,
        unsure=unsure,
        skipped=counts.get(ReadingOutcome.SKIPPED, 0),
        total=total or 0,
    )


def changes(
    session: Session, consultation_id: int, *, page: int = 1, limit: int = HISTORY_PAGE
) -> Sequence[ThemeChange]:
    """Return what was done on the workbench, newest first; one query."""
    return session.scalars(
        select(ThemeChange)
        .where(ThemeChange.consultation_id == consultation_id)
        .order_by(ThemeChange.id.desc())
        .offset((page - 1) * limit)
        .limit(limit)
    ).all()


def count_changes(session: Session, consultation_id: int) -> int:
    """Return how much was done on the workbench."""
    query = select(func.count(ThemeChange.id)).where(ThemeChange.consultation_id == consultation_id)
    return session.scalar(query) or 0


def own_change(session: Session, consultation_id: int, number: int) -> ThemeChange:
    """Return a deed of this workbench; NotFoundError ``theme.change_unknown``."""
    change = session.get(ThemeChange, number)
    if change is None or change.consultation_id != consultation_id:
        raise NotFoundError("theme.change_unknown")
    return change
