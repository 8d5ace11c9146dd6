"""Normal form, scripts, words: what comments are compared by."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.texts.normalising import (
    collapse_runs,
    is_substantive,
    language_of,
    letters_of,
    normalise,
    words,
)
from analysis.texts.parameters import ThemeParameters
from analysis.texts.segmentation import sentence_ends, slow_thai_words, thai_words
from tests.analysis.text_samples import ENGLISH, THAI


def test_two_ways_to_type_sara_am_are_one():
    assert (
        normalise("น\u0e4d\u0e32ท่วม") == normalise("นำท่วม".replace("นำ", "น\u0e33")) == "น\u0e33ท่วม"
    )


def test_links_and_invisible_characters_vanish():
    assert normalise("See  https://example.org/a?b=1 the\u200b plan") == "see the plan"


def test_long_runs_are_cut_to_three():
    assert normalise("มากกกกกกก") == "มากกก"
    assert collapse_runs("a" * 5_000, 3) == "aaa"


def test_only_the_start_of_a_huge_text_is_analysed():
    assert len(normalise("ab " * 50_000)) <= ThemeParameters().longest_text


@settings(deadline=None)
@given(st.text(max_size=300))
def test_the_normal_form_is_stable(text):
    once = normalise(text)
    assert normalise(once) == once or len(normalise(once)) <= len(once)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(), max_size=200))
def test_no_text_breaks_the_steps(text):
    form = normalise(text)
    letters_of(form)
    language_of(form)
    assert all(words(form))


def test_a_lone_surrogate_is_no_obstacle():
    assert words(normalise("ab\ud800 cd")) == ["ab", "cd"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ไฟถนนดับทั้งซอย", "th"),
        ("The street lamp is out", "en"),
        ("ขอ wifi ฟรีในสวนสาธารณะ", "th"),
        ("ຂໍໃຫ້ສ້ອມແປງຖະໜົນ", "lo"),
        ("请修路灯", "zh"),
        ("街灯を直してください", "ja"),
        ("12345 !!!", "und"),
    ],
)
def test_the_script_tells_the_language(text, language):
    assert language_of(normalise(text)) == language


def test_a_declared_language_is_believed_unless_the_letters_contradict():
    assert language_of("jalan ini sering banjir", "ms-MY") == "ms"
    assert language_of(normalise("ถนนพัง"), "en") == "th"


@pytest.mark.parametrize(
    "text", ["", "ok", "🙂🙂🙂", "https://example.org/x", "555555555555555", "......"]
)
def test_bare_links_emoji_and_digits_say_nothing(text):
    assert not is_substantive(normalise(text))


def test_a_short_sentence_says_something():
    assert is_substantive(normalise("ไม่เห็นด้วยครับ"))
    assert is_substantive(normalise("请尽快修好路灯"))


def test_thai_words_lose_no_letter():
    for phrase in (phrase for group in THAI.values() for phrase in group):
        assert "".join(thai_words(phrase)) == phrase


def test_both_thai_segmenters_agree_on_plain_sentences():
    phrases = [phrase for group in THAI.values() for phrase in group]
    same = sum(thai_words(phrase) == slow_thai_words(phrase) for phrase in phrases)
    assert same >= 0.9 * len(phrases)


def test_the_segmenter_never_gets_a_long_run(monkeypatch):
    given_runs = []

    def watch(run):
        given_runs.append(run)
        return [run]

    monkeypatch.setattr("analysis.texts.normalising.thai_words", watch)
    words(normalise("สก" * 2_500))
    assert max(map(len, given_runs)) <= ThemeParameters().longest_thai_run
    assert sum(map(len, given_runs)) == 5_000


def test_digits_are_no_words_and_contractions_stay_whole():
    assert words(normalise("Don't pay 500 baht")) == ["don't", "pay", "baht"]


def test_sentence_ends_cover_the_text_in_order():
    thai = "ผมไม่เห็นด้วยกับร่างนี้ เพราะค่าปรับสูงเกินไป ควรลดลงครึ่งหนึ่ง"
    english = "First. Second one! Third"
    assert sentence_ends(english, thai=False) == [6, 18, 24]
    ends = sentence_ends(thai, thai=True)
    assert ends == sorted(ends)
    assert ends[-1] == len(thai)
    assert len(ends) > 1


def test_sentence_ends_of_endless_letters_do_not_ask_the_model(monkeypatch):
    monkeypatch.setattr(
        "analysis.texts.segmentation.crfcut.segment", lambda _: pytest.fail("asked")
    )
    assert sentence_ends("ก่" * 400, thai=True)[-1] == 800


def test_english_phrases_are_split_at_spaces():
    phrase = ENGLISH["cycling"][0]
    assert words(normalise(phrase)) == phrase.split()
