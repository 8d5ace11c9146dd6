import pytest

from app.words import NAMES, PROBLEMS
from moderation.models import DecisionKind
from moderation.queries.queue import Tab
from moderation.reasons import RULES
from moderation.rules import SIGNALS

CODES = {
    "rule": {rule.code for rule in RULES},
    "rule_scope": {rule.code for rule in RULES},
    "rule_example": {rule.code for rule in RULES},
    "signal": set(SIGNALS),
    "signal_meaning": set(SIGNALS),
    "decision_kind": {kind.value for kind in DecisionKind},
    "decision_meaning": {kind.value for kind in DecisionKind},
    "queue_tab": {tab.value for tab in Tab},
}


@pytest.mark.parametrize("names", sorted(CODES))
def test_every_code_of_moderation_has_words_and_no_words_are_left_over(names: str) -> None:
    assert set(NAMES[names]) == CODES[names]


@pytest.mark.parametrize(
    "code", ["moderators_only", "own_agency", "own_contribution", "own_flag", "no_change"]
)
def test_every_objection_has_a_sentence(code: str) -> None:
    assert f"decision.{code}" in PROBLEMS
