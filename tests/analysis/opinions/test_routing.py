from collections import Counter
from dataclasses import replace

import pytest

from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.pipeline import analyse_votes
from analysis.opinions.routing import RoutedStatement, next_statement, priorities, routed_statements
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
