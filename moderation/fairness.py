"""Pure formulas about moderators: shares with intervals, one-sidedness, agreement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from consultations import shares

#: Standard normal quantile for 95 % two-sided.
Z95: Final = 1.959963984540054
#: A moderator whose one-sidedness is further from zero is pointed out: two-sided 4 %, so that with
#: the error of the approximation fair moderators stay below one in twenty checks.
NOTICEABLE: Final = 2.05
#: Fewest decisions on each of two stances before a difference is tested.
FEWEST: Final = 20


@dataclass(frozen=True)
class Share:
    """A share of a count, with its 95 % interval; all three are None without any cases."""

    count: int
    total: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Agreement:
    """Chance-corrected agreement of two readers, in [-1, 1], with its 95 % interval."""

    pairs: int
    observed: float
    value: float
    low: float
    high: float


def wilson(count: int, total: int) -> Share:
    """Return a share with its score interval, as ``consultations.shares.wilson``."""
    if total == 0:
        return Share(count, total, None, None, None)
    return Share(count, total, count / total, *shares.wilson(count, total))


def one_sidedness(
    own: tuple[tuple[int, int], tuple[int, int]], others: tuple[tuple[int, int], tuple[int, int]]
) -> float | None:
    """Return how far a moderator treats two stances more differently than the others do.

    Parameters
    ----------
    own, others : pairs of (removed, decided), for the first and for the second stance
        Of the moderator, and of all others together. What the others do differently between the
        stances is taken as due to the texts.

    Returns
    -------
    float or None
        z of (first - second) of the moderator minus (first - second) of the others; beyond
        ``NOTICEABLE`` it is pointed out. None while a stance has
        fewer than ``FEWEST`` decisions on either side.

    References
    ----------
    Agresti and Caffo 2000, "Simple and effective confidence intervals for proportions and
    differences of proportions result from adding two successes and two failures", The American
    Statistician 54: one of each is added to every sample; variances of the differences add up.
    """
    if min(total for pair in (own, others) for _count, total in pair) < FEWEST:
        return None
    gap, variance = 0.0, 0.0
    for sign, pair in ((1, own), (-1, others)):
        for side, (count, total) in zip((1, -1), pair, strict=True):
            share = (count + 1) / (total + 2)
            gap += sign * side * share
            variance += share * (1 - share) / (total + 2)
    return gap / sqrt(variance)


def gwet_ac1(pairs: Sequence[tuple[str, str]], categories: Sequence[str]) -> Agreement | None:
    """Return Gwet's first-order agreement coefficient of two readers; None without pairs.

    It does not collapse where nearly all cases fall into one category, as Cohen's kappa does;
    moderators publish most of what they read.

    Parameters
    ----------
    pairs : sequence of (str, str)
        What the first and the second reader chose for each case.
    categories : sequence of str
        All that could have been chosen; at least two.

    References
    ----------
    Gwet 2008, "Computing inter-rater reliability and its variance in the presence of high
    agreement", British Journal of Mathematical and Statistical Psychology 61: the coefficient AC1
    for two readers and its variance, without the correction for a finite population.
    """
    number = len(pairs)
    if number == 0:
        return None
    use = {
        each: sum((first == each) + (second == each) for first, second in pairs) / (2 * number)
        for each in categories
    }
    spread = len(categories) - 1
    chance = sum(share * (1 - share) for share in use.values()) / spread
    observed = sum(first == second for first, second in pairs) / number
    value = (observed - chance) / (1 - chance)
    return Agreement(number, observed, value, *_interval(pairs, use, (observed, chance, value)))


def _interval(
    pairs: Sequence[tuple[str, str]], use: Mapping[str, float], found: tuple[float, float, float]
) -> tuple[float, float]:
    _observed, chance, value = found
    number, spread = len(pairs), len(use) - 1
    if number == 1:
        return -1.0, 1.0
    squares = 0.0
    for first, second in pairs:
        alike = (float(first == second) - chance) / (1 - chance)
        expected = ((1 - use[first]) + (1 - use[second])) / (2 * spread)
        case = alike - 2 * (1 - value) * (expected - chance) / (1 - chance)
        squares += (case - value) ** 2
    error = sqrt(squares / (number * (number - 1)))
    return max(-1.0, value - Z95 * error), min(1.0, value + Z95 * error)
