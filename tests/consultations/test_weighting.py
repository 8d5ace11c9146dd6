"""Weighting to the population: side by side with what was voted, or refused with the reason."""

from typing import Any

import pytest

from analysis.opinions.votes import VoteTable
from consultations.analysing.weighting import LEAST_ANSWERED, weigh

SHARES = {"gender": {"woman": 0.5, "man": 0.5}}


def weighed(women: int, men: int, silent: int = 0, **wanted: Any) -> dict[str, Any]:
    """Women agree with S, men do not."""
    told = ["woman"] * women + ["man"] * men + [""] * silent
    people = [{"participant": f"p{n}", "gender": value} for n, value in enumerate(told)]
    rows = [(row["participant"], "S", 1 if row["gender"] == "woman" else -1) for row in people]
    columns: list[Any] = [list(column) for column in zip(*rows, strict=True)]
    table = VoteTable.from_rows(*columns)
    return weigh(table, people, wanted.get("population", SHARES), interval=0.9)


def test_a_group_that_few_took_part_from_counts_for_more() -> None:
    found = weighed(women=20, men=60)
    raw, weighted, low, high = found["rows"]["S"]
    assert found["state"] == "done"
    assert (raw, weighted) == (0.25, pytest.approx(0.5, abs=1e-3))
    assert low < weighted < high


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        ({"women": 20, "men": 60, "population": {}}, "no_population"),
        ({"women": 10, "men": 10, "silent": 90}, "few_answers"),
        ({"women": 4, "men": 60}, "small_cells"),
        ({"women": 0, "men": 60}, "small_cells"),
        ({"women": 5, "men": 95}, "weights"),
    ],
)
def test_it_is_refused_with_the_reason(people: dict[str, Any], reason: str) -> None:
    found = weighed(**people)
    assert (found["state"], found["reason"], found["rows"]) == ("refused", reason, {})


def test_a_refusal_names_the_cell_and_never_its_number() -> None:
    found = weighed(women=3, men=60)
    assert found["cells"] == [["gender", "woman"]]
    assert "3" not in repr(found)


def test_an_answer_that_the_population_does_not_know_counts_as_none() -> None:
    assert weighed(women=LEAST_ANSWERED, men=20, silent=3)["state"] == "done"
