"""What a round decides follows from the declared rule and the positions, and from nothing else."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from consultations.group_rules import Count, counted, needed, outcome
from consultations.models import DecisionRule, Position, RoundOutcome

ADOPTED, REFUSED, NO_QUORUM = (
    RoundOutcome.ADOPTED,
    RoundOutcome.NOT_ADOPTED,
    RoundOutcome.NO_QUORUM,
)
QUORUM = st.integers(50, 100)
RULE = st.sampled_from(DecisionRule)
COUNTS = st.lists(st.integers(0, 12), min_size=5, max_size=5).map(
    lambda n: Count(sum(n) or 1, *n[:4])
)


@pytest.mark.parametrize(
    ("rule", "said", "expected"),
    [
        ("consensus", "ccc", ADOPTED),
        ("consensus", "cca", ADOPTED),
        ("consensus", "ccr", REFUSED),
        ("consensus", "aaa", REFUSED),
        ("consent", "crr", ADOPTED),
        ("consent", "cco", REFUSED),
        ("consent", "aaa", REFUSED),
        ("two_thirds", "cco", ADOPTED),
        ("two_thirds", "cooaa", REFUSED),
        ("majority", "rco", ADOPTED),
        ("majority", "co", REFUSED),
        ("majority", "caa", ADOPTED),
        ("majority", "c", NO_QUORUM),
    ],
)
def test_each_rule_means_what_the_charter_says(rule: str, said: str, expected: str) -> None:
    taken = [next(each for each in Position if each.value[0] == letter) for letter in said]
    count = counted(taken, max(3, len(taken)))
    assert outcome(DecisionRule(rule), 50, count) is expected


@given(RULE, QUORUM, COUNTS)
def test_without_a_quorum_nothing_is_decided_and_with_one_something_is(
    rule: DecisionRule, quorum: int, count: Count
) -> None:
    share = Fraction(100 * count.answered, count.eligible)
    is_undecided = outcome(rule, quorum, count) is NO_QUORUM
    assert is_undecided == (share < quorum or not count.answered)
    assert needed(quorum, count.eligible) <= count.eligible


@given(QUORUM, COUNTS)
def test_a_stricter_rule_never_adopts_what_a_milder_one_refuses(quorum: int, count: Count) -> None:
    strict_first = (
        DecisionRule.CONSENSUS,
        DecisionRule.CONSENT,
        DecisionRule.TWO_THIRDS,
        DecisionRule.MAJORITY,
    )
    found = [outcome(rule, quorum, count) is ADOPTED for rule in strict_first]
    assert found == sorted(found)


@given(RULE, QUORUM, COUNTS)
def test_turning_an_objection_into_consent_never_loses_a_proposal(
    rule: DecisionRule, quorum: int, count: Count
) -> None:
    assume(count.objection)
    turned = replace(count, objection=count.objection - 1, consent=count.consent + 1)
    if outcome(rule, quorum, count) is ADOPTED:
        assert outcome(rule, quorum, turned) is ADOPTED


@given(QUORUM, COUNTS)
def test_shares_are_exact_and_who_abstains_takes_no_side(quorum: int, count: Count) -> None:
    assume(outcome(DecisionRule.MAJORITY, quorum, count) is not NO_QUORUM)
    agree, sides = count.consent + count.reservation, count.answered - count.abstain
    share = Fraction(agree, sides) if sides else Fraction(0)
    by_majority = outcome(DecisionRule.MAJORITY, quorum, count) is ADOPTED
    by_two_thirds = outcome(DecisionRule.TWO_THIRDS, quorum, count) is ADOPTED
    assert by_majority == (share > Fraction(1, 2))
    assert by_two_thirds == (share >= Fraction(2, 3))


@given(RULE, QUORUM, COUNTS)
def test_one_objection_stops_consensus_and_consent(
    rule: DecisionRule, quorum: int, count: Count
) -> None:
    if outcome(rule, quorum, count) is ADOPTED and count.objection:
        assert rule in (DecisionRule.TWO_THIRDS, DecisionRule.MAJORITY)
