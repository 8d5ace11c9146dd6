"""What a report says of participants, one column per property."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.array_types import BoolArray, CountArray, FloatArray, IndexArray

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


def rounded(values: FloatArray) -> FloatArray:
    """Return the figures as they are published, without a negative zero."""
    figures: FloatArray = np.round(values, _DECIMALS) + 0.0
    return figures


def plain(values: FloatArray) -> Any:
    """Return an array as nested lists of published figures."""
    return rounded(values).tolist()
