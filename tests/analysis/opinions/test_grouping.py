import numpy as np
import pytest

from analysis.kmeans import kmeans
from analysis.opinions.grouping import Grouping, KeptCount, best_count, find_groups, match_groups
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.stability import adjusted_rand
from analysis.opinions.votes import VoteTable
from tests.analysis.vote_samples import camps, one_crowd

PARAMETERS = OpinionParameters()
Points = np.ndarray[tuple[int, int], np.dtype[np.float64]]


def apart(members: dict[str, int]) -> Points:
    random = np.random.default_rng(0)
    return np.array([[3.0 * camp, 0] for camp in members.values()]) + random.normal(
        size=(len(members), 2)
    )


def three_camps() -> tuple[VoteTable, dict[str, int], Points]:
    votes, members = camps((60, 45, 30))
    return votes, members, apart(members)


def test_planted_groups_are_found_in_number_and_membership() -> None:
    votes, members, points = three_camps()
    found = find_groups(votes, points, PARAMETERS)
    assert found.count == 3
    assert found.chosen_by == "bic"
    truth = np.array(list(members.values()), dtype=np.intp)
    assert adjusted_rand(truth, found.labels) > 0.95


def test_one_crowd_is_one_group() -> None:
    votes = one_crowd(120)
    points = np.random.default_rng(0).normal(size=(120, 2))
    assert find_groups(votes, points, PARAMETERS).count == 1


def test_groups_are_numbered_by_size() -> None:
    votes, _, points = three_camps()
    sizes = find_groups(votes, points, PARAMETERS).sizes()
    assert sizes == sorted(sizes, reverse=True)


def test_nobody_is_put_into_a_group_smaller_than_five() -> None:
    votes, members = camps((60, 4))
    assert min(find_groups(votes, apart(members), PARAMETERS).sizes()) >= 5


def test_fewer_than_ten_participants_are_not_grouped() -> None:
    votes, members = camps((5, 4))
    found = find_groups(votes, apart(members), PARAMETERS)
    assert (found.count, found.chosen_by) == (0, "too few")


def test_an_officer_can_ask_for_a_number_of_groups() -> None:
    votes, _, points = three_camps()
    found = find_groups(votes, points, PARAMETERS, wanted=2)
    assert (found.count, found.chosen_by, found.candidate) == (2, "officer", 3)


@pytest.mark.parametrize(
    ("kept", "count", "chosen_by", "wins"),
    [
        (KeptCount(2, 2, 9, same_votes=False), 2, "kept", 1),
        (KeptCount(2, 3, 2, same_votes=False), 2, "kept", 3),
        (KeptCount(2, 3, 3, same_votes=True), 2, "kept", 3),
        (KeptCount(2, 3, 3, same_votes=False), 3, "bic", 4),
        (KeptCount(3, 3, 1, same_votes=False), 3, "bic", 2),
    ],
)
def test_a_new_number_of_groups_must_win_four_updates_in_a_row(
    kept: KeptCount, count: int, chosen_by: str, wins: int
) -> None:
    votes, _, points = three_camps()
    found = find_groups(votes, points, PARAMETERS, kept=kept)
    assert (found.count, found.chosen_by, found.wins) == (count, chosen_by, wins)


def test_a_last_group_that_adds_little_is_given_up() -> None:
    assert best_count({1: 1000.0, 2: 500.0, 3: 450.0}, 0.15) == 2
    assert best_count({1: 1000.0, 2: 500.0, 3: 300.0}, 0.15) == 3
    assert best_count({1: 1000.0, 2: 1001.0}, 0.15) == 1


def test_membership_adds_up_and_the_label_is_its_largest_part() -> None:
    votes, _, points = three_camps()
    found = find_groups(votes, points, PARAMETERS)
    assert found.membership.sum(1) == pytest.approx(np.ones(135))
    assert np.array_equal(found.membership.argmax(1), found.labels)


def test_whoever_belongs_nowhere_clearly_is_undecided() -> None:
    membership = np.array([[0.59, 0.41], [0.61, 0.39]])
    found = Grouping(np.array([0, 0]), membership, "bic", {}, 2)
    assert found.undecided(PARAMETERS).tolist() == [True, False]


def test_groups_keep_the_numbers_of_the_last_report() -> None:
    membership = np.eye(3)[[0, 0, 1, 1, 2]]
    found = Grouping(np.array([0, 0, 1, 1, 2]), membership, "bic", {}, 3)
    again = match_groups(found, np.array([1, 1, 0, -1, -1]))
    assert again.labels.tolist() == [1, 1, 0, 0, 2]
    assert np.array_equal(again.membership.argmax(1), again.labels)


def test_kmeans_gives_the_same_groups_for_the_same_points() -> None:
    points = np.random.default_rng(0).normal(size=(50, 2))
    first, again = kmeans(points, 3, seed=0)[0], kmeans(points, 3, seed=0)[0]
    assert np.array_equal(first, again)


def test_the_adjusted_rand_index_matches_a_hand_worked_case() -> None:
    # 2x2 table (2, 1; 0, 3): 4 shared pairs, 6 and 7 pairs, 15 in all.
    first, second = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 1, 1])
    assert adjusted_rand(first, second) == pytest.approx((4 - 6 * 7 / 15) / (6.5 - 6 * 7 / 15))
    assert adjusted_rand(first, 1 - first) == 1.0
