import numpy as np
import pytest

from analysis.proportions import (
    credible_interval,
    one_share_test,
    shrunk_share,
    smoothed_share,
    two_share_test,
)


def counts(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


def test_the_smoothed_share_is_one_half_without_votes() -> None:
    assert smoothed_share(counts(0, 8), counts(0, 10)).tolist() == [0.5, 0.75]


def test_a_shrunk_share_moves_from_the_base_to_the_votes() -> None:
    share = shrunk_share(
        np.array([0.0, 9.0]), np.array([0.0, 9.0]), np.array([0.2, 0.2]), prior_votes=1.0
    )
    assert share == pytest.approx([0.2, 0.92])


def test_the_tests_of_shares_match_hand_worked_cases() -> None:
    # 8 of 10 inside, 2 of 10 outside: 2 sqrt(11) (9/11 - 1/2), and
    # (9/11 - 3/11) / sqrt(12/22 * 10/22 * 2/11).
    assert one_share_test(counts(8), counts(10))[0] == pytest.approx(2.1105794120, abs=1e-9)
    test = two_share_test(counts(8), counts(10), counts(2), counts(10))[0]
    assert test == pytest.approx(2.5690465157, abs=1e-9)


def test_two_shares_of_everybody_do_not_differ() -> None:
    assert two_share_test(counts(5), counts(5), counts(9), counts(9)).tolist() == [0.0]


def test_an_interval_is_one_sided_where_all_chose_alike_and_wide_without_votes() -> None:
    low, high = credible_interval(counts(0, 6, 0), counts(6, 6, 0), 0.9)
    assert low[0] == 0.0
    assert high[1] == 1.0
    assert low[1] == pytest.approx(1 - high[0])
    assert (low[2], high[2]) == (0.0, 1.0)


def test_an_interval_mirrors_when_sides_are_swapped() -> None:
    low, high = credible_interval(counts(3), counts(10), 0.9)
    other_low, other_high = credible_interval(counts(7), counts(10), 0.9)
    assert (low[0], high[0]) == pytest.approx((1 - other_high[0], 1 - other_low[0]))


def test_ninety_percent_intervals_hold_the_truth_in_85_to_95_percent_of_draws() -> None:
    random = np.random.default_rng(0)
    truth = random.uniform(0.05, 0.95, 4000)
    total = random.integers(10, 200, 4000)
    low, high = credible_interval(random.binomial(total, truth), total, 0.9)
    assert 0.85 <= np.mean((low <= truth) & (truth <= high)) <= 0.95
