import numpy as np

from analysis.opinions.agreement import (
    bridging,
    consensus_order,
    count_by_group,
    dividing_order,
    too_few,
)
from analysis.opinions.ideal_point import fit_ideal_point, locate_participants
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.pipeline import analyse_votes
from analysis.opinions.votes import VoteTable
from tests.analysis.vote_samples import camps, rows_of, table_of

PARAMETERS = OpinionParameters()


def scored(votes: VoteTable) -> dict[str, dict[str, float]]:
    model = fit_ideal_point(votes, PARAMETERS)
    positions = locate_participants(model, votes, PARAMETERS)
    everybody = np.arange(votes.n_participants)
    _, overall = count_by_group(votes, np.zeros_like(everybody), 1, block=50)
    scores = bridging(model, positions, everybody, overall=overall, parameters=PARAMETERS)
    return {
        name: {key: float(values[item]) for key, values in vars(scores).items()}
        for item, name in enumerate(votes.statements)
    }


def with_statement(name: str, choices: dict[str, int]) -> VoteTable:
    votes, _ = camps((40, 40))
    return table_of(rows_of(votes) + [(person, name, choice) for person, choice in choices.items()])


def test_counts_by_group_leave_out_who_has_none_and_do_not_depend_on_blocks() -> None:
    votes = table_of([("a", "x", 1), ("b", "x", -1), ("c", "x", 0), ("c", "y", 1)])
    labels = np.array([0, -1, 1])
    (whole, overall), (parts, _) = (
        count_by_group(votes, labels, 2, block=size) for size in (10, 1)
    )
    assert overall.seen.tolist() == [[3, 1]]
    assert whole.agree.tolist() == parts.agree.tolist() == [[1, 0], [0, 1]]
    assert whole.disagree.tolist() == [[0, 0], [0, 0]]
    assert whole.passed.tolist() == [[0, 0], [1, 0]]


def test_what_everybody_likes_bridges_and_what_one_camp_likes_does_not() -> None:
    _, members = camps((40, 40))
    liked = scored(with_statement("new", dict.fromkeys(members, 1)))["new"]
    split = scored(with_statement("new", {p: 1 - 2 * camp for p, camp in members.items()}))["new"]
    assert liked["agree"] > 0.8
    assert split["agree"] < 0.4
    assert split["divisiveness"] > liked["divisiveness"] + 0.3


def test_the_lower_bound_is_low_for_few_votes() -> None:
    _, members = camps((40, 40))
    few = scored(with_statement("new", dict.fromkeys(list(members)[::20], 1)))["new"]
    many = scored(with_statement("new", dict.fromkeys(members, 1)))["new"]
    assert few["agree_low"] < few["agree"]
    assert few["agree_low"] < many["agree_low"] - 0.2


def test_passes_count_against_bridging_but_not_for_disagreement() -> None:
    _, members = camps((40, 40))
    clear = scored(with_statement("new", dict.fromkeys(members, 1)))["new"]
    halves = {person: place % 2 for place, person in enumerate(members)}
    passed = scored(with_statement("new", halves))["new"]
    assert passed["agree"] < 0.7 * clear["agree"]
    assert passed["disagree"] < 0.2


def test_too_few_is_a_rule_on_the_number_of_votes() -> None:
    seen = np.array([0, PARAMETERS.statement_votes - 1, PARAMETERS.statement_votes])
    assert too_few(seen, PARAMETERS).tolist() == [True, True, False]


def test_consensus_needs_a_lower_bound_above_one_half_and_is_sorted_by_it() -> None:
    low = np.array([0.6, 0.4, 0.9, 0.8])
    eligible = np.array([True, True, True, False])
    assert consensus_order(low, eligible, PARAMETERS) == [2, 0]


def test_a_difference_needs_two_groups_that_surely_differ() -> None:
    low, high = np.array([[0.1, 0.4], [0.6, 0.5]]), np.array([[0.3, 0.6], [0.9, 0.8]])
    eligible = np.ones(2, dtype=bool)
    assert dividing_order(np.array([0.5, 0.9]), (low, high), eligible, PARAMETERS) == [0]
    one = (low[:1], high[:1])
    assert dividing_order(np.array([0.5, 0.9]), one, eligible, PARAMETERS) == []


def test_ninety_percent_intervals_of_found_groups_hold_the_planted_truth() -> None:
    held = []
    for seed in range(6):
        random = np.random.default_rng(seed)
        rates = random.uniform(0.05, 0.95, (2, 60))
        people, items = np.nonzero(random.random((160, 60)) < 0.5)
        choices = np.where(random.random(len(people)) < rates[people // 80, items], 1, -1)
        votes = VoteTable.from_rows(
            [f"{person:03d}" for person in people], [f"{item:02d}" for item in items], choices
        )
        report = analyse_votes(votes, OpinionParameters(stability_resamples=0)).to_dict()
        found = np.array([row["group"] for row in report["participants"]])
        camp_of = [int(np.bincount(np.flatnonzero(found == g) // 80).argmax()) for g in (0, 1)]
        held += [
            group["low"] <= rates[camp_of[group["group"]], int(entry["id"])] <= group["high"]
            for entry in report["statements"]
            for group in entry["by_group"]
        ]
    assert 0.85 <= np.mean(held) <= 0.95
