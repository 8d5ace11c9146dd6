"""K-means on the unit sphere: centres are directions, nearness is the cosine."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sparse_rows import membership
from analysis.texts.features import unit

Points = NDArray[np.float32]
Labels = NDArray[np.intp]

_SETTLED = 1e-7  # gain of the mean cosine below which a start has settled


@dataclass(frozen=True)
class Clustering:
    """Labels, centres and how well they fit.

    Attributes
    ----------
    labels : ndarray of shape (n_points,), dtype=intp
        Every number from 0 to n_centres - 1 occurs; largest cluster first, ties by the earliest
        member.
    centres : ndarray of shape (n_centres, n_dimensions), dtype=float32
        Unit length.
    fit : float
        Mean cosine of the points to their centres.
    """

    labels: Labels
    centres: Points
    fit: float


def cluster(points: Points, count: int, *, starts: int, rounds: int, seed: int) -> Clustering:
    """Return the best of several starts with at most ``count`` clusters.

    References
    ----------
    Dhillon and Modha 2001, "Concept decompositions for large sparse text data using
    clustering"; starts by Arthur and Vassilvitskii 2007 (k-means++), greedy as in scikit-learn.
    """
    random = np.random.default_rng(seed)
    best: Clustering | None = None
    for _ in range(starts if count > 1 else 1):
        made = refine(points, _start(points, count, random), rounds)
        if best is None or made.fit > best.fit + _SETTLED:
            best = made
    if best is None:
        raise ValueError("at least one start is needed")
    return best


def refine(
    points: Points,
    centres: Points,
    rounds: int,
    *,
    home: Labels | None = None,
    lead: float | Points = 0.0,
) -> Clustering:
    """Move given centres to the middle of their points until nothing changes.

    A point whose ``home`` is not -1 leaves that centre only for one that is nearer by ``lead``,
    one number for all or one for each point.
    """
    labels = np.zeros(len(points), dtype=np.intp)
    fit = -np.inf
    settled = np.flatnonzero(home >= 0) if home is not None else np.zeros(0, dtype=np.intp)
    leads = np.broadcast_to(np.asarray(lead, dtype=np.float32), len(points))
    for _ in range(rounds):
        similar = points @ centres.T
        if home is not None:
            similar[settled, home[settled]] += leads[settled]
        labels = np.asarray(similar.argmax(axis=1), dtype=np.intp)
        reached = float(similar[np.arange(len(points)), labels].mean())
        centres = _middles(points, labels, centres)
        if reached - fit < _SETTLED:
            break
        fit = reached
    return _in_order(points, labels)


def means(points: Points, labels: Labels, count: int) -> Points:
    """Return the unit mean of the points of each label; zero where a label is empty."""
    return unit(membership(labels, count) @ points)


def _middles(points: Points, labels: Labels, centres: Points) -> Points:
    middles = means(points, labels, len(centres))
    empty = ~middles.any(axis=1)
    middles[empty] = centres[empty]
    return middles


def _in_order(points: Points, labels: Labels) -> Clustering:
    found, first, dense, sizes = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    ranks = np.empty(len(found), dtype=np.intp)
    ranks[np.lexsort((first, -sizes))] = np.arange(len(found))
    ordered = ranks[dense]
    centres = means(points, ordered, len(found))
    fit = float(np.einsum("ij,ij->i", points, centres[ordered]).mean())
    return Clustering(ordered, centres, fit)


def _start(points: Points, count: int, random: np.random.Generator) -> Points:
    """Choose starting points far from one another, the best of a few draws each time."""
    trials = 2 + int(np.log(max(count, 1)))
    chosen = [int(random.integers(len(points)))]
    gaps = _gaps(points, points[chosen])[:, 0]
    while len(chosen) < count and gaps.sum() > _SETTLED:
        edges = np.cumsum(gaps, dtype=np.float64)
        draws = np.searchsorted(edges, random.random(trials) * edges[-1], side="right")
        draws = np.minimum(draws, len(points) - 1)
        after = np.minimum(gaps[:, None], _gaps(points, points[draws]))
        winner = int(after.sum(axis=0).argmin())
        chosen.append(int(draws[winner]))
        gaps = after[:, winner]
    return points[chosen]


def _gaps(points: Points, others: Points) -> Points:
    """Return the squared distances between unit vectors, ``2 - 2 cos``, never negative."""
    return np.asarray(np.maximum(2.0 - 2.0 * (points @ others.T), 0.0), dtype=np.float32)
