"""Positions on the published map: a distance is how differently two people would vote."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from analysis.array_types import BoolArray, FloatArray
from analysis.ideal_point import IdealPointModel
from analysis.ideal_point_scan import Positions

_SHOWN_AXES = 2


@dataclass(frozen=True)
class OpinionMap:
    """Where everyone stands.

    Attributes
    ----------
    points : ndarray of shape (n_participants, 2)
        The distance of two points is the root mean square difference of their logits over
        statements, along the two axes that matter most.
    ellipses : ndarray of shape (n_participants, 3)
        Half axes and the angle of the first one (radians, from the x axis) of the region that
        holds the true position with the wanted probability.
    turn : ndarray of shape (dimensions, 2)
        Takes model positions to the map: points = (positions - centre) @ turn.
    centre : ndarray of shape (dimensions,)
    """

    points: FloatArray
    ellipses: FloatArray
    turn: FloatArray
    centre: FloatArray


def draw_map(
    model: IdealPointModel,
    positions: Positions,
    included: BoolArray,
    *,
    probability: float,
    previous: tuple[BoolArray, FloatArray] | None = None,
) -> OpinionMap:
    """Place participants on a plane with meaningful distances.

    Parameters
    ----------
    model, positions
        The fitted vote model and everyone's posterior.
    included : ndarray of shape (n_participants,), dtype=bool
        Whose spread decides the axes.
    probability : float
        Of the ellipses.
    previous : tuple of (mask, points), optional
        Who was on the last published map (shape (n_participants,)) and where (shape
        (mask.sum(), 2)); the new map is turned and mirrored to match.

    Returns
    -------
    OpinionMap

    Notes
    -----
    With loadings A (statements x dimensions) the mean squared logit difference of two positions is
    (t - s)' (A'A / n) (t - s); any L with L L' = A'A / n therefore gives the distances. Axes are
    the principal axes of those included; the sign makes the longest arm positive.
    """
    dimensions = model.loadings.shape[1]
    metric = model.loadings.T @ model.loadings / max(len(model.loadings), 1)
    values, vectors = np.linalg.eigh(metric)
    scale = vectors * np.sqrt(np.maximum(values, 0))
    places = positions.mean[:, :dimensions]
    centre = places[included].mean(0) if included.any() else np.zeros(dimensions)
    turn = scale @ _principal_axes((places[included] - centre) @ scale, dimensions)
    points = (places - centre) @ turn
    turn = turn * _arm_signs(points[included])
    points = (places - centre) @ turn
    if previous is not None and previous[0].any():
        rotation = procrustes_rotation(points[previous[0]], previous[1])
        points, turn = points @ rotation, turn @ rotation
    shape = turn.T @ positions.covariance[:, :dimensions, :dimensions] @ turn
    return OpinionMap(points, _ellipses(shape, probability), turn, centre)


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


def _principal_axes(points: FloatArray, dimensions: int) -> FloatArray:
    """Return the leading axes as columns, padded with zeros up to two."""
    _, vectors = np.linalg.eigh(points.T @ points)
    axes = np.zeros((dimensions, _SHOWN_AXES))
    leading = vectors[:, ::-1][:, :_SHOWN_AXES]
    axes[:, : leading.shape[1]] = leading
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
