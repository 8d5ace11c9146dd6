"""Groups of near-duplicate comments: template, wordings, and the words that senders added."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from analysis.texts.comment_files import CommentTable
from analysis.texts.normalising import letters_of
from analysis.texts.parameters import ThemeParameters
from analysis.texts.shingles import code_points, rolling_hashes


@dataclass(frozen=True)
class DuplicateGroup:
    """Comments with nearly the same text.

    Attributes
    ----------
    template : int
        Index of the comment with the most frequent wording.
    members : tuple of int
        Indexes of all its comments, the template among them, by comment id.
    variants : tuple of (int, int)
        One comment per wording and how many have it, most frequent first.
    additions : tuple of (int, int, int)
        Comment index, start and end of the words that a sender added to the template.
    """

    template: int
    members: tuple[int, ...]
    variants: tuple[tuple[int, int], ...]
    additions: tuple[tuple[int, int, int], ...]


def describe_groups(
    comments: CommentTable,
    normalised: Sequence[str],
    groups: Iterable[Sequence[int]],
    parameters: ThemeParameters,
) -> list[DuplicateGroup]:
    """Describe groups of near-duplicates, largest first.

    Parameters
    ----------
    groups : iterable of sequence of int
        Indexes of comments; the first of each is the template.
    """
    described = [_described(comments, normalised, list(group), parameters) for group in groups]
    return sorted(described, key=lambda g: (-len(g.members), comments.comments[g.template]))


def additions_to(template: str, text: str, parameters: ThemeParameters) -> list[tuple[int, int]]:
    """Return the stretches of ``text`` that do not come from ``template``, as offsets.

    A letter comes from the template when it lies in a sequence of ``shingle_length`` letters
    that the template holds too; so a changed order or a typing error is not an addition.
    """
    length = parameters.shingle_length
    letters, places = _letters_and_places(text)
    source = rolling_hashes(code_points(_letters_and_places(template)[0]), length)
    hashes = rolling_hashes(code_points(letters), length)
    covered = np.zeros(len(letters) + 1, dtype=np.intp)
    hits = np.flatnonzero(np.isin(hashes, source))
    np.add.at(covered, hits, 1)
    np.add.at(covered, hits + length, -1)
    own = np.cumsum(covered)[: len(letters)] == 0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], own.astype(np.int8), [0]])))
    return [
        (places[begin], places[stop - 1] + 1)
        for begin, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
        if stop - begin >= parameters.shortest_addition
    ]


def _described(
    comments: CommentTable,
    normalised: Sequence[str],
    group: list[int],
    parameters: ThemeParameters,
) -> DuplicateGroup:
    template = group[0]
    members = sorted(group, key=lambda index: comments.comments[index])
    wordings = {index: letters_of(normalised[index]) for index in members}
    counts = Counter(wordings.values())
    first = {wordings[index]: index for index in reversed(members)}
    first[wordings[template]] = template
    variants = sorted(
        ((first[wording], count) for wording, count in counts.items()),
        key=lambda variant: (-variant[1], variant[0] != template, comments.comments[variant[0]]),
    )
    additions = [
        (index, start, end)
        for index in members
        if wordings[index] != wordings[template]
        for start, end in additions_to(
            comments.texts[template][: parameters.longest_text],
            comments.texts[index][: parameters.longest_text],
            parameters,
        )
    ]
    return DuplicateGroup(template, tuple(members), tuple(variants), tuple(additions))


def _letters_and_places(text: str) -> tuple[str, list[int]]:
    """Return the comparable letters of a text and the offset from which each one comes."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in _comparable(character):
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


@cache
def _comparable(character: str) -> str:
    return letters_of(unicodedata.normalize("NFKC", character).lower())
