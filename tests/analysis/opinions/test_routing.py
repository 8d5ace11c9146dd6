from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.pipeline import analyse_votes
from analysis.opinions.routing import (
    UNSEEN_PRIORITY,
    RoutedStatement,
    choose_next,
    next_statement,
    priorities,
    priorities_of_report,
    routed_statements,
)
from tests.analysis.vote_samples import camps

PARAMETERS = OpinionParameters()
ALWAYS_BY_PRIORITY = OpinionParameters(coverage_votes=0, coverage_share=0.0)


def statement(name: str, seen: int = 30, agree: int = 15) -> RoutedStatement:
    return RoutedStatement(name, agree, 2, seen, 0.5)


def test_nothing_is_left_when_all_are_voted_on() -> None:
    assert next_statement([statement("a")], frozenset({"a"}), participant="p") is None
    assert next_statement([], frozenset(), participant="p") is None


def test_a_statement_voted_on_is_never_shown_again() -> None:
    shown = {
        next_statement([statement("a"), statement("b")], frozenset({"a"}), participant=f"p{n}")
        for n in range(50)
    }
    assert shown == {"b"}


def test_the_same_question_gets_the_same_answer_in_any_order_of_statements() -> None:
    some = [statement(name) for name in "abcdef"]
    first = [next_statement(some, frozenset(), participant=f"p{n}") for n in range(30)]
    again = [next_statement(some[::-1], frozenset(), participant=f"p{n}") for n in range(30)]
    assert first == again
    assert len(set(first)) > 1


def test_another_seed_draws_another_order() -> None:
    some = [statement(name) for name in "abcdef"]
    draws = [
        [
            next_statement(
                some, frozenset(), participant=f"p{n}", parameters=replace(PARAMETERS, seed=seed)
            )
            for n in range(30)
        ]
        for seed in (0, 1)
    ]
    assert draws[0] != draws[1]


def test_a_statement_with_too_few_votes_comes_first() -> None:
    some = [statement("a"), statement("new", seen=1, agree=0), statement("newer", seen=0, agree=0)]
    shown = {next_statement(some, frozenset(), participant=f"p{n}") for n in range(20)}
    assert shown == {"newer"}


def test_draws_follow_polis_priority() -> None:
    some = [statement("low", agree=3), statement("high", agree=27)]
    shown = Counter(
        next_statement(some, frozenset(), participant=f"p{n}", parameters=ALWAYS_BY_PRIORITY)
        for n in range(2000)
    )
    low, high = priorities(some)
    assert shown["high"] / 2000 == pytest.approx(high / (low + high), abs=0.03)


def test_a_statement_about_the_consultation_has_priority_49() -> None:
    assert priorities([RoutedStatement("meta", 1, 1, 50, is_meta=True)]).tolist() == [49.0]


def test_every_statement_gets_seen_even_if_nobody_likes_it() -> None:
    seen = Counter({f"s{number}": 0 for number in range(30)})
    for person in range(40):
        voted: set[str] = set()
        for _ in range(8):
            some = [RoutedStatement(name, 0, count, count) for name, count in seen.items()]
            shown = next_statement(some, frozenset(voted), participant=f"p{person}")
            assert shown is not None
            voted.add(shown)
            seen[shown] += 1
    assert min(seen.values()) >= PARAMETERS.coverage_votes


def test_priorities_of_a_report_are_those_of_its_statements() -> None:
    votes, _ = camps((20, 20))
    report = analyse_votes(votes, OpinionParameters(stability_resamples=0)).to_dict()
    routed = routed_statements(report)
    assert priorities(routed) == pytest.approx(
        [entry["priority"] for entry in report["statements"]], rel=1e-6
    )


def chosen(seen: dict[str, int], known: dict[str, float] | None, voted: set[str] | None = None):
    """Count what two thousand participants are shown."""
    return Counter(
        choose_next(seen, priorities=known, participant=f"p{n}", voted=voted or set())
        for n in range(2000)
    )


def test_without_a_finished_run_all_chances_are_equal() -> None:
    shown = chosen(dict.fromkeys("abcd", 9), None)
    assert min(shown.values()) > 400


def test_a_statement_newer_than_the_run_counts_as_one_that_nobody_has_seen() -> None:
    shown = chosen({"old": 9, "new": 9}, {"old": 3 * UNSEEN_PRIORITY})
    assert shown["old"] / 2000 == pytest.approx(0.9 * 0.75 + 0.1 * 0.5, abs=0.03)
    assert priorities([RoutedStatement("x", 0, 0, 0)]).tolist() == [UNSEEN_PRIORITY]


def test_one_turn_in_ten_goes_to_the_least_seen() -> None:
    shown = chosen({"rare": 20, "usual": 90}, {"rare": 0.0, "usual": 5.0})
    assert shown["rare"] / 2000 == pytest.approx(0.1, abs=0.03)


def test_reloading_the_page_shows_the_same_statement_while_others_vote() -> None:
    known = {"a": 4.0, "b": 2.0, "c": 1.0}
    for person in range(100):
        first = choose_next(
            {"a": 20, "b": 30, "c": 40}, priorities=known, participant=str(person), voted=set()
        )
        later = choose_next(
            {"a": 20, "b": 33, "c": 47}, priorities=known, participant=str(person), voted=set()
        )
        assert first == later


@given(
    st.dictionaries(st.text(max_size=4), st.integers(0, 40), max_size=12),
    st.dictionaries(st.text(max_size=4), st.floats(0, 50), max_size=12),
    st.text(max_size=5),
    st.integers(0, 9),
)
def test_any_state_gives_an_open_statement_whatever_the_order(
    seen: dict[str, int], known: dict[str, float], participant: str, seed: int
) -> None:
    voted = set(list(seen)[::3])
    answers = {
        choose_next(state, priorities=known, participant=participant, voted=voted, seed=seed)
        for state in (seen, dict(reversed(seen.items())))
    }
    (answer,) = answers
    left = {name: count for name, count in seen.items() if name not in voted}
    assert (answer is None) == (not left)
    if left:
        assert answer in left
        if min(left.values()) < PARAMETERS.coverage_votes:
            assert left[str(answer)] == min(left.values())


def test_priorities_of_a_report_come_by_statement() -> None:
    votes, _ = camps((20, 20))
    report = analyse_votes(votes, OpinionParameters(stability_resamples=0)).to_dict()
    found = priorities_of_report(report)
    assert found == pytest.approx({e["id"]: e["priority"] for e in report["statements"]}, rel=1e-6)
    assert priorities_of_report({}) == {}
