from dataclasses import replace

import numpy as np
import pytest

from analysis.opinions.ideal_point import (
    IdealPointModel,
    fit_ideal_point,
    locate_participants,
    predict_agreement,
)
from analysis.opinions.ideal_point_scan import (
    bound_weights,
    gather_evidence,
    opinion_block,
    prior_positions,
    statement_moments,
)
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.partitions import LocalEngine
from analysis.opinions.votes import PASS, VoteTable
from tests.analysis.vote_samples import camps, one_crowd, rows_of, table_of

PARAMETERS = OpinionParameters()


def predictions(
    votes: VoteTable, hidden: VoteTable
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    model = fit_ideal_point(votes, PARAMETERS)
    positions = locate_participants(model, votes, PARAMETERS)
    rows, items = hidden.participant_index(), hidden.statement_index.astype(np.intp)
    return predict_agreement(model, positions, rows, items)


def log_loss(chance: np.ndarray[tuple[int], np.dtype[np.float64]], choices: object) -> float:
    return float(-np.log(np.where(np.asarray(choices) > 0, chance, 1 - chance)).mean())


def test_hidden_votes_are_predicted_better_than_by_each_statements_rate() -> None:
    votes, _ = camps((60, 40), statements=40)
    hide = np.random.default_rng(0).random(votes.n_votes) < 0.1
    training = votes.select_votes(~hide)
    hidden = votes.select_votes(hide & (votes.choices != PASS))
    agree, disagree, _ = training.counts()
    rate = ((agree + 1) / (agree + disagree + 2))[hidden.statement_index]
    assert log_loss(predictions(training, hidden), hidden.choices) < 0.8 * log_loss(
        rate, hidden.choices
    )


def test_passes_do_not_move_anybody() -> None:
    votes, _ = camps((20, 20))
    opinions = votes.select_votes(votes.choices != PASS)
    with_passes = locate_participants(fit_ideal_point(votes, PARAMETERS), votes, PARAMETERS)
    without = locate_participants(fit_ideal_point(opinions, PARAMETERS), opinions, PARAMETERS)
    assert np.array_equal(with_passes.mean, without.mean)


def test_turning_every_vote_turns_every_prediction() -> None:
    votes, _ = camps((20, 20))
    turned = replace(votes, choices=-votes.choices)
    chance, opposite = predictions(votes, votes), predictions(turned, turned)
    assert chance == pytest.approx(1 - opposite, abs=1e-9)


def test_what_blocks_tell_about_statements_adds_up() -> None:
    votes, _ = camps((30, 30))
    model = fit_ideal_point(votes, PARAMETERS)
    moments = statement_moments(model.mean, model.covariance)
    prior = np.append(np.ones(PARAMETERS.dimensions), PARAMETERS.inclination_variance)

    def evidence(first: int, last: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        block = opinion_block(votes, first, last)
        told = gather_evidence(block, moments, prior_positions(last - first, prior))
        return np.hstack([told.precision, told.linear])

    assert evidence(0, 25) + evidence(25, 60) == pytest.approx(evidence(0, 60))


def test_dense_and_sparse_scans_give_the_same_weights() -> None:
    votes, _ = camps((30, 30), shown=0.5)
    wide = replace(votes, statements=votes.statements + tuple(f"z{i:04d}" for i in range(2000)))
    model = fit_ideal_point(wide, PARAMETERS)
    moments = statement_moments(model.mean, model.covariance)
    positions = locate_participants(model, wide, PARAMETERS)
    sparse = bound_weights(opinion_block(wide, 0, 60), moments, positions)
    narrow = statement_moments(model.mean[:40], model.covariance[:40])
    dense = bound_weights(opinion_block(votes, 0, 60), narrow, positions)
    assert sparse == pytest.approx(dense)


def test_blocks_and_threads_change_nothing() -> None:
    votes, _ = camps((30, 30))
    small = replace(PARAMETERS, block_participants=7)
    alone = fit_ideal_point(votes, small, engine=LocalEngine(1))
    threads = fit_ideal_point(votes, small, engine=LocalEngine(4))
    assert np.array_equal(alone.mean, threads.mean)
    assert alone.mean == pytest.approx(fit_ideal_point(votes, PARAMETERS).mean, abs=1e-9)


def test_somebody_new_is_placed_by_their_own_votes_alone() -> None:
    votes, _ = camps((30, 30))
    model = fit_ideal_point(votes, PARAMETERS)
    everybody = locate_participants(model, votes, PARAMETERS)
    alone = locate_participants(model, votes.select_participants(np.array([17])), PARAMETERS)
    assert alone.mean[0] == pytest.approx(everybody.mean[17], abs=1e-9)


def test_a_sample_is_fitted_when_there_are_many_and_everybody_is_placed() -> None:
    votes, _ = camps((60, 60))
    few = replace(PARAMETERS, sample_participants=80)
    model = fit_ideal_point(votes, few)
    assert locate_participants(model, votes, few).mean.shape == (120, PARAMETERS.dimensions + 1)
    sample = votes.select_participants(np.arange(80) * 120 // 80)
    assert np.array_equal(model.mean, fit_ideal_point(sample, PARAMETERS).mean)


def test_a_dead_axis_is_checked_from_a_second_start() -> None:
    crowd = fit_ideal_point(one_crowd(40, statements=12), replace(PARAMETERS, passes=200))
    camp = fit_ideal_point(camps((40, 40, 40))[0], replace(PARAMETERS, dimensions=1))
    assert crowd.axis_sizes()[-1] >= PARAMETERS.dead_axis or crowd.second_start
    assert not camp.second_start
    nothing = table_of([(f"p{i}", f"s{j}", 1) for i in range(20) for j in range(8)])
    assert fit_ideal_point(nothing, PARAMETERS).second_start


def test_uncertainty_shrinks_with_votes() -> None:
    votes, _ = camps((40, 40))
    model = fit_ideal_point(votes, PARAMETERS)
    few = table_of(rows_of(votes)[:2])
    thin = VoteTable(
        few.participants, votes.statements, few.starts, few.statement_index, few.choices
    )
    thick = votes.select_participants(np.array([0]))
    spread = [
        float(np.trace(locate_participants(model, table, PARAMETERS).covariance[0]))
        for table in (thin, thick)
    ]
    assert spread[0] > spread[1]


def test_a_prediction_is_pulled_to_one_half_by_uncertainty() -> None:
    mean, zero = np.array([[1.0, 2.0]]), np.zeros((1, 2, 2))
    sure = IdealPointModel(mean, zero, 0.0, 1.0)
    unsure = IdealPointModel(mean, zero + 4 * np.eye(2), 0.0, 1.0)
    positions = prior_positions(1, np.array([1e-12, 1e-12]))
    only = np.array([0], dtype=np.intp)
    one, other = (predict_agreement(model, positions, only, only)[0] for model in (sure, unsure))
    assert one == pytest.approx(1 / (1 + np.exp(-2)))
    assert 0.5 < other < one
