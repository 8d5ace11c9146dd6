"""Looks at a text before it is stored: how visible it starts, and what a moderator should check.

Signals advise and nothing more: the worst they do is to let a moderator read the text first. Every
pattern is bounded or starts at a rare character, so that the time grows linearly with the text.
"""

import re
from collections.abc import Callable
from typing import Final

from consultations.models import ModerationPolicy, Visibility
from consultations.screening import Screening

#: Links that a text may hold without being looked at first.
MAX_LINKS: Final = 2

_THAI_DIGITS = "๐๑๒๓๔๕๖๗๘๙"
#: Thai digits and full-width letters as ASCII; characters of no width fall away.
_PLAIN: Final = {
    **{ord(digit): str(value) for value, digit in enumerate(_THAI_DIGITS)},
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys((0x00AD, 0x034F, 0x061C, 0x180E, 0xFEFF, *range(0x200B, 0x2010))),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2060, 0x2070))),
    0x2010: "-",
    0x2011: "-",
    0x2012: "-",
    0x2013: "-",
    0x00A0: " ",
}

#: Thirteen digits, in one run or grouped 1-4-5-2-1 as on the card. Looked for at every digit that
#: begins a run, also inside a longer match.
_NATIONAL_NUMBER = re.compile(
    r"(?<!\d)(?=(\d[ -]?\d{4}[ -]?\d{5}[ -]?\d{2}[ -]?\d)(?!\d))", re.ASCII
)
_PHONES = (
    # Mobile: 10 digits from 06, 08 or 09. Fixed line: 9 digits from 02 to 05 or 07.
    re.compile(
        r"(?<![\d,/+-])(?<!\d\.)\(?0"
        r"(?:[689]\)?(?:[ .()-]{0,2}\d){8}|[2-57]\)?(?:[ .()-]{0,2}\d){7})(?!\d)",
        re.ASCII,
    ),
    re.compile(r"(?<!\d)(?:\+|00)66[ .-]?\(?0?\)?(?:[ .-]?\d){8,9}(?!\d)", re.ASCII),
    re.compile(r"(?<!\d)\+[1-9]\d{7,14}(?!\d)", re.ASCII),
)
#: Begins at the sign, which is rare, and looks back one character only.
_EMAIL = re.compile(r"(?<=[\w+%-])@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,}")
_ACCOUNTS = (
    re.compile(r"(?<![\d-])\d{3}-\d-\d{5}-\d(?![\d-])", re.ASCII),
    # Ten to fifteen digits close behind a word that announces an account.
    re.compile(
        r"(?:บัญชี|พร้อมเพย์|ธนาคาร|กสิกร|ไทยพาณิชย์|กรุงไทย|ออมสิน|promptpay|account|a/c)"
        r"[^\d\n]{0,40}\d(?:[ -]?\d){9,14}(?!\d)",
        re.IGNORECASE,
    ),
)
_LINK = re.compile(
    r"https?://|(?<![a-z0-9./@])www\."
    r"|(?<![a-z0-9.@/:_-])[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){0,3}\.[a-z]{2,24}/",
    re.IGNORECASE | re.ASCII,
)


def screen(text: str, policy: ModerationPolicy) -> Screening:
    """Say how visible a text starts, and which signals it gives.

    Parameters
    ----------
    text : str
        All that the contribution would show, whatever its length.
    policy : ModerationPolicy
        BEFORE lets every text wait for a moderator. AFTER lets it appear at once, unless it seems
        to hold somebody's personal data or holds more than ``MAX_LINKS`` links.

    Returns
    -------
    Screening
        Codes of signals in a fixed order: national_number, phone, email, bank_account, links.
    """
    plain = text.translate(_PLAIN)
    signals = tuple(code for code, seen in _SIGNALS.items() if seen(plain))
    must_wait = policy is ModerationPolicy.BEFORE or bool(signals)
    return Screening(Visibility.PENDING if must_wait else Visibility.PUBLISHED, signals)


def is_national_number(digits: str) -> bool:
    """Whether 13 digits are a person's number: the last digit checks the others (modulo 11).

    A number that begins with 0 is a company's, unless its sixth and seventh digits are 89: those
    are given to people without nationality.
    """
    if len(digits) != 13 or digits[0] == "9" or (digits[0] == "0" and digits[5:7] != "89"):
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, range(13, 1, -1), strict=False)
    )
    return int(digits[12]) == (11 - total % 11) % 10


def _has_national_number(text: str) -> bool:
    return any(
        is_national_number(re.sub("[ -]", "", found.group(1)))
        for found in _NATIONAL_NUMBER.finditer(text)
    )


def _has_phone(text: str) -> bool:
    return any(pattern.search(text) for pattern in _PHONES)


def _has_email(text: str) -> bool:
    return _EMAIL.search(text) is not None


def _has_account(text: str) -> bool:
    return any(pattern.search(text) for pattern in _ACCOUNTS)


def _has_many_links(text: str) -> bool:
    return sum(1 for _found in _LINK.finditer(text)) > MAX_LINKS


_SIGNALS: Final[dict[str, Callable[[str], bool]]] = {
    "national_number": _has_national_number,
    "phone": _has_phone,
    "email": _has_email,
    "bank_account": _has_account,
    "links": _has_many_links,
}

#: Codes of all signals.
SIGNALS: Final = tuple(_SIGNALS)
