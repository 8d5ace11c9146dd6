"""What the check of a summary says: intervals, small cells, and what is contested."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations import shares

CELL = st.fixed_dictionaries(
    {answer: st.integers(0, 40) for answer in shares.ANSWERS},
)
COUNTS = st.dictionaries(st.sampled_from(["0", "1", "2", "3", shares.NO_GROUP]), CELL, max_size=5)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662)],
)
def test_the_interval_is_wilsons(count: int, total: int, low: float, high: float) -> None:
    assert shares.wilson(count, total) == pytest.approx((low, high), abs=5e-5)


def test_nobody_means_that_nothing_is_known() -> None:
    assert shares.wilson(0, 0) == (0.0, 1.0)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_solves_the_quadratic_that_defines_it(pair: tuple[int, int]) -> None:
    count, total = pair
    share = count / total
    for bound in shares.wilson(count, total):
        spread = shares.Z**2 * bound * (1 - bound) / total
        assert (share - bound) ** 2 == pytest.approx(spread, abs=1e-12)


def test_a_sentence_is_contested_where_one_large_group_may_mostly_reject_it() -> None:
    agreeing = {"reflects": 60, "misses": 0, "wrong": 0}
    assert not shares.is_contested({"0": agreeing})
    assert shares.is_contested({"0": agreeing, "1": {"reflects": 8, "misses": 1, "wrong": 1}})
    assert not shares.is_contested({"0": agreeing, "1": {"reflects": 9, "misses": 1, "wrong": 0}})


def test_a_group_of_fewer_than_ten_contests_nothing_alone() -> None:
    few = {"reflects": 0, "misses": 0, "wrong": 9}
    assert not shares.is_contested({"0": few})
    assert shares.is_contested({"0": few, "1": few})


def test_fewer_than_five_answers_say_nothing() -> None:
    found = shares.shown({"0": {"reflects": 3}, "1": {"wrong": 1}})
    assert [(share.group, share.total) for share in found] == [
        ("all", None),
        ("0", None),
        ("1", None),
    ]


def test_a_small_group_takes_the_next_smallest_with_it() -> None:
    found = shares.shown({"0": {"reflects": 30}, "1": {"reflects": 8}, "2": {"wrong": 3}})
    assert {share.group: share.total for share in found} == {
        "all": 41,
        "0": 30,
        "1": None,
        "2": None,
    }


def test_a_group_in_which_nobody_answered_hides_nothing() -> None:
    found = shares.shown({"0": {"reflects": 30}, "1": {"reflects": 0}})
    assert [share.total for share in found] == [30, 30, 0]


@given(COUNTS)
def test_no_group_of_fewer_than_five_can_be_computed_from_what_is_shown(
    counts: dict[str, dict[str, int]],
) -> None:
    totals = {group: sum(cell.values()) for group, cell in counts.items()}
    everybody, *groups = shares.shown(counts)
    hidden = [share.group for share in groups if share.total is None]
    for share in groups:
        assert share.total is None or share.total == 0 or share.total >= shares.LEAST
    if everybody.total is not None and hidden:
        rest = everybody.total - sum(share.total or 0 for share in groups)
        assert rest == sum(totals[group] for group in hidden)
        assert rest >= shares.LEAST
        assert len(hidden) > 1


@given(COUNTS)
def test_what_is_shown_are_the_counts(counts: dict[str, dict[str, int]]) -> None:
    for share in shares.shown(counts):
        if share.total:
            own = shares.together(counts) if share.group == shares.ALL else counts[share.group]
            assert share.counts == {answer: own.get(answer, 0) for answer in shares.ANSWERS}
            assert share.total == sum(own.values())
            assert share.low is not None
            assert share.high is not None
            assert share.share is not None
            assert share.low <= share.share <= share.high
