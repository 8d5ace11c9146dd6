import numpy as np
import pytest

from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.polis_statistics import (
    GroupCounts,
    group_aware_consensus,
    majority_statements,
    representative_statements,
    representativeness,
    statement_priority,
)

THRESHOLD = OpinionParameters().significance


def group_counts(
    agree: list[list[int]], disagree: list[list[int]], seen: list[list[int]]
) -> GroupCounts:
    return GroupCounts(*(np.array(part, dtype=np.int64) for part in (agree, disagree, seen)))


def two_groups() -> GroupCounts:
    """Statement 0 splits the groups, 1 is liked by all, 2 is disliked by group 1, 3 is unseen."""
    return group_counts(
        [[8, 9, 5, 0], [2, 9, 1, 0]],
        [[1, 0, 4, 0], [6, 0, 8, 0]],
        [[10, 10, 10, 0], [10, 10, 10, 0]],
    )


def test_group_aware_consensus_is_the_product_of_smoothed_shares() -> None:
    expected = [9 / 12 * 3 / 12, 10 / 12 * 10 / 12, 6 / 12 * 2 / 12, 1 / 4]
    assert group_aware_consensus(two_groups()).tolist() == expected


def test_representativeness_matches_a_hand_worked_case() -> None:
    table = representativeness(two_groups())
    assert table.agree_share[0, 0] == 9 / 12
    assert table.agree_ratio[0, 0] == pytest.approx((9 / 12) / (3 / 12))
    assert table.disagree_ratio[1, 0] == pytest.approx((7 / 12) / (2 / 12))
    assert table.agree_test[0, 0] == pytest.approx(2.1105794120, abs=1e-9)
    assert table.agree_ratio_test[0, 0] == pytest.approx(2.5690465157, abs=1e-9)
    assert table.agrees[:, 0].tolist() == [True, False]
    metric = 3 * 2.5690465157 * 0.75 * 2.1105794120
    assert table.metric[0, 0] == pytest.approx(metric, abs=1e-6)


def test_priority_matches_a_hand_worked_case() -> None:
    # ((1 - 4/32) * (0.5 + 1) * 21/32 * (1 + 8 * 2^-6))^2
    value = statement_priority(np.array([20]), np.array([3]), np.array([30]), np.array([0.5]))
    assert value[0] == pytest.approx(0.9389496445655823, rel=1e-12)


def test_priority_falls_with_passes_and_rises_with_novelty_agreement_and_extremity() -> None:
    base = {"agree": 10, "passed": 2, "seen": 20, "extremity": 0.2}

    def priority(**changes: float) -> float:
        values = {**base, **changes}
        return float(
            statement_priority(
                np.array([int(values["agree"])]),
                np.array([int(values["passed"])]),
                np.array([int(values["seen"])]),
                np.array([values["extremity"]]),
            )[0]
        )

    assert priority(passed=8) < priority()
    assert priority(agree=15) > priority()
    assert priority(extremity=1.0) > priority()
    assert priority(agree=5, passed=1, seen=10) > priority()


def test_representative_statements_put_the_best_agree_first_and_agrees_before_disagrees() -> None:
    counts = two_groups()
    table = representativeness(counts)
    everything = np.ones(4, dtype=bool)

    def chosen(group: int, length: int = 5) -> list[int]:
        return representative_statements(
            table, counts, group, eligible=everything, threshold=THRESHOLD, length=length
        )

    assert chosen(0) == [0]
    assert chosen(1) == [1, 2]
    assert chosen(1, 1) == [1]


def test_a_group_without_a_significant_statement_gets_its_best_one() -> None:
    counts = group_counts([[1, 0], [1, 0]], [[1, 2], [1, 1]], [[2, 2], [2, 2]])
    table = representativeness(counts)
    found = representative_statements(
        table, counts, 0, eligible=np.ones(2, dtype=bool), threshold=THRESHOLD, length=5
    )
    assert found == [1]


def test_statements_that_may_not_be_listed_are_not() -> None:
    counts = two_groups()
    table = representativeness(counts)
    eligible = np.array([False, True, True, True])
    found = representative_statements(
        table, counts, 0, eligible=eligible, threshold=THRESHOLD, length=5
    )
    assert 0 not in found


def test_majority_lists_need_a_significant_majority_of_everybody() -> None:
    counts = group_counts([[18, 10, 1, 2]], [[1, 10, 17, 0]], [[20, 20, 20, 2]])
    lists = majority_statements(
        counts, eligible=np.ones(4, dtype=bool), threshold=THRESHOLD, length=5
    )
    assert lists == {"agree": [0, 3], "disagree": [2]}
