"""k-means on few dimensions, with a seeded start, so that the same points give the same groups."""

import numpy as np

from analysis.array_types import FloatArray, IndexArray

_ROUNDS = 100


def kmeans(
    points: FloatArray, count: int, *, seed: int, starts: int = 8
) -> tuple[IndexArray, FloatArray]:
    """Return labels and centres of the best of several seeded runs.

    Parameters
    ----------
    points : ndarray of shape (n_points, n_axes)
    count : int
        Number of clusters, at most the number of distinct points.
    seed : int
    starts : int
        Runs from k-means++ starts; the lowest sum of squares wins, the earlier at a tie.

    References
    ----------
    Arthur and Vassilvitskii 2007, "k-means++: the advantages of careful seeding", section 2.2.
    """
    random = np.random.default_rng(seed)
    best: tuple[float, IndexArray, FloatArray] | None = None
    for _ in range(starts):
        labels, centres = lloyd(points, _spread_start(points, count, random))
        cost = float(((points - centres[labels]) ** 2).sum())
        if best is None or cost < best[0]:
            best = (cost, labels, centres)
    if best is None:
        raise ValueError("starts must be at least 1")
    return best[1], best[2]


def lloyd(
    points: FloatArray, centres: FloatArray, *, weights: FloatArray | None = None
) -> tuple[IndexArray, FloatArray]:
    """Move centres to the (weighted) mean of their points until nothing changes."""
    mass = np.ones(len(points)) if weights is None else weights
    labels = np.full(len(points), -1, dtype=np.intp)
    for _ in range(_ROUNDS):
        nearest = squared_distances(points, centres).argmin(1)
        if np.array_equal(nearest, labels):
            break
        labels = nearest
        total = np.bincount(labels, weights=mass, minlength=len(centres))
        sums = np.column_stack(
            [np.bincount(labels, weights=mass * axis, minlength=len(centres)) for axis in points.T]
        )
        filled = total > 0
        centres = np.where(filled[:, None], sums / np.where(filled, total, 1)[:, None], centres)
    return labels, centres


def squared_distances(points: FloatArray, centres: FloatArray) -> FloatArray:
    """Return squared distances of shape (n_points, n_centres)."""
    distances = np.zeros((len(points), len(centres)))
    for axis in range(points.shape[1]):
        distances += (points[:, axis, None] - centres[None, :, axis]) ** 2
    return distances


def _spread_start(points: FloatArray, count: int, random: np.random.Generator) -> FloatArray:
    """Draw centres far from one another (k-means++)."""
    chosen = [int(random.integers(len(points)))]
    distance = squared_distances(points, points[chosen])[:, 0]
    for _ in range(count - 1):
        reach = np.cumsum(distance)
        chosen.append(
            min(
                int(np.searchsorted(reach, random.random() * reach[-1], side="right")),
                len(points) - 1,
            )
        )
        distance = np.minimum(distance, squared_distances(points, points[chosen[-1:]])[:, 0])
    return points[chosen]
