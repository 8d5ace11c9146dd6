"""Words in a spreadsheet: no formula begins in a cell, and every text comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.spreadsheets import guarded, unguarded

FORMULAS = [
    "=1+1",
    "@x",
    "+cmd",
    "-2+3",
    "\tx",
    "\r=1",
    " =1",
    "\u200b=1",
    "\ufeff+1",
    '"=1',
    "＝1",
]
PLAIN = ["", "ดี", "a=b", "1-2", "it's", "'quoted'", "(=1)"]


@pytest.mark.parametrize("words", FORMULAS)
def test_words_that_begin_like_a_formula_get_an_apostrophe(words: str) -> None:
    assert guarded(words) == f"'{words}"


@pytest.mark.parametrize("words", PLAIN)
def test_other_words_stay_as_they_are(words: str) -> None:
    assert guarded(words) == words


@given(st.text() | st.text("'\"=+-@ \t\u200bก1"))
def test_every_text_comes_back(words: str) -> None:
    assert unguarded(guarded(words)) == words


@given(st.lists(st.text("'=-1 "), unique=True))
def test_two_texts_never_become_one_cell(texts: list[str]) -> None:
    assert len({guarded(words) for words in texts}) == len(texts)
