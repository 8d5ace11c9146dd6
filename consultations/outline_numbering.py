"""How the units of a Thai or English legal text are labelled, and in which order they nest.

Decides from one line whether it opens a unit ("มาตรา ๕ ผู้ใด ...", "Chapter II Fees"). A reference
in mid-sentence does not, even when a line happens to break before it ("มาตรา ๕ แห่ง ...").
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core import text


class Kind(StrEnum):
    """What a unit of a draft is. The order of the first six is the order of nesting."""

    BOOK = "book"  # ภาค, บรรพ, Part, Book
    TITLE = "title"  # ลักษณะ, Title
    CHAPTER = "chapter"  # หมวด, Chapter
    PART = "part"  # ส่วน, Division
    SECTION = "section"  # มาตรา, Section, Article
    CLAUSE = "clause"  # ข้อ, Clause, or a bare number
    PARAGRAPH = "paragraph"
    HEADING = "heading"  # without a number: Markdown or a Word heading style
    TRANSITORY = "transitory"  # บทเฉพาะกาล
    PREAMBLE = "preamble"  # title and opening words
    RATIONALE = "rationale"  # หลักการและเหตุผล
    ANNEX = "annex"  # บัญชีท้าย, ภาคผนวก, Schedule
    CLOSING = "closing"  # date and signature
    QUESTION = "question"  # asked before there is a draft; written, never recognised in a text


#: Units that hold others and have a heading; their words stand in the units they hold.
CONTAINERS: Final = frozenset(
    {Kind.BOOK, Kind.TITLE, Kind.CHAPTER, Kind.PART, Kind.HEADING, Kind.TRANSITORY}
)
#: Units that carry the numbered rules themselves.
NUMBERED: Final = frozenset({Kind.SECTION, Kind.CLAUSE})
#: Units that never hold others.
LEAVES: Final = frozenset(
    {Kind.PREAMBLE, Kind.RATIONALE, Kind.CLOSING, Kind.PARAGRAPH, Kind.QUESTION}
)
#: A smaller rank holds a greater one; 0 stands at the top level.
RANK: Final = {
    Kind.PREAMBLE: 0,
    Kind.RATIONALE: 0,
    Kind.ANNEX: 0,
    Kind.CLOSING: 0,
    Kind.QUESTION: 0,
    Kind.BOOK: 1,
    Kind.TITLE: 2,
    Kind.CHAPTER: 3,
    Kind.TRANSITORY: 3,
    Kind.PART: 4,
    Kind.SECTION: 5,
    Kind.CLAUSE: 6,
    Kind.PARAGRAPH: 7,
}
#: Longest heading taken from a line, in characters; a longer line is a sentence.
HEADING_LENGTH: Final = 150
NUMBER_LENGTH: Final = 64


@dataclass(frozen=True)
class Label:
    """What stands at the start of a line that opens a unit.

    Parameters
    ----------
    kind : Kind
    number : str
        As printed, with its word: "มาตรา ๓/๑", "Section 4."; empty for an unnumbered unit.
    rest : str
        What follows on the line.
    """

    kind: Kind
    number: str
    rest: str


_SUFFIXES = {
    "ทวิ": "bis",
    "ตรี": "ter",
    "จัตวา": "quater",
    "เบญจ": "quinquies",
    "ฉ": "sexies",
    "สัตต": "septies",
    "อัฏฐ": "octies",
    "นว": "novies",
    "ทศ": "decies",
}
_DIGITS = "[0-9๐-๙]{1,6}"
_COUNT = f"{_DIGITS}(?:[./]{_DIGITS}){{0,4}}"
_THAI_NUMBER = f"{_COUNT}(?:\\s?(?:{'|'.join(_SUFFIXES)})(?![ก-๎]))?"
_COUNT_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_LATIN_NUMBER = "(?:[0-9]{1,6}[A-Za-z]{0,2}(?:[./-][0-9]{1,6}){0,4}|[IVXLC]{1,8}|[A-Z])"
_END = '(?P<end>[.:]?)(?=\\s|$|[–—“"])\\s*(?:[–—:-]\\s+)?(?P<rest>.*)$'

_THAI_WORDS = {
    Kind.BOOK: "(?:ภาค|บรรพ)(?:ที่)?",
    Kind.TITLE: "ลักษณะ(?:ที่)?",
    Kind.CHAPTER: "หมวด(?:ที่)?",
    Kind.PART: "ส่วน(?:ที่)?",
    Kind.SECTION: "มาตรา",
    Kind.CLAUSE: "ข้อ(?:ที่)?",
}
_LATIN_WORDS = {
    Kind.BOOK: "part|book",
    Kind.TITLE: "title",
    Kind.CHAPTER: "chapter",
    Kind.PART: "division|subpart|subdivision",
    Kind.SECTION: "section|sec\\.|article|rule|regulation|§",
    Kind.CLAUSE: "clause",
    Kind.ANNEX: "schedule|annex|appendix",
}
_LABELS = [
    (kind, re.compile(f"(?P<number>{word}\\s*{_THAI_NUMBER}){_END}"))
    for kind, word in _THAI_WORDS.items()
] + [
    (
        kind,
        re.compile(
            f"(?=[A-Z§])(?P<number>(?i:{word})\\s*(?:{_LATIN_NUMBER}|(?i:{_COUNT_WORDS})\\b)){_END}"
        ),
    )
    for kind, word in _LATIN_WORDS.items()
]
_THAI_APPENDIX = re.compile(f"(?P<number>ภาคผนวก(?:\\s*(?:{_COUNT}|[ก-ฮ]))?){_END}")
_THAI_SCHEDULE = re.compile(
    f"(?:(?:บัญชี|เอกสาร|แผนที่|แบบ|ตาราง)\\s?(?:หมายเลข\\s?)?(?:{_COUNT})?\\s?(?:แนบท้าย|ท้าย)"
    "(?:ร่าง)?(?:พระราช|กฎ|ระเบียบ|ประกาศ|ข้อ|คำสั่ง)|อัตราค่าธรรมเนียม$)"
)
_BARE_NUMBER = re.compile(
    f"(?P<number>(?:{_DIGITS}\\.){{1,5}}|{_DIGITS}(?:\\.{_DIGITS}){{1,4}}|{_DIGITS}\\))"
    "\\s+(?P<rest>\\S.*)$"
)
#: What follows a number when the line is the middle of a sentence.
_THAI_REFERENCE = re.compile("(?:\\([^)]{1,3}\\)\\s*)*(?:แห่ง|ของ|และ|หรือ|ถึง|วรรค|ซึ่ง|ดังกล่าว|มาใช้)")
_CONTENTS_LINE = re.compile(f"(?:\\.{{4,}}|…{{2,}}|(?:\\. ){{4,}})\\s*{_DIGITS}$")
_UNNUMBERED = {
    "บทเฉพาะกาล": Kind.TRANSITORY,
    "บททั่วไป": Kind.CHAPTER,
    "บทเบ็ดเสร็จทั่วไป": Kind.CHAPTER,
    "บทกำหนดโทษ": Kind.CHAPTER,
    "transitional provisions": Kind.TRANSITORY,
    "transitory provisions": Kind.TRANSITORY,
    "บันทึกหลักการและเหตุผล": Kind.RATIONALE,
    "หลักการและเหตุผล": Kind.RATIONALE,
    "explanatory note": Kind.RATIONALE,
}
_RATIONALE = re.compile("บันทึกหลักการและเหตุผล|หมายเหตุ\\s?:-")
_FROM_DIGIT = re.compile("[0-9].*")
_WORDS_IN_KEYS = re.compile(f"[0-9a-z]+|(?:{'|'.join(_SUFFIXES)})(?![ก-๎])")
_LABEL_WORDS = frozenset("|".join(_LATIN_WORDS.values()).replace("\\.", "").split("|"))


def recognise(line: str, *, is_heading: bool = False) -> Label | None:
    """Return the label that opens a unit on this line, or None for running text.

    Parameters
    ----------
    line : str
        Without spaces at its ends.
    is_heading : bool
        The document marks the line as a heading, so it cannot be the middle of a sentence.
    """
    if _CONTENTS_LINE.search(line):
        return None
    kind = _UNNUMBERED.get(line.casefold())
    if _RATIONALE.match(line):
        kind = Kind.RATIONALE
    if kind is not None:
        return Label(kind, "", line)
    if _THAI_SCHEDULE.match(line) and len(line) <= HEADING_LENGTH:
        return Label(Kind.ANNEX, "", line)
    for kind, pattern in [*_LABELS, (Kind.ANNEX, _THAI_APPENDIX)]:
        found = pattern.match(line)
        if found and (is_heading or _opens(kind, found)):
            return Label(kind, found["number"] + found["end"].replace(":", ""), found["rest"])
    return None


def recognise_bare(line: str) -> Label | None:
    """Return the label of a line that starts with a number and no word: "1. ...", "๒.๑ ..."."""
    found = _BARE_NUMBER.match(line)
    return Label(Kind.CLAUSE, found["number"], found["rest"]) if found else None


def canonical_number(number: str) -> str:
    """Return the form in which two printed numbers are the same: digits, case, spaces, dots."""
    return text.matching_key(number).rstrip(".:) ").replace(" ", "")


def number_parts(number: str) -> tuple[str, ...]:
    """Split a number at its dots: ("1", "2") for "ข้อ ๑.๒"; "๓/๑" is one part."""
    canonical = canonical_number(number)
    found = _FROM_DIGIT.search(canonical)
    return tuple((found.group() if found else canonical).split("."))


def number_slug(number: str) -> str:
    """Return the ASCII form of a number for keys: "3-1" for "มาตรา ๓/๑", "5-bis" for "๕ ทวิ"."""
    found = _WORDS_IN_KEYS.findall(text.matching_key(number))
    return "-".join(_SUFFIXES.get(word, word) for word in found if word not in _LABEL_WORDS)[:24]


def _opens(kind: Kind, found: re.Match[str]) -> bool:
    rest = found["rest"]
    if _THAI_REFERENCE.match(rest):
        return False
    if rest[:1].islower() and not found["end"]:
        return False
    return kind not in CONTAINERS or len(rest) <= HEADING_LENGTH
