"""No published table tells of fewer than five people, alone or set against another."""

import csv
import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from scipy.optimize import linprog

from consultations import attendance, open_tables
from consultations.strata import (
    FEWEST_BETWEEN,
    LEAST,
    NOT_SAID,
    STRATA,
    Cell,
    Stratum,
    publish,
    steady,
)
from tests.security.conftest import Record

TABLES, PAIRS = 400, 120
Counts = dict[str, int]


@dataclass(frozen=True)
class Known:
    """What a reader can work out of one answer: at least and at most so many people."""

    low: float
    high: float

    @property
    def is_exact(self) -> bool:
        """Whether only one whole number is possible."""
        return np.floor(self.high + 1e-7) - np.ceil(self.low - 1e-7) < 1


def people(draw: random.Random, question: str, number: int) -> list[str]:
    """Return answers of so many people, some rare; many say nothing."""
    values = [*STRATA[question], NOT_SAID]
    weights = [draw.choice((0.02, 0.1, 1, 3)) for _ in values[:-1]] + [draw.choice((0.3, 2))]
    return draw.choices(values, weights, k=number)


def counted(answers: Sequence[str], question: str) -> Counts:
    return {value: list(answers).count(value) for value in (*STRATA[question], NOT_SAID)}


def ranges(shown: Stratum, total: int) -> list[tuple[float, float]]:
    """Return what each cell says by the documented rules; the last is who did not say."""
    found = [
        (0, LEAST - 1) if cell.people is None else (cell.people, cell.people + LEAST - 1)
        for cell in shown.cells
    ]
    silent = (0, total) if shown.not_said is None else (shown.not_said, shown.not_said + LEAST - 1)
    return [*found, silent]


def solved(
    bounds: Sequence[tuple[float, float]],
    sums: Sequence[tuple[Sequence[float], float]],
    goal: int,
    minus: int | None = None,
) -> Known:
    """Bound one cell, or the difference of two, by all that is known; two linear programs."""
    ends = []
    for sign in (1, -1):
        cost = np.zeros(len(bounds))
        cost[goal] = sign
        if minus is not None:
            cost[minus] = -sign
        rows = np.array([row for row, _ in sums])
        right = [value for _, value in sums]
        found = linprog(cost, A_eq=rows, b_eq=right, bounds=list(bounds), method="highs")
        assert found.success
        ends.append(sign * found.fun)
    return Known(ends[0], ends[1])


def exposed(shown: Stratum | None, counts: Counts, total: int) -> list[str]:
    """Return small cells that a reader of the table and of the sum can work out."""
    if shown is None:
        return []
    bounds = ranges(shown, total)
    sums = [(np.ones(len(bounds)).tolist(), float(total))]
    return [
        value
        for place, value in enumerate(counts)
        if 0 < counts[value] < LEAST and solved(bounds, sums, place).is_exact
    ]


def exposed_between(tables: Sequence[Stratum | None], both: Sequence[Counts]) -> list[str]:
    """Return answers of fewer than five newcomers that two tables together tell."""
    first, second = tables
    if first is None or second is None:
        return []
    totals = [sum(counts.values()) for counts in both]
    bounds = [*ranges(first, totals[0]), *ranges(second, totals[1])]
    half = len(bounds) // 2
    sums = [
        ([1.0] * half + [0.0] * half, float(totals[0])),
        ([0.0] * half + [1.0] * half, float(totals[1])),
    ]
    # People only come: no cell shrinks. As further unknowns, so that the sums stay equalities.
    wide = [*bounds, *[(0.0, float(totals[1]))] * half]
    sums = [(row + [0.0] * half, value) for row, value in sums]
    for place in range(half):
        row = [0.0] * len(wide)
        row[place], row[half + place], row[2 * half + place] = 1.0, -1.0, 1.0
        sums.append((row, 0.0))
    found = []
    for place, value in enumerate(both[0]):
        came = both[1][value] - both[0][value]
        if 0 < came < LEAST and solved(wide, sums, 2 * half + place).is_exact:
            found.append(value)
    return found


def bare(question: str, counts: Mapping[str, int]) -> Stratum:
    """The control: the same table without hiding and rounding."""
    cells = tuple(Cell(value, counts[value]) for value in STRATA[question])
    return Stratum(question, cells, counts[NOT_SAID])


def test_no_table_shows_a_small_cell_or_lets_it_be_worked_out(record: Record) -> None:
    draw = random.Random(5)  # noqa: S311
    shown, small, worked_out = 0, [], []
    for _ in range(TABLES):
        question = draw.choice(list(STRATA))
        counts = counted(people(draw, question, draw.randint(5, 120)), question)
        table = publish(question, counts)
        if table is None:
            continue
        shown += 1
        cells = [cell.people for cell in table.cells] + [table.not_said]
        small += [cell for cell in cells if cell is not None and 0 < cell < LEAST]
        worked_out += exposed(table, counts, sum(counts.values()))
    record("small cells", tables=shown, small=len(small), worked_out=len(worked_out))
    assert (small, worked_out) == ([], [])
    assert shown > TABLES / 10


def test_two_dates_together_tell_no_newcomers_answer(record: Record) -> None:
    draw = random.Random(6)  # noqa: S311
    told, compared = [], 0
    for _ in range(PAIRS):
        question = draw.choice(list(STRATA))
        answers = people(draw, question, draw.randint(60, 200))
        for came in (1, 2, 5, FEWEST_BETWEEN, FEWEST_BETWEEN + 3):
            later = answers + people(draw, question, came)
            both = [counted(answers, question), counted(later, question)]
            kept = dict(steady({question: both[0]}, {question: both[1]})[question])
            tables = [publish(question, both[0]), publish(question, kept)]
            compared += 1
            if kept != both[0]:
                told += exposed_between(tables, both)
    record("small cells of two dates", compared=compared, told=len(told))
    assert told == []


def test_the_control_tables_without_hiding_tell(record: Record) -> None:
    draw = random.Random(7)  # noqa: S311
    alone = between = 0
    for _ in range(40):
        question = draw.choice(list(STRATA))
        answers = people(draw, question, 80)
        both = [counted(answers, question), counted([*answers, STRATA[question][0]], question)]
        cells = [counts for counts in both[0].values() if 0 < counts < LEAST]
        alone += bool(cells) and bare(question, both[0]).not_said is not None
        between += both[1][STRATA[question][0]] - both[0][STRATA[question][0]] == 1
        shown = [publish(question, counts) for counts in both]
        between += bool(exposed_between(shown, both))
    record("control of small cells", alone=alone, between=between)
    assert alone > 5
    assert between > 40, "tables of every newcomer, even rounded, do tell some answers"


@pytest.mark.parametrize("few", [1, 4])
def test_tiers_are_not_told_apart_while_one_is_small(few: int) -> None:
    some = dict.fromkeys(("participants", "voters", "commenters"), 60)
    small = dict.fromkeys(("participants", "voters", "commenters"), few)
    assert attendance.by_tier({"email": some, "person": small}) == {}
    assert attendance.by_tier({"email": some, "person": {**some, "voters": few}}) == {}
    assert set(attendance.by_tier({"email": some, "person": some})) == {"email", "person"}
    assert set(attendance.by_tier({"email": small})) == {"email"}, "the sum, which is public"


def test_open_data_has_no_counts_of_fewer_than_five_voters() -> None:
    def entry(name: str, seen: int, groups: Sequence[int]) -> dict[str, object]:
        counts = {"agree": seen, "disagree": 0, "pass": 0}
        by_group = [
            {"group": number, "seen": own, "agree": own, "disagree": 0, "pass": 0}
            | {"p_agree": 0.5, "low": 0.4, "high": 0.6}
            for number, own in enumerate(groups)
        ]
        return {"id": name, "seen": seen, **counts, "by_group": by_group}

    entries = [entry("few", 4, [4]), entry("one small", 20, [16, 4]), entry("fine", 20, [15, 5])]
    rows = open_tables._counts(entries, {"few", "one small", "fine"})
    table = open_tables._csv("statement-votes.csv", rows).decode()
    read = list(csv.DictReader(io.StringIO(table)))
    assert [(row["statement"], row["group"]) for row in read] == [
        ("one small", "all"),
        ("fine", "all"),
        ("fine", "0"),
        ("fine", "1"),
    ]
