"""Pure: passwords that are tried first, because very many people choose them."""

import unicodedata
from pathlib import Path

from core.keyring import canonical_email

#: Fewer different characters than this make no password.
_DIFFERENT = 5
#: Shorter names in front of the @ are found in ordinary words.
_NAME = 4
#: Words of the commonest passwords, also as they come out on a Thai keyboard.
_WORDS = tuple(
    unicodedata.normalize("NFKC", word)
    for word in Path(__file__).with_name("common_words.txt").read_text("utf-8").split()
)
_ROWS = tuple(
    unicodedata.normalize("NFKC", row)
    for row in (
        "01234567890",
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiop[]",
        "asdfghjkl;'",
        "zxcvbnm,./",
        "ๆไำพะัีรนยบล",
        "ฟหกดเ้่าสวง",
        "ผปแอิืทมใฝ",
        "ๅ/_ภถุึคตจขช",
    )
)
#: A run along a row of the keyboard counts from so many characters.
_RUN = 4


def is_common(password: str) -> bool:
    """Whether a password (in NFKC) is all common words, digits, repeats and keyboard runs."""
    folded = password.casefold()
    return len(set(folded)) < _DIFFERENT or _is_made_of_words(_without_runs(folded))


def holds_address(password: str, email: str) -> bool:
    """Whether a password holds the name in front of the @ of an address."""
    name = canonical_email(email).partition("@")[0]
    return len(name) >= _NAME and name in password.casefold()


def _without_runs(text: str) -> str:
    """Put a digit in place of each run along a row of the keyboard, in either direction."""
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        for length in range(len(row), _RUN - 1, -1):
            for start in range(len(row) - length + 1):
                text = text.replace(row[start : start + length], "0")
    return text


def _is_made_of_words(text: str) -> bool:
    """Whether common words, digits and signs, one after the other, make up the whole text."""
    reached = {0}
    for place in range(len(text)):
        if place in reached:
            reached |= {place + len(word) for word in _WORDS if text.startswith(word, place)}
            if not text[place].isalpha() and not unicodedata.combining(text[place]):
                reached.add(place + 1)
    return len(text) in reached
