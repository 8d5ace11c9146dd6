"""Whatever few votes there are, the analysis gives a report that says what it may."""

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.opinions.grouping import smallest_group
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.pipeline import analyse_votes
from analysis.opinions.votes import VoteTable
from tests.analysis.vote_samples import Rows, table_of

PARAMETERS = OpinionParameters(stability_resamples=2)
STATEMENTS = [f"s{number}" for number in range(6)]


@st.composite
def tables(draw: st.DrawFn) -> VoteTable:
    people = draw(st.integers(0, 12))
    items = draw(st.integers(0, len(STATEMENTS)))
    choices = draw(st.sampled_from([(-1, 0, 1), (1,), (-1,), (0,), (-1, 1), (None, 1, -1)]))
    cell = st.sampled_from((*choices, None) if draw(st.booleans()) else choices)
    rows: Rows = [
        (f"p{person:02d}", item, choice)
        for person in range(people)
        for item in STATEMENTS[:items]
        if (choice := draw(cell)) is not None
    ]
    return table_of(rows)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    votes=tables(),
    before=st.none() | tables(),
    removed=st.sets(st.sampled_from(STATEMENTS)),
    method=st.sampled_from(["ideal-point", "ideal-point", "polis"]),
)
@example(  # every statement that was voted on has been removed
    votes=table_of([("p00", "s0", 1)]), before=None, removed={"s0"}, method="ideal-point"
)
def test_any_small_table_gives_a_sound_report(
    votes: VoteTable, before: VoteTable | None, removed: set[str], method: str
) -> None:
    previous = None if before is None else analyse_votes(before, PARAMETERS).to_dict()
    report = analyse_votes(
        votes,
        PARAMETERS,
        statements=STATEMENTS,
        previous=previous,
        moderated_out=removed,
        method=method,
    )
    written = json.loads(report.to_json(), parse_constant=_refuse)
    assert written == report.to_dict()
    assert len(written["statements"]) == len(STATEMENTS)
    _check_groups(written, method)
    listed = {entry["statement"] for entry in written["consensus"] + written["differences"]}
    seen = {entry["id"]: entry["seen"] for entry in written["statements"]}
    assert all(seen[name] >= PARAMETERS.statement_votes for name in listed)
    assert not listed & removed


def _check_groups(written: dict, method: str) -> None:
    grouped = [row for row in written["participants"] if row["group"] is not None]
    sizes = [group["size"] for group in written["groups"]]
    assert sum(sizes) == len(grouped)
    if method == "ideal-point" and len(sizes) > 1:
        included = sum(row["included"] for row in written["participants"])
        assert min(sizes) >= smallest_group(included, PARAMETERS)


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")
