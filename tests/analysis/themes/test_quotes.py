"""Quotes: verbatim, varied, without personal data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.texts.features import vocabulary_of, weighted_features
from analysis.texts.normalising import normalise
from analysis.texts.parameters import ThemeParameters
from analysis.themes.pipeline import analyse_comments
from analysis.themes.quotes import (
    BRIDGING,
    DIFFERENT,
    TYPICAL,
    Candidates,
    choose_quotes,
    quotable_window,
)
from tests.analysis.text_samples import ENGLISH, THAI, comments_on, table_of

PARAMETERS = ThemeParameters()


def candidates_of(texts, *, subs=None, authors=None, bridging=None):
    vocabulary = vocabulary_of([normalise(text) for text in texts], PARAMETERS)
    return Candidates(
        comments=tuple(f"c{place}" for place in range(len(texts))),
        texts=tuple(texts),
        authors=tuple(authors or [f"a{place}" for place in range(len(texts))]),
        features=weighted_features(vocabulary, PARAMETERS),
        sub_labels=np.array(subs or [0] * len(texts), dtype=np.intp),
        bridging=np.array(bridging or [np.nan] * len(texts)),
    )


def test_every_quote_is_a_part_of_its_comment():
    texts, _ = comments_on({**THAI, **ENGLISH})
    texts = [f"  {text}\n" for text in texts]
    table = table_of(texts)
    report = analyse_comments(table)
    original = dict(zip(table.comments, table.texts, strict=True))
    quotes = [quote for theme in report.themes for quote in theme.quotes]
    assert quotes
    for quote in quotes:
        words = original[quote.comment][quote.start : quote.end]
        assert words == words.strip()
        assert words


def test_the_first_quotes_are_typical_and_one_differs():
    texts, subjects = comments_on({name: ENGLISH[name] for name in ("cycling", "library")})
    subs = [int(subject == "library") for subject in subjects]
    quotes = choose_quotes(candidates_of(texts, subs=subs), PARAMETERS)
    assert [quote.role for quote in quotes] == [TYPICAL] * 3 + [DIFFERENT]
    first, last = int(quotes[0].comment[1:]), int(quotes[-1].comment[1:])
    assert subs[first] != subs[last]


def test_nobody_is_quoted_twice():
    texts, _ = comments_on({"library": ENGLISH["library"]})
    quotes = choose_quotes(candidates_of(texts, authors=["one"] * len(texts)), PARAMETERS)
    assert len(quotes) == 1


def test_the_bridging_quote_is_the_one_that_all_groups_like():
    texts, _ = comments_on({"library": ENGLISH["library"]})
    bridging = [0.1] * len(texts)
    bridging[7] = 0.9
    quotes = choose_quotes(candidates_of(texts, bridging=bridging), PARAMETERS)
    named = {quote.role: quote.comment for quote in quotes}
    assert named[BRIDGING] == "c7" or "c7" in [quote.comment for quote in quotes]


def test_a_comment_with_personal_data_is_not_quoted():
    texts, _ = comments_on({"library": ENGLISH["library"]})
    numbered = [f"{text} call 081-234-5678" for text in texts]
    assert choose_quotes(candidates_of(numbered), PARAMETERS) == []


def test_a_short_comment_is_quoted_whole():
    assert quotable_window("  Keep the pier. ", PARAMETERS) == (2, 16)


def test_a_long_comment_is_quoted_where_the_favoured_words_stand():
    filler = "This part is about nothing in particular and goes on for a while. " * 5
    text = f"{filler}The ferry to the island must stay. {filler}"
    start, end = quotable_window(text, PARAMETERS, ["ferry", "island"])
    assert "ferry to the island" in text[start:end]
    assert end - start <= PARAMETERS.quote_length


def test_a_long_thai_comment_is_cut_between_sentences():
    sentence = "ผมไม่เห็นด้วยกับร่างนี้ เพราะค่าปรับสูงเกินไป ควรลดลงครึ่งหนึ่ง "
    text = sentence * 12
    start, end = quotable_window(text, PARAMETERS)
    assert 0 < end - start <= PARAMETERS.quote_length
    assert text[end : end + 1] in (" ", "")


@settings(deadline=None)
@given(st.text(alphabet="กข่ a.!?\n", max_size=900))
def test_any_window_lies_inside_and_is_short(text):
    start, end = quotable_window(text, PARAMETERS)
    assert 0 <= start <= end <= len(text)
    assert end - start <= PARAMETERS.quote_length


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_texts_give_few_quotes(count):
    texts, _ = comments_on({"library": ENGLISH["library"]})
    assert 1 <= len(choose_quotes(candidates_of(texts[:count]), PARAMETERS)) <= count
