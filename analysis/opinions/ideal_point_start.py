"""Where the ideal-point model begins: loadings from a regularised singular value decomposition."""

import numpy as np
from scipy import sparse

from analysis.array_types import FloatArray
from analysis.opinions.ideal_point_scan import OpinionBlock
from analysis.opinions.parameters import OpinionParameters

#: Extra columns and rounds of the subspace iteration; both are generous for two axes.
_EXTRA_COLUMNS = 6
_ROUNDS = 40


def agree_rates(block: OpinionBlock) -> tuple[FloatArray, FloatArray]:
    """Return each statement's smoothed agree rate among opinions, and its number of opinions."""
    agree = np.bincount(block.columns[block.sides > 0], minlength=block.n_statements)
    count = np.bincount(block.columns, minlength=block.n_statements)
    return (agree + 1) / (count + 2), count.astype(np.float64)


def start_loadings(
    block: OpinionBlock, parameters: OpinionParameters, *, second: bool = False
) -> FloatArray:
    """Return loadings of shape (n_statements, dimensions) to begin the fit with.

    The residual matrix R (vote minus the statement's rate) is scaled to
    1/sqrt(n_u + 5) R 1/sqrt(n_c + 20). Without the added votes, statements that hardly anyone saw
    own an axis, and the fit then stays at the fixed point where that axis is zero.

    Parameters
    ----------
    block : OpinionBlock
    parameters : OpinionParameters
    second : bool
        Take the axes after the first ones: another start for checking a dead axis.
    """
    if len(block.columns) == 0:
        return np.zeros((block.n_statements, parameters.dimensions))
    rate, count = agree_rates(block)
    residual = block.matrix(block.sides - (rate[block.columns] - 0.5))
    by_person = 1 / np.sqrt(block.lengths + parameters.start_participant_votes)
    by_statement = 1 / np.sqrt(count + parameters.start_statement_votes)
    scaled = residual.multiply(by_person[:, None]).multiply(by_statement[None, :]).tocsr()
    wanted = parameters.dimensions * (2 if second else 1)
    axes = _right_singular_vectors(scaled, wanted, parameters.seed)[:, -parameters.dimensions :]
    loadings = np.zeros((block.n_statements, parameters.dimensions))
    loadings[:, : axes.shape[1]] = axes * _signs(axes)
    size = np.sqrt((loadings**2 * count[:, None]).sum(0) / max(count.sum(), 1))
    limit = parameters.start_loading_limit
    scaled_loadings: FloatArray = loadings / np.where(size > 0, size, 1.0)
    return np.clip(scaled_loadings, -limit, limit)


def _right_singular_vectors(matrix: sparse.csr_matrix, wanted: int, seed: int) -> FloatArray:
    """Return the leading right singular vectors as columns, by seeded subspace iteration."""
    n_columns = matrix.shape[1]
    width = min(wanted + _EXTRA_COLUMNS, n_columns)
    basis = np.random.default_rng(seed).standard_normal((n_columns, width))
    basis = np.linalg.qr(basis)[0]
    for _ in range(_ROUNDS):
        basis = np.linalg.qr(matrix.T @ (matrix @ basis))[0]
    small = matrix @ basis
    _, turn = np.linalg.eigh(small.T @ small)
    vectors: FloatArray = (basis @ turn[:, ::-1])[:, : min(wanted, width)]
    return vectors


def _signs(axes: FloatArray) -> FloatArray:
    """Return for each column the sign that makes its largest entry positive."""
    return np.where(np.abs(axes.max(0)) >= np.abs(axes.min(0)), 1.0, -1.0)
