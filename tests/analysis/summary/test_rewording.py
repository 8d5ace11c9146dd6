"""Rewordings by a language model: accepted only when nothing moved."""

from copy import deepcopy

import pytest

from analysis.summary.checks import check_sentence
from analysis.summary.rewording import accept_rewording, rewording_problems
from analysis.summary.wording import render
from tests.analysis.summary.test_checks import SENTENCES
from tests.analysis.summary_samples import opinion_report

VALUES = {
    "side": "agree",
    "statement": "Keep the pier open",
    "by_group": [
        {"group": 0, "low": 79, "high": 96},
        {"group": 1, "low": 85, "high": 99},
    ],
}
SENTENCE = {
    "values": VALUES,
    "text": {
        language: render("consensus_every_group", VALUES, language) for language in ("th", "en")
    },
}
ENGLISH = SENTENCE["text"]["en"]
THAI = SENTENCE["text"]["th"]


def refused(text, language="en"):
    return rewording_problems(SENTENCE, text, language=language)


def test_the_sentence_itself_is_accepted():
    assert accept_rewording(SENTENCE, ENGLISH, language="en")
    assert accept_rewording(SENTENCE, THAI, language="th")


def test_other_connecting_words_are_accepted():
    assert not refused(
        "Looking at every opinion group, most who voted agree with “Keep the pier open”; in group "
        "A it is between 79 and 96 of 100 who agree, in group B between 85 and 99 of 100 who agree."
    )
    assert not refused(
        "ทุกกลุ่มความเห็นมีผู้ลงคะแนนส่วนใหญ่ที่เห็นด้วยกับข้อความ “Keep the pier open” คือกลุ่ม A เห็นด้วย "
        "79 ถึง 96 ใน 100 คน และกลุ่ม B เห็นด้วย 85 ถึง 99 ใน 100 คน",
        "th",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (" agree", " disagree"),
        ("most of", "all of"),
        ("most of", "hardly any of"),
        ("79", "97"),
        ("96 of 100", "96 of 1,000"),
        ("group A", "group C"),
        ("Keep the pier", "Close the pier"),
        (" agree with", " do not agree with"),
        (" agree with", " never agree with"),
        (" agree with", " oppose"),
        (" agree with", " unanimously agree with"),
        ("those who voted", "citizens who voted"),
    ],
)
def test_moved_or_changed_meaning_is_refused(old, new):
    assert old in ENGLISH
    assert refused(ENGLISH.replace(old, new))


def test_figures_that_change_groups_are_refused():
    swapped = (
        ENGLISH.replace("group A", "\0").replace("group B", "group A").replace("\0", "group B")
    )
    assert refused(swapped)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("เห็นด้วย", "ไม่เห็นด้วย"),
        ("ส่วนใหญ่", "ทั้งหมด"),
        ("79", "๙๗"),
        ("กลุ่ม A", "กลุ่ม B"),
        ("เห็นด้วย", "คัดค้าน"),
    ],
)
def test_changed_meaning_in_thai_is_refused(old, new):
    assert refused(THAI.replace(old, new), "th")


def test_thai_digits_are_the_same_numbers():
    digits = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
    assert accept_rewording(SENTENCE, THAI.translate(digits), language="th")


def test_added_claims_and_quotes_are_refused():
    assert refused(ENGLISH + " This shows deep anger about corrupt officials and broken promises.")
    assert refused(ENGLISH.replace("those who", "the furious desperate frightened hopeless who"))
    assert refused(ENGLISH.replace("In every", "As one said, “finally”, in every"))


def test_another_language_is_refused():
    assert refused(THAI, "en")
    assert rewording_problems(SENTENCE, ENGLISH, language="fr")


def test_the_check_of_a_sentence_covers_its_rewording():
    sentence = deepcopy(next(s for s in SENTENCES if s["template"] == "consensus_every_group"))
    sentence["rewording"] = {"en": sentence["text"]["en"]}
    assert not check_sentence(sentence, opinion_report(), {}, {})
    sentence["rewording"] = {"en": sentence["text"]["en"].replace("agree", "disagree")}
    assert check_sentence(sentence, opinion_report(), {}, {})
