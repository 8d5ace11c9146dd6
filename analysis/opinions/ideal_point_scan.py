"""One scan of the ideal-point model over a block of participants: the kernel that is hot.

A block's result depends only on its own votes and on the statements' posterior, and what it tells
about the statements is a sum. Blocks can therefore be scanned anywhere, in any order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from scipy import sparse

from analysis.array_types import CountArray, FloatArray, IndexArray, StatementIndex
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.partitions import Block, CompiledScan, blocks_of
from analysis.opinions.small_systems import inverses
from analysis.opinions.votes import PASS, VoteTable

#: Whole tables are multiplied if they have at most this many cells per opinion.
_CELLS_PER_OPINION = 30
#: Votes and cells of a block: what the steps of a scan read again and again stays in the cache.
_VOTES_AT_ONCE = 50_000
_CELLS_AT_ONCE = 500_000
#: Smallest expected square of a logit; the weight is 1/4 there.
LEAST_SQUARE = 1e-8


@dataclass(frozen=True)
class OpinionBlock:
    """Agree and disagree votes of consecutive participants; passes are left out.

    Attributes
    ----------
    starts : ndarray of shape (n_rows + 1,), dtype=int64
    columns : ndarray of shape (n_opinions,), dtype=int32
        Statement of each opinion.
    sides : ndarray of shape (n_opinions,), dtype=float64
        +1/2 agree, -1/2 disagree.
    n_statements : int
    """

    starts: CountArray
    columns: StatementIndex
    sides: FloatArray
    n_statements: int

    @cached_property
    def lengths(self) -> CountArray:
        """Opinions of each participant, shape (n_rows,)."""
        return np.diff(self.starts)

    @cached_property
    def cells(self) -> IndexArray:
        """Place of each opinion in the flattened participants x statements table."""
        rows = np.arange(len(self.lengths)) * self.n_statements
        return np.repeat(rows, self.lengths) + self.columns

    def matrix(self, values: FloatArray) -> sparse.csr_matrix:
        """Return a participants x statements matrix of one value per opinion."""
        shape = (len(self.lengths), self.n_statements)
        bounds = self.starts.astype(np.int32)  # as the columns, or both are copied and checked
        return sparse.csr_matrix((values, self.columns, bounds), shape=shape)


@dataclass(frozen=True)
class StatementMoments:
    """What a scan needs to know of the statements' posterior; statement h = (a, b), x = (a, 1).

    Attributes
    ----------
    features : ndarray of shape (n_statements, n_pairs + dimensions + 1)
        E[x x'], its upper triangle in the order of ``numpy.triu_indices``, then E[x b].
    mean : ndarray of shape (n_statements, dimensions + 1)
        E[x].
    square : ndarray of shape (n_statements,)
        E[b²].
    """

    features: FloatArray
    mean: FloatArray
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


def scan_blocks(votes: VoteTable, parameters: OpinionParameters) -> Sequence[Block]:
    """Cut a table into blocks of participants that are scanned at once, always the same ones."""
    people = max(votes.n_participants, 1)
    by_votes = _VOTES_AT_ONCE * people // max(votes.n_votes, 1)
    by_cells = _CELLS_AT_ONCE // max(votes.n_statements, 1)
    size = max(1, min(by_votes, by_cells, parameters.block_participants))
    return blocks_of(votes.n_participants, size)


def opinion_block(votes: VoteTable, first: int, last: int) -> OpinionBlock:
    """Cut out the opinions of participants ``first:last``."""
    begin, end = int(votes.starts[first]), int(votes.starts[last])
    choices = votes.choices[begin:end]
    kept = choices != PASS
    count = np.zeros(len(kept) + 1, dtype=np.int64)
    np.cumsum(kept, out=count[1:])
    starts = count[votes.starts[first : last + 1] - begin]
    columns = votes.statement_index[begin:end][kept]
    sides = choices[kept] * 0.5
    return OpinionBlock(starts, columns, sides, votes.n_statements)


@cache
def upper_triangle(size: int) -> tuple[IndexArray, IndexArray]:
    """Return rows and columns of the upper triangle, row by row."""
    rows, columns = np.triu_indices(size)
    return rows, columns


def statement_moments(mean: FloatArray, covariance: FloatArray) -> StatementMoments:
    """Return the moments of statements with this posterior of h = (a, b)."""
    size = mean.shape[1]
    second = covariance + mean[:, :, None] * mean[:, None, :]
    design = np.hstack([mean[:, :-1], np.ones((len(mean), 1))])
    precision = second.copy()
    precision[:, -1, :] = design
    precision[:, :, -1] = design
    rows, columns = upper_triangle(size)
    cross = np.hstack([second[:, :-1, -1], mean[:, -1:]])
    features = np.hstack([precision[:, rows, columns], cross])
    return StatementMoments(features, design, second[:, -1, -1])


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
    compiled: CompiledScan | None = None,
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
    compiled : CompiledScan, optional
        Does the same in less time.

    Returns
    -------
    positions : Positions
        Participants without opinions get the prior.

    References
    ----------
    Jaakkola and Jordan 2000, "Bayesian parameter estimation via variational methods", eq. 10-12.
    """
    positions = begin or prior_positions(len(block.lengths), prior)
    if compiled is not None:
        place = positions.mean.copy(), positions.covariance.copy()
        parts = (block.starts, block.columns, block.sides)
        told = (moments.features, moments.square, moments.mean)
        compiled.locate_rows(parts, told, place, tuple(prior.tolist()), steps)
        return Positions(*place)
    pull = block.matrix(block.sides) @ moments.mean
    for step in range(steps):
        alike = step == 0 and begin is None
        weights = bound_weights(block, moments, positions, alike=alike)
        positions = _posterior(block.matrix(weights) @ moments.features, pull, prior)
    return positions


def bound_weights(
    block: OpinionBlock, moments: StatementMoments, positions: Positions, *, alike: bool = False
) -> FloatArray:
    """Return tanh(xi / 2) / (2 xi) of each opinion, with xi² the expected square of its logit.

    If all positions are `alike`, the weight depends on the statement alone.
    """
    if alike:
        square = moments.features @ _factors(positions, slice(0, 1))[0] + moments.square
        return _weights(square).take(block.columns) if len(block.lengths) else np.zeros(0)
    people = _factors(positions, slice(None))
    if len(block.columns) * _CELLS_PER_OPINION >= len(block.lengths) * block.n_statements:
        square = (people @ moments.features.T).ravel().take(block.cells)
    else:
        square = _squares_of_cast(block, people, moments.features)
    square += moments.square.take(block.columns)
    return _weights(square)


def gather_evidence(
    block: OpinionBlock,
    moments: StatementMoments,
    positions: Positions,
    *,
    compiled: CompiledScan | None = None,
) -> StatementEvidence:
    """Sum up what the block tells about each statement; the mirror image of `locate`."""
    size = positions.mean.shape[1]
    pairs = size * (size + 1) // 2
    if compiled is not None:
        sums, linear = np.zeros_like(moments.features), np.zeros_like(moments.mean)
        parts = (block.starts, block.columns, block.sides)
        told = (moments.features, moments.square, moments.mean)
        place = (positions.mean, positions.covariance)
        compiled.gather_rows(parts, told, place, (sums, linear))
    else:
        people = statement_moments(positions.mean, positions.covariance)
        weighted = block.matrix(bound_weights(block, moments, positions))
        sums = weighted.T @ people.features
        linear = block.matrix(block.sides).T @ people.mean
    return StatementEvidence(sums[:, :pairs], linear - sums[:, pairs:])


def _factors(positions: Positions, part: slice) -> FloatArray:
    """Return what multiplies a statement's features in the expected square of the logit."""
    mean, covariance = positions.mean[part], positions.covariance[part]
    rows, columns = upper_triangle(mean.shape[1])
    second = covariance[:, rows, columns] + mean[:, rows] * mean[:, columns]
    return np.hstack([second * np.where(rows == columns, 1.0, 2.0), 2 * mean])


def _weights(square: FloatArray) -> FloatArray:
    """Turn expected squares of logits into weights, in place."""
    root = np.sqrt(np.maximum(square, LEAST_SQUARE, out=square), out=square)
    weights: FloatArray = np.tanh(root / 2)
    weights /= root
    weights *= 0.5
    return weights


def _squares_of_cast(block: OpinionBlock, people: FloatArray, features: FloatArray) -> FloatArray:
    """Return people x features for the opinions that were cast, factor by factor."""
    square = np.zeros(len(block.columns))
    for factor in range(features.shape[1]):
        square += np.repeat(people[:, factor], block.lengths) * features[:, factor][block.columns]
    return square


def _posterior(sums: FloatArray, pull: FloatArray, prior: FloatArray) -> Positions:
    """Return the positions with this evidence: the precision's upper triangle, then its pull."""
    size = len(prior)
    rows, columns = upper_triangle(size)
    precision = np.empty((size, size, len(sums)))
    precision[rows, columns] = precision[columns, rows] = sums[:, : len(rows)].T
    precision[np.arange(size), np.arange(size)] += 1 / prior[:, None]
    covariance = np.ascontiguousarray(inverses(precision).transpose(2, 0, 1))
    linear = pull - sums[:, len(rows) :]
    return Positions((covariance @ linear[:, :, None])[:, :, 0], covariance)
