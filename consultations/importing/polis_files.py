"""Reads the folder of a Polis export and checks it as a whole before anything is written."""

import csv
import gzip
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from analysis.csv_rows import read_rows
from analysis.errors import AnalysisError
from analysis.opinions.polis_export import PolisExport
from analysis.opinions.vote_files import read_bytes, read_polis_folder
from core.errors import InvalidError

#: A conversation's own notes to participants, such as "how this works", are marked so.
_TRUE = {"1", "true", "t", "yes"}


@dataclass(frozen=True)
class StatementRow:
    """One row of an export's comments.csv."""

    body: str
    written_at: datetime
    author: str
    is_hidden: bool
    is_meta: bool


@dataclass(frozen=True)
class Conversation:
    """A Polis export, read and checked as a whole before anything is written."""

    export: PolisExport
    statements: dict[str, StatementRow]
    participants: tuple[str, ...]
    source: str
    description: str


def read_polis(folder: Path) -> Conversation:
    """Read the folder of a Polis export, plain or gzip.

    Raises
    ------
    InvalidError
        ``import.malformed``; ``detail`` names file, row, column and the mend.
    """
    try:
        votes, _, export = read_polis_folder(folder)
        statements = _read_statements(folder)
        participants = _read_participants(folder) or votes.participants
        summary = _read_summary(folder)
    except AnalysisError as error:
        raise malformed(str(error)) from error
    unknown = sorted(set(votes.statements) - set(statements))
    if unknown:
        raise malformed(
            f"comments.csv: statement {unknown[0]} has votes but no row here; "
            "export the conversation again"
        )
    strangers = sorted(set(votes.participants) - set(participants))
    if strangers:
        raise malformed(f"votes.csv: participant {strangers[0]} is in no other file")
    return Conversation(
        export,
        statements,
        tuple(participants),
        source=summary.get("url", ""),
        description=summary.get("conversation-description", ""),
    )


def malformed(detail: str) -> InvalidError:
    """Return the error for a file that cannot be imported; ``detail`` names place and mend."""
    return InvalidError("import.malformed", field="file", detail=detail)


def _file(folder: Path, name: str) -> Path | None:
    candidates = (folder / f"{name}.csv", folder / f"{name}.csv.gz")
    return next((path for path in candidates if path.is_file()), None)


def _read_statements(folder: Path) -> dict[str, StatementRow]:
    path = _file(folder, "comments")
    if path is None:
        raise AnalysisError(f"{folder}: comments.csv is missing; export the conversation again")
    found: dict[str, StatementRow] = {}
    for number, row in read_rows(read_bytes(path), "comments.csv", ("comment-id", "comment-body")):
        key = row["comment-id"]
        if key in found:
            raise AnalysisError(
                f"comments.csv: row {number}, column comment-id: {key} is used twice; "
                "give each statement its own"
            )
        if not key.isdecimal():
            raise AnalysisError(
                f"comments.csv: row {number}, column comment-id: {key!r} is not a whole number"
            )
        found[key] = StatementRow(
            body=row["comment-body"],
            written_at=_moment(row.get("timestamp", ""), number),
            author=row.get("author-id", ""),
            is_hidden=row.get("moderated", "").strip() == "-1",
            is_meta=row.get("is-meta", "").strip().lower() in _TRUE,
        )
    return found


def _moment(cell: str, number: int) -> datetime:
    try:
        return datetime.fromtimestamp(int(cell) / 1000, tz=UTC)
    except (ValueError, OverflowError, OSError):
        raise AnalysisError(
            f"comments.csv: row {number}, column timestamp: {cell!r} is not a time; "
            "write milliseconds since 1970"
        ) from None


def _read_participants(folder: Path) -> list[str]:
    """Return everyone the export lists, voters or not."""
    path = _file(folder, "participants-votes")
    if path is None:
        return []
    name = "participants-votes.csv"
    found: dict[str, int] = {}
    for number, row in read_rows(read_bytes(path), name, ("participant",)):
        person = row["participant"]
        if person in found:
            raise AnalysisError(
                f"{name}: row {number}, column participant: {person} stands in row "
                f"{found[person]} too; keep one row for each participant"
            )
        found[person] = number
    return list(found)


def _read_summary(folder: Path) -> dict[str, str]:
    """Return the key and value rows of summary.csv; it has no header."""
    path = _file(folder, "summary")
    if path is None:
        return {}
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise AnalysisError(f"summary.csv: cannot be read ({error})") from error
    return {row[0]: row[1] for row in csv.reader(text.splitlines(keepends=True)) if len(row) > 1}
