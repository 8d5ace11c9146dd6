"""Comments as a table, read from and written to CSV; every error names its place and mend."""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import MalformedCommentsError

COLUMNS = ("comment", "text", "stance", "author", "language", "clause")
REQUIRED = COLUMNS[:2]
LONGEST_FIELD = 10_000_000  # characters; longer fields are a broken quotation mark


@dataclass(frozen=True)
class CommentTable:
    """Comments of one consultation, one entry per comment in each column, unique ids.

    An empty string in an optional column means "not known"; an unknown author counts as a
    person of their own.
    """

    comments: tuple[str, ...]
    texts: tuple[str, ...]
    stances: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Fill empty optional columns and refuse uneven columns or repeated ids."""
        for name in ("stances", "authors", "languages", "clauses"):
            if not getattr(self, name):
                object.__setattr__(self, name, ("",) * len(self.comments))
            if len(getattr(self, name)) != len(self.comments):
                raise MalformedCommentsError(f"comments: column {name} has another length")
        if len(self.texts) != len(self.comments):
            raise MalformedCommentsError("comments: column texts has another length")
        if len(set(self.comments)) != len(self.comments):
            raise MalformedCommentsError("comments: an id is used twice")

    def __len__(self) -> int:
        return len(self.comments)

    @property
    def digest(self) -> str:
        """SHA-256 over all rows in the order of their ids, so that row order does not matter."""
        total = hashlib.sha256()
        for row in sorted(self.rows()):
            for field in row:
                data = field.encode("utf-8", "surrogatepass")
                total.update(len(data).to_bytes(8, "big") + data)
        return total.hexdigest()

    def rows(self) -> Iterable[tuple[str, ...]]:
        """Yield the rows in the order of ``COLUMNS``."""
        return zip(
            self.comments,
            self.texts,
            self.stances,
            self.authors,
            self.languages,
            self.clauses,
            strict=True,
        )

    def people(self, comments: Iterable[str] | None = None) -> int:
        """Count the distinct authors of all or some comments; an unknown author counts as one."""
        chosen = set(self.comments if comments is None else comments)
        pairs = zip(self.comments, self.authors, strict=True)
        return len({author or ("", comment) for comment, author in pairs if comment in chosen})


def read_comments(path: Path) -> CommentTable:
    """Read a CSV file with ``comment,text`` and the optional columns, in UTF-8.

    Raises
    ------
    MalformedCommentsError
        In one line ``file: row N, column C: what is wrong and how to mend it``.
    """
    reader = csv.reader(io.StringIO(_decoded(path), newline=""), strict=True)
    rows: list[list[str]] = []
    csv.field_size_limit(LONGEST_FIELD)
    try:
        rows.extend(reader)
    except csv.Error as error:
        raise MalformedCommentsError(
            f"{path}: row {len(rows) + 1}, column 1: the row cannot be read ({error}); "
            "check that every quotation mark is closed"
        ) from error
    return _table(path, rows)


def write_comments(table: CommentTable, path: Path) -> None:
    """Write a table as CSV with all columns, in the order of its rows.

    Half characters (lone surrogates), which UTF-8 cannot hold, become question marks.
    """
    with path.open("w", encoding="utf-8", errors="replace", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        writer.writerows(table.rows())


def _decoded(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MalformedCommentsError(
            f"{path}: row 1, column 1: the file cannot be read; check its name and rights"
        ) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        row = before.count(b"\n") + 1
        column = before.rpartition(b"\n")[2].count(b",") + 1
        raise MalformedCommentsError(
            f"{path}: row {row}, column {column}: not UTF-8; save the file as UTF-8 "
            "(in a spreadsheet: CSV UTF-8)"
        ) from error


def _table(path: Path, rows: Sequence[Sequence[str]]) -> CommentTable:
    header = [name.strip().lower() for name in rows[0]] if rows else []
    places = _places(path, header)
    columns: dict[str, list[str]] = {name: [] for name in COLUMNS}
    seen: dict[str, int] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        _check_row(path, number, row, header)
        values = {name: row[place] for name, place in places.items()}
        _check_id(path, number, places, values["comment"], seen)
        for name in COLUMNS:
            value = values.get(name, "")
            columns[name].append(value if name == "text" else value.strip())
    return CommentTable(*(tuple(columns[name]) for name in COLUMNS))


def _places(path: Path, header: list[str]) -> dict[str, int]:
    for name in REQUIRED:
        if name not in header:
            raise MalformedCommentsError(
                f"{path}: row 1, column 1: the column {name!r} is missing; "
                "start the file with the line comment,text"
            )
    for name in COLUMNS:
        if header.count(name) > 1:
            second = header.index(name, header.index(name) + 1)
            raise MalformedCommentsError(
                f"{path}: row 1, column {second + 1}: {name!r} stands twice; keep one of them"
            )
    return {name: header.index(name) for name in COLUMNS if name in header}


def _check_row(path: Path, number: int, row: Sequence[str], header: list[str]) -> None:
    if len(row) != len(header):
        raise MalformedCommentsError(
            f"{path}: row {number}, column {min(len(row), len(header)) + 1}: {len(row)} fields "
            f"instead of {len(header)}; put texts with commas into quotation marks"
        )


def _check_id(
    path: Path, number: int, places: dict[str, int], comment: str, seen: dict[str, int]
) -> None:
    identifier, column = comment.strip(), places["comment"] + 1
    if not identifier:
        raise MalformedCommentsError(
            f"{path}: row {number}, column {column}: the id is empty; give each comment an id"
        )
    if identifier in seen:
        raise MalformedCommentsError(
            f"{path}: row {number}, column {column}: the id {identifier!r} was used in row "
            f"{seen[identifier]}; give each comment its own id"
        )
    seen[identifier] = number
