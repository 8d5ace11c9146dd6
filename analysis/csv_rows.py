"""Reads CSV bytes strictly: every refusal names the file, the row, the column and the mend."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as arrow_csv

from analysis.array_types import ChoiceArray
from analysis.errors import MalformedVotesError

MISSING_VALUE = "is empty; every row needs a value here"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CHOICES = {"1": 1, "+1": 1, "1.0": 1, "0": 0, "0.0": 0, "-0.0": 0, "-1": -1, "-1.0": -1}
_QUOTED = re.compile('[,"\r\n]')
_NOT_A_CHOICE = "is not a choice; write 1 (agree), 0 (pass) or -1 (disagree)"


#: Positions in a list, as wide as Arrow chose.
Codes = npt.NDArray[np.integer]


@dataclass(frozen=True)
class VoteColumns:
    """Votes as read: distinct identifiers and, per row, positions in them and the choice."""

    participant_ids: list[str]
    statement_ids: list[str]
    participant_codes: Codes
    statement_codes: Codes
    choices: ChoiceArray


def escape_field(text: str) -> str:
    """Return the text as one CSV field (RFC 4180): quoted only where it must be."""
    if _QUOTED.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def read_rows(
    data: bytes, name: str, needed: Sequence[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each data row with its number in the file (the header is row 1).

    Raises
    ------
    MalformedVotesError
        If the bytes are not UTF-8, a needed column is missing or a row has too few or too many
        cells.
    """
    reader = csv.reader(io.StringIO(_decoded(data, name), newline=""), strict=True)
    try:
        header = next(reader, [])
        for column in needed:
            if column not in header:
                raise MalformedVotesError(
                    f"{name}: row 1, column {column}: the column is missing; "
                    f"the first row must name {', '.join(needed)}"
                )
            if header.count(column) > 1:
                raise MalformedVotesError(
                    f"{name}: row 1, column {column}: the column stands twice; keep one"
                )
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                raise MalformedVotesError(
                    f"{name}: row {reader.line_num}, column {min(len(cells), len(header)) + 1}: "
                    f"the row has {len(cells)} cells and the header {len(header)}; make them equal"
                )
            yield reader.line_num, dict(zip(header, cells, strict=True))
    except csv.Error as error:
        raise MalformedVotesError(
            f"{name}: row {reader.line_num}, column 1: the row is not CSV ({error}); "
            "check its quotation marks"
        ) from error


def read_vote_columns(data: bytes, name: str) -> VoteColumns:
    """Read participant, statement and choice; other columns are ignored.

    Raises
    ------
    MalformedVotesError
        As `read_rows`, and for an empty identifier or an unknown choice.
    """
    try:
        return _read_fast(data)
    except (pa.ArrowException, KeyError, UnicodeDecodeError):
        # Arrow refuses without saying where; the patient reader finds the row, or reads the
        # spellings that Arrow does not know.
        return _read_patiently(data, name)


def _read_fast(data: bytes) -> VoteColumns:
    """Read with Arrow; raise whatever it raises on anything unusual."""
    header = data[: data.find(b"\n") + 1].strip(_BYTE_ORDER_MARK + b"\r\n").split(b",")
    if len(set(header)) != len(header):
        raise KeyError("a column stands twice")
    text = pa.dictionary(pa.int32(), pa.string())
    table = arrow_csv.read_csv(
        pa.BufferReader(data.removeprefix(_BYTE_ORDER_MARK)),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            include_columns=["participant", "statement", "choice"],
            column_types={"participant": text, "statement": text, "choice": pa.int8()},
            strings_can_be_null=False,
            null_values=[],
        ),
    )
    return columns_from_table(table)


def columns_from_table(table: pa.Table) -> VoteColumns:
    """Take the three columns out of an Arrow table.

    Raises
    ------
    KeyError
        If a value is not allowed (the caller finds out where).
    """
    people, person_codes = _dictionary(table.column("participant"))
    items, item_codes = _dictionary(table.column("statement"))
    choices = table.column("choice").to_numpy()
    # Before they become whole numbers: nothing, or a half, is not a pass.
    if "" in people or "" in items or not np.isin(choices, (1, 0, -1)).all():
        raise KeyError("choice")
    return VoteColumns(people, items, person_codes, item_codes, choices.astype(np.int8))


def _dictionary(column: pa.ChunkedArray) -> tuple[list[str], Codes]:
    """Return distinct values as text and the position of each row's value."""
    if column.null_count:
        raise KeyError("null")
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    merged = column.unify_dictionaries().combine_chunks()
    if isinstance(merged, pa.ChunkedArray):
        merged = merged.chunk(0) if merged.num_chunks else pa.array([], type=column.type)
    values = [str(value) for value in merged.dictionary.to_pylist()]
    return values, merged.indices.to_numpy(zero_copy_only=False)


def _read_patiently(data: bytes, name: str) -> VoteColumns:
    """Read row by row, so that a refusal can name the place."""
    people: dict[str, int] = {}
    items: dict[str, int] = {}
    rows: list[tuple[int, int, int]] = []
    for number, row in read_rows(data, name, ("participant", "statement", "choice")):
        for column in ("participant", "statement"):
            if row[column] == "":
                raise MalformedVotesError(f"{name}: row {number}, column {column}: {MISSING_VALUE}")
        choice = _CHOICES.get(row["choice"].strip())
        if choice is None:
            raise MalformedVotesError(
                f"{name}: row {number}, column choice: {row['choice']!r} {_NOT_A_CHOICE}"
            )
        person = people.setdefault(row["participant"], len(people))
        item = items.setdefault(row["statement"], len(items))
        rows.append((person, item, choice))
    table = np.array(rows, dtype=np.intp).reshape(-1, 3)
    return VoteColumns(
        list(people), list(items), table[:, 0], table[:, 1], table[:, 2].astype(np.int8)
    )


def _decoded(data: bytes, name: str) -> str:
    """Decode UTF-8, with or without a byte order mark."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise MalformedVotesError(
            f"{name}: row {row}, column 1: the row is not UTF-8; save the file as UTF-8"
        ) from error
