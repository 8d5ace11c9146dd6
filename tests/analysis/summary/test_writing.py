"""The summary: only supported sentences, both languages, honest about uncertainty."""

import json
import re
from copy import deepcopy

import pytest

from analysis.summary.checks import SECTIONS, check_sentence
from analysis.summary.wording import LANGUAGES
from analysis.summary.writing import StatementText, summarise
from tests.analysis.summary_samples import (
    STATEMENTS,
    comment_texts,
    opinion_report,
    theme_report,
)


def summary_of(opinions=None, themes=None):
    return summarise(
        opinion_report() if opinions is None else opinions,
        theme_report() if themes is None else themes,
        statements=STATEMENTS,
        comments=comment_texts(),
    )


@pytest.fixture(scope="module")
def sentences():
    return summary_of().sentences


def of(sentences, template):
    return [sentence for sentence in sentences if sentence["template"] == template]


def test_all_sections_speak_in_reading_order(sentences):
    order = [SECTIONS.index(sentence["section"]) for sentence in sentences]
    assert order == sorted(order)
    assert {"participation", "common_ground", "differences", "themes", "campaigns", "too_few"} <= {
        sentence["section"] for sentence in sentences
    }


def test_every_sentence_is_supported(sentences):
    bodies = {name: text.body for name, text in STATEMENTS.items()}
    for sentence in sentences:
        assert not check_sentence(
            sentence, opinion_report(), theme_report(), comment_texts(), statements=bodies
        )


def test_ids_are_unique_and_the_whole_is_json(sentences):
    assert len({sentence["id"] for sentence in sentences}) == len(sentences)
    json.dumps(summary_of().to_dict(), allow_nan=False)


def test_common_ground_names_the_side_that_both_groups_are_on(sentences):
    sides = {s["evidence"][0]["id"]: s["side"] for s in of(sentences, "consensus_every_group")}
    assert sides["pier"] == "agree"
    assert sides["fees"] == "disagree"
    assert "dam" not in sides


def test_differences_name_two_groups_whose_ranges_are_apart(sentences):
    found = of(sentences, "difference")
    assert {"dam", "road", "bus"} <= {sentence["evidence"][0]["id"] for sentence in found}
    for sentence in found:
        most, least = sentence["values"]["by_group"]
        assert most["low"] > least["high"]


def test_shares_are_ranges_of_people_out_of_a_hundred(sentences):
    for sentence in of(sentences, "consensus_every_group"):
        assert re.search(r"between \d+ and \d+ of 100", sentence["text"]["en"])
        assert re.search(r"ระหว่าง \d+ ถึง \d+ ใน 100 คน", sentence["text"]["th"])


def test_a_count_of_comments_is_never_a_share(sentences):
    for sentence in sentences:
        if sentence["section"] in {"themes", "minority", "campaigns"}:
            for text in sentence["text"].values():
                assert not re.search(r"%|of 100|ใน 100|ร้อยละ", text)


def test_quotes_are_verbatim(sentences):
    quoted = [sentence for sentence in sentences if "quote" in sentence["values"]]
    assert quoted
    for sentence in quoted:
        place = sentence["evidence"][-1]
        words = comment_texts()[place["id"]][place["start"] : place["end"]]
        assert words == sentence["values"]["quote"]
        assert all(f"“{words}”" in text for text in sentence["text"].values())


def test_people_are_not_named_where_authors_are_unknown():
    themes = deepcopy(theme_report())
    themes["input"]["authors"] = 0
    found = summary_of(themes=themes).sentences
    assert not of(found, "comments_from_people")
    assert of(found, "comments_received")
    assert all("people" not in sentence["values"] for sentence in of(found, "campaign"))


def test_statements_with_few_votes_are_only_counted(sentences):
    (sentence,) = of(sentences, "too_few")
    assert [cited["id"] for cited in sentence["evidence"]] == ["new"]
    assert all("new" not in s["id"] for s in sentences if s is not sentence)


def test_a_statement_without_words_gets_no_sentence():
    found = summarise(opinion_report(), {}, statements={}, comments={}).sentences
    assert not of(found, "consensus_every_group")
    assert of(found, "votes_cast")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_template_leaves_a_gap(sentences, language):
    for sentence in sentences:
        assert "{" not in sentence["text"][language]
        assert "None" not in sentence["text"][language]


def test_no_report_gives_no_sentence():
    assert summarise({}, {}, statements={}, comments={}).sentences == []


def test_a_campaign_template_with_a_phone_number_is_not_quoted():
    text = "ขอให้หยุดโครงการนี้ทันที ติดต่อผมได้ที่ 081-234-5678 ขอบคุณครับ"
    themes = deepcopy(theme_report())
    comments = dict(comment_texts())
    comments[themes["campaigns"][0]["template"]] = text
    found = summarise({}, themes, statements={}, comments=comments).sentences
    (sentence,) = [s for s in found if s["section"] == "campaigns"]
    assert sentence["template"] == "campaign_unquoted"


def test_the_language_of_a_statement_is_kept():
    statements = {**STATEMENTS, "pier": StatementText("Keep “the pier” open", "en")}
    found = summarise(opinion_report(), {}, statements=statements, comments={}).sentences
    (sentence,) = [s for s in of(found, "consensus_every_group") if "pier" in s["id"]]
    assert "“Keep “the pier” open”" in sentence["text"]["th"]
