"""Folding of words, and where they stand in a text."""

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.search_words import LONGEST_SEARCH, MOST_TERMS, fold, pieces, terms_of
from core.text import unify_thai

LETTERS = st.text(alphabet="กขนาำิ่้ ๕5aBé\n\u200bﬁＡ\u202e\x00😀", max_size=60)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Parks", "pARKS"),
        ("มาตรา ๕", "มาตรา 5"),
        ("น\u0e4d\u0e32", "น\u0e33"),
        ("เเม่น้ำ", "แม่น้ำ"),
        ("Ｐark", "park"),
        ("a\n  b", "a b"),
        ("ขยะ\u200bมูลฝอย", "ขยะมูลฝอย"),
    ],
)
def test_spellings_that_look_the_same_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_a_search_is_cut_into_its_words_and_quoted_phrases() -> None:
    assert terms_of('  Parks "clean  water" parks ๑๐ ') == ("parks", "clean water", "10")


@pytest.mark.parametrize("search", ["", " \n ", "\x00", '"""', "\u202e\u200b"])
def test_a_search_without_words_has_no_terms(search: str) -> None:
    assert terms_of(search) == ()


def test_a_very_long_search_is_cut_short() -> None:
    assert len(terms_of("ก" * 10_000)[0]) == LONGEST_SEARCH
    assert len(terms_of(" ".join(map(str, range(100))))) == MOST_TERMS


def test_what_was_found_is_marked_with_its_vowels_and_tones() -> None:
    assert pieces("ขอน้ำสะอาด", terms_of("น")) == (("ขอ", False), ("น้ำ", True), ("สะอาด", False))
    assert pieces("ค่าธรรมเนียม ๕ บาท", terms_of("5")) == (
        ("ค่าธรรมเนียม ", False),
        ("๕", True),
        (" บาท", False),
    )


def test_overlapping_places_are_marked_once() -> None:
    assert pieces("abcd", ("abc", "bcd")) == (("abcd", True),)


def test_a_long_text_is_shown_around_the_first_place() -> None:
    shown = pieces("ก" * 500 + "ขยะ" + "ง" * 500, ("ขยะ",), window=100)

    assert shown[0] == ("… ", False)
    assert shown[-1] == (" …", False)
    assert ("ขยะ", True) in shown
    assert len("".join(text for text, _found in shown)) < 110


def test_a_text_without_the_words_is_shown_from_its_beginning() -> None:
    assert pieces("abcdef", ("x",), window=3) == (("abc", False), (" …", False))


@given(LETTERS, LETTERS)
def test_marking_loses_no_letter_and_cuts_no_mark_off(text: str, search: str) -> None:
    cut = pieces(text, terms_of(search))

    assert "".join(piece for piece, _found in cut) == unify_thai(text)
    for (before, was_found), (after, _found) in itertools.pairwise(cut):
        if was_found and before:
            assert unicodedata.category(after[0]) != "Mn"


@given(LETTERS)
def test_what_folds_into_a_text_is_found_in_it(text: str) -> None:
    for term in terms_of(text):
        assert any(found for _piece, found in pieces(text, (term,))) or term not in fold(text)
