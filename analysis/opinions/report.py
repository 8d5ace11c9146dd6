"""The published report of a vote analysis, to and from JSON ("sarn.opinions/1")."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.array_types import BoolArray, CountArray, FloatArray, IndexArray
from analysis.errors import AnalysisError

SCHEMA = "sarn.opinions/1"
#: Decimals written; well below the 1e-6 to which two runs must agree.
_DECIMALS = 9
#: Participants turned into rows at once; bounds the memory.
_ROWS_AT_ONCE = 10_000


@dataclass(frozen=True)
class ParticipantColumns:
    """One column per property of participants; a row is made only when it is written.

    Attributes
    ----------
    ids : sequence of str
    votes : ndarray of shape (n_participants,), dtype=int64
    included, undecided : ndarray of shape (n_participants,), dtype=bool
        On the map and grouped; without a group that holds enough of them.
    points : ndarray of shape (n_participants, 2)
    ellipses : ndarray of shape (n_participants, 3)
        Half axes and angle (radians).
    groups : ndarray of shape (n_participants,), dtype=intp
        -1 is nobody's group, written as null.
    membership : ndarray of shape (n_participants, n_groups)
        Rows of those not included are ignored and written as an empty list.
    """

    ids: tuple[str, ...]
    votes: CountArray
    included: BoolArray
    undecided: BoolArray
    points: FloatArray
    ellipses: FloatArray
    groups: IndexArray
    membership: FloatArray

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield participants as the report shows them."""
        for first in range(0, len(self.ids), _ROWS_AT_ONCE):
            yield from self._some_rows(slice(first, first + _ROWS_AT_ONCE))

    def _some_rows(self, part: slice) -> Iterator[dict[str, Any]]:
        """Yield the participants of a slice."""
        columns = zip(
            self.ids[part],
            self.votes[part].tolist(),
            self.included[part].tolist(),
            plain(self.points[part]),
            self.groups[part].tolist(),
            plain(self.membership[part]),
            self.undecided[part].tolist(),
            plain(self.ellipses[part]),
            strict=True,
        )
        for name, votes, included, point, group, membership, undecided, ellipse in columns:
            yield {
                "id": name,
                "votes": votes,
                "included": included,
                "x": point[0],
                "y": point[1],
                "group": group if group >= 0 else None,
                "membership": membership if included else [],
                "undecided": undecided,
                "ellipse": ellipse,
            }


@dataclass(frozen=True)
class OpinionReport:
    """Everything that one analysis publishes.

    Attributes
    ----------
    content : dict
        All keys of the schema but ``participants``.
    participants : ParticipantColumns or list of dict
        Columns when freshly made, rows when read back.
    """

    content: dict[str, Any]
    participants: ParticipantColumns | list[dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        """Return the whole report as plain values."""
        return {**self.content, "participants": list(self._rows())}

    def to_json(self) -> str:
        """Return the report as one JSON document."""
        return "".join(self.json_chunks())

    def json_chunks(self) -> Iterator[str]:
        """Yield the JSON document in pieces, so that a million rows need no second copy."""
        head = json.dumps(self.content, ensure_ascii=False, allow_nan=False)
        yield head[:-1] + ', "participants": ['
        for number, row in enumerate(self._rows()):
            text = json.dumps(row, ensure_ascii=False, allow_nan=False)
            yield text if number == 0 else ",\n" + text
        yield "]}\n"

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> "OpinionReport":
        """Take a parsed document.

        Raises
        ------
        AnalysisError
            If it is not an opinion report.
        """
        if not isinstance(document, Mapping) or document.get("schema") != SCHEMA:
            raise AnalysisError(f'not an opinion report: its "schema" must be "{SCHEMA}"')
        content = {key: value for key, value in document.items() if key != "participants"}
        return cls(content, list(document.get("participants", [])))

    @classmethod
    def from_json(cls, text: str | bytes) -> "OpinionReport":
        """Read a JSON document.

        Raises
        ------
        AnalysisError
            If it is not JSON or not an opinion report.
        """
        try:
            document = json.loads(text)
        except ValueError as error:
            raise AnalysisError(f"not a report: it is not JSON ({error})") from error
        return cls.from_dict(document)

    def _rows(self) -> Iterator[dict[str, Any]]:
        """Yield participants as rows."""
        if isinstance(self.participants, ParticipantColumns):
            return self.participants.rows()
        return iter(self.participants)


def plain(values: FloatArray) -> Any:
    """Return an array as nested lists of rounded numbers, without a negative zero."""
    return (np.round(values, _DECIMALS) + 0.0).tolist()
