"""Pure: parts of the results report on what was done with what people said."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final


@dataclass(frozen=True)
class Both:
    """A text that is kept in Thai and English; either can be empty."""

    th: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        return bool(self.th or self.en)


EMPTY: Final = Both()


@dataclass(frozen=True)
class Told:
    """What an officer adds to what the system knows.

    Attributes
    ----------
    outside : Both
        What was done beside this site: meetings, letters, telephone, with their numbers.
    next_text, next_on
        What happens next, and by which day.
    """

    outside: Both = EMPTY
    next_text: Both = EMPTY
    next_on: date | None = None


@dataclass(frozen=True)
class Disposed:
    """One answer of the agency: to what, what is done with it, and why.

    Attributes
    ----------
    number : int
        From 1, in the order in which the answers were written; other parts refer to it.
    words : Both
        What is answered; a comment's words stand in `said`. Empty when no longer published.
    terms : str
        Of a theme that nobody has worded.
    comments, people : int
        Behind a theme; 0 for the others.
    """

    number: int
    kind: str
    words: Both
    terms: str
    said: str
    language: str
    reference: str
    proposed_wording: str
    disposition: str
    ground: str
    reason: Both
    clause: str
    published_on: date | None
    comments: int
    people: int


@dataclass(frozen=True)
class Change:
    """A changed clause of a newer draft; `because_of` numbers the answers, none: own initiative."""

    draft: int
    clause: str
    is_removed: bool
    because_of: tuple[int, ...]
    notes: tuple[Both, ...]


@dataclass(frozen=True)
class Promise:
    """A public commitment: by whom, until when, how far; `because_of` numbers an answer."""

    number: int
    text: Both
    owner: str
    due_on: date
    state: str
    because_of: int | None


@dataclass(frozen=True)
class LawPoint:
    """A stage that the law has reached after its hearing."""

    stage: str
    on: date
    note: Both


@dataclass(frozen=True)
class NextSteps:
    """What the agency says comes next, and by when; `stage` is where the consultation stands."""

    stage: str
    text: Both
    by: date | None
    promises: tuple[Promise, ...]
    law: tuple[LawPoint, ...]


@dataclass(frozen=True)
class Dissenting:
    """What some participants say against the summary: one voice of `count`, and the answer."""

    body: str
    language: str
    count: int
    answer: Both = EMPTY


@dataclass(frozen=True)
class Checking:
    """What participants said to the summary.

    Attributes
    ----------
    since, until : date
        `until` is None while they can check it.
    answered, eligible : int
        How many answered, of those who had voted or written.
    """

    since: date
    until: date | None
    answered: int = 0
    eligible: int = 0
    dissents: tuple[Dissenting, ...] = ()


@dataclass(frozen=True)
class ModerationFigures:
    """Decisions of moderators in this consultation; `rules` counts the restricting ones by rule."""

    published: int = 0
    held: int = 0
    hidden: int = 0
    covered: int = 0
    reversed: int = 0
    median_wait: timedelta | None = None
    rules: tuple[tuple[str, int], ...] = ()
    waiting: int = 0
