"""The hot loops of the ideal-point scan, compiled by Numba: an extra with the same results.

Each function is one walk over the participants' votes that keeps a handful of sums and makes no
large array. What is computed is explained in `analysis.opinions.ideal_point_scan`, whose numpy
code these loops repeat to rounding. A participant's result depends on their own votes alone, and
nothing here runs in parallel by itself, so results are the same on any number of threads.

The first call on a machine compiles (some seconds) and keeps the result beside this file.
"""

import math

import numpy as np
from numba import njit

from analysis.array_types import CountArray, FloatArray, StatementIndex

_LEAST_SQUARE = 1e-8
#: The terms of one dot product may be added in any order; nothing else is relaxed.
_compiled = njit(nogil=True, cache=True, fastmath={"reassoc", "contract"})


@_compiled
def _weigh(
    mine: StatementIndex,
    factors: FloatArray,
    moments: tuple[FloatArray, FloatArray, FloatArray],
    weights: FloatArray,
) -> None:
    """Write tanh(xi / 2) / (2 xi) of each vote of one participant, xi² being E[logit²]."""
    features, squares, _ = moments
    for vote, item in enumerate(mine):
        square = squares[item]
        for f in range(len(factors)):
            square += factors[f] * features[item, f]
        weights[vote] = square
    for vote in range(len(mine)):
        root = math.sqrt(max(weights[vote], _LEAST_SQUARE))
        fading = math.exp(-root)
        weights[vote] = (1 - fading) / ((1 + fading) * 2 * root)


@_compiled
def _person_factors(mean: FloatArray, covariance: FloatArray, factors: FloatArray) -> None:
    """Write what multiplies a statement's features in E[logit²]."""
    place = 0
    for i in range(len(mean)):
        factors[place] = covariance[i, i] + mean[i] * mean[i]
        for j in range(i + 1, len(mean)):
            factors[place + j - i] = 2 * (covariance[i, j] + mean[i] * mean[j])
        place += len(mean) - i
    for i in range(len(mean)):
        factors[place + i] = 2 * mean[i]


@_compiled
def _person_features(mean: FloatArray, covariance: FloatArray, features: FloatArray) -> None:
    """Write a participant's E[z z'] (upper triangle) and E[z d], z = (position, 1)."""
    last, place = len(mean) - 1, 0
    for i in range(last):
        for j in range(i, last):
            features[place + j - i] = covariance[i, j] + mean[i] * mean[j]
        features[place + last - i] = mean[i]
        place += len(mean) - i
    features[place] = 1.0
    for i in range(last):
        features[place + 1 + i] = covariance[i, last] + mean[i] * mean[last]
    features[place + 1 + last] = mean[last]


@_compiled
def _invert(matrix: FloatArray) -> None:
    """Invert a symmetric positive definite matrix in place (Gauss-Jordan; needs no pivoting)."""
    size = len(matrix)
    for k in range(size):
        pivot = 1 / matrix[k, k]
        matrix[k, k] = 1.0
        for j in range(size):
            matrix[k, j] *= pivot
        for i in range(size):
            if i != k:
                share = matrix[i, k]
                matrix[i, k] = 0.0
                for j in range(size):
                    matrix[i, j] -= share * matrix[k, j]


@_compiled
def _posterior(
    sums: FloatArray,
    pull: FloatArray,
    prior: tuple[float, ...],
    place: tuple[FloatArray, FloatArray],
) -> None:
    """Write the mean and covariance that follow from the evidence: invert, then multiply."""
    mean, matrix = place
    size, at = len(prior), 0
    for i in range(size):
        for j in range(i, size):
            matrix[i, j] = matrix[j, i] = sums[at + j - i]
        matrix[i, i] += 1 / prior[i]
        at += size - i
    _invert(matrix)
    for i in range(size):
        mean[i] = 0.0
        for j in range(size):
            mean[i] += matrix[i, j] * (pull[j] - sums[at + j])


@_compiled
def locate_rows(
    block: tuple[CountArray, StatementIndex, FloatArray],
    moments: tuple[FloatArray, FloatArray, FloatArray],
    place: tuple[FloatArray, FloatArray],
    prior: tuple[float, ...],
    steps: int,
) -> None:
    """Move each participant to where their own votes put them, `steps` times, in place."""
    starts, columns, sides = block
    means, covariances = place
    size = len(prior)
    pairs = size * (size + 1) // 2
    factors, sums, pull = np.empty(pairs + size), np.empty(pairs + size), np.empty(size)
    weights = np.empty(max(1, np.diff(starts).max()))
    for row in range(len(starts) - 1):
        part = slice(starts[row], starts[row + 1])
        mine, own = columns[part], weights[: starts[row + 1] - starts[row]]
        pull[:] = 0.0
        for vote, item in enumerate(mine):
            for i in range(size):
                pull[i] += sides[part][vote] * moments[2][item, i]
        for _ in range(steps):
            _person_factors(means[row], covariances[row], factors)
            _weigh(mine, factors, moments, own)
            sums[:] = 0.0
            for vote, item in enumerate(mine):
                for f in range(pairs + size):
                    sums[f] += own[vote] * moments[0][item, f]
            _posterior(sums, pull, prior, (means[row], covariances[row]))


@_compiled
def gather_rows(
    block: tuple[CountArray, StatementIndex, FloatArray],
    moments: tuple[FloatArray, FloatArray, FloatArray],
    place: tuple[FloatArray, FloatArray],
    told: tuple[FloatArray, FloatArray],
) -> None:
    """Add what each participant tells about the statements they voted on to `told`."""
    starts, columns, sides = block
    size = place[0].shape[1]
    pairs = size * (size + 1) // 2
    factors, own = np.empty(pairs + size), np.empty(pairs + size)
    weights = np.empty(max(1, np.diff(starts).max()))
    for row in range(len(starts) - 1):
        part = slice(starts[row], starts[row + 1])
        mean, mine = place[0][row], columns[part]
        _person_factors(mean, place[1][row], factors)
        _weigh(mine, factors, moments, weights)
        _person_features(mean, place[1][row], own)
        for vote, item in enumerate(mine):
            for f in range(pairs + size):
                told[0][item, f] += weights[vote] * own[f]
            side = sides[part][vote]
            for i in range(size - 1):
                told[1][item, i] += side * mean[i]
            told[1][item, size - 1] += side
