"""Pure: what participants may tell about themselves, and what of it can be shown without harm."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.errors import InvalidError

#: Questions and their answers. Leaving one out, or rather not saying, is the empty answer.
STRATA: dict[str, tuple[str, ...]] = {
    "age": ("under_18", "18_29", "30_44", "45_59", "60_up"),
    "region": ("bangkok", "central", "north", "northeast", "south", "abroad"),
    "gender": ("woman", "man", "another"),
}
NOT_SAID = ""
#: Counts below this are never shown; shown ones are rounded down to a multiple of it.
LEAST = 5
#: People between two tables that are published one after the other.
FEWEST_BETWEEN = 2 * LEAST
#: Version of the purpose text that people agree to.
PURPOSE_VERSION = 1
_COLUMNS = ["stratum", "value", "share"]
_MOST_BYTES = 100_000
_CLOSE = 1e-3

Shares = dict[str, dict[str, float]]
Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Cell:
    """One answer: about how many gave it (None where that is hidden), and in the population.

    Attributes
    ----------
    value : str
    people : int or None
        Rounded down to a multiple of `LEAST`.
    share, population : float or None
        Among the answers that are shown, on both sides; None where hidden or not known.
    """

    value: str
    people: int | None
    share: float | None = None
    population: float | None = None


@dataclass(frozen=True)
class Stratum:
    """The cells of one question; `not_said` is None where it protects a hidden cell."""

    name: str
    cells: tuple[Cell, ...]
    not_said: int | None


def publish(
    name: str, counts: Mapping[str, int], population: Mapping[str, float] | None = None
) -> Stratum | None:
    """Return what can be shown of the answers to one question, or None if nothing can.

    Parameters
    ----------
    name : str
    counts : mapping of str to int
        People by answer; the empty answer is theirs who did not say. Their sum, everyone who took
        part, is assumed to be known.
    population : mapping of str to float, optional

    Notes
    -----
    A count below `LEAST` is hidden. With one hidden, the number who did not say is hidden too, or
    the hidden one would be the rest of the sum. The table is shown only if every hidden count
    could, by all that is shown, be anything from 0 to ``LEAST - 1`` at the same time: the people
    not shown must be at least that many, and ``LEAST`` who did not say. Which cells are hidden
    depends on nothing else, so hiding tells nothing more (complementary suppression; Willenborg
    and de Waal 2001, "Elements of Statistical Disclosure Control", chapter 5).
    """
    values = STRATA[name]
    silent = counts.get(NOT_SAID, 0)
    hidden = [value for value in values if counts.get(value, 0) < LEAST]
    if len(hidden) == len(values):
        return None
    if hidden:
        unseen = silent + sum(counts.get(value, 0) for value in hidden)
        if silent < LEAST or unseen - (LEAST - 1) * len(hidden) < LEAST:
            return None
    shown = {value: _rounded(counts[value]) for value in values if value not in hidden}
    total = sum(shown.values())
    known = sum((population or {}).get(value, 0.0) for value in shown)
    cells = []
    for value in values:
        if value in hidden:
            cells.append(Cell(value, None))
            continue
        of_all = (population or {}).get(value)
        share = None if of_all is None else round(of_all / known, 4)
        cells.append(Cell(value, shown[value], round(shown[value] / total, 4), share))
    return Stratum(name, tuple(cells), None if hidden else _rounded(silent))


def steady(before: Counts, after: Counts) -> Counts:
    """Return the counts to publish next: the earlier ones until enough people came or went.

    From two tables with one person between them it could be told what that person answered. So a
    table stands until it differs by `FEWEST_BETWEEN` people; one that showed nothing need not.

    Parameters
    ----------
    before, after : mapping of question to people by answer
        As published last, and as they are now; everyone who took part is in each question.
    """
    if not any(publish(question, before.get(question, {})) for question in STRATA):
        return after
    change = _people(after) - _people(before)
    return before if abs(change) < FEWEST_BETWEEN else after


def read_population(data: bytes) -> Shares:
    """Read ``stratum,value,share`` as CSV; shares of a stratum sum to 1, or to 100.

    Raises
    ------
    InvalidError
        ``population.malformed``; ``detail`` names the row and the mend.
    """
    if len(data) > _MOST_BYTES:
        raise _malformed("the file is too large for a table of shares")
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise _malformed("save the table as CSV in UTF-8") from None
    rows = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    if not rows or [cell.lower() for cell in rows[0]] != _COLUMNS:
        raise _malformed(f"row 1: the columns must be {','.join(_COLUMNS)}")
    if len(rows) == 1:
        raise _malformed("the table has no rows")
    shares: Shares = {}
    for number, row in enumerate(rows[1:], start=2):
        stratum, value, share = _row(number, row)
        if value in shares.setdefault(stratum, {}):
            raise _malformed(f"row {number}: {stratum} {value} stands twice")
        shares[stratum][value] = share
    return {stratum: _of_one(stratum, values) for stratum, values in shares.items()}


def template() -> str:
    """Return the table to fill in."""
    lines = [f"{stratum},{value}," for stratum, values in STRATA.items() for value in values]
    return "\n".join([",".join(_COLUMNS), *lines, ""])


def _people(counts: Counts) -> int:
    return max((sum(own.values()) for own in counts.values()), default=0)


def _row(number: int, row: Sequence[str]) -> tuple[str, str, float]:
    if len(row) != len(_COLUMNS):
        raise _malformed(f"row {number}: there must be {len(_COLUMNS)} columns")
    stratum, value, text = row
    if value not in STRATA.get(stratum, ()):
        known = ", ".join(STRATA.get(stratum, tuple(STRATA)))
        raise _malformed(f"row {number}: use one of {known}")
    try:
        share = float(text.removesuffix("%"))
    except ValueError:
        share = -1.0
    if not 0 < share <= 100:
        raise _malformed(f"row {number}: the share must be above 0; leave out what nobody is")
    return stratum, value, share


def _of_one(stratum: str, values: Mapping[str, float]) -> dict[str, float]:
    total = sum(values.values())
    for whole in (1.0, 100.0):
        if abs(total - whole) <= _CLOSE * whole:
            return {value: share / total for value, share in values.items()}
    raise _malformed(f"{stratum}: the shares sum to {total:g}, not to 1 or 100")


def _rounded(count: int) -> int:
    return count - count % LEAST


def _malformed(detail: str) -> InvalidError:
    return InvalidError("population.malformed", field="file", detail=detail)
