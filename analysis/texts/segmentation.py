"""Thai words and sentences: the dictionary segmenter, its fallback, stop words, sentence cuts."""

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path

import pythainlp
from pythainlp.corpus import thai_stopwords
from pythainlp.tokenize import crfcut, newmm
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

_DICTIONARY = "sarn"
_WORD_LIST = Path(pythainlp.__file__).parent / "corpus" / "words_th.txt"
#: Letters without a space that no sentence has; the model would take long over them.
_ENDLESS = re.compile(r"\S{300}")
_STRETCH = 1_000  # characters given to the sentence cutter at once; its cost grows with length


def thai_words(run: str) -> list[str]:
    """Return the dictionary words of a run of Thai letters, in order and without loss.

    ``safe=True`` bounds the search for boundaries: without it, a few thousand equal
    consonants take seconds. The caller bounds the length of the run as well.
    """
    if not run:
        return []
    fast = _fast_segmenter()
    return fast(run) if fast else slow_thai_words(run)


def slow_thai_words(run: str) -> list[str]:
    """Return the same words by the segmenter that needs no compiled part."""
    return list(newmm.segment(run, safe_mode=True))


@cache
def stop_words() -> frozenset[str]:
    """Return the Thai and English words that say nothing about the subject of a text."""
    return frozenset(ENGLISH_STOP_WORDS) | frozenset(thai_stopwords())


def sentence_ends(text: str, *, thai: bool) -> list[int]:
    """Return the offsets in ``text`` after which a sentence ends, the last one its length.

    Parameters
    ----------
    text : str
        The original text; offsets count its characters.
    thai : bool
        Whether to cut by the Thai sentence model (crfcut); otherwise by closing marks and lines.
    """
    ends: list[int] = []
    for start in range(0, len(text), _STRETCH):
        piece = text[start : start + _STRETCH]
        ends.extend(start + end for end in (_thai_ends(piece) if thai else _mark_ends(piece)))
    return ends


@cache
def _fast_segmenter() -> Callable[[str], list[str]] | None:
    try:
        nlpo3 = import_module("nlpo3")
    except ImportError:  # no wheel for this platform
        return None
    nlpo3.load_dict(str(_WORD_LIST), _DICTIONARY)
    return lambda run: list(nlpo3.segment(run, _DICTIONARY, safe=True))


def _thai_ends(piece: str) -> list[int]:
    if not piece.strip() or _ENDLESS.search(piece):
        return _mark_ends(piece)
    sentences = crfcut.segment(piece)
    if "".join(sentences) != piece:  # offsets would shift: fall back to the marks
        return _mark_ends(piece)
    ends: list[int] = []
    for sentence in sentences:
        ends.append((ends[-1] if ends else 0) + len(sentence))
    return ends


def _mark_ends(piece: str) -> list[int]:
    ends = [
        place + 1
        for place, mark in enumerate(piece[:-1])
        if mark == "\n" or (mark in ".!?…" and piece[place + 1].isspace())
    ]
    return [*ends, len(piece)]
