"""A statement that only few have seen never tops a list, whatever the votes are."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.pipeline import analyse_votes
from analysis.opinions.study import METHODS
from analysis.opinions.votes import VoteTable
from analysis.themes.bridging import lowest_agreement
from tests.analysis.vote_samples import camps, rows_of, table_of

PARAMETERS = OpinionParameters(stability_resamples=0)
LEAST, LEAST_IN_GROUP = PARAMETERS.statement_votes, PARAMETERS.group_votes


def listed(report: dict[str, Any]) -> set[str]:
    """Every statement that stands on any list about everybody."""
    entries = [*report["consensus"], *report["differences"]]
    entries += report["consensus_without_flagged"] or []
    names = {entry["statement"] for entry in entries}
    names.update(*report["majority"].values())
    return names | set(lowest_agreement(report))


def broken(report: dict[str, Any]) -> list[str]:
    """Return what stands on a list without enough votes."""
    entries = {entry["id"]: entry for entry in report["statements"]}
    found = [name for name in listed(report) if entries[name]["seen"] < LEAST]
    for group, rows in report["representative"].items():
        for row in rows:
            entry = entries[row["statement"]]
            own = next(part for part in entry["by_group"] if str(part["group"]) == group)
            if entry["seen"] < LEAST or own["seen"] < LEAST_IN_GROUP:
                found.append(f"{group}: {row['statement']}")
    waiting = {row["statement"] for row in report["too_few"]}
    found += [name for name, entry in entries.items() if entry["too_few"] != (name in waiting)]
    return found


@st.composite
def tables(draw: st.DrawFn) -> VoteTable:
    """Conversations of up to 60 people in up to 3 camps; each statement has its own reach."""
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    people, statements = draw(st.integers(1, 60)), draw(st.integers(1, 20))
    camp_count = draw(st.integers(1, 3))
    reach = random.choice([0.02, 0.1, 0.3, 0.9], size=statements)
    rates = random.choice([0.02, 0.5, 0.98], size=(camp_count, statements))
    rows = []
    for person in range(people):
        for item in np.flatnonzero(random.random(statements) < reach).tolist():
            agrees = random.random() < rates[person % camp_count, item]
            choice = 0 if random.random() < 0.1 else 1 if agrees else -1
            rows.append((f"p{person:02}", f"s{item:02}", choice))
    return table_of(rows) if rows else VoteTable.from_rows([], [], [])


@settings(max_examples=60, deadline=None)
@given(tables(), st.sampled_from(METHODS))
def test_no_list_holds_a_statement_with_too_few_votes(votes: VoteTable, method: str) -> None:
    report = analyse_votes(votes, PARAMETERS, method=method).to_dict()
    assert broken(report) == []


@pytest.mark.parametrize("choice", [1, -1])
@pytest.mark.parametrize("count", [1, 3, 5, 8, 9])
def test_a_statement_that_few_saw_and_all_liked_tops_nothing(count: int, choice: int) -> None:
    votes, _ = camps((40, 40))
    rows = [*rows_of(votes), *((f"p{n * 8:04}", "rare", choice) for n in range(count))]
    report = analyse_votes(table_of(rows), PARAMETERS).to_dict()
    assert "rare" not in listed(report)
    assert all(
        row["statement"] != "rare" for part in report["representative"].values() for row in part
    )
    assert {row["statement"] for row in report["too_few"]} == {"rare"}


def test_just_enough_votes_do_not_top_what_many_agree_with() -> None:
    votes, _ = camps((40, 40))
    rows = rows_of(votes)
    rows += [(f"p{n:04}", "many", 1 if n % 16 else -1) for n in range(80)]
    rows += [(f"p{n * 8:04}", "rare", 1) for n in range(LEAST)]
    report = analyse_votes(table_of(rows), PARAMETERS).to_dict()
    assert report["consensus"][0]["statement"] == "many"
    order = [e["id"] for e in sorted(report["statements"], key=lambda e: -e["bridging_low"])]
    assert order.index("many") < order.index("rare")
