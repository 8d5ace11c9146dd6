"""The sentences of a summary in Thai and English: one pair of templates for each kind."""

from collections.abc import Mapping, Sequence
from typing import Any

LANGUAGES = ("th", "en")
AGREE = "agree"
DISAGREE = "disagree"

#: Words for the two sides; no other word of a template names a side.
SIDE_WORDS = {
    "th": {AGREE: "เห็นด้วย", DISAGREE: "ไม่เห็นด้วย"},
    "en": {AGREE: "agree", DISAGREE: "disagree"},
}

Values = Mapping[str, Any]

_TEMPLATES: dict[str, dict[str, str]] = {
    "votes_cast": {
        "th": "มีผู้ร่วมลงคะแนน {participants} คน ลงคะแนนรวม {votes} ครั้ง กับข้อความ {statements} ข้อ",
        "en": "{participants} {participants:person|people} cast {votes} {votes:vote|votes} "
        "on {statements} {statements:statement|statements}.",
    },
    "comments_from_people": {
        "th": "มีผู้ส่งความเห็น {people} คน รวม {comments} ความเห็น",
        "en": "{people} {people:person|people} sent {comments} {comments:comment|comments}.",
    },
    "comments_received": {
        "th": "ได้รับความเห็นรวม {comments} ความเห็น",
        "en": "{comments} {comments:comment was|comments were} received.",
    },
    "comments_without_text": {
        "th": "มี {count} ความเห็นที่ไม่มีข้อความให้วิเคราะห์ เช่น มีเพียงลิงก์หรืออีโมจิ",
        "en": "{count} {count:comment holds|comments hold} no text to analyse, "
        "for example only a link or emoji.",
    },
    "groups": {
        "th": "เมื่อดูจากการลงคะแนน ผู้ที่ลงคะแนนคล้ายกันแบ่งได้เป็น {k} กลุ่มความเห็น ได้แก่ {groups}",
        "en": "Going by their votes, people who vote alike form {k} opinion groups: {groups}.",
    },
    "groups_unstable": {
        "th": "การแบ่งกลุ่มนี้ยังไม่แน่นอน และอาจเปลี่ยนไปเมื่อมีผู้ลงคะแนนเพิ่มขึ้น",
        "en": "This grouping is not settled yet and may change as more people vote.",
    },
    "consensus_every_group": {
        "th": "ในทุกกลุ่มความเห็น ผู้ลงคะแนนส่วนใหญ่{side}กับข้อความ “{statement}” โดย{groups}",
        "en": "In every opinion group, most of those who voted on it {side} with “{statement}”: "
        "{groups}.",
    },
    "consensus_overall": {
        "th": "ในบรรดาผู้ลงคะแนนข้อความ “{statement}” มีผู้{side}{range}",
        "en": "Of those who voted on “{statement}”, {range} {side} with it.",
    },
    "difference": {
        "th": "กลุ่มความเห็นมองต่างกันในข้อความ “{statement}” โดย{groups}",
        "en": "Opinion groups see “{statement}” differently: {groups}.",
    },
    "representative": {
        "th": "จุดที่ทำให้{group}ต่างจากคนอื่นคือการลงคะแนน{side}กับข้อความ “{statement}” "
        "ผู้ลงคะแนนข้อนี้ในกลุ่ม{side}{range}",
        "en": "What sets {group} apart is how its members vote on “{statement}”: of those who "
        "voted on it, {range} {side}.",
    },
    "too_few": {
        "th": "มีข้อความ {count} ข้อที่ยังมีผู้ลงคะแนนน้อยเกินกว่าจะสรุปผลได้",
        "en": "{count} {count:statement has|statements have} too few votes to say anything yet.",
    },
    "theme": {
        "th": "ประเด็น “{terms}” มี {size} ความเห็น{senders}",
        "en": "The theme “{terms}” holds {size} {size:comment|comments}{senders}.",
    },
    "theme_of_side": {
        "th": "ในความเห็นของผู้ที่ระบุว่า{side} ประเด็น “{terms}” มี {size} ความเห็น{senders}",
        "en": "Among comments marked as “{side}”, the theme “{terms}” holds "
        "{size} {size:comment|comments}{senders}.",
    },
    "theme_quote": {
        "th": "ตัวอย่างความเห็นในประเด็น “{terms}”: “{quote}”",
        "en": "A comment in the theme “{terms}” says: “{quote}”",
    },
    "minority": {
        "th": "เสียงส่วนน้อยที่มีเนื้อหาต่างจากประเด็นใหญ่อย่างชัดเจน: “{terms}” มี {size} ความเห็น{senders}",
        "en": "A small but distinct voice: “{terms}”, with {size} "
        "{size:comment|comments}{senders}.",
    },
    "minority_quote": {
        "th": "ตัวอย่างความเห็นส่วนน้อยเรื่อง “{terms}”: “{quote}”",
        "en": "A comment of the small voice “{terms}” says: “{quote}”",
    },
    "campaign_unquoted": {
        "th": "มี {size} ความเห็น{senders}ที่ใช้ข้อความเกือบเหมือนกัน ระบบนับเป็นข้อความเดียวเมื่อจัดประเด็น "
        "และไม่ถือเป็นคะแนนเสียง",
        "en": "{size} {size:comment|comments}{senders} use almost the same text; they count as one "
        "text when themes are found, and never as votes.",
    },
    "campaign": {
        "th": "มี {size} ความเห็น{senders}ที่ใช้ข้อความเกือบเหมือนกัน ระบบนับเป็นข้อความเดียวเมื่อจัดประเด็น "
        "และไม่ถือเป็นคะแนนเสียง: “{quote}”",
        "en": "{size} {size:comment|comments}{senders} use almost the same text; they count as one "
        "text when themes are found, and never as votes: “{quote}”",
    },
}


def render(template: str, values: Values, language: str) -> str:
    """Return the sentence of a template in one language.

    Raises
    ------
    KeyError
        If the template or a value is unknown.
    """
    filled: dict[str, Any] = dict(values)
    if "side" in values:
        filled["side"] = SIDE_WORDS[language][values["side"]]
    if "by_group" in values:
        filled["groups"] = _ranges(values, language)
    if "sizes" in values:
        filled["groups"] = _sizes(values, language)
    if "group" in values:
        filled["group"] = group_name(values["group"], language)
    if "low" in values:
        filled["range"] = range_words(values["low"], values["high"], language)
    if "terms" in values:
        filled["terms"] = ", ".join(values["terms"])
    filled["senders"] = _senders(values.get("people"), language)
    return _filled(_TEMPLATES[template][language], filled)


def templates() -> list[str]:
    """Return the names of all templates."""
    return list(_TEMPLATES)


def number_words(number: int) -> str:
    """Write a whole number with a comma between thousands."""
    return f"{number:,}"


def range_words(low: int, high: int, language: str) -> str:
    """Write a range of people out of a hundred."""
    if language == "th":
        return f"ระหว่าง {low} ถึง {high} ใน 100 คน"
    return f"between {low} and {high} of 100"


def group_name(group: int, language: str) -> str:
    """Return the name of an opinion group: A, B, C."""
    letter = chr(ord("A") + int(group))
    return f"กลุ่ม {letter} " if language == "th" else f"group {letter}"


def joined(parts: Sequence[str], language: str, *, comma: str) -> str:
    """Join parts of a list as the language does."""
    last = " และ" if language == "th" else f"{comma.rstrip() if comma == '; ' else ''} and "
    return comma.join(parts[:-1]) + last + parts[-1] if len(parts) > 1 else "".join(parts)


def _ranges(values: Values, language: str) -> str:
    word = SIDE_WORDS[language][values.get("side", AGREE)]
    parts = []
    for entry in values["by_group"]:
        name = group_name(entry["group"], language)
        people = range_words(entry["low"], entry["high"], language)
        parts.append(f"{name}{word}{people}" if language == "th" else f"in {name}, {people} {word}")
    return joined(parts, language, comma=" " if language == "th" else "; ")


def _sizes(values: Values, language: str) -> str:
    parts = [
        f"{group_name(entry['group'], language)}{number_words(entry['size'])} คน"
        if language == "th"
        else f"{group_name(entry['group'], language)} with {number_words(entry['size'])} "
        + ("person" if entry["size"] == 1 else "people")
        for entry in values["sizes"]
    ]
    return joined(parts, language, comma=" " if language == "th" else ", ")


def _senders(people: int | None, language: str) -> str:
    if people is None:
        return ""
    if language == "th":
        return f" จากผู้ส่ง {number_words(people)} คน"
    return f" from {number_words(people)} " + ("person" if people == 1 else "people")


class _Field(str):
    """A value that chooses a singular or plural form when a format names both."""

    number: int | None = None

    def __format__(self, forms: str) -> str:
        one, bar, many = forms.partition("|")
        if not bar:
            return str(self)
        return one if self.number == 1 else many


def _filled(template: str, values: Mapping[str, Any]) -> str:
    fields: dict[str, _Field] = {}
    for name, value in values.items():
        field = _Field(number_words(value) if isinstance(value, int) else value)
        field.number = value if isinstance(value, int) else None
        fields[name] = field
    return template.format_map(fields)
