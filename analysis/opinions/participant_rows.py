"""Participants of a report as lines of JSON, made column by column: a million take seconds."""

from collections.abc import Iterator
from json.encoder import encode_basestring

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.array_types import FloatArray
from analysis.opinions.participant_columns import ParticipantColumns, rounded

#: Participants written at once; bounds the memory.
_ROWS_AT_ONCE = 20_000


def json_rows(columns: ParticipantColumns) -> Iterator[str]:
    """Yield the participants as JSON objects, parted by a comma and a line feed.

    Raises
    ------
    ValueError
        If a figure is not finite: JSON has no word for it.
    """
    for first in range(0, len(columns.ids), _ROWS_AT_ONCE):
        text = ",\n".join(_some_rows(columns, slice(first, first + _ROWS_AT_ONCE)))
        yield text if first == 0 else ",\n" + text


def _some_rows(columns: ParticipantColumns, part: slice) -> list[str]:
    """Return one JSON object each for the participants of a slice."""
    groups, included = columns.groups[part], pa.array(columns.included[part])
    points, ellipses = _numbers(columns.points[part]), _numbers(columns.ellipses[part])
    fields = {
        "id": pa.array([encode_basestring(name) for name in columns.ids[part]], pa.string()),
        "votes": pa.array(columns.votes[part]).cast(pa.string()),
        "included": included.cast(pa.string()),
        "x": points[0],
        "y": points[1],
        "group": pa.array(groups, mask=groups < 0).cast(pa.string()).fill_null("null"),
        "membership": pc.if_else(included, _list(_numbers(columns.membership[part])), "[]"),
        "undecided": pa.array(columns.undecided[part]).cast(pa.string()),
        "ellipse": _list(ellipses),
    }
    pieces: list[pa.Array | str] = []
    for name, values in fields.items():
        pieces += [f', "{name}": ' if pieces else f'{{"{name}": ', values]
    rows: list[str] = pc.binary_join_element_wise(*pieces, "}", "").to_pylist()
    return rows


def _numbers(values: FloatArray) -> list[pa.Array]:
    """Return the columns of an array as text."""
    figures = rounded(values)
    if not np.isfinite(figures).all():
        raise ValueError("a figure of a participant is not finite")
    return [pa.array(column).cast(pa.string()) for column in np.ascontiguousarray(figures.T)]


def _list(columns: list[pa.Array]) -> pa.Array | str:
    """Return one JSON list per row."""
    if not columns:
        return "[]"
    inside = pc.binary_join_element_wise(*columns, ", ")
    return pc.binary_join_element_wise("[", inside, "]", "")
