"""Formulas about moderators, and how well they tell a biased one from fair ones."""

import random

import pytest

from moderation.fairness import FEWEST, NOTICEABLE, gwet_ac1, one_sidedness, wilson

#: Share of comments that a fair moderator takes away, whatever the stance.
BASE = 0.2
TRIALS = 2000


def test_a_share_without_cases_says_nothing() -> None:
    assert wilson(0, 0).value is None


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    # Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)],
)
def test_the_interval_is_that_of_the_literature(
    count: int, total: int, low: float, high: float
) -> None:
    share = wilson(count, total)
    assert (share.low, share.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_one_sidedness_is_not_told_of_few_decisions() -> None:
    few, many = ((1, FEWEST - 1), (1, 500)), ((50, 500), (50, 500))
    assert one_sidedness(few, many) is None
    assert one_sidedness(many, few) is None


def test_whom_all_treat_alike_shows_nothing_and_sides_differ_by_sign_only() -> None:
    others = ((100, 500), (100, 500))
    assert one_sidedness(((20, 100), (20, 100)), others) == pytest.approx(0)
    against = one_sidedness(((40, 100), (20, 100)), others)
    towards = one_sidedness(((20, 100), (40, 100)), others)
    assert against is not None
    assert towards is not None
    assert against > NOTICEABLE
    assert against == pytest.approx(-towards)


def removed(dice: random.Random, rate: float, total: int = 100) -> tuple[int, int]:
    return sum(dice.random() < rate for _ in range(total)), total


def alarms(first: float, second: float, colleagues: float = BASE) -> float:
    """Return in which share of trials a moderator with 200 decisions is noticed."""
    dice = random.Random(8)  # noqa: S311 - a fixed seed for a simulation
    found = 0
    for _ in range(TRIALS):
        own = (removed(dice, first), removed(dice, second))
        others = (removed(dice, colleagues, 800), removed(dice, BASE, 800))
        found += abs(one_sidedness(own, others) or 0.0) > NOTICEABLE
    return found / TRIALS


def test_who_takes_away_one_stance_twice_as_often_is_found_within_200_decisions() -> None:
    assert alarms(2 * BASE, BASE) >= 0.8


@pytest.mark.parametrize(
    ("first", "second", "colleagues"),
    [(BASE, BASE, BASE), (0.3, BASE, 0.3), (0.1, 0.1, BASE), (0.3, 0.3, BASE)],
    ids=["fair", "texts of one stance are worse", "lenient", "strict"],
)
def test_who_is_fair_is_accused_in_at_most_one_of_twenty_checks(
    first: float, second: float, colleagues: float
) -> None:
    assert alarms(first, second, colleagues) <= 0.05


def test_agreement_beyond_chance() -> None:
    pairs = [("a", "a")] * 118 + [("a", "b")] * 5 + [("b", "a")] * 2
    found = gwet_ac1(pairs, ["a", "b"])

    assert found is not None
    assert found.observed == pytest.approx(0.944)
    # Kappa would be negative here although the readers nearly always agree.
    assert found.value == pytest.approx(0.9408, abs=5e-4)
    assert found.low < found.value < found.high <= 1


def test_full_agreement_is_one_and_pure_chance_is_about_nothing() -> None:
    full = gwet_ac1([("a", "a"), ("b", "b")], ["a", "b", "c"])
    assert full is not None
    assert full.value == pytest.approx(1)
    dice = random.Random(9)  # noqa: S311 - a fixed seed for a simulation
    blind = gwet_ac1(
        [(dice.choice("abc"), dice.choice("abc")) for _ in range(3000)], ["a", "b", "c"]
    )
    assert blind is not None
    assert blind.low < 0 < blind.high
    assert gwet_ac1([], ["a", "b"]) is None
