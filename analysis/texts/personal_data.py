"""Find what identifies a person in a text, so that it can be masked before it travels."""

import re
from bisect import bisect_right
from dataclasses import dataclass

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_GAP = r"[ \-.–\u00a0]{0,2}"
_D = "[0-9๐-๙]"
_EDGE = rf"(?<!{_D})"
_END = rf"(?!{_D})"
_NATIONAL = re.compile(_EDGE + _GAP.join([_D] * 13) + _END)
_PHONE = re.compile(
    _EDGE + rf"(?:(?:\+|00)[6๖][6๖]{_GAP}(?:\(?[0๐]\)?{_GAP})?|[0๐]{_GAP})"
    rf"[2-9๒-๙]{_GAP}" + _GAP.join([_D] * 7) + rf"(?:{_GAP}{_D})?" + _END
)
_EMAIL = re.compile(
    r"(?<![\w.+%-])[A-Za-z0-9_][\w.+%-]{0,63}@(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\.){1,8}[A-Za-z]{2,24}"
)
_ACCOUNT_WORD = re.compile(
    r"(?:เลข(?:ที่)?บัญชี|บัญชี(?:ธนาคาร)?|ธนาคาร|พร้อมเพย์|ธ\.|account|bank|promptpay)", re.IGNORECASE
)
_ACCOUNT = re.compile(_EDGE + _GAP.join([_D] * 10) + rf"(?:{_GAP}{_D}){{0,5}}" + _END)
_ACCOUNT_SHAPE = re.compile(_EDGE + rf"{_D}{{3}}-{_D}-{_D}{{5}}-{_D}" + _END)
_ACCOUNT_REACH = 40  # characters between the word "account" and the number


@dataclass(frozen=True, order=True)
class PersonalData:
    """One stretch of a text that identifies a person: ``text[start:end]`` and its kind."""

    start: int
    end: int
    kind: str  #: ``national-id``, ``phone``, ``email`` or ``bank-account``


def find_personal_data(text: str) -> list[PersonalData]:
    """Return the Thai national numbers, phones, e-mail addresses and bank accounts in a text.

    A national number counts only when its thirteenth digit is the checksum of the others, so
    that other long numbers stay readable. A bank account counts when it has the usual
    3-1-5-1 shape or follows a word for account or bank. Spans never overlap.
    """
    found = [
        PersonalData(match.start(), match.end(), "national-id")
        for match in _NATIONAL.finditer(text)
        if is_national_number(match.group())
    ]
    found += [PersonalData(m.start(), m.end(), "email") for m in _EMAIL.finditer(text)]
    found += [PersonalData(m.start(), m.end(), "bank-account") for m in _accounts(text)]
    found += [PersonalData(m.start(), m.end(), "phone") for m in _PHONE.finditer(text)]
    kept: list[PersonalData] = []
    taken = bytearray(len(text))
    for candidate in found:  # the earlier kind wins where two readings of one number overlap
        if 1 not in taken[candidate.start : candidate.end]:
            taken[candidate.start : candidate.end] = b"\1" * (candidate.end - candidate.start)
            kept.append(candidate)
    return sorted(kept)


def mask_personal_data(text: str) -> str:
    """Return ``text`` with every piece of personal data replaced by its kind in brackets."""
    parts: list[str] = []
    last = 0
    for span in find_personal_data(text):
        parts += [text[last : span.start], f"[{span.kind}]"]
        last = span.end
    return "".join([*parts, text[last:]])


def is_national_number(text: str) -> bool:
    """Tell whether the digits of ``text`` are a Thai national number with a right checksum.

    The last digit is ``(11 - sum of (13 - i) * digit_i mod 11) mod 10`` over the first twelve,
    by the rule of the Department of Provincial Administration.
    """
    digits = [int(digit) for digit in text.translate(_THAI_DIGITS) if digit in "0123456789"]
    if len(digits) != 13 or digits[0] == 0:
        return False
    total = sum((13 - place) * digit for place, digit in enumerate(digits[:12]))
    return (11 - total % 11) % 10 == digits[12]


def _accounts(text: str) -> list[re.Match[str]]:
    shaped = list(_ACCOUNT_SHAPE.finditer(text))
    words = [match.end() for match in _ACCOUNT_WORD.finditer(text)]
    named = [match for match in (_ACCOUNT.finditer(text) if words else ()) if _near(match, words)]
    return shaped + named


def _near(match: re.Match[str], words: list[int]) -> bool:
    """Tell whether one of the words, by their ends in rising order, stands shortly before."""
    before = bisect_right(words, match.start())
    return before > 0 and match.start() - words[before - 1] <= _ACCOUNT_REACH
