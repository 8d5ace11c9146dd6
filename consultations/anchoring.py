"""Where the words that a comment quotes stand, now and in a later version of the clause.

A quotation is the words themselves with some words around them. It is found again only when the
words are there unchanged, white space aside; when that is not sure, the state says so. There is no
likeness search: a comment shown on words that it was not about would corrupt the record.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.errors import InvalidError
from core.text import is_mark

#: Characters kept on each side of a quotation.
CONTEXT: Final = 32
#: Longest quotation, in characters.
MAX_QUOTE: Final = 2_000
#: A quotation at least this long is its own proof; a shorter one needs words around it.
TELLING_LENGTH: Final = 20
#: Characters of context that must agree for a shorter quotation.
TELLING_CONTEXT: Final = 8


@dataclass(frozen=True)
class Quote:
    """Words of a clause as they were when someone commented on them.

    Parameters
    ----------
    exact : str
        The words.
    prefix, suffix : str
        Up to ``CONTEXT`` characters before and after; shorter only at an end of the clause.
    start : int
        Offset of the words in the body, in code points.
    """

    exact: str
    prefix: str
    suffix: str
    start: int


class AnchorState(StrEnum):
    """What became of quoted words."""

    KEPT = "kept"
    MOVED = "moved"
    EDITED = "edited"
    REMOVED = "removed"


@dataclass(frozen=True)
class Anchor:
    """Where quoted words stand in a body; both offsets are None unless kept or moved."""

    state: AnchorState
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class _Flat:
    """A text with each run of white space as one space, and where its characters came from."""

    text: str
    places: Sequence[int]


def make_quote(body: str, start: int, end: int) -> Quote:
    """Return the quotation of a stretch of a clause's body.

    White space at its ends is left out; a combining mark is never parted from its letter.

    Raises
    ------
    InvalidError
        ``quote.outside`` when the stretch is not in the body, ``quote.empty`` when it has no
        words, ``quote.too_long`` with ``maximum``.
    """
    if not 0 <= start <= end <= len(body):
        raise InvalidError("quote.outside", field="quote")
    while 0 < start < end and is_mark(body[start]):
        start -= 1
    while start < end < len(body) and is_mark(body[end]):
        end += 1
    words = body[start:end]
    exact = words.strip()
    if not exact:
        raise InvalidError("quote.empty", field="quote")
    if len(exact) > MAX_QUOTE:
        raise InvalidError("quote.too_long", field="quote", maximum=MAX_QUOTE)
    start += len(words) - len(words.lstrip())
    end = start + len(exact)
    return Quote(exact, body[max(0, start - CONTEXT) : start], body[end : end + CONTEXT], start)


def find_in(
    body: str, exact: str, prefix: str, suffix: str, start_hint: int | None = None
) -> Quote | None:
    """Find in a clause the words that a browser says were selected.

    Parameters
    ----------
    body : str
        The clause's body, as stored.
    exact, prefix, suffix : str
        Selected words and what stands around them on the page. White space may differ.
    start_hint : int or None
        Where the browser thinks they start; chooses among equals.

    Returns
    -------
    Quote or None
        None when the words are not in the body, or stand there more than once and nothing tells
        which was meant.
    """
    flat = _flatten(body)
    words = _flatten(exact).text.strip()
    places = _occurrences(flat.text, words) if len(words) <= MAX_QUOTE else []
    if not places:
        return None
    around = _around(prefix, suffix)
    scores = [_agreement(flat.text, place, words, around) for place in places]
    top = max(scores)
    best = [place for place, score in zip(places, scores, strict=True) if score == top]
    if len(best) > 1 and start_hint is None:
        return None
    hint = start_hint or 0
    start = min(best, key=lambda place: abs(flat.places[place] - hint))
    return make_quote(body, flat.places[start], flat.places[start + len(words) - 1] + 1)


def resolve(quote: Quote, new_body: str | None) -> Anchor:
    """Say what became of quoted words in a later version of their clause.

    Parameters
    ----------
    quote : Quote
    new_body : str or None
        Body of the clause with the same key; None when there is no such clause any more.

    Returns
    -------
    Anchor
        *kept*: the same words with the same words around them, or at the same offset. *moved*:
        the same words once elsewhere in the clause; among several, the one whose surroundings
        agree best. *edited*: the words are not there, or it is not sure which place is meant: a
        few letters found in other surroundings are not the words that were quoted. *removed*:
        the clause is gone.
    """
    if new_body is None:
        return Anchor(AnchorState.REMOVED)
    flat, words = _flatten(new_body), _flatten(quote.exact).text
    found = _occurrences(flat.text, words)
    exact = [place for place in found if _has_context(flat.text, place, words, quote)]
    telling = [place for place in found if _is_telling(flat.text, place, words, quote)]
    same_offset = [place for place in exact or telling if flat.places[place] == quote.start]
    if len(exact) == 1 or same_offset:
        return _anchor(AnchorState.KEPT, flat, (same_offset or exact)[0], words)
    best = None if exact else _best(flat.text, telling, words, quote)
    if best is None:
        return Anchor(AnchorState.EDITED)
    return _anchor(AnchorState.MOVED, flat, best, words)


def _anchor(state: AnchorState, flat: _Flat, place: int, words: str) -> Anchor:
    return Anchor(state, flat.places[place], flat.places[place + len(words) - 1] + 1)


def _flatten(value: str) -> _Flat:
    letters: list[str] = []
    places: list[int] = []
    for found in re.finditer(r"\s+|\S", value):
        letters.append(found.group() if not found.group().isspace() else " ")
        places.append(found.start())
    return _Flat("".join(letters), places)


def _occurrences(flat: str, words: str) -> list[int]:
    """Return every place of the words that does not tear a letter from its marks."""
    places: list[int] = []
    place = flat.find(words) if words else -1
    while place >= 0:
        end = place + len(words)
        torn = place > 0 and flat[place - 1] != " " and is_mark(flat[place])
        if not torn and not (end < len(flat) and is_mark(flat[end])):
            places.append(place)
        place = flat.find(words, place + 1)
    return places


def _around(prefix: str, suffix: str) -> tuple[str, str]:
    """Return what stands before, from its end, and what stands after, as they are compared."""
    before, after = _flatten(prefix[-4 * CONTEXT :]).text, _flatten(suffix[: 4 * CONTEXT]).text
    # A space at the seam may belong to either side.
    return before.rstrip()[::-1], after.lstrip()


def _agreement(flat: str, place: int, words: str, around: tuple[str, str]) -> int:
    """Count the characters around a place that agree with the context, nearest first."""
    end = place + len(words)
    head, tail = flat[max(0, place - CONTEXT) : place], flat[end : end + CONTEXT]
    return _run(head.rstrip()[::-1], around[0]) + _run(tail.lstrip(), around[1])


def _run(left: str, right: str) -> int:
    """Length of the common beginning."""
    pairs = zip(left, right, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))


def _has_context(flat: str, place: int, words: str, quote: Quote) -> bool:
    """Whether all the stored context is there; a short side was an end of the body."""
    before, after = _flatten(quote.prefix).text, _flatten(quote.suffix).text
    head, tail = flat[:place], flat[place + len(words) :]
    starts_alike = head.endswith(before) if len(quote.prefix) == CONTEXT else head == before
    ends_alike = tail.startswith(after) if len(quote.suffix) == CONTEXT else tail == after
    return starts_alike and ends_alike


def _is_telling(flat: str, place: int, words: str, quote: Quote) -> bool:
    agreement = _agreement(flat, place, words, _around(quote.prefix, quote.suffix))
    return len(words) >= TELLING_LENGTH or agreement >= TELLING_CONTEXT


def _best(flat: str, places: Sequence[int], words: str, quote: Quote) -> int | None:
    """Return the only place, or the one whose surroundings tell it from the others, or None."""
    around = _around(quote.prefix, quote.suffix)
    ranked = sorted(
        ((_agreement(flat, place, words, around), place) for place in places), reverse=True
    )
    if len(ranked) > 1 and (ranked[0][0] < TELLING_CONTEXT or ranked[0][0] == ranked[1][0]):
        return None
    return ranked[0][1] if ranked else None
