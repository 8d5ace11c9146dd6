"""Themes among points: how many, which texts, sub-themes, weak fits and small distinct voices."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.texts.parameters import ThemeParameters
from analysis.themes.spherical import Clustering, Labels, Points, cluster, means, refine

Mask = NDArray[np.bool_]

_ALWAYS = np.float32(4.0)  # more than any two cosines differ: such a text stays where it is


@dataclass(frozen=True)
class ThemeFit:
    """Which theme and sub-theme each text belongs to, and how well it fits.

    Attributes
    ----------
    labels : ndarray of shape (n_texts,), dtype=intp
        Theme, 0 to n_themes - 1.
    sub_labels : ndarray of shape (n_texts,), dtype=intp
        Sub-theme, numbered through all themes; every sub-theme lies inside one theme.
    second : ndarray of shape (n_texts,), dtype=intp
        A second theme that fits nearly as well, -1 for none.
    weak : ndarray of shape (n_texts,), dtype=bool
        Texts that fit their theme badly or hardly better than another.
    promoted : tuple of int
        Sub-themes that are small but distinct.
    centres : ndarray of shape (n_themes, n_dimensions), dtype=float32
        Unit mean of each theme.
    """

    labels: Labels
    sub_labels: Labels
    second: Labels
    weak: Mask
    promoted: tuple[int, ...]
    centres: Points


def number_of_themes(texts: int, parameters: ThemeParameters) -> int:
    """Return the number of themes for so many unique texts: ``round(sqrt(n / 2))``, clipped.

    Silhouette and stability chose worse numbers on every labelled set; the rule did as well as
    the number that people had chosen (docs/methods-texts.md).
    """
    small = texts < parameters.small
    most = parameters.most_themes_small if small else parameters.most_themes
    return int(np.clip(round(float(np.sqrt(texts / 2))), parameters.fewest_themes, most))


def shared_number(sizes: Sequence[int], parameters: ThemeParameters) -> list[int]:
    """Share the number of themes among the answers to a closed question.

    Each answer gets a part in proportion to the square root of its size, so that a small side
    is not reduced to a single theme; an answer never gets more themes than a quarter of its
    texts, nor fewer than one.
    """
    total = number_of_themes(sum(sizes), parameters)
    roots = np.sqrt(np.asarray(sizes, dtype=np.float64))
    wanted = np.round(total * roots / roots.sum()).astype(int)
    return [max(1, min(int(part), size // 4)) for part, size in zip(wanted, sizes, strict=True)]


def fit_themes(
    points: Points,
    people: NDArray[np.intp],
    count: int,
    parameters: ThemeParameters,
    *,
    start: Labels | None = None,
    pinned: Labels | None = None,
) -> ThemeFit:
    """Group texts into themes and sub-themes.

    Parameters
    ----------
    points : ndarray of shape (n_texts, n_dimensions), dtype=float32
        Unit rows in canonical order; n_texts >= 1.
    people : ndarray of shape (n_texts,), dtype=intp
        How many people sent each text.
    count : int
        Number of themes wanted; fewer when there are fewer distinct points.
    start : ndarray of shape (n_texts,), dtype=intp, optional
        Theme of each text in the previous run, -1 for new texts; themes then start there and
        move only a few rounds.
    pinned : ndarray of shape (n_texts,), dtype=intp, optional
        Which texts an official has fixed together, -1 for the others; with ``start`` they are
        texts that have one. They never part, and never meet those of another number.
    """
    held = np.full(len(points), -1, dtype=np.intp) if pinned is None else pinned
    themes = _themes(points, count, parameters, start, held)
    sub_labels = _sub_themes(points, themes, parameters)
    similar = points @ themes.centres.T
    weak, second = _doubts(similar, themes.labels, parameters)
    promoted = _promoted(points, themes, sub_labels, people, parameters)
    return ThemeFit(themes.labels, sub_labels, second, weak, promoted, themes.centres)


def siblings(first: Points, second: Points, parameters: ThemeParameters) -> list[tuple[int, int]]:
    """Return the pairs of themes of two answers that speak of the same subject.

    A pair is near enough and each is the nearest of the other.
    """
    similar = first @ second.T
    near = similar >= parameters.sibling_similarity
    near &= similar == similar.max(axis=1, keepdims=True)
    near &= similar == similar.max(axis=0, keepdims=True)
    return [(int(one), int(other)) for one, other in np.argwhere(near)]


def _themes(
    points: Points, count: int, parameters: ThemeParameters, start: Labels | None, pinned: Labels
) -> Clustering:
    fixed = pinned >= 0
    if start is not None and (start >= 0).any():
        lead = np.where(fixed, _ALWAYS, np.float32(parameters.stay_margin))
        return _refined(points, start, lead, parameters.rounds_warm)
    many = len(points) > parameters.many
    starts = parameters.starts_large if many else parameters.starts
    free = np.flatnonzero(~fixed)
    if len(free) == len(points):
        return cluster(points, count, starts=starts, rounds=parameters.rounds, seed=parameters.seed)
    home = pinned.copy()
    wanted = count - len(np.unique(pinned[fixed]))
    if wanted > 0 and len(free):
        found = cluster(
            points[free], wanted, starts=starts, rounds=parameters.rounds, seed=parameters.seed
        )
        home[free] = pinned.max() + 1 + found.labels
    return _refined(points, home, np.where(fixed, _ALWAYS, np.float32(0)), parameters.rounds)


def _refined(points: Points, start: Labels, lead: Points, rounds: int) -> Clustering:
    """Move the themes that some texts start in; texts without one join the nearest."""
    known = start >= 0
    _, dense = np.unique(start[known], return_inverse=True)
    home = np.full(len(points), -1, dtype=np.intp)
    home[known] = dense
    centres = means(points[known], home[known], int(dense.max()) + 1)
    return refine(points, centres, rounds, home=home, lead=lead)


def _sub_themes(points: Points, themes: Clustering, parameters: ThemeParameters) -> Labels:
    wanted = parameters.sub_themes * len(themes.centres)
    sub_labels = np.empty(len(points), dtype=np.intp)
    used = 0
    for theme in range(len(themes.centres)):
        members = np.flatnonzero(themes.labels == theme)
        count = int(np.clip(round(wanted * len(members) / len(points)), 1, len(members)))
        made = cluster(
            points[members],
            count,
            starts=parameters.starts_large,
            rounds=parameters.rounds,
            seed=parameters.seed,
        )
        sub_labels[members] = used + made.labels
        used += len(made.centres)
    return sub_labels


def _doubts(similar: Points, labels: Labels, parameters: ThemeParameters) -> tuple[Mask, Labels]:
    """Tell which texts fit weakly, and name the second theme where it is nearly as near."""
    rows = np.arange(len(labels))
    own = similar[rows, labels]
    lowest = np.quantile(own, parameters.weak_share)
    weak = (own < parameters.weak_similarity) & (own <= lowest)
    second = np.full(len(labels), -1, dtype=np.intp)
    if similar.shape[1] > 1:
        others = similar.copy()
        others[rows, labels] = -np.inf
        lead = own - others.max(axis=1)
        close = lead < parameters.second_margin
        second[close] = others.argmax(axis=1)[close]
        weak |= lead < parameters.weak_margin
    return weak, second


def _promoted(
    points: Points,
    themes: Clustering,
    sub_labels: Labels,
    people: NDArray[np.intp],
    parameters: ThemeParameters,
) -> tuple[int, ...]:
    """Return the sub-themes that are tight and lie far from the centre of their theme."""
    count = int(sub_labels.max()) + 1
    centres = means(points, sub_labels, count)
    cosines = np.einsum("ij,ij->i", points, centres[sub_labels])
    sizes = np.bincount(sub_labels, minlength=count)
    tight = np.bincount(sub_labels, weights=cosines, minlength=count) / sizes
    parents = np.empty(count, dtype=np.intp)
    parents[sub_labels] = themes.labels
    distance = np.einsum("ij,ij->i", centres, themes.centres[parents])
    heard = np.bincount(sub_labels, weights=people, minlength=count)
    eligible = heard >= parameters.fewest_for_minority
    if not eligible.any():
        return ()
    lowest = np.quantile(distance[eligible], parameters.minority_share, method="lower")
    distinct = eligible & (tight >= parameters.minority_tightness) & (distance <= lowest)
    alone = np.bincount(parents, minlength=len(themes.centres))[parents] == 1
    return tuple(int(number) for number in np.flatnonzero(distinct & ~alone))
