"""Who took part against the population: reading both files, and the block of the report."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import AnalysisError, MalformedVotesError
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.representation import rake
from analysis.opinions.strata import (
    Strata,
    read_answers,
    read_population,
    representation_entry,
)
from tests.analysis.vote_samples import table_of

PARAMETERS = OpinionParameters()
SHARES = b"column,value,share\nage,young,0.5\nage,old,0.5\n"
AGE = {"age": {"young": 0.5, "old": 0.5}}


def votes_of(young: int, old: int):
    """Young people agree with x, old ones disagree; each votes once."""
    rows = [(f"y{number:02}", "x", 1) for number in range(young)]
    return table_of(rows + [(f"z{number:02}", "x", -1) for number in range(old)])


def strata_of(young: int, old: int) -> Strata:
    answers = {f"y{number:02}": "young" for number in range(young)}
    answers |= {f"z{number:02}": "old" for number in range(old)}
    return Strata({"age": answers}, AGE)


def test_the_block_sets_participants_beside_the_population() -> None:
    entry = representation_entry(votes_of(10, 30), strata_of(10, 30), PARAMETERS)
    assert [
        (cell["value"], cell["share"], cell["population_share"]) for cell in entry["strata"]
    ] == [
        ("young", 0.25, 0.5),
        ("old", 0.75, 0.5),
    ]


def test_raw_and_weighted_agreement_match_the_hand_worked_case() -> None:
    entry = representation_entry(votes_of(10, 30), strata_of(10, 30), PARAMETERS)
    (share,) = entry["statements"]
    # Weights 2 and 2/3: half of the weight agrees; effective size 40² / (10 * 4 + 30 * 4/9).
    assert share["raw"] == 0.25
    assert share["weighted"] == pytest.approx(0.5)
    assert share["effective_votes"] == pytest.approx(1600 / (40 + 40 / 3))
    assert share["low"] < 0.5 < share["high"]
    assert entry["weights"]["most"] == pytest.approx(2.0)
    assert entry["refused"] is None


@pytest.mark.parametrize(
    ("young", "reason"), [(0, "age: nobody in 'young'"), (4, "age: only 4 in 'young'")]
)
def test_an_empty_or_tiny_cell_refuses_weights_and_still_tells_who_took_part(
    young: int, reason: str
) -> None:
    entry = representation_entry(votes_of(young, 30), strata_of(young, 30), PARAMETERS)
    assert entry["refused"].startswith(reason)
    assert entry["statements"] == []
    assert entry["strata"][1]["participants"] == 30


def test_who_did_not_answer_is_counted_and_who_did_not_vote_is_left_aside() -> None:
    strata = strata_of(10, 30)
    some = {person: age for person, age in strata.answers["age"].items() if person != "y00"}
    entry = representation_entry(
        votes_of(10, 30), Strata({"age": {**some, "nobody": "old"}}, AGE), PARAMETERS
    )
    assert entry["unanswered"] == {"age": 1}
    assert [cell["participants"] for cell in entry["strata"]] == [9, 30]


def test_a_statement_with_few_effective_votes_says_so() -> None:
    votes = table_of(
        [*[(f"y{n:02}", "x", 1) for n in range(8)], ("z00", "x", 1)]
        + [(f"z{n:02}", "w", 1) for n in range(20)]
    )
    entry = representation_entry(votes, strata_of(8, 20), PARAMETERS)
    assert {share["statement"]: share["too_few"] for share in entry["statements"]} == {
        "w": False,
        "x": True,
    }


def test_rounded_shares_are_scaled_to_one() -> None:
    data = b"column,value,share\na,x,0.333\na,y,0.333\na,z,0.333\n"
    assert read_population(data, "p.csv")["a"]["x"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"column,value\nage,old\n", "p.csv: row 1, column share: the column is missing"),
        (b"column,value,share\n", "p.csv: row 2, column column: there is no share"),
        (b"column,value,share\nage,,0.5\n", "p.csv: row 2, column value: is empty"),
        (
            b"column,value,share\nage,old,half\n",
            "p.csv: row 2, column share: 'half' is not a share",
        ),
        (b"column,value,share\nage,old,nan\n", "p.csv: row 2, column share: 'nan' is not a share"),
        (b"column,value,share\nage,old,50\n", "p.csv: row 2, column share: '50' is not a share"),
        (SHARES + b"age,old,0.5\n", "p.csv: row 4, column value: 'old' of 'age' stands twice"),
        (SHARES[:-4] + b"0.3\n", "p.csv: row 3, column share: the shares of 'age' sum to 0.8"),
        (b"column,column,value,share\n", "p.csv: row 1, column column: the column stands twice"),
    ],
)
def test_bad_shares_are_refused_with_file_row_column_and_mend(data: bytes, told: str) -> None:
    with pytest.raises(MalformedVotesError) as refused:
        read_population(data, "p.csv")
    assert str(refused.value).startswith(told)
    assert ";" in str(refused.value)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"participant\na\n", "s.csv: row 1, column age: the column is missing"),
        (b"participant,age\n,old\n", "s.csv: row 2, column participant: is empty"),
        (b"participant,age\na,old\na,old\n", "s.csv: row 3, column participant: 'a' stands twice"),
        (b"participant,age\na,child\n", "s.csv: row 2, column age: 'child' has no share"),
        (b"participant,age\na\n", "s.csv: row 2, column 2: the row has 1 cells"),
        (b"participant,age\n\xff,old\n", "s.csv: row 2, column 1: the row is not UTF-8"),
    ],
)
def test_bad_answers_are_refused_with_file_row_column_and_mend(data: bytes, told: str) -> None:
    with pytest.raises(MalformedVotesError) as refused:
        read_answers(data, "s.csv", AGE)
    assert str(refused.value).startswith(told)
    assert ";" in str(refused.value)


@given(st.binary(max_size=120))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (lambda: read_population(data, "p"), lambda: read_answers(data, "s", AGE)):
        try:
            read()
        except AnalysisError:
            continue


@given(
    st.lists(st.integers(min_value=5, max_value=40), min_size=2, max_size=4),
    st.lists(st.integers(min_value=1, max_value=9), min_size=2, max_size=4),
)
def test_weighted_shares_of_cells_reach_the_population_or_are_refused(
    sizes: list[int], parts: list[int]
) -> None:
    cells = [str(number) for number in range(min(len(sizes), len(parts)))]
    total = sum(parts[: len(cells)])
    shares = {cell: parts[int(cell)] / total for cell in cells}
    answers: list[str | None] = [cell for cell in cells for _ in range(sizes[int(cell)])]
    try:
        weights = rake({"age": answers}, {"age": shares})
    except AnalysisError:
        return
    for cell, share in shares.items():
        inside = np.array([answer == cell for answer in answers])
        assert weights[inside].sum() / weights.sum() == pytest.approx(share, abs=1e-6)
