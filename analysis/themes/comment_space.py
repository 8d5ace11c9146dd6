"""The space in which comments of one language are grouped: lexical, with an embedder beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.sparse_rows import Sparse
from analysis.texts.features import (
    Points,
    Vocabulary,
    condensed,
    latent_space,
    smoothing_weight,
    unit,
    vocabulary_of,
    weighted_features,
)
from analysis.texts.parameters import ThemeParameters
from analysis.themes.neighbours import cosine_neighbours, smoothed, space_neighbours


@dataclass(frozen=True)
class Space:
    """Texts of one language as words, as weights and as points, rows in canonical order."""

    vocabulary: Vocabulary
    features: Sparse
    points: Points


def make_space(
    normalised: Sequence[str],
    parameters: ThemeParameters,
    *,
    meanings: Points | None = None,
) -> Space:
    """Build the space of at least two texts.

    The lexical part weighs words and character sequences, reduces them, mixes in the nearest
    neighbours and keeps the strongest directions. The points of an embedder, if there are any,
    are smoothed in the same way and set beside them with equal weight.
    """
    vocabulary = vocabulary_of(normalised, parameters)
    features = weighted_features(vocabulary, parameters)
    weight = smoothing_weight(normalised, parameters)
    reduced = latent_space(features, parameters)
    graph = cosine_neighbours(features, reduced, parameters)
    points = smoothed(reduced, graph, weight, parameters.smoothing_steps)
    points = condensed(points, parameters)
    if meanings is not None:
        near = space_neighbours(meanings, parameters)
        meanings = smoothed(meanings, near, weight, parameters.smoothing_steps)
        points = unit(np.hstack([points, meanings]))
    return Space(vocabulary, features, points)
