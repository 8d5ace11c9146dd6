"""Polis's own method, for comparison: column means for missing votes, PCA, k-means."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.linalg import eigh

from analysis.array_types import BoolArray, FloatArray, IndexArray
from analysis.kmeans import lloyd, squared_distances
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.sampling import sample_rows
from analysis.opinions.votes import VoteTable

#: All from compdemocracy/polis 08e03eb1, `math/src/polismath/math/{conversation,clusters,pca}.clj`.
_BASE_CLUSTERS = 100
_LEAST_PARTICIPANTS = 15
_PARTICIPANTS_PER_GROUP = 12
_MOST_GROUPS = 5
_EXACT_STATEMENTS = 2000
_ROUNDS = 100


@dataclass(frozen=True)
class PolisAxes:
    """The plane that Polis projects on.

    Attributes
    ----------
    components : ndarray of shape (n_statements, 2)
    centre : ndarray of shape (n_statements,)
        Mean vote of each statement (agree +1).
    extremity : ndarray of shape (n_statements,)
        Distance from the centre of someone who only agreed with the statement.
    """

    components: FloatArray
    centre: FloatArray
    extremity: FloatArray


@dataclass(frozen=True)
class PolisMap(PolisAxes):
    """Polis's projection.

    Attributes
    ----------
    points : ndarray of shape (n_participants, 2)
    """

    points: FloatArray


def polis_axes(votes: VoteTable, moderated: BoolArray, parameters: OpinionParameters) -> PolisAxes:
    """Find the plane that Polis projects on.

    A missing vote counts as the statement's mean. Centred, it is zero, so the matrix that is
    analysed stays sparse. A moderated statement counts as zero for everybody, and still in the
    number of statements that scales the projection.

    Parameters
    ----------
    votes : VoteTable
        With the moderated statements.
    moderated : ndarray of shape (n_statements,), dtype=bool
    parameters : OpinionParameters
        For the size of the sample that the axes are computed from.
    """
    agree, disagree, passed = votes.counts()
    seen = np.maximum(agree + disagree + passed, 1)
    centre = np.where(moderated, 0.0, (agree - disagree) / seen)
    rows = sample_rows(votes, parameters.sample_participants, parameters.sample_votes)
    sample = votes.select_participants(rows)
    components = _components(_centred(sample, centre, moderated), parameters.seed)
    single = np.where(moderated, 0.0, 1 - centre)[:, None] * components
    extremity = np.sqrt(votes.n_statements) * np.linalg.norm(single, axis=1)
    return PolisAxes(components, centre, extremity)


def polis_map(votes: VoteTable, moderated: BoolArray, parameters: OpinionParameters) -> PolisMap:
    """Project participants as Polis does; the arguments are those of `polis_axes`."""
    axes = polis_axes(votes, moderated, parameters)
    scale = np.sqrt(votes.n_statements / np.maximum(votes.votes_per_participant, 1))
    points = (_centred(votes, axes.centre, moderated) @ axes.components) * scale[:, None]
    return PolisMap(axes.components, axes.centre, axes.extremity, points)


def polis_included(votes: VoteTable, parameters: OpinionParameters) -> BoolArray:
    """Tell who is grouped: 7 votes (or all there are), and the most active up to 15."""
    number = votes.votes_per_participant
    enough = (number > 0) & (number >= min(parameters.included_votes, votes.n_statements))
    missing = _LEAST_PARTICIPANTS - int(enough.sum())
    if missing > 0:
        others = np.flatnonzero(~enough & (number > 0))
        order = others[np.argsort(-number[others], kind="stable")]
        enough[order[:missing]] = True
    return enough


def polis_groups(points: FloatArray) -> IndexArray:
    """Group points by k-means in two levels, k by silhouette; labels by falling size.

    Without Polis's memory of earlier updates: a cold start, as for a conversation that is read
    from its export.
    """
    if len(points) < 2:
        return np.zeros(len(points), dtype=np.intp)
    base, centres = lloyd(points, _first_distinct(points, _BASE_CLUSTERS))
    weights = np.bincount(base, minlength=len(centres)).astype(float)
    filled = weights > 0
    position = np.cumsum(filled) - 1
    base, centres, weights = position[base], centres[filled], weights[filled]
    most = min(_MOST_GROUPS, 2 + len(centres) // _PARTICIPANTS_PER_GROUP, len(centres))
    best_score, best = -2.0, np.zeros(len(centres), dtype=np.intp)
    for count in range(2, most + 1):
        labels, _ = lloyd(centres, _first_distinct(centres, count), weights=weights)
        score = silhouette(centres, labels)
        if score > best_score:
            best_score, best = score, labels
    return _by_size(best[base])


def silhouette(points: FloatArray, labels: IndexArray) -> float:
    """Return the mean silhouette; a point alone in its cluster scores 0.

    References
    ----------
    Rousseeuw 1987, "Silhouettes: a graphical aid...", section 2.
    """
    distance = np.sqrt(squared_distances(points, points))
    sizes = np.bincount(labels)
    member = np.eye(len(sizes))[labels]
    sums = distance @ member
    own = sizes[labels]
    inside = sums[np.arange(len(points)), labels] / np.maximum(own - 1, 1)
    means = np.where(member > 0, np.inf, sums / np.where(sizes > 0, sizes, 1))
    outside = np.where(sizes[None, :] > 0, means, np.inf).min(1)
    if not np.isfinite(outside).all():
        return -1.0
    larger = np.maximum(inside, outside)
    score = np.where((own > 1) & (larger > 0), (outside - inside) / np.where(larger, larger, 1), 0)
    return float(score.mean())


def _centred(votes: VoteTable, centre: FloatArray, moderated: BoolArray) -> sparse.csr_matrix:
    """Return votes minus their statement's mean, missing ones zero."""
    values = votes.choices - centre[votes.statement_index]
    values[moderated[votes.statement_index]] = 0.0
    shape = (votes.n_participants, votes.n_statements)
    return sparse.csr_matrix((values, votes.statement_index, votes.starts), shape=shape)


def _components(matrix: sparse.csr_matrix, seed: int) -> FloatArray:
    """Return the two leading principal components as columns; longest loading positive."""
    width = matrix.shape[1]
    if width == 0:
        return np.zeros((0, 2))
    if width <= _EXACT_STATEMENTS:
        wanted = (max(width - 2, 0), width - 1)
        leading = eigh((matrix.T @ matrix).toarray(), subset_by_index=wanted)[1][:, ::-1]
    else:
        leading = np.linalg.qr(np.random.default_rng(seed).standard_normal((width, 2)))[0]
        for _ in range(_ROUNDS):
            leading = np.linalg.qr(matrix.T @ (matrix @ leading))[0]
    components = np.zeros((width, 2))
    components[:, : leading.shape[1]] = leading
    longest = components[np.abs(components).argmax(0), np.arange(2)]
    turned: FloatArray = components * np.where(longest < 0, -1.0, 1.0)
    return turned


def _first_distinct(points: FloatArray, count: int) -> FloatArray:
    """Return the first `count` distinct points, in order of appearance."""
    _, first = np.unique(points, axis=0, return_index=True)
    return points[np.sort(first)[:count]]


def _by_size(labels: IndexArray) -> IndexArray:
    """Renumber clusters by falling size, leaving out empty ones."""
    sizes = np.bincount(labels)
    order = [group for group in np.argsort(-sizes, kind="stable").tolist() if sizes[group]]
    new = np.zeros(len(sizes), dtype=np.intp)
    new[order] = np.arange(len(order))
    return new[labels]
