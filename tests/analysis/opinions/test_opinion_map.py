import numpy as np
import pytest

from analysis.opinions.ideal_point import fit_ideal_point, locate_participants
from analysis.opinions.opinion_map import OpinionMap, draw_map, procrustes_rotation
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.votes import VoteTable
from tests.analysis.vote_samples import camps

PARAMETERS = OpinionParameters()
Points = np.ndarray[tuple[int, int], np.dtype[np.float64]]


def mapped(
    votes: VoteTable,
    previous: tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], Points] | None = None,
) -> OpinionMap:
    model = fit_ideal_point(votes, PARAMETERS)
    positions = locate_participants(model, votes, PARAMETERS)
    everybody = np.ones(votes.n_participants, dtype=bool)
    return draw_map(votes, model, positions, everybody, parameters=PARAMETERS, previous=previous)


def test_a_distance_is_the_root_mean_square_difference_of_votes() -> None:
    # Everybody votes on everything, along a single line: nothing is expected, all is counted.
    votes = VoteTable.from_rows(
        [f"p{person:02d}" for person in range(20) for _ in range(8)],
        [f"s{item}" for _ in range(20) for item in range(8)],
        [1 if person < 10 else -1 for person in range(20) for _ in range(8)],
    )
    points = mapped(votes).points
    assert np.linalg.norm(points[0] - points[19]) == pytest.approx(2.0, abs=1e-5)
    assert np.linalg.norm(points[0] - points[9]) == pytest.approx(0.0, abs=1e-5)


def test_camps_stand_apart() -> None:
    votes, members = camps((40, 40))
    points, camp = mapped(votes).points, np.array(list(members.values()))
    gap = np.linalg.norm(points[camp == 0].mean(0) - points[camp == 1].mean(0))
    assert gap > 4 * points[camp == 0].std(0).max()


def test_the_farthest_participant_of_each_axis_is_on_the_positive_side() -> None:
    points = mapped(camps((40, 25, 10))[0]).points
    assert (points.max(0) >= -points.min(0)).all()


def test_a_new_map_is_turned_and_mirrored_to_the_last_one() -> None:
    votes, _ = camps((40, 25, 10))
    fresh = mapped(votes).points
    turn = np.array([[0.0, 1.0], [1.0, 0.0]]) @ np.diag([-1.0, 1.0])
    known = np.arange(votes.n_participants) < 50
    again = mapped(votes, (known, fresh[known] @ turn)).points
    assert again == pytest.approx(fresh @ turn, abs=1e-6)


def test_a_rotation_is_recovered() -> None:
    points = np.random.default_rng(0).normal(size=(10, 2))
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    assert procrustes_rotation(points, points @ turn) == pytest.approx(turn)


def test_an_ellipse_shrinks_with_votes_and_vanishes_when_all_are_cast() -> None:
    votes, _ = camps((40, 40), shown=1.0)
    keep = np.ones(votes.n_votes, dtype=bool)
    keep[votes.starts[0] + 5 : votes.starts[1]] = False
    keep[votes.starts[1] + 20 : votes.starts[2]] = False
    ellipses = mapped(votes.select_votes(keep)).ellipses
    assert ellipses[0, 0] > ellipses[1, 0] > ellipses[2, 0]
    assert ellipses[2, 0] == pytest.approx(0.0, abs=1e-9)
    assert (ellipses[:, 0] >= ellipses[:, 1]).all()


def test_nine_ellipses_in_ten_hold_the_place_after_voting_on_everything() -> None:
    whole, _ = camps((60, 60), shown=1.0, statements=60)
    random = np.random.default_rng(3)
    thin = whole.select_votes(random.random(whole.n_votes) < 0.4)
    model = fit_ideal_point(thin, PARAMETERS)
    everybody = np.ones(whole.n_participants, dtype=bool)
    positions = locate_participants(model, thin, PARAMETERS)
    early = draw_map(thin, model, positions, everybody, parameters=PARAMETERS)
    cast = whole.choices.reshape(whole.n_participants, whole.n_statements).astype(float)
    late = cast @ early.axes / np.sqrt(whole.n_statements)
    moved = late - late.mean(0) - (early.points - early.points.mean(0))
    angle = early.ellipses[:, 2]
    along = moved[:, 0] * np.cos(angle) + moved[:, 1] * np.sin(angle)
    across = -moved[:, 0] * np.sin(angle) + moved[:, 1] * np.cos(angle)
    inside = (along / early.ellipses[:, 0]) ** 2 + (across / early.ellipses[:, 1]) ** 2 <= 1
    assert 0.8 <= inside.mean() <= 0.97
