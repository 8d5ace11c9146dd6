"""Which language a short text is written in, as far as its letters tell."""

import unicodedata
from functools import lru_cache

#: At least this share of the letters decides for a script: Thai texts carry many Latin names.
ENOUGH = 0.3

_SCRIPTS = {
    "THAI": "th",
    "CJK": "zh",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "LAO": "lo",
}


def language_of(text: str) -> str:
    """Return a language code: th, zh, ja, ko, lo, en for Latin letters, und for anything else.

    Latin letters are called English because that is the site's other language; the code only
    chooses a voice for screen readers and is never used to judge a contribution.
    """
    counts: dict[str, int] = {}
    for character in text[:5000]:
        language = _language_of_letter(character)
        if language:
            counts[language] = counts.get(language, 0) + 1
    total = sum(counts.values())
    if not total:
        return "und"
    if counts.get("ja", 0) > 0 and counts.get("ja", 0) + counts.get("zh", 0) >= ENOUGH * total:
        return "ja"
    for language in ("th", "zh", "ko", "lo"):
        if counts.get(language, 0) >= ENOUGH * total:
            return language
    return "en" if counts.get("en", 0) * 2 > total else "und"


@lru_cache(maxsize=4096)
def _language_of_letter(character: str) -> str:
    """Return the language that a letter speaks for; empty for what is no letter."""
    if not character.isalpha():
        return ""
    script = unicodedata.name(character, "").partition(" ")[0]
    return "en" if script == "LATIN" else _SCRIPTS.get(script, "und")
