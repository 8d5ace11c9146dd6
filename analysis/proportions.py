"""Shares and their uncertainty: intervals, tests of proportions, shrinkage of small counts."""

import numpy as np
from scipy.special import betaincinv

from analysis.array_types import CountArray, FloatArray


def smoothed_share(count: CountArray, total: CountArray) -> FloatArray:
    """Return (count + 1) / (total + 2), Laplace's share: never 0 or 1, 1/2 without votes."""
    share: FloatArray = (count + 1) / (total + 2)
    return share


def shrunk_share(
    count: FloatArray, total: FloatArray, base: FloatArray, *, prior_votes: float
) -> FloatArray:
    """Return the share after adding `prior_votes` votes at the rate `base`.

    A statement that few have seen stays near `base`, not near 1/2.
    """
    share: FloatArray = (count + prior_votes * base) / (total + prior_votes)
    return share


def credible_interval(
    count: CountArray | FloatArray, total: CountArray | FloatArray, probability: float
) -> tuple[FloatArray, FloatArray]:
    """Return the central interval that holds the true share with this probability.

    Parameters
    ----------
    count, total : ndarray of any one shape
        Votes for the side, and all votes that were cast (passes included).
    probability : float
        In (0, 1), for instance 0.9: 5 % lie below `low`, 5 % above `high`.

    Returns
    -------
    low, high : ndarray of the same shape
        In [0, 1]. Without votes nearly the whole range. `low` is 0 if nobody chose the side and
        `high` is 1 if everybody did.

    References
    ----------
    Brown, Cai and DasGupta 2001, "Interval estimation for a binomial proportion", section 3.1.3:
    the Jeffreys interval, quantiles of Beta(count + 1/2, total - count + 1/2).
    """
    tail = (1 - probability) / 2
    alpha, beta = count + 0.5, total - count + 0.5
    low = np.where(count == 0, 0.0, betaincinv(alpha, beta, tail))
    high = np.where(count == total, 1.0, betaincinv(alpha, beta, 1 - tail))
    return low, high


def one_share_test(count: CountArray, total: CountArray) -> FloatArray:
    """Return z of "the share is above one half", with one vote added.

    References
    ----------
    Polis, `math/src/polismath/math/stats.clj`, ``prop-test``.
    """
    score: FloatArray = 2 * np.sqrt(total + 1.0) * ((count + 1) / (total + 1) - 0.5)
    return score


def two_share_test(
    count_in: CountArray, total_in: CountArray, count_out: CountArray, total_out: CountArray
) -> FloatArray:
    """Return z of "the share is higher inside than outside", with one vote added everywhere.

    Zero where everyone inside and outside chose the same.

    References
    ----------
    Polis, `math/src/polismath/math/stats.clj`, ``two-prop-test``.
    """
    inside, outside = total_in + 1.0, total_out + 1.0
    pooled = (count_in + count_out + 2) / (inside + outside)
    variance = pooled * (1 - pooled) * (1 / inside + 1 / outside)
    gap = (count_in + 1) / inside - (count_out + 1) / outside
    usable = variance > 0
    return np.where(usable, gap / np.sqrt(np.where(usable, variance, 1.0)), 0.0)
