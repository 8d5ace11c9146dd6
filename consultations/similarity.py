"""Pure: which of some short texts say much the same as another, by the words they share."""

import hashlib
from collections.abc import Iterable
from typing import TypeVar

from core import text

Item = TypeVar("Item")

#: Share of common words (Jaccard) below which two texts are not called similar.
ENOUGH = 0.2
#: Words shorter than this, in characters, are mostly particles.
SHORTEST_WORD = 2


def matching_digest(sentence: str) -> bytes:
    """Return the SHA-256 of the form under which two sentences count as the same."""
    return hashlib.sha256(text.matching_key(sentence).encode()).digest()


def content_words(value: str) -> frozenset[str]:
    """Return the distinct words of a text, folded for comparison, without signs and particles."""
    found = text.words(text.matching_key(value))
    return frozenset(
        word for word in found if len(word) >= SHORTEST_WORD and any(map(str.isalnum, word))
    )


def most_similar(value: str, others: Iterable[tuple[str, Item]], *, limit: int) -> list[Item]:
    """Return the items whose texts share most words with a text, the likest first.

    Parameters
    ----------
    value : str
    others : iterable of (str, Item)
        Texts with what they stand for. Among equals the earlier comes first.
    limit : int
        Most items to return.
    """
    wanted = content_words(value)
    scored = [(_shared(wanted, content_words(other)), item) for other, item in others]
    near = [pair for pair in scored if pair[0] >= ENOUGH]
    near.sort(key=lambda pair: -pair[0])
    return [item for _, item in near[:limit]]


def _shared(left: frozenset[str], right: frozenset[str]) -> float:
    """Share of common words in [0, 1]: Jaccard 1912, intersection over union."""
    return len(left & right) / len(left | right) if left and right else 0.0
