"""Pure: the register of those affected as a table that officers fill in and take out."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from consultations.models import StakeholderKind
from consultations.spreadsheets import guarded, unguarded
from core.errors import InvalidError

COLUMNS = ("kind", "name", "effect_th", "effect_en", "contact", "email")
MOST_ROWS = 500
MOST_BYTES = 500_000


@dataclass(frozen=True)
class Entry:
    """A group or an organisation, as an officer names it.

    Parameters
    ----------
    kind : str
        A value of ``StakeholderKind``.
    contact, email : str
        Whom to reach and how. Personal data: never public, kept sealed.
    """

    kind: str
    name: str
    effect_th: str = ""
    effect_en: str = ""
    contact: str = ""
    email: str = ""


@dataclass(frozen=True)
class ReadRow:
    """A row of a table with what becomes of it: empty `problem` when it can be taken over."""

    number: int
    entry: Entry
    problem: str = ""


def read(data: bytes) -> list[ReadRow]:
    """Read a table; rows that cannot be taken over say why with a code.

    Raises
    ------
    InvalidError
        ``stakeholders.file``: no CSV in UTF-8 with these columns; ``stakeholders.too_many``.
    """
    if len(data) > MOST_BYTES:
        raise InvalidError("stakeholders.too_many", field="file", maximum=MOST_ROWS)
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        rows = []
    rows = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    if not rows or tuple(cell.lower() for cell in rows[0]) != COLUMNS:
        raise InvalidError("stakeholders.file", field="file", columns=",".join(COLUMNS))
    if len(rows) - 1 > MOST_ROWS:
        raise InvalidError("stakeholders.too_many", field="file", maximum=MOST_ROWS)
    seen: set[tuple[str, str]] = set()
    found = []
    for number, row in enumerate(rows[1:], start=2):
        cells = [unguarded(cell) for cell in (*row, *[""] * len(COLUMNS))[: len(COLUMNS)]]
        entry = Entry(*cells)
        key = (entry.kind, entry.name.casefold())
        found.append(ReadRow(number, entry, _problem(entry, len(row), repeated=key in seen)))
        seen.add(key)
    return found


def write(entries: Iterable[Entry]) -> bytes:
    """Return the register as a table, with contacts: for the officer alone."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        writer.writerow([guarded(getattr(entry, column)) for column in COLUMNS])
    return f"\ufeff{out.getvalue()}".encode(errors="replace")


def _problem(entry: Entry, cells: int, *, repeated: bool) -> str:
    if cells > len(COLUMNS):
        return "stakeholders.columns"
    if entry.kind not in set(StakeholderKind):
        return "stakeholder.kind_unknown"
    if not entry.name:
        return "stakeholder.name_needed"
    return "stakeholder.repeated" if repeated else ""
