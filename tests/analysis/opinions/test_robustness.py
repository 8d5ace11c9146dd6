import numpy as np
import pytest

from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.pipeline import analyse_votes
from analysis.opinions.robustness import ALL_AGREE, ALL_DISAGREE, IDENTICAL, find_coordination
from analysis.opinions.votes import VoteTable
from tests.analysis.vote_samples import Rows, camps, rows_of, table_of

PARAMETERS = OpinionParameters()


def joined_by(kind: str, number: int = 12, shown: float = 0.8) -> VoteTable:
    """Two honest camps and a number of voters who follow a script."""
    votes, _ = camps((60, 50), clear=0.8)
    random = np.random.default_rng(7)
    script = {
        ALL_AGREE: np.ones(40, dtype=int),
        ALL_DISAGREE: -np.ones(40, dtype=int),
        IDENTICAL: random.choice([-1, 1], 40),
    }[kind]
    rows: Rows = rows_of(votes)
    for copy in range(number):
        seen = np.flatnonzero(random.random(40) < shown).tolist()
        rows += [(f"z{copy:02d}", f"s{item:02d}", int(script[item])) for item in seen]
    return table_of(rows)


@pytest.mark.parametrize("kind", [ALL_AGREE, ALL_DISAGREE, IDENTICAL])
def test_voters_who_follow_a_script_are_flagged_and_nobody_else(kind: str) -> None:
    votes = joined_by(kind)
    flags = find_coordination(votes, PARAMETERS)
    assert [flag.kind for flag in flags] == [kind]
    names = [votes.participants[row] for row in flags[0].rows]
    assert len(names) >= 10
    assert all(name.startswith("z") for name in names)


def test_honest_camps_are_not_flagged() -> None:
    for clear in (0.7, 0.85, 0.97):
        votes, _ = camps((80, 60), clear=clear)
        assert find_coordination(votes, PARAMETERS) == []


def test_two_of_a_kind_are_no_campaign() -> None:
    assert find_coordination(joined_by(IDENTICAL, number=2), PARAMETERS) == []


def test_passing_on_everything_is_not_coordination() -> None:
    votes, _ = camps((40, 40))
    rows = rows_of(votes) + [(f"z{n}", f"s{item:02d}", 0) for n in range(9) for item in range(40)]
    assert find_coordination(table_of(rows), PARAMETERS) == []


def test_in_large_tables_wholly_identical_votes_are_still_found() -> None:
    few = OpinionParameters(flag_pairs=10)
    flags = find_coordination(joined_by(IDENTICAL, shown=1.1), few)
    assert [len(flag.rows) for flag in flags] == [12]


def test_the_report_shows_the_consensus_with_and_without_the_flagged() -> None:
    votes = joined_by(ALL_DISAGREE, number=30)
    report = analyse_votes(votes, OpinionParameters(stability_resamples=0)).to_dict()
    honest = votes.select_participants(
        np.array([not name.startswith("z") for name in votes.participants])
    )
    alone = analyse_votes(honest, OpinionParameters(stability_resamples=0)).to_dict()
    assert report["flags"][0]["kind"] == ALL_DISAGREE
    assert len(report["participants"]) == 140
    assert report["consensus_without_flagged"] == alone["consensus"]
    assert report["consensus_without_flagged"] != report["consensus"]
