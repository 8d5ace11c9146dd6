"""What a comment says, made comparable: normal form, script, letters, words."""

import re
import unicodedata

from analysis.texts.parameters import ThemeParameters
from analysis.texts.segmentation import thai_words

DEFAULTS = ThemeParameters()

#: Scripts told apart, as the language code of the group they form. Latin letters without a
#: declared language are read as English; the report says so.
SCRIPTS: dict[str, str] = {
    "th": "\u0e00-\u0e7f",
    "lo": "\u0e80-\u0eff",
    "my": "\u1000-\u109f\uaa60-\uaa7f",
    "km": "\u1780-\u17ff",
    "ko": "\u1100-\u11ff\uac00-\ud7af",
    "ja": "\u3040-\u30ff",
    "zh": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
    "ar": "\u0600-\u06ff\u0750-\u077f",
    "hi": "\u0900-\u097f",
    "ru": "\u0400-\u052f",
    "en": "a-zA-Z\u00c0-\u024f\u1e00-\u1eff",
}
IDEOGRAPHIC = frozenset({"zh", "ja", "ko"})
OTHER = "und"

_LINK = re.compile(r"(?:https?://|www\.)\S{1,2000}", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_RUN = re.compile(r"(.)\1+", re.DOTALL)
_SPACE = re.compile(r"\s+")
_SCRIPT_PATTERNS = {code: re.compile(f"[{span}]") for code, span in SCRIPTS.items()}
_THAI_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_NOT_LETTER = re.compile(rf"[^\w{_THAI_MARKS}]+|_+")
_DIGITS = re.compile(r"\d+")
_IDEOGRAPH = "\u3040-\u30ff\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff"
_WORD = re.compile(
    rf"[\u0e00-\u0e7f]+|[{_IDEOGRAPH}]+"
    rf"|[^\W\d_\u0e00-\u0e7f{_IDEOGRAPH}]+(?:['’\-][^\W\d_\u0e00-\u0e7f{_IDEOGRAPH}]+)*"
)
_ONLY_MARKS = re.compile(rf"[\u0e2f-\u0e3a\u0e40-\u0e4f{_THAI_MARKS}]+")


def normalise(text: str, parameters: ThemeParameters = DEFAULTS) -> str:
    """Return the normal form in which comments are compared; never shown to anybody.

    Compatibility form (NFKC), lower case, sara am in one letter, no links, no invisible
    characters, no run of more than three equal characters, single spaces, at most
    ``longest_text`` characters.
    """
    text = text[: parameters.longest_text]
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    text = text.lower().replace("\u0e4d\u0e32", "\u0e33")
    text = collapse_runs(_LINK.sub(" ", text), parameters.longest_run)
    return _SPACE.sub(" ", text).strip()[: parameters.longest_text]


def collapse_runs(text: str, longest: int) -> str:
    """Return ``text`` with every run of one character cut to ``longest``.

    Repeated letters carry mood, not content, and a long run of one Thai consonant is the
    known way to make a dictionary segmenter spend seconds.
    """
    return _RUN.sub(lambda run: run.group()[:longest], text)


def letters_of(normalised: str) -> str:
    """Return only the letters, digits and Thai marks, with runs cut to two.

    The form in which near-duplicates are compared: punctuation, spaces, case and emoji are
    the first things that people change in a text that they were given.
    """
    return collapse_runs(_NOT_LETTER.sub("", normalised), 2)


def is_substantive(normalised: str, parameters: ThemeParameters = DEFAULTS) -> bool:
    """Tell whether the text holds enough letters to say something."""
    bare = _DIGITS.sub("", letters_of(normalised))
    fewest = parameters.fewest_letters
    if _SCRIPT_PATTERNS["zh"].search(bare) or _SCRIPT_PATTERNS["ja"].search(bare):
        fewest = fewest // 3  # one ideograph says about as much as three letters
    return len(bare) >= fewest


def language_of(normalised: str, declared: str = "", parameters: ThemeParameters = DEFAULTS) -> str:
    """Return the language code of the group to which a text belongs.

    Parameters
    ----------
    normalised : str
        Text in normal form.
    declared : str, default=""
        What the author or the form said; believed unless the letters contradict it.

    Returns
    -------
    code : str
        A lower-case code such as ``th`` or ``en``; ``und`` for text without known letters.
    """
    counts = {code: len(found.findall(normalised)) for code, found in _SCRIPT_PATTERNS.items()}
    if counts["ja"]:
        counts["ja"] += counts["zh"]
        counts["zh"] = 0
    total = sum(counts.values())
    if not total:
        return OTHER
    detected = max(counts, key=lambda code: counts[code])
    if counts["th"] >= parameters.script_share * total:
        detected = "th"
    claimed = re.split(r"[-_]", declared.strip().lower())[0]
    if claimed and _script_of(claimed) == detected:
        return claimed
    return detected


def words(normalised: str, parameters: ThemeParameters = DEFAULTS) -> list[str]:
    """Return the words of a text in order: Thai by dictionary, ideographs as pairs, no digits."""
    found: list[str] = []
    for match in _WORD.finditer(normalised):
        run = match.group()
        if "\u0e00" <= run[0] <= "\u0e7f":
            found.extend(_thai(run, parameters.longest_thai_run))
        elif re.match(f"[{_IDEOGRAPH}]", run):
            found.extend(run[i : i + 2] for i in range(max(1, len(run) - 1)))
        else:
            found.append(run)
    return found


def is_content(word: str, stop_words: frozenset[str]) -> bool:
    """Tell whether a word can carry a subject: no stop word, no single letter, no bare mark."""
    return len(word) > 1 and word not in stop_words and not _ONLY_MARKS.fullmatch(word)


def _thai(run: str, longest: int) -> list[str]:
    pieces = [run[start : start + longest] for start in range(0, len(run), longest)]
    return [word for piece in pieces for word in thai_words(piece) if word.strip()]


def _script_of(language: str) -> str:
    return language if language in SCRIPTS else "en"
