"""Whether a sentence that was reworded, by a person or a language model, still says the same.

Quotes, numbers, sides, negations, quantities, groups, units and words of doubt must stand in it in
the same order as in the sentence, so that no figure can move to another group or side. A language
model may bring in no word but connecting ones from a closed list: what is not known to be harmless
is refused. A person may use other words; which ones the check cannot vouch for is told.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from analysis.summary.connecting_words import CONNECTING
from analysis.summary.wording import AGREE, DISAGREE, LANGUAGES
from analysis.texts.normalising import normalise, words

LONGEST = 1.8  #: times the length of the sentence, outside of quotes
_SHORTEST = 0.4
_STEM = 5  #: letters that tell one English word from another

_GAP = "“”"  # stands for words that must stay as they are
_QUOTE_MARK = re.compile('[“”"«»]')
_THAI = re.compile("[\u0e01-\u0e5b]")
#: Marks around words, as against the apostrophe inside one.
_LOOSE_MARK = re.compile("(?<![A-Za-z])['‘’`´]|['‘’`´](?![A-Za-z])")
_PLAIN = re.compile("[ -~\u0e01-\u0e5b“”’–—…\n]")
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

#: What must stay in place: a kind and the words of it. A word of no kind is free.
_ENGLISH: dict[str, str] = {
    DISAGREE: r"disagree\w*|disapprov\w*|dissent\w*",
    AGREE: r"agree\w*",
    "other side": r"oppos\w*|against|reject\w*|refus\w*|support\w*|favou?r\w*|endors\w*|approv\w*"
    r"|back(?:s|ed|ing)?|like[sd]?|dislike\w*|accept\w*|pro|contra|unanim\w*|consensus",
    "group": r"groups? [a-z]\b",
    "groups": r"opinion groups?",
    "not": r"not|\w+n['’]t|cannot|never|no|none|neither|nor|nobody|without|hardly|barely|rarely"
    r"|fail\w*|lack\w*|deny|denies|unlike\w*|instead|rather|except|but|contrary|opposite|unless",
    "amount": r"most(?:ly)?|majorit\w*|minorit\w*|all|every\w*|each|both|any|half|halves|thirds?"
    r"|quarters?|many|few\w*|some|several|much|large\w*|huge|vast|overwhelming\w*|nearly|almost"
    r"|about|around|roughly|exactly|only|just|percent\w*|per cent|shares?|proportion\w*|dozens?"
    r"|hundreds?|thousands?|millions?|twice|double|triple|one|two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve|more|less|least|over|under|above|below|exceed\w*|up to|at most",
    "people": r"people|persons?|participants?|citizens?|voters?|members?|residents?|public",
    "comments": r"comments?|submissions?|opinions|messages?",
    "votes": r"votes?|voted|voting",
    "statements": r"statements?",
    "themes": r"themes?",
    "hedge": r"may|might|could|can|perhaps|probably|possibly|yet|still|too",
    "cause": r"because|therefore|thus|hence|since|so that|due to|causes?|prov\w*|should|must|will",
    "doubt": r"myths?|false\w*|untrue|wrong\w*|doubt\w*|alleg\w*|claim\w*|lies|lied|lying|mistak\w*"
    r"|suppos\w*|pretend\w*|mislead\w*|rumou?r\w*|incorrect\w*|so-called|far from|refut\w*"
    r"|question\w*",
}
_THAI_KINDS: dict[str, str] = {
    "groups": "กลุ่มความเห็น",
    "group": "กลุ่ม ?[A-Z]",
    DISAGREE: "ไม่เห็นด้วย",
    AGREE: "เห็นด้วย",
    "other side": "คัดค้าน|สนับสนุน|ต่อต้าน|เห็นชอบ|เห็นพ้อง|เห็นต่าง|ปฏิเสธ|ยอมรับ|รับได้|เอกฉันท์",
    "not": "ไม่|มิ(?:ได้|ใช่)|ไร้|ปราศจาก|อย่า(?!ง)|ยกเว้น|แทบ|ขาด|ตรงข้าม|(?<!ตั้ง)แต่(?!ละ)",
    "amount": "ส่วนใหญ่|ส่วนมาก|ส่วนน้อย|ทั้งหมด|ทั้งสอง|ทุก|แต่ละ|ครึ่ง|เกือบ|ราว|ประมาณ|เพียง|ร้อยละ"
    "|เปอร์เซ็นต์|สัดส่วน|มาก|น้อย|หลาย|บาง|กว่า|เกิน|อย่างน้อย|อย่างมาก|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด"
    "|แปด|เก้า|สิบ|ร้อย|พัน|หมื่น|แสน|ล้าน|ท่วมท้น",
    "people": "คน|ประชาชน|บุคคล|ราย",
    "comments": "ความเห็น|ความคิดเห็น",
    "votes": "ลงคะแนน|คะแนนเสียง|โหวต",
    "statements": "ข้อความ",
    "themes": "ประเด็น",
    "hedge": "อาจ|ยัง|คงจะ|น่าจะ",
    "cause": "เพราะ|เนื่องจาก|ดังนั้น|จึง|ทำให้|ส่งผล|ควร|ต้อง|พิสูจน์",
    "doubt": "เท็จ|(?<!รับ)ผิด|โกหก|หลอก|อ้าง|สงสัย|เข้าใจว่า|คลาดเคลื่อน|บิดเบือน|ข่าวลือ|สมมุติ|สมมติ|แกล้ง|โต้แย้ง",
}
#: Kinds of which the very word must stay, not only another one of its kind.
_EXACT = frozenset({"number", "group", "not", "amount", "other side", "cause", "doubt"})
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?|%"


@dataclass(frozen=True)
class WordingProblem:
    """Why a wording is refused.

    Attributes
    ----------
    kind : str
        ``quote``, ``length``, ``language``, ``marks``, or the kind of the first word that must
        stand there and does not, or stands there and must not: ``number``, ``agree``,
        ``disagree``, ``other side``, ``group``, ``not``, ``amount``, ...
    expected, found : str
        That word in the sentence and what the wording has in its place; empty where there is none.
    """

    kind: str
    expected: str = ""
    found: str = ""


def wording_problem(
    sentence: Mapping[str, Any], reworded: str, *, language: str
) -> WordingProblem | None:
    """Return why a person's wording turns the sentence round; None when it does not.

    Other words are free: `unchecked_words` names those that nothing vouches for.
    """
    places = _comparable(sentence, reworded, language)
    if places is None:
        return WordingProblem("quote")
    old, new = places
    expected, found = (_protected_words(text, language) for text in (old, new))
    if _QUOTE_MARK.search(new.replace(_GAP, "")):
        return WordingProblem("quote")
    if bool(_THAI.search(new)) != bool(_THAI.search(old)):
        return WordingProblem("language")
    if not _is_plain(old, new):
        return WordingProblem("marks")
    if [kind for kind, _ in expected] != [kind for kind, _ in found]:
        return _first_difference(expected, found)
    return None if _fits(old, new) else WordingProblem("length")


def unchecked_words(sentence: Mapping[str, Any], reworded: str, *, language: str) -> list[str]:
    """Return the words of a wording that are neither in the sentence nor only connect."""
    places = _comparable(sentence, reworded, language)
    if places is None:
        return []
    unknown = _unknown_words(*places, language)
    return [word for place, word in enumerate(unknown) if word not in unknown[:place]]


def accept_rewording(sentence: Mapping[str, Any], reworded: str, *, language: str) -> bool:
    """Tell whether a rewording of one sentence may stand beside it."""
    return not rewording_problems(sentence, reworded, language=language)


def rewording_problems(sentence: Mapping[str, Any], reworded: str, *, language: str) -> list[str]:
    """Return why a rewording is refused; nothing when it is accepted.

    Parameters
    ----------
    sentence : mapping
        An entry of ``sentences`` of a summary that the check has found supported.
    reworded : str
        The new words for ``sentence["text"][language]``.
    language : str
        ``th`` or ``en``.
    """
    if language not in LANGUAGES:
        return [f"the language {language!r} is unknown"]
    places = _comparable(sentence, reworded, language)
    if places is None:
        return ["the quoted words are not the same"]
    old, new = places
    checks = {
        "words are quoted that the sentence does not quote": not _QUOTE_MARK.search(
            new.replace(_GAP, "")
        ),
        "the length is too different": _fits(old, new),
        "the language is another": bool(_THAI.search(new)) == bool(_THAI.search(old)),
        "numbers, sides, groups, amounts or negations are not in the same order": (
            _protected(old, language) == _protected(new, language)
        ),
        "marks or letters that do not belong there": _is_plain(old, new),
        "words that are not known to change nothing": not _unknown_words(old, new, language),
    }
    return [problem for problem, holds in checks.items() if not holds]


def verbatim_parts(sentence: Mapping[str, Any]) -> list[str]:
    """Return the words of a sentence that are quoted from somewhere, longest first."""
    values = sentence["values"]
    parts = [values.get("quote", ""), values.get("statement", "")]
    parts.append(", ".join(values.get("terms", ())))
    return sorted({part for part in parts if part}, key=lambda part: (-len(part), part))


def _comparable(
    sentence: Mapping[str, Any], reworded: str, language: str
) -> tuple[str, str] | None:
    """Return both texts with gaps for quotes; None if the quoted words are not the same."""
    old, new = sentence["text"][language], reworded
    for words_kept in verbatim_parts(sentence):
        quoted = f"“{words_kept}”"
        if old.count(quoted) != new.count(quoted):
            return None
        old, new = old.replace(quoted, _GAP), new.replace(quoted, _GAP)
    return old.translate(_THAI_DIGITS), new.translate(_THAI_DIGITS)


def _fits(old: str, new: str) -> bool:
    return _SHORTEST * len(old) <= len(new) <= LONGEST * len(old)


def _first_difference(
    expected: list[tuple[str, str]], found: list[tuple[str, str]]
) -> WordingProblem:
    """Name the first protected word that was exchanged, brought in or left out."""
    kinds = [kind for kind, _ in expected], [kind for kind, _ in found]
    opcodes = SequenceMatcher(None, *kinds, autojunk=False).get_opcodes()
    _, start, end, there, until = next(code for code in opcodes if code[0] != "equal")
    was = expected[start] if start < end else ("", "")
    now = found[there] if there < until else ("", "")
    kind = was[0] or now[0]
    name = "other side" if kind.startswith("other side") else kind.partition(" ")[0]
    return WordingProblem(name, was[1].replace(_GAP, "…"), now[1].replace(_GAP, "…"))


def _protected(text: str, language: str) -> list[str]:
    """Return the kinds (and for numbers and groups the values) that must stay, in order."""
    return [kind for kind, _ in _protected_words(text, language)]


def _protected_words(text: str, language: str) -> list[tuple[str, str]]:
    """Return what must stay, in order: kind (and very word, where that counts) beside the word."""
    kinds = _THAI_KINDS if language == "th" else _ENGLISH
    edge = "" if language == "th" else r"\b"
    parts = [f"(?P<number>{_NUMBER})", f"(?P<quote>{_GAP})"]
    parts += [
        f"(?P<kind{place}>{edge}(?:{pattern}){edge})"
        for place, pattern in enumerate(kinds.values())
    ]
    names = dict(zip((f"kind{place}" for place in range(len(kinds))), kinds, strict=True))
    reader = re.compile("|".join(parts), re.IGNORECASE)
    found: list[tuple[str, str]] = []
    for match in reader.finditer(text):
        kind = str(match.lastgroup)
        name = names.get(kind, kind)
        word = match.group()
        told = f"{name} {word.lower().replace(' ', '')}" if name in _EXACT else name
        found.append((told, word))
    return found


def _is_plain(old: str, new: str) -> bool:
    """Refuse hidden characters, letters that only look alike, and marks of quotation."""
    return not _LOOSE_MARK.search(new) and all(
        _PLAIN.fullmatch(letter) or letter in old for letter in new
    )


def _unknown_words(old: str, new: str, language: str) -> list[str]:
    """Return the words that neither stand in the sentence already nor only connect."""
    known = {word[:_STEM] for word in words(normalise(old))}
    connecting = CONNECTING[language]
    return [
        word
        for word in words(normalise(new))
        if word[:_STEM] not in known and word not in connecting
    ]
