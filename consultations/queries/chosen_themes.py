"""Reads: the themes of a consultation as people chose them, with what each rests on.

The one answer to "what are the themes of this consultation" where people chose some and show them;
results, summary and report ask here, and take the machine's themes where the answer is None.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from consultations.models import (
    COUNTING,
    ChosenTheme,
    Contribution,
    DiscussionPlace,
    ThemeDesk,
    ThemePlacement,
    ThemeState,
    Visibility,
)
from consultations.theme_places import is_member

#: Comments quoted of each theme, and the longest that is quoted whole.
QUOTED, LONGEST_QUOTE = 2, 280


@dataclass(frozen=True)
class Origins:
    """Comments of a theme by who put them there: the machine alone, a person alone, or both."""

    machine: int = 0
    person: int = 0
    both: int = 0

    @property
    def total(self) -> int:
        """How many in all."""
        return self.machine + self.person + self.both

    @property
    def by_person(self) -> int:
        """How many a person placed or confirmed."""
        return self.person + self.both


@dataclass(frozen=True)
class ChosenRow:
    """A chosen theme with its counts of published and counted comments."""

    theme: ChosenTheme
    origins: Origins
    stances: Mapping[str, int]
    people: int = 0
    #: Reference, words and language of some published comments.
    quotes: tuple[tuple[str, str, str], ...] = field(default=())

    @property
    def key(self) -> str:
        """Name of the theme beside the machine's, which have letters and digits alone."""
        return f"chosen-{self.theme.id}"


def shown_themes(session: Session, consultation_id: int) -> list[ChosenRow] | None:
    """Return the chosen themes that everyone sees, the largest first.

    One query where the machine's are shown (None), five where people's are.
    """
    themes = session.scalars(
        select(ChosenTheme)
        .join(ThemeDesk, ThemeDesk.consultation_id == ChosenTheme.consultation_id)
        .where(
            ChosenTheme.consultation_id == consultation_id,
            ChosenTheme.state == ThemeState.CHOSEN,
            ThemeDesk.shown_at.is_not(None),
        )
        .order_by(ChosenTheme.id)
    ).all()
    if not themes:
        return None
    numbers = [theme.id for theme in themes]
    people = _people(session, numbers)
    quotes = _quotes(session, numbers)
    rows = with_counts(session, themes)
    return [
        ChosenRow(
            row.theme,
            row.origins,
            row.stances,
            people.get(row.theme.id, 0),
            tuple(quotes.get(row.theme.id, ())),
        )
        for row in rows
    ]


def with_counts(session: Session, themes: Sequence[ChosenTheme]) -> list[ChosenRow]:
    """Return themes with their counts, the largest first; one query."""
    rows = session.execute(
        select(
            ThemePlacement.theme_id,
            ThemePlacement.by_machine,
            ThemePlacement.by_person,
            DiscussionPlace.stance,
            func.count(),
        )
        .join(DiscussionPlace, DiscussionPlace.comment_id == ThemePlacement.comment_id)
        .where(*_counted([theme.id for theme in themes]))
        .group_by(
            ThemePlacement.theme_id,
            ThemePlacement.by_machine,
            ThemePlacement.by_person,
            DiscussionPlace.stance,
        )
    )
    origins: dict[int, Counter[str]] = {theme.id: Counter() for theme in themes}
    stances: dict[int, Counter[str]] = {theme.id: Counter() for theme in themes}
    for number, by_machine, by_person, stance, count in rows:
        origins[number][origin(by_machine, by_person)] += count
        if stance is not None:
            stances[number][stance.value] += count
    found = [ChosenRow(each, Origins(**origins[each.id]), stances[each.id]) for each in themes]
    return sorted(found, key=lambda row: (-row.origins.total, row.theme.id))


def members(session: Session, numbers: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Return theme and comment of everything that counts in some themes; one query."""
    rows = session.execute(
        select(ThemePlacement.theme_id, ThemePlacement.comment_id)
        .join(DiscussionPlace, DiscussionPlace.comment_id == ThemePlacement.comment_id)
        .where(*_counted(numbers))
        .order_by(ThemePlacement.theme_id, ThemePlacement.comment_id)
    )
    return [(theme, comment) for theme, comment in rows]


def origin(by_machine: bool, by_person: bool | None) -> str:
    """Return who put a comment into its theme: machine, person, or both."""
    if by_person is None:
        return "machine"
    return "both" if by_machine else "person"


def _counted(numbers: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    return (
        ThemePlacement.theme_id.in_(numbers),
        DiscussionPlace.visibility.in_(COUNTING),
        is_member(),
    )


def _people(session: Session, numbers: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(ThemePlacement.theme_id, func.count(Contribution.participant_id.distinct()))
        .join(Contribution, Contribution.id == ThemePlacement.comment_id)
        .join(DiscussionPlace, DiscussionPlace.comment_id == ThemePlacement.comment_id)
        .where(*_counted(numbers))
        .group_by(ThemePlacement.theme_id)
    )
    return {row[0]: row[1] for row in rows}


def _quotes(session: Session, numbers: Sequence[int]) -> dict[int, list[tuple[str, str, str]]]:
    """Return the most supported comments that are short enough; a person's placing goes first."""
    place = (
        func.row_number()
        .over(
            partition_by=ThemePlacement.theme_id,
            order_by=(
                ThemePlacement.by_person.is_(None),
                DiscussionPlace.supports.desc(),
                ThemePlacement.comment_id,
            ),
        )
        .label("place")
    )
    ranked = (
        select(ThemePlacement.theme_id, ThemePlacement.comment_id, place)
        .join(DiscussionPlace, DiscussionPlace.comment_id == ThemePlacement.comment_id)
        .where(*_counted(numbers), DiscussionPlace.visibility == Visibility.PUBLISHED)
        .subquery()
    )
    rows = session.execute(
        select(ranked.c.theme_id, Contribution.reference, Contribution.body, Contribution.language)
        .join(Contribution, Contribution.id == ranked.c.comment_id)
        .where(ranked.c.place <= QUOTED, Contribution.visibility == Visibility.PUBLISHED)
        .order_by(ranked.c.theme_id, ranked.c.place)
    )
    found: dict[int, list[tuple[str, str, str]]] = {}
    for theme, reference, body, language in rows:
        if len(body) <= LONGEST_QUOTE:
            found.setdefault(theme, []).append((reference, body, language))
    return found
