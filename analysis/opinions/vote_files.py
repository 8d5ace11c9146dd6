"""Reads votes from files: Sarn's own CSV or Parquet, and the folder of a Polis export."""

import gzip
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from analysis.array_types import StatementIndex
from analysis.csv_rows import MISSING_VALUE, VoteColumns, columns_from_table, read_rows
from analysis.errors import AnalysisError, MalformedVotesError
from analysis.opinions.partitions import blocks_of
from analysis.opinions.polis_export import PolisExport, read_polis_export
from analysis.opinions.votes import VoteTable

#: Rows of a Parquet file read, and participants written, at once.
_ROWS_AT_ONCE = 1_000_000
_PARTICIPANTS_AT_ONCE = 10_000
_CHOICE_RULE = "write 1 (agree), 0 (pass) or -1 (disagree)"


@dataclass(frozen=True)
class StatementList:
    """Statements that were put to the vote.

    Attributes
    ----------
    texts : dict of str to str
        Text of each statement, empty if the file has none.
    moderated_out : frozenset of str
        Those that moderation removed.
    """

    texts: dict[str, str] = field(default_factory=dict)
    moderated_out: frozenset[str] = frozenset()


def read_votes(path: Path) -> VoteTable:
    """Read ``participant, statement, choice`` from CSV (also .gz) or Parquet.

    Raises
    ------
    MalformedVotesError
        If the file breaks the format; names file, row and column.
    AnalysisError
        If the file cannot be read at all.
    """
    if path.is_dir():
        raise AnalysisError(f"{path}: is a folder; for a Polis export add --format polis")
    if path.suffix == ".parquet":
        return _read_parquet(path)
    return VoteTable.from_csv_bytes(read_bytes(path), path.name)


def read_polis_folder(path: Path) -> tuple[VoteTable, StatementList, PolisExport]:
    """Read the folder of a Polis export, plain or gzip, after checking its sign convention.

    Raises
    ------
    MalformedVotesError
        If a file breaks the format, or agree cannot be told from disagree.
    AnalysisError
        If the folder or its files are missing.
    """
    if not path.is_dir():
        raise AnalysisError(f"{path}: is not a folder; give the folder of the Polis export")
    files = {name: _find(path, name) for name in ("participants-votes", "votes", "comments")}
    if files["participants-votes"] is None and files["votes"] is None:
        raise AnalysisError(
            f"{path}: has neither participants-votes.csv nor votes.csv; "
            "give the folder of the Polis export"
        )
    export = read_polis_export(
        {name: read_bytes(file) for name, file in files.items() if file is not None}
    )
    return export.votes, StatementList(export.texts, export.moderated_out), export


def read_statements(path: Path) -> StatementList:
    """Read a list of statements: ``statement`` and optionally ``text``, ``moderated_out``.

    The names of a Polis export (``comment-id``, ``comment-body``, ``moderated`` = -1) are
    understood too.

    Raises
    ------
    MalformedVotesError
        If the file breaks the format.
    """
    data = read_bytes(path)
    polis = b"comment-id" in data.split(b"\n", 1)[0]
    name, text, removed = (
        ("comment-id", "comment-body", "moderated")
        if polis
        else ("statement", "text", "moderated_out")
    )
    texts: dict[str, str] = {}
    out = set()
    for number, row in read_rows(data, path.name, (name,)):
        if row[name] == "":
            raise MalformedVotesError(f"{path.name}: row {number}, column {name}: {MISSING_VALUE}")
        texts[row[name]] = row.get(text, "")
        if row.get(removed, "").strip().lower() in ({"-1"} if polis else {"1", "true", "yes"}):
            out.add(row[name])
    return StatementList(texts, frozenset(out))


def write_parquet(votes: VoteTable, path: Path) -> None:
    """Write the table as Parquet with the columns of the CSV, in canonical order."""
    schema = pa.schema(
        [("participant", pa.string()), ("statement", pa.string()), ("choice", pa.int8())]
    )
    statements = pa.array(votes.statements, pa.string())
    with parquet.ParquetWriter(path, schema) as writer:
        for first, last in blocks_of(votes.n_participants, _PARTICIPANTS_AT_ONCE):
            part = votes.select_range(first, last)
            people = pa.array(part.participants, pa.string())
            columns = [
                people.take(pa.array(part.participant_index())),
                statements.take(pa.array(part.statement_index)),
                pa.array(part.choices),
            ]
            writer.write_table(pa.table(columns, schema=schema))


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, unpacked if its name ends in .gz.

    Raises
    ------
    AnalysisError
        If it cannot be read.
    """
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if path.suffix == ".gz" else data
    except (OSError, EOFError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise AnalysisError(f"{path}: cannot be read ({reason})") from error


def _find(folder: Path, name: str) -> Path | None:
    """Return the file of a Polis export, plain before packed."""
    for ending in (".csv", ".csv.gz"):
        if (folder / (name + ending)).is_file():
            return folder / (name + ending)
    return None


def _read_parquet(path: Path) -> VoteTable:
    """Read the three columns of a Parquet file."""
    names = ["participant", "statement", "choice"]
    try:
        with parquet.ParquetFile(path) as file:
            for name in names:
                if name not in file.schema_arrow.names:
                    raise MalformedVotesError(
                        f"{path.name}: row 1, column {name}: the column is missing; "
                        f"the table needs {', '.join(names)}"
                    )
            votes = VoteTable.from_columns(_merged(file, names))
    except AnalysisError:
        raise
    except (OSError, pa.ArrowException) as error:
        raise AnalysisError(f"{path}: cannot be read as Parquet ({error})") from error
    except (KeyError, TypeError, ValueError) as error:
        table = parquet.read_table(path, columns=names)
        raise MalformedVotesError(_parquet_fault(path, table)) from error
    # Arrow keeps freed memory for itself; the analysis needs it now.
    pa.default_memory_pool().release_unused()
    return votes


def _merged(file: parquet.ParquetFile, names: list[str]) -> VoteColumns:
    """Read the columns batch by batch, so that their text is never in memory at once."""
    people: dict[str, int] = {}
    items: dict[str, int] = {}
    length = file.metadata.num_rows
    person_codes, item_codes = (np.empty(length, dtype=np.int32) for _ in range(2))
    choices, first = np.empty(length, dtype=np.int8), 0
    for batch in file.iter_batches(_ROWS_AT_ONCE, columns=names):
        part = columns_from_table(pa.table([_as_text(batch.column(name)) for name in names], names))
        rows = slice(first, first + len(part.choices))
        person_codes[rows] = _positions(part.participant_ids, people)[part.participant_codes]
        item_codes[rows] = _positions(part.statement_ids, items)[part.statement_codes]
        choices[rows], first = part.choices, rows.stop
    return VoteColumns(list(people), list(items), person_codes, item_codes, choices)


def _as_text(column: pa.Array) -> pa.Array:
    """Undo a dictionary: it may hold far more values than the rows of one batch."""
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _positions(values: list[str], known: dict[str, int]) -> StatementIndex:
    """Return the position of each value among the known ones, to which new ones are added."""
    return np.array([known.setdefault(value, len(known)) for value in values], dtype=np.int32)


def _parquet_fault(path: Path, table: pa.Table) -> str:
    """Return the first fault of a table that was refused."""
    for number, row in enumerate(table.to_pylist(), start=1):
        for column in ("participant", "statement"):
            if row[column] is None or str(row[column]) == "":
                return f"{path.name}: row {number}, column {column}: {MISSING_VALUE}"
        if row["choice"] not in (1, 0, -1):
            return (
                f"{path.name}: row {number}, column choice: {row['choice']!r} is not a choice; "
                + _CHOICE_RULE
            )
    return f"{path.name}: row 1, column choice: the column is not of whole numbers; {_CHOICE_RULE}"
