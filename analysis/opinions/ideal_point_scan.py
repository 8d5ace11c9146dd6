"""One scan of the ideal-point model over a block of participants: the kernel that is hot.

A block's result depends only on its own votes and on the statements' posterior, and what it tells
about the statements is a sum. Blocks can therefore be scanned anywhere, in any order.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis.array_types import FloatArray
from analysis.opinions.votes import PASS, VoteTable

#: A whole table is multiplied if it has at most this many cells per opinion.
_CELLS_PER_OPINION = 30
_CELLS_AT_ONCE = 500_000


@dataclass(frozen=True)
class OpinionBlock:
    """Agree and disagree votes of consecutive participants; passes are left out.

    Attributes
    ----------
    starts : ndarray of shape (n_rows + 1,), dtype=int64
    lengths : ndarray of shape (n_rows,), dtype=int64
    columns : ndarray of shape (n_opinions,), dtype=int32
        Statement of each opinion.
    sides : ndarray of shape (n_opinions,), dtype=float64
        +1/2 agree, -1/2 disagree.
    n_statements : int
    """

    starts: np.ndarray[tuple[int], np.dtype[np.int64]]
    lengths: np.ndarray[tuple[int], np.dtype[np.int64]]
    columns: np.ndarray[tuple[int], np.dtype[np.int32]]
    sides: FloatArray
    n_statements: int

    def matrix(self, values: FloatArray) -> sparse.csr_matrix:
        """Return a participants x statements matrix of one value per opinion."""
        shape = (len(self.lengths), self.n_statements)
        return sparse.csr_matrix((values, self.columns, self.starts), shape=shape)


@dataclass(frozen=True)
class StatementMoments:
    """What a scan needs to know of the statements' posterior; statement h = (a, b), x = (a, 1).

    Attributes
    ----------
    precision : ndarray of shape (n_pairs, n_statements)
        E[x x'], its upper triangle in the order of ``numpy.triu_indices``.
    mean : ndarray of shape (n_statements, dimensions + 1)
        E[x].
    cross : ndarray of shape (n_statements, dimensions + 1)
        E[x b].
    square : ndarray of shape (n_statements,)
        E[b²].
    """

    precision: FloatArray
    mean: FloatArray
    cross: FloatArray
    square: FloatArray


@dataclass(frozen=True)
class StatementEvidence:
    """What some participants tell about the statements; adds up over participants.

    Attributes
    ----------
    precision : ndarray of shape (n_statements, n_pairs)
    linear : ndarray of shape (n_statements, dimensions + 1)
    """

    precision: FloatArray
    linear: FloatArray

    def __add__(self, other: "StatementEvidence") -> "StatementEvidence":
        return StatementEvidence(self.precision + other.precision, self.linear + other.linear)


@dataclass(frozen=True)
class Positions:
    """Posterior of participants: axes first, then the inclination to agree with anything.

    Attributes
    ----------
    mean : ndarray of shape (n_participants, dimensions + 1)
    covariance : ndarray of shape (n_participants, dimensions + 1, dimensions + 1)
    """

    mean: FloatArray
    covariance: FloatArray


def opinion_block(votes: VoteTable, first: int, last: int) -> OpinionBlock:
    """Cut out the opinions of participants ``first:last``."""
    begin, end = int(votes.starts[first]), int(votes.starts[last])
    choices = votes.choices[begin:end]
    kept = choices != PASS
    count = np.zeros(len(kept) + 1, dtype=np.int64)
    np.cumsum(kept, out=count[1:])
    starts = count[votes.starts[first : last + 1] - begin]
    columns = votes.statement_index[begin:end][kept]
    sides = choices[kept].astype(np.float64) / 2
    return OpinionBlock(starts, np.diff(starts), columns, sides, votes.n_statements)


def statement_moments(mean: FloatArray, covariance: FloatArray) -> StatementMoments:
    """Return the moments of statements with this posterior of h = (a, b)."""
    size = mean.shape[1]
    second = covariance + mean[:, :, None] * mean[:, None, :]
    design = np.hstack([mean[:, :-1], np.ones((len(mean), 1))])
    precision = second.copy()
    precision[:, -1, :] = design
    precision[:, :, -1] = design
    rows, columns = np.triu_indices(size)
    cross = np.hstack([second[:, :-1, -1], mean[:, -1:]])
    upper = np.ascontiguousarray(precision[:, rows, columns].T)
    return StatementMoments(upper, design, cross, second[:, -1, -1])


def prior_positions(rows: int, prior: FloatArray) -> Positions:
    """Return participants of whom nothing is known; `prior` holds the prior variances."""
    covariance = np.zeros((rows, len(prior), len(prior)))
    covariance[:, np.arange(len(prior)), np.arange(len(prior))] = prior
    return Positions(np.zeros((rows, len(prior))), covariance)


def locate(
    block: OpinionBlock,
    moments: StatementMoments,
    prior: FloatArray,
    *,
    steps: int,
    begin: Positions | None = None,
) -> Positions:
    """Update participants from their own votes (variational Bayes, Jaakkola and Jordan's bound).

    Parameters
    ----------
    block : OpinionBlock
    moments : StatementMoments
    prior : ndarray of shape (dimensions + 1,)
        Prior variances.
    steps : int
        Times the bound is renewed.
    begin : Positions, optional
        Where to begin; the prior if not given.

    Returns
    -------
    positions : Positions
        Participants without opinions get the prior.

    References
    ----------
    Jaakkola and Jordan 2000, "Bayesian parameter estimation via variational methods", eq. 10-12.
    """
    size = len(prior)
    rows, columns = np.triu_indices(size)
    features = np.ascontiguousarray(np.vstack([moments.precision, moments.cross.T]).T)
    pull = block.matrix(block.sides) @ moments.mean
    positions = begin or prior_positions(len(block.lengths), prior)
    for _ in range(steps):
        weights = bound_weights(block, moments, positions)
        sums = block.matrix(weights) @ features
        precision = np.zeros((len(block.lengths), size, size))
        precision[:, rows, columns] = sums[:, : len(rows)]
        precision[:, columns, rows] = sums[:, : len(rows)]
        precision[:, np.arange(size), np.arange(size)] += 1 / prior
        covariance = np.asarray(np.linalg.inv(precision), dtype=np.float64)
        mean = np.einsum("nij,nj->ni", covariance, pull - sums[:, len(rows) :])
        positions = Positions(mean, covariance)
    return positions


def bound_weights(
    block: OpinionBlock, moments: StatementMoments, positions: Positions
) -> FloatArray:
    """Return tanh(xi / 2) / (2 xi) of each opinion, with xi² the expected square of its logit."""
    mean = positions.mean
    rows, columns = np.triu_indices(mean.shape[1])
    twice = np.where(rows == columns, 1.0, 2.0)
    second = positions.covariance[:, rows, columns] + mean[:, rows] * mean[:, columns]
    people = np.hstack([second * twice, 2 * mean])
    items = np.vstack([moments.precision, moments.cross.T])
    cells = len(block.lengths) * block.n_statements
    if len(block.columns) * _CELLS_PER_OPINION >= cells:
        square = _squares_of_all(block, people, items)
    else:
        square = _squares_of_cast(block, people, items)
    square += moments.square[block.columns]
    root = np.sqrt(np.maximum(square, 1e-8, out=square), out=square)
    weights: FloatArray = np.tanh(root / 2)
    weights /= 2 * root
    return weights


def _squares_of_cast(block: OpinionBlock, people: FloatArray, items: FloatArray) -> FloatArray:
    """Return people x items for the opinions that were cast, factor by factor."""
    square = np.zeros(len(block.columns))
    for factor in range(len(items)):
        square += np.repeat(people[:, factor], block.lengths) * items[factor][block.columns]
    return square


def _squares_of_all(block: OpinionBlock, people: FloatArray, items: FloatArray) -> FloatArray:
    """Return the same by multiplying whole tables, which is faster where many have voted."""
    square = np.empty(len(block.columns))
    step = max(1, _CELLS_AT_ONCE // max(block.n_statements, 1))
    for first in range(0, len(people), step):
        last = min(first + step, len(people))
        begin, end = int(block.starts[first]), int(block.starts[last])
        table = people[first:last] @ items
        rows = np.repeat(np.arange(last - first) * block.n_statements, block.lengths[first:last])
        square[begin:end] = table.ravel()[rows + block.columns[begin:end]]
    return square


def gather_evidence(
    block: OpinionBlock, moments: StatementMoments, positions: Positions
) -> StatementEvidence:
    """Sum up what the block tells about each statement; the mirror image of `locate`."""
    mean, covariance = positions.mean, positions.covariance
    size = mean.shape[1]
    rows, columns = np.triu_indices(size)
    second = covariance + mean[:, :, None] * mean[:, None, :]
    design = np.hstack([mean[:, :-1], np.ones((len(mean), 1))])
    precision = second.copy()
    precision[:, -1, :] = design
    precision[:, :, -1] = design
    cross = np.hstack([second[:, :-1, -1], mean[:, -1:]])
    weighted = block.matrix(bound_weights(block, moments, positions)).T
    sums = weighted @ np.hstack([precision[:, rows, columns], cross])
    linear = block.matrix(block.sides).T @ design - sums[:, len(rows) :]
    return StatementEvidence(sums[:, : len(rows)], linear)
