"""Which words two wordings of one clause share: a difference that a reader can follow."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Final, Literal

from core import text

#: Most work for one comparison, in pairs of equal words; above it whole lines are compared, and
#: where they are too many as well, all is shown as replaced. Keeps the worst text below a second.
MAX_COST: Final = 200_000
#: Makes 8,000 words in both wordings together cost as much as ``MAX_COST`` pairs.
LENGTH_DIVISOR: Final = 320
#: A common stretch shorter than this, in letters, between two changes reads as part of them.
SHORT_COMMON: Final = 4

PieceKind = Literal["same", "added", "removed"]


@dataclass(frozen=True)
class Piece:
    """A stretch of words; removed words stand before the added ones that replace them."""

    kind: PieceKind
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """Return the words in reading order, marked as same, removed or added.

    Cuts only between words as ``core.text.words`` finds them, Thai words included, so never inside
    a word and never before a combining mark.

    Parameters
    ----------
    before, after : str
        Two wordings; either may be empty.

    Returns
    -------
    list of Piece
        Joining the same and removed pieces gives ``before``, the same and added ones ``after``. No
        piece is empty and no two neighbours are of one kind.
    """
    old, new = text.words(before), text.words(after)
    return _joined(_readable(list(_compare(old, new))))


def _compare(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    """Compare the part between common beginnings and ends."""
    head = _common_length(old, new)
    tail = _common_length(old[head:][::-1], new[head:][::-1])
    yield Piece("same", "".join(old[:head]))
    yield from _middle(old[head : len(old) - tail], new[head : len(new) - tail])
    yield Piece("same", "".join(old[len(old) - tail :]))


def _middle(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    if _cost(old, new) <= MAX_COST:
        yield from _matched(old, new)
        return
    old_lines, new_lines = _lines(old), _lines(new)
    if _cost(old_lines, new_lines) > MAX_COST or min(len(old_lines), len(new_lines)) == 1:
        yield from _replaced(old, new)
        return
    left = MAX_COST
    for is_same, removed, added in _matches(old_lines, new_lines):
        old_words, new_words = text.words("".join(removed)), text.words("".join(added))
        cost = _cost(old_words, new_words)
        if is_same or cost > left:
            yield from [Piece("same", "".join(removed))] if is_same else _replaced(removed, added)
        else:
            left -= cost
            yield from _matched(old_words, new_words)


def _matched(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for is_same, removed, added in _matches(old, new):
        if is_same:
            yield Piece("same", "".join(removed))
        else:
            yield from _replaced(removed, added)


def _matches(
    old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    # Spaces are no anchors: they match everywhere and would tear sentences apart.
    matcher = SequenceMatcher(str.isspace, old, new, autojunk=False)
    for action, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        yield action == "equal", old[old_start:old_end], new[new_start:new_end]


def _replaced(old: Sequence[str], new: Sequence[str]) -> list[Piece]:
    return [Piece("removed", "".join(old)), Piece("added", "".join(new))]


def _readable(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Take a short common stretch between two replacements into them."""
    pieces = [piece for piece in pieces if piece.text]
    kinds = ["same", *(piece.kind for piece in pieces), "same"]
    for place, piece in enumerate(pieces):
        between = "same" not in (kinds[place], kinds[place + 2])
        if piece.kind == "same" and between and _is_short(piece.text):
            yield from _replaced([piece.text], [piece.text])
        else:
            yield piece


def _is_short(common: str) -> bool:
    return "\n" not in common and sum(map(str.isalnum, common)) < SHORT_COMMON


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    """Join neighbours of one kind, the removed words of a change before its added words."""
    result: list[Piece] = []
    for is_same, group in groupby(pieces, lambda piece: piece.kind == "same"):
        parts = list(group)
        kinds: tuple[PieceKind, ...] = ("same",) if is_same else ("removed", "added")
        for kind in kinds:
            joined = "".join(piece.text for piece in parts if piece.kind == kind)
            if joined:
                result.append(Piece(kind, joined))
    return result


def _lines(tokens: Sequence[str]) -> list[str]:
    return "".join(tokens).splitlines(keepends=True) or [""]


def _cost(old: Sequence[str], new: Sequence[str]) -> int:
    """Bound the work of matching: pairs of equal words, or the square of the length."""
    counts = Counter(old)
    pairs = sum(counts[word] * times for word, times in Counter(new).items() if not word.isspace())
    length = len(old) + len(new)
    return max(pairs, length * length // LENGTH_DIVISOR)


def _common_length(old: Sequence[str], new: Sequence[str]) -> int:
    for place, (left, right) in enumerate(zip(old, new, strict=False)):
        if left != right:
            return place
    return min(len(old), len(new))
