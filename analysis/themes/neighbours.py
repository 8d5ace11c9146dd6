"""Nearest neighbours among points on the unit sphere, and the smoothing that they allow."""

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import MiniBatchKMeans

from analysis.sparse_rows import Sparse, sparse_rows
from analysis.texts.parameters import ThemeParameters

Points = NDArray[np.float32]
Found = tuple[NDArray[np.intp], NDArray[np.intp], Points]  # rows, columns, similarities

_ROWS_AT_ONCE = 1_000  # rows of the similarity matrix in memory at once


def cosine_neighbours(features: Sparse, points: Points, parameters: ThemeParameters) -> Sparse:
    """Return the similarity of each text to its nearest neighbours, symmetric.

    Up to ``exact_neighbours`` texts all pairs are compared on the full features, which measured
    better than comparing them in the reduced space. Above that, candidates come from the
    nearest cells of a coarse k-means in the reduced space.

    Parameters
    ----------
    features : sparse array of shape (n_texts, n_features)
        Rows of length one or empty.
    points : ndarray of shape (n_texts, n_dimensions)
        The same texts in the reduced space.

    Returns
    -------
    graph : sparse array of shape (n_texts, n_texts), dtype=float32
        Cosine where one is among the nearest of the other, 0 elsewhere; never negative.
    """
    count = _neighbour_count(len(points), parameters)
    if len(points) > parameters.exact_neighbours:
        return space_neighbours(points, parameters)
    return _graph(_exact(features, count), len(points))


def space_neighbours(points: Points, parameters: ThemeParameters) -> Sparse:
    """Return the same graph from points alone; cells are searched above ``exact_neighbours``."""
    texts = len(points)
    count = _neighbour_count(texts, parameters)
    if texts > parameters.exact_neighbours:
        cells = _cells(points, parameters)
    else:
        everything = np.arange(texts)
        starts = range(0, texts, _ROWS_AT_ONCE)
        cells = [(everything[start : start + _ROWS_AT_ONCE], everything) for start in starts]
    return _graph([_near_in_space(points, *cell, count) for cell in cells], texts)


def smoothed(points: Points, graph: Sparse, weight: float, steps: int) -> Points:
    """Move every point towards the mean of its neighbours, several times.

    ``Z <- unit((1 - weight) * Z + weight * P Z)`` with P the graph with rows of sum one. Short
    comments share few words; their neighbours' words stand in for those they left out.
    """
    degrees = np.asarray(graph.sum(axis=1)).ravel()
    degrees[degrees == 0] = 1.0
    transition = graph.multiply((1.0 / degrees)[:, None].astype(np.float32)).tocsr()
    for _ in range(steps):
        points = (1.0 - weight) * points + weight * (transition @ points)
        lengths = np.linalg.norm(points, axis=1, keepdims=True)
        lengths[lengths == 0] = 1.0
        points = np.asarray(points / lengths, dtype=np.float32)
    return points


def _neighbour_count(texts: int, parameters: ThemeParameters) -> int:
    small = texts < parameters.neighbours_from
    return min(parameters.neighbours if small else parameters.neighbours_large, texts - 1)


def _graph(found: list[Found], texts: int) -> Sparse:
    rows = np.concatenate([part[0] for part in found])
    columns = np.concatenate([part[1] for part in found])
    values = np.concatenate([part[2] for part in found])
    graph = sparse_rows(values, rows, columns, (texts, texts))
    return graph.maximum(graph.T).tocsr()


def _exact(features: Sparse, count: int) -> list[Found]:
    turned = features.T.tocsr()
    found = []
    for start in range(0, features.shape[0], _ROWS_AT_ONCE):
        similar = (features[start : start + _ROWS_AT_ONCE] @ turned).toarray()
        rows = np.arange(start, start + len(similar))
        similar[np.arange(len(rows)), rows] = -np.inf
        places, values = _largest(similar, count)
        found.append((np.repeat(rows, count), places.ravel(), values.ravel()))
    return found


def _near_in_space(
    points: Points, rows: NDArray[np.intp], candidates: NDArray[np.intp], most: int
) -> Found:
    count = min(most, len(candidates) - 1)
    similar = points[rows] @ points[candidates].T
    similar[rows[:, None] == candidates[None, :]] = -np.inf
    places, values = _largest(similar, count)
    return np.repeat(rows, count), candidates[places].ravel(), values.ravel()


def _largest(similar: Points, count: int) -> tuple[NDArray[np.intp], Points]:
    if count < 1:
        return np.zeros((len(similar), 0), dtype=np.intp), np.zeros((len(similar), 0), np.float32)
    places = np.argpartition(-similar, count - 1, axis=1)[:, :count]
    return places, np.maximum(np.take_along_axis(similar, places, axis=1), 0.0)


def _cells(
    points: Points, parameters: ThemeParameters
) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Return, cell by cell, the points in it and the points among which they search."""
    count = int(np.sqrt(len(points)))
    coarse = MiniBatchKMeans(
        count, n_init=1, batch_size=4096, max_iter=20, random_state=parameters.seed
    ).fit(points)
    labels = coarse.labels_
    order = np.argsort(labels, kind="stable")
    members = np.split(order, np.searchsorted(labels[order], np.arange(1, count)))
    probed = min(parameters.probed_cells, count)
    distance = coarse.transform(coarse.cluster_centers_)
    near = np.argpartition(distance, probed - 1, axis=1)[:, :probed]
    return [
        (members[cell], np.concatenate([members[other] for other in near[cell]]))
        for cell in range(count)
        if len(members[cell])
    ]
