import numpy as np

from analysis.opinions.grouping import find_groups
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.stability import GroupStability, measure_stability
from analysis.opinions.votes import VoteTable
from tests.analysis.vote_samples import camps, one_crowd

PARAMETERS = OpinionParameters(stability_resamples=4)


def stability_of(votes: VoteTable, labels: list[int], count: int) -> GroupStability:
    return measure_stability(votes, np.array(labels, dtype=np.intp), count, PARAMETERS)


def test_clear_camps_are_stable() -> None:
    votes, members = camps((50, 40))
    found = stability_of(votes, list(members.values()), 2)
    assert found.overall is not None
    assert found.overall > 0.95
    assert min(found.by_group) > 0.95
    assert found.same_count == 1.0
    assert (found.resamples, found.participants) == (4, 90)


def test_groups_drawn_by_lot_are_not_stable() -> None:
    votes = one_crowd(90)
    found = stability_of(votes, [number % 2 for number in range(90)], 2)
    assert found.overall is not None
    assert found.overall < 0.2


def test_one_group_has_no_overall_figure() -> None:
    found = stability_of(one_crowd(60), [0] * 60, 1)
    assert found.overall is None
    assert found.same_count == 1.0
    assert found.by_group == [1.0]


def test_very_many_votes_are_resampled_in_part() -> None:
    votes, members = camps((50, 40))
    few = OpinionParameters(stability_resamples=4, stability_votes=votes.n_votes // 2)
    labels = find_groups(votes, np.array([[c, 0.0] for c in members.values()]), few).labels
    found = measure_stability(votes, labels, 2, few)
    assert found.resamples == 2
    assert 40 <= found.participants <= 50
