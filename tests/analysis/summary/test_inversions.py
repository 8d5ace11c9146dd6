"""Agree and disagree exchanged in any one place, or everywhere at once, are noticed.

Each test takes a summary that holds, turns one thing round and asks all checks again. The list of
places is made by walking through the reports, so that a new field is tried without a new test.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from analysis.errors import AnalysisError
from analysis.opinions.pipeline import analyse_votes
from analysis.opinions.votes import VoteTable
from analysis.summary import wording
from analysis.summary.checks import check_sentence
from analysis.summary.recount import comment_problems, vote_problems
from analysis.summary.writing import summarise
from analysis.texts.comment_files import CommentTable
from tests.analysis.summary_samples import (
    STATEMENTS,
    comment_table,
    comment_texts,
    opinion_report,
    theme_report,
    votes,
)

SENTENCES = summarise(
    opinion_report(),
    theme_report(),
    statements=STATEMENTS,
    comments=comment_texts(),
    votes=votes(),
    table=comment_table(),
).sentences
CITED = {
    cited["id"]
    for sentence in SENTENCES
    for cited in sentence["evidence"]
    if cited["kind"] == "statement" and sentence["section"] != "too_few"
}
SIDES = {"agree": "disagree", "disagree": "agree"}
#: Shares of one side; the other side's is one minus it.
SHARES = {"p_agree", "low", "high", "p"}
#: Figures of the two sides, which exchange places.
PAIRS = {
    "agree": "disagree",
    "bridging": "bridging_disagree",
    "bridging_low": "bridging_disagree_low",
}
#: Figures of a statement that no sentence repeats and no sentence rests on.
UNCITED = {"bridging"}

Mutation = Callable[[], None]


def noticed(opinions: Any, themes: Any = None, sentences: Any = None) -> bool:
    """Tell whether any check of sentences or of the reports finds something."""
    if vote_problems(opinions, votes()):
        return True
    return any(
        check_sentence(sentence, opinions, themes or theme_report(), comment_texts())
        for sentence in (sentences or SENTENCES)
    )


def inversions(node: Any, path: str = "") -> Iterator[tuple[str, Mutation]]:
    """Yield every place of a report where a side can be turned round, with how to do it."""
    if isinstance(node, dict):
        yield from _of_fields(node, path)
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(value, dict | list):
            yield from inversions(value, f"{path}.{key}")
        elif isinstance(value, float) and path.endswith("p_agree") and abs(value - 0.5) > 1e-6:
            yield f"{path}.{key}", lambda n=node, k=key: n.__setitem__(k, 1 - n[k])


def _of_fields(node: dict[str, Any], path: str) -> Iterator[tuple[str, Mutation]]:
    for one, other in PAIRS.items():
        if one in node and other in node and node[one] != node[other] and one not in UNCITED:
            yield f"{path}.{one}", lambda n=node, a=one, b=other: swap(n, a, b)
    for key, value in node.items():
        if key == "side":
            yield f"{path}.side", lambda n=node: n.update(side=SIDES[n["side"]])
        elif key in SHARES and isinstance(value, float) and abs(value - 0.5) > 1e-6:
            yield f"{path}.{key}", lambda n=node, k=key: n.update({k: 1 - n[k]})


def swap(node: Any, one: str, other: str) -> None:
    node[one], node[other] = node[other], node[one]


def of_cited(report: Any) -> dict[str, Any]:
    """Return the parts of a report that sentences rest on."""
    lists = ("consensus", "differences", "majority")
    consensus = {entry["statement"] for entry in report["consensus"]}
    named = {key: report[key] for key in lists}
    named["statements"] = [entry for entry in report["statements"] if entry["id"] in CITED]
    for entry in named["statements"]:
        if entry["id"] not in consensus:  # only the consensus list rests on these
            entry.pop("bridging_low")
    told = {
        tuple(cited["id"] for cited in sentence["evidence"])
        for sentence in SENTENCES
        if sentence["template"] == "representative"
    }
    named["representative"] = {
        group: [
            entry
            for entry in entries
            if (entry["statement"], group) in told or entry["statement"] in CITED
        ]
        for group, entries in report["representative"].items()
    }
    return named


PLACES = [path for path, _ in inversions(of_cited(deepcopy(opinion_report())))]


def test_the_untouched_summary_holds() -> None:
    assert not noticed(opinion_report())
    assert not comment_problems(theme_report(), comment_table())
    assert len(PLACES) > 80


@pytest.mark.parametrize("path", PLACES)
def test_an_inverted_figure_of_the_votes_is_noticed(path: str) -> None:
    report = deepcopy(opinion_report())
    dict(inversions(of_cited(report)))[path]()
    assert noticed(report), path


SENTENCE_PLACES = [
    (number, path) for number, sentence in enumerate(SENTENCES) for path, _ in inversions(sentence)
]


@pytest.mark.parametrize(("number", "path"), SENTENCE_PLACES)
def test_an_inverted_part_of_a_sentence_is_noticed(number: int, path: str) -> None:
    sentence = deepcopy(SENTENCES[number])
    dict(inversions(sentence))[path]()
    assert noticed(opinion_report(), sentences=[sentence]), path


def mirrored() -> dict[str, Any]:
    """Return the report of the same votes with agree and disagree exchanged, on all places."""
    table = votes()
    turned = VoteTable(
        table.participants, table.statements, table.starts, table.statement_index, -table.choices
    )
    return {**analyse_votes(turned).to_dict(), "input": opinion_report()["input"]}


def test_a_report_that_is_mirrored_everywhere_contradicts_its_votes() -> None:
    assert vote_problems(mirrored(), votes())
    with pytest.raises(AnalysisError, match="other counts"):
        summarise(mirrored(), {}, statements=STATEMENTS, comments={}, votes=votes())


@pytest.mark.parametrize("name", sorted(CITED))
def test_votes_that_are_inverted_contradict_the_report(name: str) -> None:
    table = votes()
    item = table.statements.index(name)
    choices = np.where(table.statement_index == item, -table.choices, table.choices)
    turned = VoteTable(
        table.participants, table.statements, table.starts, table.statement_index, choices
    )
    assert vote_problems(opinion_report(), turned)
    # Even if the digest is ignored, sentences of the old report do not fit the new votes.
    report = analyse_votes(turned).to_dict()
    assert any(
        check_sentence(sentence, report, {}, {})
        for sentence in SENTENCES
        if any(cited["id"] == name for cited in sentence["evidence"])
    )


def test_groups_that_change_places_are_noticed() -> None:
    report = deepcopy(opinion_report())
    for entry in report["statements"]:
        for part in entry["by_group"]:
            part["group"] = 1 - part["group"]
    assert noticed(report)
    report = deepcopy(opinion_report())
    for row in report["participants"]:
        row["group"] = None if row["group"] is None else 1 - row["group"]
    assert noticed(report)


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_other_words_for_the_sides_are_noticed(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = wording.SIDE_WORDS[language]
    assert (
        words
        == {
            "th": {"agree": "เห็นด้วย", "disagree": "ไม่เห็นด้วย"},
            "en": {"agree": "agree", "disagree": "disagree"},
        }[language]
    )
    turned = {"agree": words["disagree"], "disagree": words["agree"]}
    monkeypatch.setitem(wording.SIDE_WORDS, language, turned)
    assert noticed(opinion_report())


def test_the_answer_of_a_quoted_comment_is_checked_against_the_comments() -> None:
    report = deepcopy(theme_report())
    for theme in report["themes"]:
        theme["stance"] = SIDES.get(theme["stance"], "")
        theme["stances"] = {SIDES[stance]: count for stance, count in theme["stances"].items()}
    assert comment_problems(report, comment_table())
    with pytest.raises(AnalysisError, match="answer"):
        summarise({}, report, statements={}, comments=comment_texts(), table=comment_table())


def test_inverted_answers_of_comments_contradict_the_report() -> None:
    table = comment_table()
    turned = CommentTable(
        table.comments, table.texts, tuple(SIDES[s] for s in table.stances), table.authors
    )
    assert comment_problems(theme_report(), turned)


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_an_inverted_rewording_is_noticed(language: str) -> None:
    one, other = ("ไม่เห็นด้วย", "เห็นด้วย") if language == "th" else ("disagree", "agree")
    tried = 0
    for sentence in SENTENCES:
        text = sentence["text"][language]
        turned = text.replace(one, "\0").replace(other, one).replace("\0", other)
        if turned != text:
            tried += 1
            assert noticed(
                opinion_report(), sentences=[{**sentence, "rewording": {language: turned}}]
            )
    assert tried > 5
