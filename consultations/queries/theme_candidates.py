"""Reads: the machine's themes of the latest run beside what people chose."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from consultations.models import (
    COUNTING,
    ChosenTheme,
    DiscussionPlace,
    DiscussionTheme,
    ThemePlacement,
    ThemeState,
)
from consultations.theme_places import is_member
from core.errors import NotFoundError

#: Conditions under which a comment is looked at.
Within = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True)
class Overlap:
    """A chosen theme that holds some of a machine theme's comments, and how many."""

    theme: ChosenTheme
    comments: int


@dataclass(frozen=True)
class Candidate:
    """A machine theme of the latest run beside what people chose.

    Attributes
    ----------
    change : str
        What the run says of it against the run before: new, kept, split or merged.
    taken : ChosenTheme or None
        What people made of it: chosen, merged or set aside.
    new_comments : int
        Comments that it holds and of which nothing is said yet in the theme made from it.
    unplaced : int
        Comments that are in no chosen theme.
    """

    key: str
    terms: str
    language: str
    change: str
    comments: int
    weak: int
    unplaced: int
    taken: ChosenTheme | None
    new_comments: int
    overlaps: tuple[Overlap, ...]

    @property
    def is_aside(self) -> bool:
        """Whether it was looked at and not chosen."""
        return self.taken is not None and self.taken.state is ThemeState.SET_ASIDE


def candidate(session: Session, consultation_id: int, key: str) -> Candidate:
    """Return a machine theme of the latest run; NotFoundError ``theme.unknown``."""
    found = candidates(session, consultation_id, everything(session, consultation_id), key)
    for each in found:
        if each.key == key:
            return each
    raise NotFoundError("theme.unknown")


def everything(session: Session, consultation_id: int) -> Sequence[ChosenTheme]:
    """Return what people made of themes, unless they dropped it; one query."""
    return session.scalars(
        select(ChosenTheme)
        .where(
            ChosenTheme.consultation_id == consultation_id, ChosenTheme.state != ThemeState.DROPPED
        )
        .order_by(ChosenTheme.id)
    ).all()


def candidates(
    session: Session,
    consultation_id: int,
    everything: Sequence[ChosenTheme],
    key: str | None = None,
) -> list[Candidate]:
    """Return the machine's themes in the engine's order, or one of them; five queries."""
    within = _in_machine_theme(consultation_id, key)
    taken = {theme.machine_key: theme for theme in everything if theme.machine_key}
    counts = _counts(session, within)
    overlaps = _overlaps(session, within, everything)
    placed = _placed(session, within)
    known = _known(session, within)
    machine = session.scalars(
        select(DiscussionTheme)
        .where(
            DiscussionTheme.consultation_id == consultation_id,
            *([] if key is None else [DiscussionTheme.key == key]),
        )
        .order_by(DiscussionTheme.position)
    )
    found = []
    for theme in machine:
        comments, weak = counts.get(theme.key, (0, 0))
        own = taken.get(theme.key)
        is_chosen = own is not None and own.state is ThemeState.CHOSEN
        found.append(
            Candidate(
                key=theme.key,
                terms=theme.terms,
                language=theme.language,
                change=theme.change,
                comments=comments,
                weak=weak,
                unplaced=comments - placed.get(theme.key, 0),
                taken=own,
                new_comments=comments - known.get(theme.key, 0) if is_chosen else 0,
                overlaps=tuple(overlaps.get(theme.key, ())),
            )
        )
    return found


def _in_machine_theme(consultation_id: int, key: str | None) -> Within:
    return (
        DiscussionPlace.consultation_id == consultation_id,
        DiscussionPlace.visibility.in_(COUNTING),
        DiscussionPlace.theme_key != "" if key is None else DiscussionPlace.theme_key == key,
    )


def _counts(session: Session, within: Within) -> dict[str, tuple[int, int]]:
    rows = session.execute(
        select(DiscussionPlace.theme_key, DiscussionPlace.is_weak, func.count())
        .where(*within)
        .group_by(DiscussionPlace.theme_key, DiscussionPlace.is_weak)
    )
    found: dict[str, tuple[int, int]] = {}
    for key, is_weak, count in rows:
        total, weak = found.get(key, (0, 0))
        found[key] = (total + count, weak + (count if is_weak else 0))
    return found


def _overlaps(
    session: Session, within: Within, everything: Sequence[ChosenTheme]
) -> dict[str, list[Overlap]]:
    """Return, by machine theme, the chosen themes that hold its comments, most in front."""
    themes = {each.id: each for each in everything if each.state is ThemeState.CHOSEN}
    rows = session.execute(
        select(DiscussionPlace.theme_key, ThemePlacement.theme_id, func.count())
        .join(ThemePlacement, ThemePlacement.comment_id == DiscussionPlace.comment_id)
        .where(
            *within,
            ThemePlacement.theme_id.in_(themes),
            is_member(),
        )
        .group_by(DiscussionPlace.theme_key, ThemePlacement.theme_id)
        .order_by(func.count().desc(), ThemePlacement.theme_id)
    )
    found: dict[str, list[Overlap]] = defaultdict(list)
    for key, number, count in rows:
        found[key].append(Overlap(themes[number], count))
    return found


def _placed(session: Session, within: Within) -> dict[str, int]:
    """Return, by machine theme, how many of its comments are in a chosen theme."""
    rows = session.execute(
        select(DiscussionPlace.theme_key, func.count(DiscussionPlace.comment_id.distinct()))
        .join(ThemePlacement, ThemePlacement.comment_id == DiscussionPlace.comment_id)
        .join(ChosenTheme, ChosenTheme.id == ThemePlacement.theme_id)
        .where(
            *within,
            ChosenTheme.state == ThemeState.CHOSEN,
            is_member(),
        )
        .group_by(DiscussionPlace.theme_key)
    )
    return {row[0]: row[1] for row in rows}


def _known(session: Session, within: Within) -> dict[str, int]:
    """Return, by machine theme, of how many comments something is said in the one made from it."""
    rows = session.execute(
        select(DiscussionPlace.theme_key, func.count())
        .join(ThemePlacement, ThemePlacement.comment_id == DiscussionPlace.comment_id)
        .join(
            ChosenTheme,
            and_(
                ChosenTheme.id == ThemePlacement.theme_id,
                ChosenTheme.machine_key == DiscussionPlace.theme_key,
            ),
        )
        .where(
            *within,
            ChosenTheme.state == ThemeState.CHOSEN,
        )
        .group_by(DiscussionPlace.theme_key)
    )
    return {row[0]: row[1] for row in rows}
