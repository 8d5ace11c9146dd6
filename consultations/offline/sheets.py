"""From a CSV or XLSX file to rows of words, whatever the file is; and the table to fill in."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from consultations.documents import decode_text
from consultations.office_archive import check_archive
from consultations.offline.offer import MOST_STATEMENTS, Offer
from consultations.spreadsheets import guarded, unguarded
from consultations.strata import STRATA
from core import text
from core.errors import InvalidError

MAX_BYTES: Final = 5_000_000
MAX_ROWS: Final = 2_000
MAX_COLUMNS: Final = 120
#: Longest cell, in characters; longer ones cannot be the words of one comment.
MAX_CELL: Final = 21_000
#: Columns of the table, before those of the statements.
COLUMNS: Final = (
    *("response", "form", "channel", "date", "place", "consent"),
    *("clause", "stance", "comment", "proposed_wording", "reason"),
    *STRATA,
)
VOTE: Final = "vote_"
#: Without these a row says nothing.
NEEDED: Final = frozenset({"channel", "date", "consent"})
#: A cell that holds a formula: nobody said that.
FORMULA: Final = "\x00formula"
_OLD_OR_LOCKED: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: All that the reader of XLSX is known to raise on broken parts.
_DAMAGE: Final = (
    *(InvalidFileException, zipfile.BadZipFile, SyntaxError, OSError, EOFError),
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, AssertionError),
)


@dataclass(frozen=True)
class SheetRow:
    """A row with words: its number as spreadsheets show it, and cells by the column's name."""

    number: int
    cells: dict[str, str]


def read_sheet(data: bytes, filename: str) -> list[SheetRow]:
    """Read the rows of a file that have words in them.

    Parameters
    ----------
    filename : str
        As uploaded; only its ending matters.

    Raises
    ------
    InvalidError
        With ``field="file"``: ``sheet.too_large``, ``sheet.kind``, ``sheet.too_many_rows``,
        ``sheet.cell_too_long``, ``sheet.columns``, ``sheet.empty``, or as
        ``documents.decode_text`` and ``office_archive.check_archive``.
    """
    if len(data) > MAX_BYTES:
        raise InvalidError("sheet.too_large", field="file", megabytes=MAX_BYTES // 1_000_000)
    name = filename.casefold()
    if not name.endswith((".csv", ".xlsx")):
        raise InvalidError("sheet.kind", field="file")
    lines = _workbook(data) if name.endswith(".xlsx") else _separated(data)
    rows = list(_rows(lines))
    if not rows:
        raise InvalidError("sheet.empty", field="file")
    return rows


def template(offer: Offer) -> bytes:
    """Return the table to fill in, as CSV that spreadsheets open as UTF-8."""
    return _csv([_head(offer)])


def template_workbook(offer: Offer) -> bytes:
    """Return the table to fill in, as XLSX, with a second sheet that explains the numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "responses"
    sheet.append(_head(offer))
    key = book.create_sheet("key")
    for each in offer.statements.values():
        key.append([f"{VOTE}{each.number}", guarded(each.body)])
    for clause in offer.clauses.values():
        key.append(
            [guarded(clause.key), guarded(f"{clause.number or ''} {clause.heading}".strip())]
        )
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _head(offer: Offer) -> list[str]:
    return [*COLUMNS, *(f"{VOTE}{number}" for number in offer.statements)]


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows([guarded(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _rows(lines: Iterator[list[str]]) -> Iterator[SheetRow]:
    head = [text.matching_key(cell).replace(" ", "_") for cell in next(lines, [])]
    names = [name for name in head if name]
    known = {*COLUMNS, *(f"{VOTE}{place}" for place in _numbers(names))}
    if len(set(names)) < len(names) or not set(names) >= NEEDED or not set(names) <= known:
        unknown = ", ".join(sorted(set(names) - known)[:5])
        missing = ", ".join(sorted(NEEDED - set(names)))
        raise InvalidError("sheet.columns", field="file", unknown=unknown, missing=missing)
    for number, line in enumerate(lines, start=2):
        if number > MAX_ROWS + 1:
            raise InvalidError("sheet.too_many_rows", field="file", maximum=MAX_ROWS)
        cells = {
            name: unguarded(cell) for name, cell in zip(head, line, strict=False) if name and cell
        }
        if any(len(cell) > MAX_CELL for cell in cells.values()):
            raise InvalidError("sheet.cell_too_long", field="file", row=number, maximum=MAX_CELL)
        if cells:
            yield SheetRow(number, cells)


def _numbers(names: Sequence[str]) -> Iterator[int]:
    """Give the statements that columns name; more of them than a form has are no columns."""
    endings = (name.removeprefix(VOTE) for name in names if name.startswith(VOTE))
    found = (int(end) for end in endings if end.isascii() and end.isdecimal() and len(end) < 6)
    for count, number in enumerate(found):
        if count >= MOST_STATEMENTS:
            return
        yield number


def _separated(data: bytes) -> Iterator[list[str]]:
    words = decode_text(data)
    first = words.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(words, newline=""), delimiter=mark)
    try:
        for line in reader:
            yield [cell.strip() for cell in line[:MAX_COLUMNS]]
    except csv.Error:
        raise InvalidError("document.damaged", field="file") from None


def _workbook(data: bytes) -> Iterator[list[str]]:
    if data.startswith(_OLD_OR_LOCKED):
        raise InvalidError("document.old_or_protected", field="file")
    check_archive(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        # What the file says of its own size is not believed.
        sheet.reset_dimensions()
        found = [
            [_cell(cell) for cell in row]
            for row in sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS)
        ]
    except _DAMAGE:
        raise InvalidError("document.damaged", field="file") from None
    yield from found


def _cell(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return FORMULA
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
