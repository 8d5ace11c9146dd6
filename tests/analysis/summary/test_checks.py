"""Inverting agree and disagree, moving a figure or changing a word must be noticed."""

from copy import deepcopy

import pytest

from analysis.summary.checks import check_sentence, statement_problems
from analysis.summary.facts import Reports
from analysis.summary.writing import summarise
from tests.analysis.summary_samples import (
    STATEMENTS,
    comment_texts,
    opinion_report,
    theme_report,
)

SENTENCES = summarise(
    opinion_report(), theme_report(), statements=STATEMENTS, comments=comment_texts()
).sentences
SIDED = [sentence for sentence in SENTENCES if "side" in sentence]
CITED = sorted(
    {
        cited["id"]
        for sentence in SENTENCES
        for cited in sentence["evidence"]
        if cited["kind"] == "statement" and sentence["section"] != "too_few"
    }
)
OTHER = {"agree": "disagree", "disagree": "agree"}


def problems(sentence, opinions=None, themes=None, comments=None):
    return check_sentence(
        sentence,
        opinions or opinion_report(),
        themes or theme_report(),
        comments or comment_texts(),
    )


def entry_of(report, name):
    return next(entry for entry in report["statements"] if entry["id"] == name)


def broken(report):
    """Return the sentences that no longer hold with another opinion report."""
    return [sentence["id"] for sentence in SENTENCES if problems(sentence, opinions=report)]


def swap(entry):
    entry["agree"], entry["disagree"] = entry["disagree"], entry["agree"]


def test_there_are_sentences_on_both_sides():
    assert {sentence["side"] for sentence in SIDED} == {"agree", "disagree"}
    assert len(CITED) >= 5


@pytest.mark.parametrize("name", CITED)
def test_swapping_the_counts_of_a_statement_is_noticed(name):
    report = deepcopy(opinion_report())
    assert entry_of(report, name)["agree"] != entry_of(report, name)["disagree"]
    swap(entry_of(report, name))
    assert broken(report)


@pytest.mark.parametrize("name", CITED)
@pytest.mark.parametrize("group", [0, 1])
def test_swapping_the_counts_of_a_group_is_noticed(name, group):
    report = deepcopy(opinion_report())
    swap(entry_of(report, name)["by_group"][group])
    assert broken(report)


@pytest.mark.parametrize("name", CITED)
@pytest.mark.parametrize("group", [0, 1])
@pytest.mark.parametrize("key", ["p_agree", "low", "high"])
def test_mirroring_a_share_is_noticed(name, group, key):
    report = deepcopy(opinion_report())
    cell = entry_of(report, name)["by_group"][group]
    if abs(cell[key] - 0.5) < 1e-6:
        pytest.skip("a half is its own mirror image")
    cell[key] = 1 - cell[key]
    assert broken(report)


@pytest.mark.parametrize("name", CITED)
@pytest.mark.parametrize("group", [0, 1])
def test_swapping_the_side_that_sets_a_group_apart_is_noticed(name, group):
    report = deepcopy(opinion_report())
    cell = entry_of(report, name)["by_group"][group]
    cell["side"] = OTHER[cell["side"]]
    assert broken(report)


@pytest.mark.parametrize("name", CITED)
def test_swapping_everything_about_a_statement_is_noticed(name):
    report = deepcopy(opinion_report())
    entry = entry_of(report, name)
    for part in [entry, *entry["by_group"]]:
        swap(part)
        for key in {"p_agree", "low", "high"} & part.keys():
            part[key] = 1 - part[key]
    assert broken(report)


@pytest.mark.parametrize("place", range(len(opinion_report()["consensus"])))
def test_swapping_the_side_of_a_consensus_is_noticed(place):
    report = deepcopy(opinion_report())
    entry = report["consensus"][place]
    entry["side"] = OTHER[entry["side"]]
    name = entry["statement"]
    assert statement_problems(name, Reports(report, {}, {}))


def test_swapping_the_side_of_a_representative_statement_is_noticed():
    cited = [s for s in SENTENCES if s["template"] == "representative"]
    for sentence in cited:
        report = deepcopy(opinion_report())
        statement, group = (part["id"] for part in sentence["evidence"])
        for entry in report["representative"][group]:
            if entry["statement"] == statement:
                entry["side"] = OTHER[entry["side"]]
        assert problems(sentence, opinions=report)


@pytest.mark.parametrize("sentence", SIDED, ids=lambda sentence: sentence["id"])
def test_swapping_the_side_of_a_sentence_is_noticed(sentence):
    changed = deepcopy(sentence)
    changed["side"] = OTHER[sentence["side"]]
    assert problems(changed)
    changed["values"]["side"] = OTHER[sentence["side"]]
    assert problems(changed)


def _inverted(text, language):
    plain, negative = ("เห็นด้วย", "ไม่เห็นด้วย") if language == "th" else ("agree", "disagree")
    return text.replace(negative, "\0").replace(plain, negative).replace("\0", plain)


def test_swapping_the_words_of_a_sentence_is_noticed():
    inverted = 0
    for sentence in SENTENCES:
        for language in ("th", "en"):
            changed = deepcopy(sentence)
            changed["text"][language] = _inverted(sentence["text"][language], language)
            if changed["text"] != sentence["text"]:
                inverted += 1
                assert problems(changed), sentence["id"]
    assert inverted > len(SIDED)


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence["id"])
def test_any_other_figure_is_noticed(sentence):
    for key, value in sentence["values"].items():
        if isinstance(value, int):
            changed = deepcopy(sentence)
            changed["values"][key] = value + 1
            assert problems(changed)


def test_swapping_the_stances_of_a_theme_is_noticed():
    themes = deepcopy(theme_report())
    for theme in themes["themes"]:
        theme["stance"] = OTHER.get(theme["stance"], "")
    for sentence in SENTENCES:
        if sentence["template"] == "theme_of_side":
            assert problems(sentence, themes=themes)


def test_swapping_the_counted_stances_of_a_theme_is_noticed():
    themes = deepcopy(theme_report())
    for theme in themes["themes"]:
        theme["stances"] = {OTHER[name]: count for name, count in theme["stances"].items()}
    for sentence in SENTENCES:
        if sentence["template"] == "theme_of_side":
            assert problems(sentence, themes=themes)


def test_a_changed_comment_breaks_its_quote():
    sentence = next(s for s in SENTENCES if s["template"] == "theme_quote")
    name = sentence["evidence"][1]["id"]
    changed = {**comment_texts(), name: "ข้อความอื่น" * 20}
    assert problems(sentence, comments=changed)


def test_a_quote_that_the_report_does_not_hold_is_noticed():
    changed = deepcopy(next(s for s in SENTENCES if s["template"] == "theme_quote"))
    changed["evidence"][1]["end"] -= 1
    assert problems(changed)


def test_groups_in_another_order_are_noticed():
    changed = deepcopy(next(s for s in SENTENCES if s["template"] == "difference"))
    changed["groups"] = changed["groups"][::-1]
    assert problems(changed)


def test_a_share_of_comments_is_refused():
    changed = deepcopy(next(s for s in SENTENCES if s["section"] == "themes"))
    changed["text"]["en"] += " That is 40% of the people."
    assert any("share" in problem for problem in problems(changed))


def test_other_words_of_a_statement_are_noticed():
    sentence = next(s for s in SENTENCES if "statement" in s["values"])
    name = sentence["evidence"][0]["id"]
    assert check_sentence(
        sentence, opinion_report(), {}, {}, statements={name: "Something else entirely"}
    )


@pytest.mark.parametrize("key", ["template", "section", "text", "values", "evidence"])
def test_a_sentence_without_a_part_is_refused(key):
    changed = {name: part for name, part in SENTENCES[0].items() if name != key}
    assert problems(changed)


def test_unknown_evidence_is_refused():
    changed = deepcopy(SIDED[0])
    changed["evidence"][0]["id"] = "nowhere"
    assert problems(changed)
