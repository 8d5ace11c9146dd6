"""Words that people search with, and where they stand in a text. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from core.text import is_mark, thai_digits_to_arabic, tidy, unify_thai

#: Longer searches are cut, in characters; of the words, so many count.
LONGEST_SEARCH: Final = 200
MOST_TERMS: Final = 8
#: Characters of a shortened text around what was found.
WINDOW: Final = 160
#: Said in quotation marks it is one term, else every word is.
_TERM: Final = re.compile(r"[\"“”]([^\"“”]+)[\"“”]|([^\s\"“”]+)")
_THAI = range(0x0E01, 0x0E5C)
#: What keeps a text from being folded letter by letter into one of the same length.
_UNUSUAL: Final = re.compile("[^!-~\u0e01-\u0e5b \n]|[ \n][ \n]|^[ \n]")

#: A stretch of text, and whether it is what was looked for.
Piece = tuple[str, bool]


def terms_of(search: str) -> tuple[str, ...]:
    """Return the distinct terms of a search, folded; at most ``MOST_TERMS``.

    Anything may come in: what is not a word is left out, and nothing in it is an operator.
    """
    given = tidy(search[: 4 * LONGEST_SEARCH])[:LONGEST_SEARCH]
    found = (fold(quoted or word).strip() for quoted, word in _TERM.findall(given))
    return tuple(dict.fromkeys(filter(None, found)))[:MOST_TERMS]


def fold(value: str) -> str:
    """Return the form in which words are compared: case, width, digits and spaces do not count."""
    return _folded(unify_thai(value))[0]


def pieces(value: str, terms: Sequence[str], *, window: int | None = None) -> tuple[Piece, ...]:
    """Return a text cut at the places where the terms stand.

    Parameters
    ----------
    value : str
    terms : sequence of str
        As ``terms_of`` gives them.
    window : int or None
        Characters to keep around the first place; the whole text by default.
    """
    text = unify_thai(value)
    found = _spans(text, terms)
    start, end = _window(text, found, window) if window else (0, len(text))
    cut: list[Piece] = [("… ", False)] if start else []
    place = start
    for first, last in found:
        if first < place or last > end:
            continue
        cut += [(text[place:first], False), (text[first:last], True)]
        place = last
    cut += [(text[place:end], False), (" …" if end < len(text) else "", False)]
    return tuple(piece for piece in cut if piece[0])


def _spans(text: str, terms: Sequence[str]) -> list[tuple[int, int]]:
    """Return where the terms stand, in order, without overlap; letters keep their marks."""
    folded, places = _folded(text)
    found: list[tuple[int, int]] = []
    for term in terms:
        start = folded.find(term)
        while start != -1:
            end = start + len(term)
            found.append((places[start], _behind_marks(text, places[end - 1] + 1)))
            start = folded.find(term, end)
    return _merged(sorted(found))


def _merged(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _window(text: str, found: list[tuple[int, int]], window: int) -> tuple[int, int]:
    """Return what to keep of a text: from before the first place on, never cutting off a mark."""
    first, last = found[0] if found else (0, 0)
    start = max(0, min(first - window // 4, len(text) - window))
    while 0 < start < first and is_mark(text[start]):
        start += 1
    return start, _behind_marks(text, min(len(text), max(start + window, last)))


def _behind_marks(text: str, end: int) -> int:
    while end < len(text) and is_mark(text[end]):
        end += 1
    return end


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """Return the folded text, and for each of its characters the place it comes from."""
    if not _UNUSUAL.search(text):
        return thai_digits_to_arabic(text.lower().replace("\n", " ")), range(len(text))
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in _fold_letter(character):
            if letter == " " and (not letters or letters[-1] == " "):
                continue
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


@lru_cache(maxsize=4096)
def _fold_letter(character: str) -> str:
    if character.isspace():
        return " "
    if ord(character) in _THAI:
        # NFKC would take sara am apart.
        return thai_digits_to_arabic(character)
    if unicodedata.category(character) in ("Cf", "Cc"):
        return ""
    return unicodedata.normalize("NFKC", character).casefold()
