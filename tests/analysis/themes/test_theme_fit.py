"""Grouping of points: k-means on the sphere, weak fits, second themes, small voices."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.texts.features import unit
from analysis.texts.parameters import ThemeParameters
from analysis.themes.partition import fit_themes, siblings
from analysis.themes.spherical import cluster, means, refine

PARAMETERS = ThemeParameters()


def bundle(direction, count, spread, seed):
    source = np.random.default_rng(seed)
    noise = source.normal(scale=spread, size=(count, len(direction)))
    return unit(np.asarray(direction, dtype=float) + noise)


def axes(count, size=6):
    return np.eye(size)[:count]


def fit_of(points, count, **changes):
    parameters = replace(PARAMETERS, **changes)
    return fit_themes(points, np.ones(len(points), dtype=np.intp), count, parameters)


def clustered(points, count):
    return cluster(points, count, starts=5, rounds=50, seed=0)


def test_planted_bundles_are_found_largest_first():
    sizes = (5, 20, 10)
    points = np.vstack(
        [bundle(axis, n, 0.05, i) for i, (axis, n) in enumerate(zip(axes(3), sizes, strict=True))]
    )
    found = clustered(points, 3)
    assert found.labels.tolist() == [2] * 5 + [0] * 20 + [1] * 10
    assert found.fit > 0.95


@pytest.mark.parametrize("count", [1, 4])
def test_equal_points_make_one_cluster(count):
    found = clustered(np.tile(unit(np.ones((1, 3))), (10, 1)), count)
    assert found.labels.tolist() == [0] * 10
    assert len(found.centres) == 1


def test_texts_without_a_point_are_grouped_too():
    points = np.vstack([np.zeros((3, 6)), bundle(axes(1)[0], 5, 0.05, 0)]).astype(np.float32)
    found = clustered(points, 2)
    assert len(found.labels) == 8
    assert np.isfinite(found.fit)


def test_means_are_directions_and_zero_for_nobody():
    points = unit(np.array([[1.0, 0.0], [0.0, 1.0]]))
    middles = means(points, np.array([0, 0]), 2)
    assert np.allclose(middles, [[np.sqrt(0.5), np.sqrt(0.5)], [0, 0]])


def test_a_point_stays_home_unless_another_centre_is_clearly_nearer():
    centres = unit(np.array([[1.0, 0.0], [0.0, 1.0]]))
    points = unit(np.array([[1.0, 0.0], [0.0, 1.0], [0.70, 0.72]]))
    home = np.array([0, 1, 0])
    assert refine(points, centres, 1, home=home, lead=0.1).labels[2] == 0
    labels = refine(points, centres, 1).labels
    assert labels[2] == labels[1]


def test_a_text_between_two_themes_is_weak_and_names_the_second():
    points = np.vstack(
        [bundle(axis, 200, 0.02, i) for i, axis in enumerate(axes(2))]
        + [unit(np.array([[1.0, 0.995, 0, 0, 0, 0]]))]
    )
    fit = fit_of(points, 2)
    assert np.flatnonzero(fit.weak).tolist() == [400]
    assert fit.second[400] == 1 - fit.labels[400]
    assert (fit.second[:400] == -1).all()


def test_a_text_far_from_everything_is_weak():
    stray = np.zeros((1, 6))
    stray[0, 5] = 1
    points = np.vstack(
        [bundle(axis, 15, 0.02, i) for i, axis in enumerate(axes(2))] + [unit(stray)]
    )
    assert np.flatnonzero(fit_of(points, 2).weak).tolist() == [30]


def test_a_small_tight_group_far_from_its_theme_is_promoted():
    main = [bundle(axis, 30, 0.25, i) for i, axis in enumerate(axes(2))]
    voice = bundle(axes(1)[0] + 0.9 * np.eye(6)[4], 4, 0.01, 9)
    points = np.vstack([*main, voice])
    fit = fit_of(points, 2)
    held = {tuple(np.flatnonzero(fit.sub_labels == sub)) for sub in fit.promoted}
    assert any({60, 61, 62, 63} <= set(group) for group in held)


def test_too_few_people_are_not_promoted():
    main = [bundle(axis, 30, 0.25, i) for i, axis in enumerate(axes(2))]
    points = np.vstack([*main, bundle(axes(1)[0] + 0.9 * np.eye(6)[4], 4, 0.01, 9)])
    assert fit_of(points, 2, fewest_for_minority=50).promoted == ()


def test_sub_themes_lie_inside_their_theme():
    points = np.vstack([bundle(axis, 20, 0.2, i) for i, axis in enumerate(axes(4))])
    fit = fit_of(points, 4)
    parents = {(sub, theme) for sub, theme in zip(fit.sub_labels, fit.labels, strict=True)}
    assert len(parents) == fit.sub_labels.max() + 1
    assert fit.sub_labels.max() + 1 > 4


def test_siblings_are_each_others_nearest():
    first = unit(np.array([[1.0, 0.1], [1.0, 0.3]]))
    second = unit(np.array([[1.0, 0.1], [-1.0, 0.0]]))
    assert siblings(first, second, PARAMETERS) == [(0, 0)]
