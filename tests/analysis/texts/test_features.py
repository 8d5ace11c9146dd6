"""Weights, neighbours and labels, against cases worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.sparse_rows import dense, sparse_rows
from analysis.texts.features import (
    canonical_order,
    character_counts,
    condensed,
    latent_space,
    tf_idf,
    unit,
    vocabulary_of,
    weighted_features,
    without_boilerplate,
)
from analysis.texts.normalising import normalise
from analysis.texts.parameters import ThemeParameters
from analysis.themes.labels import FILLERS, label_terms
from analysis.themes.neighbours import cosine_neighbours, smoothed, space_neighbours
from tests.analysis.text_samples import ENGLISH, THAI, comments_on

PARAMETERS = ThemeParameters()
TEXTS, SUBJECTS = comments_on(ENGLISH)
VOCABULARY = vocabulary_of(TEXTS, PARAMETERS)


def test_weights_follow_the_formula():
    counts = sparse_rows([2.0, 1.0, 1.0, 1.0], [0, 0, 1, 2], [0, 1, 1, 2], (4, 3))
    weights = dense(tf_idf(counts, 1, 10, PARAMETERS))
    first = (1 + np.log(2)) * (1 + np.log(5 / 2))
    second = 1 + np.log(5 / 3)
    length = np.hypot(first, second)
    assert weights[0] == pytest.approx([first / length, second / length, 0], rel=1e-6)
    assert weights[3].tolist() == [0, 0, 0]


def test_rare_and_common_features_are_dropped_then_the_least_frequent():
    counts = sparse_rows(
        np.ones(9), [0, 1, 2, 3, 0, 1, 0, 2, 3], [0, 0, 0, 0, 1, 1, 2, 3, 3], (4, 4)
    )
    assert tf_idf(counts, 2, 10, PARAMETERS).shape[1] == 2
    assert tf_idf(counts, 2, 1, PARAMETERS).shape[1] == 1


def test_sequences_stay_inside_words():
    counts = character_counts(["ab cd", "ab", "cd", ""], PARAMETERS)
    assert counts.sum(axis=1).tolist() == [6, 3, 3, 0]
    assert np.array_equal(dense(counts[[0]]), dense(counts[[1]]) + dense(counts[[2]]))


def test_the_order_is_that_of_the_text_and_then_of_the_id():
    order = canonical_order(["b", "a", "c"], ["x", "x", "y"])
    names = ["bac"[place] for place in order]
    assert names.index("a") < names.index("b")
    turned = canonical_order(["c", "b", "a"], ["y", "x", "x"])
    assert ["cba"[place] for place in turned] == names


def test_form_wording_is_left_out():
    tokens = [["name", "of", "the", "street", word] for word in ("oak", "elm")] * 20
    tokens += [["my", "own", "words", "here", "only"]]
    assert without_boilerplate(tokens, PARAMETERS)[:2] == [["oak"], ["elm"]]
    assert without_boilerplate(tokens, PARAMETERS)[-1] == tokens[-1]


def test_neighbours_speak_of_the_same_subject():
    features = weighted_features(VOCABULARY, PARAMETERS)
    graph = cosine_neighbours(features, latent_space(features, PARAMETERS), PARAMETERS).tocoo()
    rows, columns = graph.coords
    strong = graph.data > 0.1
    same = [SUBJECTS[r] == SUBJECTS[c] for r, c in zip(rows[strong], columns[strong], strict=True)]
    assert np.mean(same) > 0.95
    assert (rows != columns).all()


def test_searching_cells_finds_nearly_all_neighbours():
    source = np.random.default_rng(0)
    centres = source.normal(size=(30, 10))
    points = unit(centres[source.integers(30, size=900)] + 0.3 * source.normal(size=(900, 10)))
    exact = space_neighbours(points, PARAMETERS) > 0
    near = space_neighbours(points, replace(PARAMETERS, exact_neighbours=100)) > 0
    assert exact.multiply(near).sum() > 0.9 * exact.sum()


def test_smoothing_draws_neighbours_together_and_leaves_the_lonely():
    points = unit(np.array([[1.0, 0.2, 0], [1.0, -0.2, 0], [0, 0, 1.0]]))
    graph = sparse_rows(np.ones(2, dtype=np.float32), [0, 1], [1, 0], (3, 3))
    moved = smoothed(points, graph, 0.4, 1)
    assert moved[0] @ moved[1] > points[0] @ points[1]
    assert np.allclose(moved[2], points[2])


def test_condensing_keeps_cosines_when_nothing_is_lost():
    points = unit(np.random.default_rng(1).normal(size=(20, 8)))
    flat = np.hstack([points, np.zeros((20, 60), dtype=np.float32)])
    kept = condensed(flat, PARAMETERS)
    assert kept.shape[1] == PARAMETERS.final_dimensions
    assert np.allclose(kept @ kept.T, points @ points.T, atol=1e-4)


def test_no_word_at_all_is_no_obstacle():
    empty = vocabulary_of(["123 456", "789 000"], PARAMETERS)
    assert empty.terms == ()
    features = weighted_features(empty, PARAMETERS)
    assert latent_space(features, PARAMETERS).shape[0] == 2
    assert label_terms(empty, np.array([0, 1]), PARAMETERS) == [[], []]


def test_labels_are_words_of_the_subject_and_never_shared():
    names = sorted(set(SUBJECTS))
    labels = np.array([names.index(subject) for subject in SUBJECTS])
    found = label_terms(VOCABULARY, labels, PARAMETERS)
    flat = [term for terms in found for term in terms]
    assert len(flat) == len(set(flat))
    for name, terms in zip(names, found, strict=True):
        wording = " ".join(ENGLISH[name])
        assert terms
        assert all(term in wording for term in terms)


def test_titles_and_fillers_give_no_label():
    texts, subjects = comments_on(THAI)
    vocabulary = vocabulary_of([normalise(text) for text in texts], PARAMETERS)
    labels = np.array([sorted(THAI).index(subject) for subject in subjects])
    plain = {t for terms in label_terms(vocabulary, labels, PARAMETERS) for t in terms}
    titled = label_terms(vocabulary, labels, PARAMETERS, title="เรื่องขยะ")
    assert "ขยะ" in plain
    assert "ขยะ" not in {t for terms in titled for t in terms}
    assert not plain & FILLERS
