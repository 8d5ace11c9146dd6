"""Positions on the published map: a distance is how differently two people would vote."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh
from scipy.stats import chi2

from analysis.array_types import BoolArray, FloatArray, IndexArray, SmallFloatArray
from analysis.opinions.ideal_point import IdealPointModel
from analysis.opinions.ideal_point_scan import Positions
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.partitions import Block, Engine, LocalEngine, blocks_of
from analysis.opinions.sampling import evenly_spaced
from analysis.opinions.votes import VoteTable

_SHOWN_AXES = 2
#: Statements up to which the axes come from an exact decomposition.
_EXACT_STATEMENTS = 2_000
_ROUNDS = 60
#: Participants that the axes are computed from even where there are very many statements.
_LEAST_SAMPLE = 2_000
_NO_SPREAD = 1e-12


@dataclass(frozen=True)
class OpinionMap:
    """Where everyone stands.

    Attributes
    ----------
    points : ndarray of shape (n_participants, 2)
        The distance of two points is, along the two axes that matter most, the root mean square
        difference of their votes (+1, 0, -1) over all statements, expected where not cast.
    ellipses : ndarray of shape (n_participants, 3)
        Half axes and the angle of the first one (radians, from the x axis) of the region that
        would hold the point, with the wanted probability, once the person voted on everything.
    axes : ndarray of shape (n_statements, 2)
        How much each statement weighs on each axis; unit length, or zero if there is no spread.
    """

    points: FloatArray
    ellipses: FloatArray
    axes: FloatArray


def draw_map(
    votes: VoteTable,
    model: IdealPointModel,
    positions: Positions,
    included: BoolArray,
    *,
    parameters: OpinionParameters,
    previous: tuple[BoolArray, FloatArray] | None = None,
    engine: Engine | None = None,
) -> OpinionMap:
    """Place participants on a plane with meaningful distances.

    Parameters
    ----------
    votes : VoteTable
        Votes on the statements of the model.
    model, positions
        The fitted vote model and everyone's posterior.
    included : ndarray of shape (n_participants,), dtype=bool
        Whose spread decides the axes.
    parameters : OpinionParameters
    previous : tuple of (mask, points), optional
        Who was on the last published map (shape (n_participants,)) and where (shape
        (mask.sum(), 2)); the new map is turned and mirrored to match.
    engine : Engine, optional

    Returns
    -------
    OpinionMap

    Notes
    -----
    A vote that was not cast is replaced by what the model expects of it, shrunk towards the
    statement's average; the axes are the principal axes of the completed table. Without a previous
    map the sign puts the farthest participant on the positive side.
    """
    rows = np.flatnonzero(included)
    frame = _axes_of(votes, model, positions, rows, parameters)
    axes, trust = frame[0], parameters.map_trust

    def place(block: Block) -> tuple[FloatArray, FloatArray]:
        some, own = votes.select_range(*block), _some(positions, slice(*block))
        table = _expected(model, own)
        shape = _spread(table, some, model, own, axes)
        return _points(_complete(table, some, model, trust), frame), shape

    parts = (engine or LocalEngine()).map(place, _blocks(votes, parameters))
    points = np.concatenate([np.zeros((0, 2)), *(points for points, _ in parts)])
    spread = np.concatenate([np.zeros((0, 2, 2)), *(shape for _, shape in parts)])
    if previous is not None and previous[0].any():
        turn = procrustes_rotation(points[previous[0]], previous[1])
        points, axes, spread = points @ turn, axes @ turn, turn.T @ spread @ turn
    return OpinionMap(points, _ellipses(spread, parameters.interval), axes)


def draw_points(
    votes: VoteTable, model: IdealPointModel, positions: Positions, parameters: OpinionParameters
) -> FloatArray:
    """Return the points of a map of all participants, without ellipses or an earlier map."""
    rows = np.arange(votes.n_participants)
    frame = _axes_of(votes, model, positions, rows, parameters)
    parts = [np.zeros((0, _SHOWN_AXES))]
    for block in _blocks(votes, parameters):
        table = _expected(model, _some(positions, slice(*block)))
        some = votes.select_range(*block)
        parts.append(_points(_complete(table, some, model, parameters.map_trust), frame))
    return np.concatenate(parts)


def _blocks(votes: VoteTable, parameters: OpinionParameters) -> Sequence[Block]:
    """Cut the participants into blocks whose completed table stays in the cache."""
    size = parameters.block_cells // max(votes.n_statements, 1)
    return blocks_of(votes.n_participants, max(1, min(parameters.block_participants, size)))


def _some(positions: Positions, part: slice | IndexArray) -> Positions:
    """Return the positions of some participants."""
    return Positions(positions.mean[part], positions.covariance[part])


def _axes_of(
    votes: VoteTable,
    model: IdealPointModel,
    positions: Positions,
    rows: IndexArray,
    parameters: OpinionParameters,
) -> tuple[FloatArray, FloatArray]:
    """Return the axes of the completed table of some participants, and its centre."""
    most = max(_LEAST_SAMPLE, parameters.map_cells // max(votes.n_statements, 1))
    rows = rows[evenly_spaced(len(rows), most)]
    people = _some(positions, rows)
    part = votes.select_participants(rows)
    table = _complete(_expected(model, people), part, model, parameters.map_trust)
    sample = table.astype(np.float64)
    centre = sample.mean(0) if len(rows) else np.zeros(votes.n_statements)
    sample -= centre
    axes = _principal_axes(sample, parameters.seed)
    return axes * _arm_signs(sample @ axes), centre


def procrustes_rotation(points: FloatArray, target: FloatArray) -> FloatArray:
    """Return the rotation or reflection that brings `points` closest to `target`.

    References
    ----------
    Schönemann 1966, "A generalized solution of the orthogonal Procrustes problem", eq. 2.6.
    """
    moved, wanted = points - points.mean(0), target - target.mean(0)
    left, _, right = np.linalg.svd(moved.T @ wanted)
    rotation: FloatArray = left @ right
    return rotation


def _expected(model: IdealPointModel, positions: Positions) -> SmallFloatArray:
    """Return the expected vote, in [-1, 1], of every pair of participant and statement.

    Twice the chance of agreeing minus one is the hyperbolic tangent of half the logit. Single
    precision halves the memory; the sums over statements stay well within 1e-6.
    """
    axes = model.loadings.shape[1]
    people = np.hstack([positions.mean, np.ones((len(positions.mean), 1))])
    items = np.hstack([model.loadings, np.ones((len(model.mean), 1)), model.mean[:, axes:]])
    half_logit = (people / 2).astype(np.float32) @ items.T.astype(np.float32)
    return np.tanh(half_logit, out=half_logit)


def _complete(
    expected: SmallFloatArray, votes: VoteTable, model: IdealPointModel, trust: float
) -> SmallFloatArray:
    """Turn expected votes into the table of votes, in place.

    What was not cast lies between the statement's average and the model's guess: a guess is less
    certain than a vote.
    """
    average = np.tanh(model.mean[:, -1] / 2).astype(np.float32)
    expected *= np.float32(trust)
    expected += np.float32(1 - trust) * average
    expected.ravel()[_cells(votes)] = votes.choices
    return expected


def _cells(votes: VoteTable) -> IndexArray:
    """Return the place of each vote in the flattened table."""
    rows = np.arange(votes.n_participants) * votes.n_statements
    return np.repeat(rows, votes.votes_per_participant) + votes.statement_index


def _points(table: SmallFloatArray, frame: tuple[FloatArray, FloatArray]) -> FloatArray:
    """Return the points of some rows of the completed table in a frame of (axes, centre)."""
    axes, centre = frame
    weights = axes / np.sqrt(max(len(axes), 1))
    points: FloatArray = (table @ weights.astype(np.float32)).astype(np.float64)
    points -= centre @ weights
    return points


def _spread(
    expected: SmallFloatArray,
    votes: VoteTable,
    model: IdealPointModel,
    positions: Positions,
    axes: FloatArray,
) -> FloatArray:
    """Return the covariance of each point, shape (n_participants, 2, 2)."""
    # How fast an expected vote moves with its logit; zero where the vote was cast.
    pace = (1 - expected * expected) / 2
    pace.ravel()[_cells(votes)] = 0.0
    weights = axes / np.sqrt(max(len(axes), 1))
    design = np.hstack([model.loadings, np.ones((len(model.mean), 1))])
    factors = [weights[:, [axis]] * design for axis in range(_SHOWN_AXES)]
    factors.append((weights[:, :, None] * weights[:, None, :]).reshape(-1, _SHOWN_AXES**2))
    sums = (pace @ np.hstack(factors).astype(np.float32)).astype(np.float64)
    width = design.shape[1]
    drift = sums[:, : _SHOWN_AXES * width].reshape(-1, _SHOWN_AXES, width)
    shape: FloatArray = drift @ positions.covariance @ drift.transpose(0, 2, 1)
    shape += 2 * sums[:, _SHOWN_AXES * width :].reshape(-1, _SHOWN_AXES, _SHOWN_AXES)
    return shape


def _principal_axes(table: FloatArray, seed: int) -> FloatArray:
    """Return the two leading principal axes of a centred table as columns."""
    width = table.shape[1]
    axes = np.zeros((width, _SHOWN_AXES))
    if width == 0:
        return axes
    if width <= _EXACT_STATEMENTS:
        wanted = (max(width - _SHOWN_AXES, 0), width - 1)
        values, vectors = eigh(table.T @ table, subset_by_index=wanted)
        leading, size = vectors[:, ::-1], values[::-1]
    else:
        basis = np.random.default_rng(seed).standard_normal((width, 4 * _SHOWN_AXES))
        for _ in range(_ROUNDS):
            basis = np.linalg.qr(table.T @ (table @ basis))[0]
        values, turn = np.linalg.eigh((table @ basis).T @ (table @ basis))
        leading = (basis @ turn[:, ::-1])[:, :_SHOWN_AXES]
        size = values[::-1][:_SHOWN_AXES]
    axes[:, : leading.shape[1]] = np.where(size > _NO_SPREAD, leading, 0.0)
    return axes


def _arm_signs(points: FloatArray) -> FloatArray:
    """Return the signs that put the farthest participant of each axis on the positive side."""
    if len(points) == 0:
        return np.ones(_SHOWN_AXES)
    return np.where(points.max(0) >= -points.min(0), 1.0, -1.0)


def _ellipses(shape: FloatArray, probability: float) -> FloatArray:
    """Return half axes and angle of the probability ellipse of each 2 x 2 covariance."""
    reach = np.sqrt(chi2.ppf(probability, _SHOWN_AXES))
    first, cross, second = shape[:, 0, 0], shape[:, 0, 1], shape[:, 1, 1]
    middle, half = (first + second) / 2, np.hypot((first - second) / 2, cross)
    major = reach * np.sqrt(np.maximum(middle + half, 0))
    minor = reach * np.sqrt(np.maximum(middle - half, 0))
    return np.column_stack([major, minor, 0.5 * np.arctan2(2 * cross, first - second)])
