import numpy as np
import pytest

from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.polis import polis_groups, polis_included, polis_map, silhouette
from tests.analysis.vote_samples import camps, table_of

PARAMETERS = OpinionParameters()


def test_the_projection_equals_that_of_the_table_filled_with_column_means() -> None:
    votes, _ = camps((20, 15), statements=12)
    full = np.full((votes.n_participants, votes.n_statements), np.nan)
    full[votes.participant_index(), votes.statement_index] = votes.choices
    centre = np.nanmean(full, axis=0)
    centred = np.where(np.isnan(full), 0.0, full - centre)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
    scale = np.sqrt(votes.n_statements / votes.votes_per_participant)
    wanted = centred @ axes.T * scale[:, None]
    found = polis_map(votes, np.zeros(12, dtype=bool), PARAMETERS)
    assert np.abs(found.points) == pytest.approx(np.abs(wanted), abs=1e-9)
    single = np.sqrt(12) * (1 - centre)[:, None] * axes.T
    assert found.extremity == pytest.approx(np.linalg.norm(single, axis=1), abs=1e-9)


def test_a_moderated_statement_moves_nobody_but_still_scales() -> None:
    votes, _ = camps((20, 15), statements=12)
    moderated = np.arange(12) == 3
    found = polis_map(votes, moderated, PARAMETERS)
    turned = votes.choices.copy()
    turned[votes.statement_index == 3] *= -1
    other = polis_map(
        type(votes)(
            votes.participants, votes.statements, votes.starts, votes.statement_index, turned
        ),
        moderated,
        PARAMETERS,
    )
    assert np.array_equal(found.points, other.points)
    assert found.extremity[3] == 0.0


def test_seven_votes_include_and_the_most_active_fill_up_to_fifteen() -> None:
    rows = [
        (f"p{person:02d}", f"s{item}", 1) for person in range(20) for item in range(1 + person % 9)
    ]
    votes = table_of(rows)
    included = polis_included(votes, PARAMETERS)
    number = votes.votes_per_participant
    assert included.sum() == 15
    assert number[included].min() >= number[~included].max()
    assert included[number >= 7].all()


def test_two_clouds_are_two_groups_the_larger_first() -> None:
    random = np.random.default_rng(0)
    points = np.vstack([random.normal(size=(30, 2)), random.normal(size=(50, 2)) + 12])
    assert polis_groups(points).tolist() == [1] * 30 + [0] * 50


def test_the_silhouette_matches_a_hand_worked_case() -> None:
    # Points 0, 1 | 10: (10-1)/10, (9-1)/9, and a point alone scores 0.
    points, labels = np.array([[0.0], [1.0], [10.0]]), np.array([0, 0, 1])
    assert silhouette(points, labels) == pytest.approx((0.9 + 8 / 9 + 0) / 3)
