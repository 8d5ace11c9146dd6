"""Votes as a sparse table in canonical order: what every vote analysis starts from."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.array_types import BoolArray, ChoiceArray, CountArray, IndexArray, StatementIndex
from analysis.csv_rows import MISSING_VALUE, VoteColumns, read_vote_columns
from analysis.errors import MalformedVotesError
from analysis.opinions.canonical_csv import csv_chunks

AGREE, PASS, DISAGREE = 1, 0, -1
#: Votes that one step works on at once; bounds its memory.
_VOTES_AT_ONCE = 1_000_000


@dataclass(frozen=True, eq=False)
class VoteTable:
    """Who chose what on which statement; what was never shown is simply absent.

    Rows stand in canonical order: participants, then statements, each by the code points of their
    identifiers. Two tables of the same votes are therefore the same arrays.

    Attributes
    ----------
    participants, statements : tuple of str
        Identifiers, sorted.
    starts : ndarray of shape (n_participants + 1,), dtype=int64
        Votes of participant i are the rows ``starts[i]:starts[i + 1]``.
    statement_index : ndarray of shape (n_votes,), dtype=int32
        Position in `statements`.
    choices : ndarray of shape (n_votes,), dtype=int8
        +1 agree, 0 pass, -1 disagree.
    """

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    starts: CountArray
    statement_index: StatementIndex
    choices: ChoiceArray

    @classmethod
    def from_rows(
        cls, participants: Iterable[object], statements: Iterable[object], choices: Iterable[int]
    ) -> "VoteTable":
        """Build the table from three columns of equal length; later rows win.

        Identifiers are anything with a text form; choices are +1 agree, 0 pass, -1 disagree.

        Raises
        ------
        MalformedVotesError
            If the lengths differ, an identifier is empty or a choice is none of the three.
        """
        people, person_codes = _encode(participants, "participant")
        items, item_codes = _encode(statements, "statement")
        values = _checked_choices(choices)
        return cls.from_columns(VoteColumns(people, items, person_codes, item_codes, values))

    @classmethod
    def from_columns(cls, columns: VoteColumns) -> "VoteTable":
        """Build the table from positions in two lists of distinct identifiers; later rows win."""
        return cls(*_in_order(columns))

    @classmethod
    def from_csv_bytes(cls, data: bytes, name: str = "votes.csv") -> "VoteTable":
        """Read CSV; `name` appears in errors, which are those of `read_vote_columns`."""
        return cls.from_columns(read_vote_columns(data, name))

    @property
    def n_participants(self) -> int:
        """Participants, including those left without a vote by a selection."""
        return len(self.participants)

    @property
    def n_statements(self) -> int:
        """Statements in the table."""
        return len(self.statements)

    @property
    def n_votes(self) -> int:
        """Votes, passes included."""
        return len(self.choices)

    @cached_property
    def votes_per_participant(self) -> CountArray:
        """Votes of each participant, passes included, shape (n_participants,)."""
        return np.diff(self.starts)

    def participant_index(self) -> IndexArray:
        """Position in `participants` of each vote, shape (n_votes,)."""
        return np.repeat(np.arange(self.n_participants), self.votes_per_participant)

    def counts(self) -> tuple[CountArray, CountArray, CountArray]:
        """Agrees, disagrees and passes of each statement, each of shape (n_statements,)."""
        cells = np.zeros(3 * self.n_statements, dtype=np.int64)
        for part in _parts(self.n_votes):
            codes = self.statement_index[part] * np.int64(3) + self.choices[part] + 1
            cells += np.bincount(codes, minlength=len(cells))
        disagree, passed, agree = cells.reshape(-1, 3).T
        return agree, disagree, passed

    def select_participants(self, keep: BoolArray | IndexArray) -> "VoteTable":
        """Return the table of some participants (mask or increasing positions)."""
        if keep.dtype == np.bool_:
            if keep.all():
                return self
            lengths = self.votes_per_participant[keep]
            votes: Any = np.repeat(keep, self.votes_per_participant)
            people = tuple(compress(self.participants, keep.tolist()))
        else:
            lengths = self.votes_per_participant[keep]
            votes = np.arange(lengths.sum()) + np.repeat(
                self.starts[keep] - _starts(lengths)[:-1], lengths
            )
            people = tuple(self.participants[row] for row in keep.tolist())
        columns, values = self.statement_index[votes], self.choices[votes]
        return VoteTable(people, self.statements, _starts(lengths), columns, values)

    def select_range(self, first: int, last: int) -> "VoteTable":
        """Return the table of participants ``first:last``, sharing memory; statements stay."""
        part = slice(int(self.starts[first]), int(self.starts[last]))
        starts = self.starts[first : last + 1] - part.start
        people, columns = self.participants[first:last], self.statement_index[part]
        return VoteTable(people, self.statements, starts, columns, self.choices[part])

    def select_votes(self, keep: BoolArray) -> "VoteTable":
        """Return the table of some votes; participants and statements stay."""
        starts = _starts(keep)[self.starts]
        columns, values = self.statement_index[keep], self.choices[keep]
        return VoteTable(self.participants, self.statements, starts, columns, values)

    def without_statements(self, removed: Collection[str]) -> "VoteTable":
        """Return the table without some statements and their votes; participants stay."""
        stays = np.array([item not in removed for item in self.statements], dtype=bool)
        if stays.all():
            return self
        thinner = self.select_votes(stays[self.statement_index])
        position = (np.cumsum(stays) - 1).astype(np.int32)
        return VoteTable(
            self.participants,
            tuple(item for item, kept in zip(self.statements, stays, strict=True) if kept),
            thinner.starts,
            position[thinner.statement_index],
            thinner.choices,
        )

    def to_csv(self) -> bytes:
        """Return the canonical bytes: UTF-8, header, sorted rows, one line feed after each."""
        return b"".join(self._csv_chunks())

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes, in hexadecimal."""
        sha = hashlib.sha256()
        for chunk in self._csv_chunks():
            sha.update(chunk)
        return sha.hexdigest()

    def _csv_chunks(self) -> Iterator[bytes]:
        """Yield the canonical bytes piece by piece."""
        return csv_chunks(
            self.participants, self.statements, self.starts, self.statement_index, self.choices
        )


def _in_order(
    columns: VoteColumns,
) -> tuple[tuple[str, ...], tuple[str, ...], CountArray, StatementIndex, ChoiceArray]:
    """Return the parts of a table: identifiers and rows sorted, the last of equal rows kept."""
    given = (columns.participant_codes, columns.statement_codes, columns.choices)
    if len({len(values) for values in given}) > 1:
        raise MalformedVotesError(
            "participant, statement and choice have different lengths: give one of each per row"
        )
    people, person_rank = _sorted_ids(columns.participant_ids)
    items, item_rank = _sorted_ids(columns.statement_ids)
    width = max(len(items), 1)
    keys = np.empty(len(columns.choices), dtype=np.int64)
    for part in _parts(len(keys)):
        keys[part] = person_rank[columns.participant_codes[part]] * width
        keys[part] += item_rank[columns.statement_codes[part]]
    keys, values = _sorted_unique(keys, columns.choices)
    places = np.empty(len(keys), dtype=np.int32)
    for part in _parts(len(keys)):
        places[part] = keys[part] % width
    starts = np.searchsorted(keys, np.arange(len(people) + 1) * width).astype(np.int64)
    return people, items, starts, places, values


def _encode(values: Iterable[object], column: str) -> tuple[list[str], IndexArray]:
    """Return the distinct identifiers in order of appearance and the position of each value."""
    positions: dict[str, int] = {}
    codes = [positions.setdefault(str(value), len(positions)) for value in values]
    if "" in positions:
        row = codes.index(positions[""]) + 1
        raise MalformedVotesError(f"row {row}, column {column}: {MISSING_VALUE}")
    return list(positions), np.array(codes, dtype=np.intp)


def _checked_choices(choices: Iterable[int]) -> ChoiceArray:
    """Return the choices as int8 after checking that each is one of the three."""
    values = np.asarray(choices if isinstance(choices, np.ndarray) else list(choices))
    if len(values) == 0:
        return np.zeros(0, dtype=np.int8)
    wrong = ~np.isin(values, (AGREE, PASS, DISAGREE))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise MalformedVotesError(
            f"row {row + 1}, column choice: {values[row]!s} is not a choice; "
            "write 1 (agree), 0 (pass) or -1 (disagree)"
        )
    return values.astype(np.int8)


def _starts(lengths: npt.NDArray[np.integer] | BoolArray) -> CountArray:
    """Return where each run begins, and the end of the last."""
    starts = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts


def _sorted_ids(identifiers: Sequence[str]) -> tuple[tuple[str, ...], CountArray]:
    """Return the identifiers sorted, and the place of each of the given ones in that order."""
    ordered = tuple(sorted(identifiers))
    if ordered == tuple(identifiers):
        return ordered, np.arange(len(ordered))
    place = {name: number for number, name in enumerate(ordered)}
    return ordered, np.array([place[name] for name in identifiers], dtype=np.int64)


def _parts(length: int) -> Iterator[slice]:
    """Yield slices that together cover an array of so many votes."""
    for first in range(0, length, _VOTES_AT_ONCE):
        yield slice(first, first + _VOTES_AT_ONCE)


def _sorted_unique(keys: CountArray, choices: ChoiceArray) -> tuple[CountArray, ChoiceArray]:
    """Sort rows by key; of rows with one key keep the last given."""
    if len(keys) == 0 or bool(np.all(keys[1:] > keys[:-1])):
        return keys, choices.astype(np.int8, copy=False)
    # Packing the choice below the key sorts both at once without the memory of an argument sort.
    packed = np.sort(keys * 4 + (choices + 1))
    sorted_keys = packed >> 2
    if bool(np.all(sorted_keys[1:] > sorted_keys[:-1])):
        return sorted_keys, ((packed & 3) - 1).astype(np.int8)
    order = np.argsort(keys, kind="stable")
    keys, values = keys[order], choices[order]
    last = np.append(keys[1:] != keys[:-1], True)
    return keys[last], values[last].astype(np.int8)
