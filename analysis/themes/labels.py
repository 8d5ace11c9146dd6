"""Words that name a theme: frequent in it, rare elsewhere, not in the title of the draft."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.sparse_rows import dense, membership
from analysis.texts.features import Vocabulary
from analysis.texts.normalising import normalise, words
from analysis.texts.parameters import ThemeParameters

#: Words that are common in any opinion and name no subject.
FILLERS = frozenset(
    [
        "agree",
        "disagree",
        "support",
        "oppose",
        "people",
        "just",
        "like",
        "want",
        "make",
        "makes",
        "think",
        "need",
        "really",
        "thing",
        "things",
        "way",
        "lot",
        "don't",
        "doesn't",
        "didn't",
        "can't",
        "won't",
        "isn't",
        "aren't",
        "shouldn't",
        "i'm",
        "it's",
        "เห็นด้วย",
        "ไม่เห็นด้วย",
        "สนับสนุน",
        "คัดค้าน",
        "ขอให้",
        "อยากให้",
        "อยาก",
        "ต้องการ",
        "ครับ",
        "ค่ะ",
        "คะ",
        "นะคะ",
        "นะครับ",
    ]
)


def label_terms(
    vocabulary: Vocabulary,
    labels: NDArray[np.intp],
    parameters: ThemeParameters,
    *,
    title: str = "",
) -> list[list[str]]:
    """Return the terms that name each theme, best first.

    ``score = (texts of the theme with the term / texts of the theme) * log(1 + N / df) ** .5``.
    Words of the title and fillers say nothing about one theme; a term is used only once.

    Parameters
    ----------
    vocabulary : Vocabulary
        Words of the texts.
    labels : ndarray of shape (n_texts,), dtype=intp
        Theme of each text, 0 to n_themes - 1.

    Returns
    -------
    terms : list of n_themes lists of str
        Up to ``label_terms`` each; may be empty.
    """
    count = int(labels.max()) + 1 if len(labels) else 0
    if not vocabulary.terms:
        return [[] for _ in range(count)]
    held, scores = _scores(vocabulary, labels, count, parameters)
    barred = FILLERS | set(words(normalise(title, parameters), parameters))
    longest = parameters.longest_label
    known = np.array([t not in barred and len(t) <= longest for t in vocabulary.terms])
    return _chosen(vocabulary.terms, scores, _allowed(held, known, parameters), parameters)


def _allowed(
    held: NDArray[np.float64], known: NDArray[np.bool_], parameters: ThemeParameters
) -> NDArray[np.bool_]:
    """Tell which terms enough texts of each theme hold; fewer will do where none has enough."""
    most = np.where(known, held, 0.0).max(axis=1, initial=0.0)
    fewest = np.clip(most, 1.0, parameters.label_documents)
    return np.asarray((held >= fewest[:, None]) & known)


def _scores(
    vocabulary: Vocabulary, labels: NDArray[np.intp], count: int, parameters: ThemeParameters
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    texts = len(labels)
    present = vocabulary.counts.sign()
    held = dense(membership(labels, count) @ present).astype(np.float64)
    sizes = np.maximum(np.bincount(labels, minlength=count), 1)
    rarity = np.log1p(texts / np.maximum(held.sum(axis=0), 1)) ** parameters.label_rarity
    return held, held / sizes[:, None] * rarity


def _chosen(
    terms: Sequence[str],
    scores: NDArray[np.float64],
    allowed: NDArray[np.bool_],
    parameters: ThemeParameters,
) -> list[list[str]]:
    """Give each term to the theme where it scores best, then take the best of each theme.

    A theme that is left without a term of its own shares the best one it has.
    """
    owners = np.where(allowed, scores, -1.0).argmax(axis=0)
    chosen: list[list[str]] = []
    for theme in range(len(scores)):
        mine = allowed[theme] & (owners == theme)
        usable = np.flatnonzero(mine if mine.any() else allowed[theme])
        order = sorted(usable.tolist(), key=lambda term: (-scores[theme, term], terms[term]))
        most = parameters.label_terms if mine.any() else 1
        chosen.append([terms[term] for term in order[:most]])
    return chosen
