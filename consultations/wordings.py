"""An officer's wording of a sentence, held against what the sentence rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from analysis.summary.rewording import WordingProblem, unchecked_words, wording_problem
from core.errors import InvalidError
from core.text import single_line

#: Longest wording, in characters.
WORDING_LENGTH: Final = 2_000

#: Code of what is wrong, by the kind of the word that stands or is missing there.
_CODES: Final = {
    **dict.fromkeys(("agree", "disagree", "other side"), "wording.side"),
    **dict.fromkeys(("group", "groups"), "wording.group"),
    **dict.fromkeys(("cause", "doubt"), "wording.claim"),
    "number": "wording.number",
    "not": "wording.negation",
    "amount": "wording.amount",
    "hedge": "wording.hedge",
    "quote": "wording.quote",
    "language": "wording.language",
    "marks": "wording.marks",
    "length": "wording.length",
}


@dataclass(frozen=True)
class Wording:
    """A wording in both languages.

    Attributes
    ----------
    unchecked : tuple of str
        Words that the check cannot vouch for, Thai first.
    """

    text_th: str
    text_en: str
    unchecked: tuple[str, ...]


def machine_words(sentence: Mapping[str, Any], language: str) -> str:
    """Return what the engine wrote; empty for a sentence that keeps no words."""
    return str(sentence.get("text", {}).get(language, ""))


def checked_wording(sentence: Mapping[str, Any], *, text_th: str, text_en: str) -> Wording:
    """Return a wording as it is stored. An empty text takes the engine's words again.

    Raises
    ------
    InvalidError
        On ``text_th`` or ``text_en``: ``text.too_long``, or a code that says what was turned
        round, with the words ``expected`` and ``found``: ``wording.side``, ``wording.number``,
        ``wording.group``, ``wording.negation``, ``wording.amount``, ``wording.hedge``,
        ``wording.claim``, ``wording.unit``, ``wording.quote``, ``wording.language``,
        ``wording.marks``, ``wording.length``.
    """
    texts, unchecked = {}, []
    for language, given in (("th", text_th), ("en", text_en)):
        field = f"text_{language}"
        words = given if given.strip() else machine_words(sentence, language)
        words = single_line(words, max_length=WORDING_LENGTH, field=field)
        problem = wording_problem(sentence, words, language=language)
        if problem is not None:
            raise _refusal(problem, field)
        texts[field] = words
        unchecked += unchecked_words(sentence, words, language=language)
    return Wording(**texts, unchecked=tuple(unchecked))


def _refusal(problem: WordingProblem, field: str) -> InvalidError:
    code = _CODES.get(problem.kind, "wording.unit")
    return InvalidError(
        code, field=field, expected=problem.expected or "–", found=problem.found or "–"
    )
