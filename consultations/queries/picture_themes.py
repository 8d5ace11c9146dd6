"""Reads: themes as the results show them, and those that people chose among them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consultations.queries.chosen_themes import Origins, shown_themes


@dataclass(frozen=True)
class Words:
    """Somebody's own words: a whole statement or comment, or what is quoted of it."""

    reference: str
    text: str
    language: str


@dataclass(frozen=True)
class ThemeLink:
    """A theme in another language that may be the same subject, and what kinds of things tell."""

    key: str
    terms: tuple[str, ...]
    language: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class ThemeRow:
    """A subject of comments. `comments` is filled only where there were too few to group.

    A theme that people chose has words of their own, and `origins`: by whom its comments were
    placed. All of these are empty for the machine's.
    """

    key: str
    terms: tuple[str, ...]
    kind: str
    language: str
    stance: str
    size: int
    people: int
    stances: Mapping[str, int]
    sub_themes: tuple[tuple[tuple[str, ...], int], ...]
    quotes: tuple[tuple[str, Words], ...]
    comments: tuple[Words, ...]
    links: tuple[ThemeLink, ...]
    label_th: str = ""
    label_en: str = ""
    description_th: str = ""
    description_en: str = ""
    origins: Origins | None = None


def chosen_rows(session: Session, consultation_id: int) -> tuple[ThemeRow, ...]:
    """Return the themes that people chose and show; empty where the machine's are shown."""
    return tuple(
        ThemeRow(
            key=row.key,
            terms=tuple(filter(None, row.theme.terms.split(" · "))),
            kind="theme",
            language=row.theme.language,
            stance="",
            size=row.origins.total,
            people=row.people,
            stances=row.stances,
            sub_themes=(),
            quotes=tuple(("typical", Words(*quote)) for quote in row.quotes),
            comments=(),
            links=(),
            label_th=row.theme.label_th,
            label_en=row.theme.label_en,
            description_th=row.theme.description_th,
            description_en=row.theme.description_en,
            origins=row.origins,
        )
        for row in shown_themes(session, consultation_id) or ()
    )
