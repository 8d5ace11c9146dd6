"""The 90 % intervals of group shares hold the planted truth; more kinds are in benchmarks/."""

import numpy as np
import pytest

from benchmarks.votes_intervals import CROWDS, coverage


@pytest.mark.parametrize(
    "name",
    [
        "unbalanced, 140 and 20",
        "four groups",
        "few votes, 8 a person",
        "one group",
    ],
)
def test_intervals_hold_the_truth_in_85_to_95_of_100_cases(name: str) -> None:
    held = np.concatenate([coverage(CROWDS[name], seed)[0] for seed in range(4)])
    assert 0.85 <= held.mean() <= 0.95
