"""Words of a large dialogue: a draft, 40 statements and 600 comments on its subjects."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

COMMENTS = 600
#: Every so many-th comment proposes a wording.
WORDED = 21


@dataclass(frozen=True)
class Subject:
    """What a clause says at first and after the dialogue, and what people say to it."""

    clause: str
    changed: str
    statements: list[str]
    openings: list[str]
    reasons: list[str]
    wishes: list[str]

    def comments(self) -> list[str]:
        """Return different comments, one for each way to put the parts together."""
        return [" ".join(parts) for parts in product(self.openings, self.reasons, self.wishes)]


@dataclass(frozen=True)
class Written:
    """A comment: its subject from 0, its words, and the wording that it proposes, if any."""

    subject: int
    body: str
    wording: str


_WORDS = tomllib.loads(Path(__file__).with_name("walk.toml").read_text("utf-8"))
SUBJECTS = [Subject(**entry) for entry in _WORDS["subjects"]]
#: Key of the clause that the first subject is about; those of the others follow.
FIRST_CLAUSE = len(_WORDS["first"]) + 1


def draft_text() -> str:
    """Return the first draft as an officer pastes it."""
    clauses = [*_WORDS["first"], *(subject.clause for subject in SUBJECTS), *_WORDS["last"]]
    return "\n".join(f"มาตรา {number} {words}" for number, words in enumerate(clauses, start=1))


def comments() -> Iterator[Written]:
    """Yield all comments, the subjects in turn."""
    said = [subject.comments() for subject in SUBJECTS]
    for place in range(COMMENTS):
        subject, number = place % len(SUBJECTS), place // len(SUBJECTS)
        # 31 and 75 have no common divisor: neighbours differ in all their parts.
        body = said[subject][number * 31 % len(said[subject])]
        yield Written(subject, body, "" if place % WORDED else SUBJECTS[subject].changed)
