"""Quotes that stand for a theme, as offsets into the original comments."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sparse_rows import Sparse, dense
from analysis.texts.parameters import ThemeParameters
from analysis.texts.personal_data import find_personal_data
from analysis.texts.segmentation import sentence_ends

TYPICAL = "typical"
DIFFERENT = "different"
BRIDGING = "bridging"
COMMENT = "comment"
STATEMENT = "statement"


@dataclass(frozen=True)
class Quote:
    """A stretch of a comment: ``text[start:end]`` of the original, and why it was chosen.

    ``source`` is ``statement`` where ``comment`` names a statement that was put to the vote.
    """

    comment: str
    start: int
    end: int
    role: str
    source: str = COMMENT


@dataclass(frozen=True)
class Candidates:
    """Texts of one theme that compete for its quotes.

    Attributes
    ----------
    comments : tuple of str, length n_texts
        Comment ids in canonical order.
    texts : tuple of str, length n_texts
        The original texts.
    authors : tuple of str, length n_texts
        One person is quoted once; empty strings are different people.
    features : sparse array of shape (n_texts, n_features)
        Unit rows.
    sub_labels : ndarray of shape (n_texts,), dtype=intp
        Sub-theme of each text.
    bridging : ndarray of shape (n_texts,), dtype=float64
        Lowest agreement of any opinion group with the comment, NaN where nobody reacted.
    favoured : tuple of str
        Words of the theme's label; long comments are quoted where these stand.
    """

    comments: tuple[str, ...]
    texts: tuple[str, ...]
    authors: tuple[str, ...]
    features: Sparse
    sub_labels: NDArray[np.intp]
    bridging: NDArray[np.float64]
    favoured: tuple[str, ...] = ()


def choose_quotes(candidates: Candidates, parameters: ThemeParameters) -> list[Quote]:
    """Return up to three typical quotes, one different view and one bridging quote.

    Typical quotes are the greedy solution of facility location: together they are as near as
    possible to every text of the theme. The different view is the best of the sub-theme that
    is farthest from the first quote. The bridging quote has the highest lowest agreement
    among opinion groups; it is set aside first and listed last. No author is quoted twice.

    References
    ----------
    Nemhauser, Wolsey and Fisher 1978 (the greedy reaches 1 - 1/e of the best value); Lin and
    Bilmes 2011 for its use in summaries.
    """
    usable = _usable(candidates, parameters)
    if not len(usable):
        return []
    shortlist = _shortlist(candidates.features, usable, parameters)
    similar = dense(candidates.features[shortlist] @ candidates.features.T)
    taken = _Taken(candidates.authors)
    bridging = _bridging(candidates, usable, taken)
    typical = _greedy(similar, shortlist, taken, parameters.quotes)
    if not typical:  # the only one that can be quoted is typical first of all
        taken, bridging = _Taken(candidates.authors), None
        typical = _greedy(similar, shortlist, taken, parameters.quotes)
    chosen = [(place, TYPICAL) for place in typical]
    different = _different(candidates, similar, shortlist, typical[0], taken)
    if different is not None:
        chosen.append((different, DIFFERENT))
    if bridging is not None:
        chosen.append((bridging, BRIDGING))
    return [_quote(candidates, place, role, parameters) for place, role in chosen]


def quotable_window(
    text: str, parameters: ThemeParameters, favoured: Sequence[str] = ()
) -> tuple[int, int]:
    """Return the offsets of the part of a comment to quote.

    The whole comment without surrounding spaces when it is short enough; otherwise the run of
    whole sentences of at most ``quote_length`` characters that holds the most of the favoured
    words, the first such run; a sentence that is longer alone is cut at a space.
    """
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    if end - start <= parameters.quote_length:
        return start, max(start, end)
    read = text[start : start + parameters.longest_text]
    thai = any("\u0e01" <= letter <= "\u0e5b" for letter in read)
    ends = [start + stop for stop in sentence_ends(read, thai=thai)]
    windows = _windows(text, [start, *ends[:-1]], ends, parameters.quote_length)
    return max(windows, key=lambda span: _hits(text[span[0] : span[1]], favoured))


@dataclass
class _Taken:
    """Places and authors that are quoted already."""

    authors: tuple[str, ...]

    def __post_init__(self) -> None:
        self.places: set[int] = set()
        self.people: set[str] = set()

    def allows(self, place: int) -> bool:
        return place not in self.places and (
            not self.authors[place] or self.authors[place] not in self.people
        )

    def add(self, place: int) -> None:
        self.places.add(place)
        self.people.add(self.authors[place])


def _usable(candidates: Candidates, parameters: ThemeParameters) -> NDArray[np.intp]:
    """Leave out texts with personal data, and very short ones while there are others."""
    clean = [
        place
        for place, text in enumerate(candidates.texts)
        if text.strip() and not find_personal_data(text)
    ]
    long = [p for p in clean if len(candidates.texts[p].strip()) >= parameters.shortest_quote]
    return np.array(long or clean, dtype=np.intp)


def _shortlist(
    features: Sparse, usable: NDArray[np.intp], parameters: ThemeParameters
) -> NDArray[np.intp]:
    """Return the texts nearest to the middle of the theme, in canonical order."""
    middle = np.asarray(features.sum(axis=0)).ravel()
    central = features[usable] @ middle
    order = np.argsort(-central, kind="stable")[: parameters.quote_candidates]
    return np.sort(usable[order])


def _greedy(
    similar: NDArray[np.float32], shortlist: NDArray[np.intp], taken: _Taken, count: int
) -> list[int]:
    """Add the text that brings the theme nearest to the chosen ones, again and again."""
    reached = np.zeros(similar.shape[1], dtype=np.float32)
    chosen: list[int] = []
    while len(chosen) < count:
        gains = np.maximum(similar - reached, 0.0).sum(axis=1)
        order = np.argsort(-gains, kind="stable").tolist()
        row = next((row for row in order if taken.allows(int(shortlist[row]))), None)
        if row is None or (chosen and gains[row] <= 0):
            break
        reached = np.maximum(reached, similar[row])
        chosen.append(int(shortlist[row]))
        taken.add(chosen[-1])
    return chosen


def _different(
    candidates: Candidates,
    similar: NDArray[np.float32],
    shortlist: NDArray[np.intp],
    headline: int,
    taken: _Taken,
) -> int | None:
    """Return the most central text of the sub-theme farthest from the first quote."""
    subs = np.unique(candidates.sub_labels)
    own = candidates.sub_labels[headline]
    to_headline = dense(candidates.features @ candidates.features[[headline]].T).ravel()
    nearness = {
        int(sub): float(to_headline[candidates.sub_labels == sub].mean())
        for sub in subs
        if sub != own
    }
    for sub in sorted(nearness, key=lambda number: (nearness[number], number)):
        rows = [
            row
            for row, place in enumerate(shortlist.tolist())
            if candidates.sub_labels[place] == sub and taken.allows(place)
        ]
        if rows:
            inside = candidates.sub_labels == sub
            best = max(rows, key=lambda row: float(similar[row, inside].sum()))
            taken.add(int(shortlist[best]))
            return int(shortlist[best])
    return None


def _bridging(candidates: Candidates, usable: NDArray[np.intp], taken: _Taken) -> int | None:
    known = [place for place in usable.tolist() if not np.isnan(candidates.bridging[place])]
    best = max(known, key=lambda place: float(candidates.bridging[place]), default=None)
    if best is not None:
        taken.add(best)
    return best


def _quote(candidates: Candidates, place: int, role: str, parameters: ThemeParameters) -> Quote:
    start, end = quotable_window(candidates.texts[place], parameters, candidates.favoured)
    return Quote(candidates.comments[place], start, end, role)


def _windows(text: str, begins: list[int], ends: list[int], longest: int) -> list[tuple[int, int]]:
    windows: list[tuple[int, int]] = []
    for place, begin in enumerate(begins):
        first = begin + len(text[begin : ends[place]]) - len(text[begin : ends[place]].lstrip())
        fitting = [stop for stop in ends[place:] if stop - first <= longest]
        stop = fitting[-1] if fitting else _last_space(text, first, first + longest)
        window = (first, first + len(text[first:stop].rstrip()))
        if window[1] > window[0]:
            windows.append(window)
    return windows


def _hits(window: str, favoured: Sequence[str]) -> int:
    lowered = window.lower()
    return sum(word in lowered for word in favoured)


def _last_space(text: str, start: int, limit: int) -> int:
    cut = max(text.rfind(" ", start + 1, limit), text.rfind("\n", start + 1, limit))
    return cut if cut > start else limit
