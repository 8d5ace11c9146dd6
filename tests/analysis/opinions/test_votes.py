import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import MalformedVotesError
from analysis.opinions.sampling import evenly_spaced
from analysis.opinions.votes import VoteTable
from tests.analysis.vote_samples import camps, rows_of, table_of

IDENTIFIERS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=5
)
VOTE_ROWS = st.lists(st.tuples(IDENTIFIERS, IDENTIFIERS, st.sampled_from([1, 0, -1])), max_size=30)


def test_the_canonical_bytes_are_sorted_and_end_each_row_with_one_line_feed() -> None:
    votes = table_of([("b", "x", 0), ("a", "y", -1), ("a", "x", 1)])
    assert votes.to_csv() == b"participant,statement,choice\na,x,1\na,y,-1\nb,x,0\n"


def test_the_digest_is_the_sha256_of_the_canonical_bytes() -> None:
    votes = table_of([("b", "x", 0), ("a", "y", -1)])
    assert votes.digest == hashlib.sha256(votes.to_csv()).hexdigest()


def test_the_order_of_rows_does_not_change_the_table() -> None:
    votes, _ = camps((20, 20))
    rows = rows_of(votes)
    np.random.default_rng(0).shuffle(rows)
    shuffled = table_of([(str(person), str(item), int(choice)) for person, item, choice in rows])
    assert shuffled.digest == votes.digest
    assert np.array_equal(shuffled.choices, votes.choices)


def test_a_later_row_of_the_same_pair_wins() -> None:
    votes = table_of([("a", "x", 1), ("b", "x", 1), ("a", "x", -1)])
    assert rows_of(votes) == [("a", "x", -1), ("b", "x", 1)]


def test_an_unknown_choice_is_refused_with_its_row() -> None:
    with pytest.raises(MalformedVotesError, match="row 2, column choice: 2 "):
        VoteTable.from_rows(["a", "b"], ["x", "x"], [1, 2])


def test_an_empty_identifier_is_refused_with_its_row() -> None:
    with pytest.raises(MalformedVotesError, match="row 2, column statement: is empty"):
        VoteTable.from_rows(["a", "b"], ["x", ""], [1, 1])


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(MalformedVotesError, match="different lengths"):
        VoteTable.from_rows(["a", "b"], ["x", "y"], [1])


def test_counts_are_per_statement_and_by_choice() -> None:
    votes = table_of([("a", "x", 1), ("b", "x", 1), ("c", "x", 0), ("a", "y", -1)])
    assert [counts.tolist() for counts in votes.counts()] == [[2, 0], [0, 1], [1, 0]]


def test_leaving_out_statements_keeps_the_participants() -> None:
    votes = table_of([("a", "x", 1), ("b", "y", 0), ("b", "z", -1)])
    thinner = votes.without_statements({"x"})
    assert thinner.participants == ("a", "b")
    assert rows_of(thinner) == [("b", "y", 0), ("b", "z", -1)]


def test_selecting_participants_keeps_their_votes_and_all_statements() -> None:
    votes = table_of([("a", "x", 1), ("b", "y", 0), ("c", "z", -1)])
    some = votes.select_participants(np.array([True, False, True]))
    assert rows_of(some) == [("a", "x", 1), ("c", "z", -1)]
    assert some.statements == ("x", "y", "z")


def test_a_range_of_participants_equals_their_selection() -> None:
    votes, _ = camps((10, 10))
    assert rows_of(votes.select_range(3, 7)) == rows_of(votes.select_participants(np.arange(3, 7)))


def test_identifiers_with_commas_quotes_and_line_breaks_survive_the_csv() -> None:
    rows = [('a,"b"\n', "ก\r", 1), ("z", " x ", -1)]
    votes = table_of(rows)
    assert rows_of(VoteTable.from_csv_bytes(votes.to_csv())) == rows_of(votes)


@settings(deadline=None)
@given(VOTE_ROWS)
def test_every_table_survives_its_csv(rows: list[tuple[str, str, int]]) -> None:
    votes = table_of(rows)
    assert VoteTable.from_csv_bytes(votes.to_csv()).digest == votes.digest


def test_evenly_spaced_positions_start_at_the_first_and_stay_inside() -> None:
    assert evenly_spaced(10, 4).tolist() == [0, 2, 5, 7]
    assert evenly_spaced(3, 10).tolist() == [0, 1, 2]
    assert evenly_spaced(0, 5).tolist() == []
