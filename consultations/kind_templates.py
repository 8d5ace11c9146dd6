"""What each kind of consultation begins with, as data: delivered in ``consultations/kinds``.

An administrator can put a version of their own in a delivered template's place; both are read, and
refused where they do not hold, by ``parsed``.
"""

import json
import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from consultations.models import Consultation, Kind, ModerationPolicy
from core.errors import InvalidError
from core.text import plain_text, single_line

#: Stands in a template's text where the agency fills in its own words.
BLANK: Final = "[…]"
LABEL_LENGTH: Final = 200
HINT_LENGTH: Final = 500
#: Most fields, and most points of a checklist.
MOST: Final = 40
_TEXT_LENGTH: Final = 5_000
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_FOLDER: Final = Path(__file__).parent / "kinds"
_TEXTS: Final = ("summary_th", "scope_th", "affected_th")
#: Fields whose answers together are the analysis of impacts.
IMPACT: Final = "impact_"
#: Points of a checklist that are computed; a template says whether each is needed or advised.
COMPUTED: Final = (
    *("announced", "affected", "contact", "form", "analysis", "stakeholders", "notices"),
    *("answers_due", "answers_in_time", "approver", "offline", "english"),
)
#: Least and most of each number.
_BOUNDS: Final = {
    "advised_days": (1, 365),
    "days_before_opening": (1, 180),
    "announced_days": (0, 180),
    "answer_days": (1, 365),
}


class Need(StrEnum):
    """How much a field or a point is needed."""

    #: Without it the consultation cannot be sent for review or published.
    REQUIRED = "required"
    ADVISED = "advised"
    OPTIONAL = "optional"


@dataclass(frozen=True)
class FormField:
    """One field of the law-hearing form; `ground` says where the law or good practice asks it."""

    code: str
    need: Need
    label_th: str
    label_en: str
    hint_th: str = ""
    hint_en: str = ""
    ground_th: str = ""
    ground_en: str = ""


@dataclass(frozen=True)
class CheckPoint:
    """One point of the checklist; one with a label is confirmed by an officer, not computed."""

    code: str
    need: Need
    label_th: str = ""
    label_en: str = ""

    @property
    def is_computed(self) -> bool:
        """Whether the site itself knows if the point is fulfilled."""
        return self.code in COMPUTED


@dataclass(frozen=True)
class KindTemplate:
    """Rules, first words, form and checklist of one kind.

    Parameters
    ----------
    advised_days : int
        Advised number of days to take part; a shorter consultation must say why.
    needs_draft : bool
        Whether there must be a text to comment on.
    days_before_opening : int
        Days from preparing to the opening that is proposed.
    announced_days : int
        Least days from publication to opening, where ``announced`` is on the checklist.
    answer_days : int
        Days from closing to the answers that are proposed, and the most that are allowed where
        ``answers_in_time`` is required.
    summary_th, scope_th, affected_th : str
        First words in Thai, with ``BLANK`` where the agency fills in its own.
    """

    advised_days: int
    needs_draft: bool
    days_before_opening: int
    announced_days: int
    answer_days: int
    moderation_policy: ModerationPolicy
    summary_th: str
    scope_th: str
    affected_th: str
    fields: tuple[FormField, ...]
    items: tuple[CheckPoint, ...]

    def field(self, code: str) -> FormField | None:
        """Return the field of a code; None when there is none."""
        return next((each for each in self.fields if each.code == code), None)

    def point(self, code: str) -> CheckPoint | None:
        """Return the point of a code; None when there is none."""
        return next((each for each in self.items if each.code == code), None)


def parsed(given: Any) -> KindTemplate:
    """Return a template from plain values, as they stand in JSON.

    Raises
    ------
    InvalidError
        ``template.malformed`` with ``part``; ``template.number`` with ``part``, ``least`` and
        ``most``; ``template.code`` or ``template.code_taken`` with ``given``;
        ``template.too_many``; ``text.empty`` or ``text.too_long``.
    """
    if not isinstance(given, dict):
        raise InvalidError("template.malformed", part="{}")
    numbers: dict[str, Any] = {name: _number(given.get(name), name) for name in _BOUNDS}
    texts: dict[str, Any] = {name: _text(given.get(name), name) for name in _TEXTS}
    needs_draft, moderation = given.get("needs_draft"), given.get("moderation_policy")
    if not isinstance(needs_draft, bool):
        raise InvalidError("template.malformed", field="needs_draft", part="needs_draft")
    if moderation not in set(ModerationPolicy):
        raise InvalidError("template.malformed", part="moderation_policy")
    return KindTemplate(
        **numbers,
        **texts,
        needs_draft=needs_draft,
        moderation_policy=ModerationPolicy(moderation),
        fields=tuple(_field(each) for each in _rows(given, "fields")),
        items=tuple(_point(each) for each in _rows(given, "items")),
    )


def as_json(template: KindTemplate) -> str:
    """Return the one JSON spelling of a template."""
    return json.dumps(asdict(template), sort_keys=True, ensure_ascii=False)


@lru_cache(maxsize=128)
def read_json(content: str) -> KindTemplate:
    """Return a template from its JSON; the same text always gives the same template."""
    return parsed(json.loads(content))


def has_blank(text: str) -> bool:
    """Whether a text still holds a place that the agency should have filled in."""
    return BLANK in text


def _number(value: object, name: str) -> int:
    least, most = _BOUNDS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InvalidError("template.number", field=name, part=name, least=least, most=most)
    return value


def _text(value: object, name: str, most: int = _TEXT_LENGTH) -> str:
    if not isinstance(value, str):
        raise InvalidError("template.malformed", field=name, part=name)
    return plain_text(value, max_length=most, field=name) if value.strip() else ""


def _line(row: dict[str, Any], name: str) -> str:
    value = row.get(name, "")
    if not isinstance(value, str):
        raise InvalidError("template.malformed", field=name, part=name)
    return single_line(value, max_length=LABEL_LENGTH, field=name)


def _rows(given: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = given.get(name)
    if not isinstance(rows, list | tuple) or not all(isinstance(row, dict) for row in rows):
        raise InvalidError("template.malformed", field=name, part=name)
    if len(rows) > MOST:
        raise InvalidError("template.too_many", field="code", maximum=MOST)
    codes = [row.get("code") for row in rows]
    for code in codes:
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            raise InvalidError("template.code", field="code", given=str(code)[:32])
        if codes.count(code) > 1:
            raise InvalidError("template.code_taken", field="code", given=code)
    return list(rows)


def _need(row: dict[str, Any]) -> Need:
    if row.get("need") not in set(Need):
        raise InvalidError("template.malformed", field="need", part="need")
    return Need(row["need"])


def _field(row: dict[str, Any]) -> FormField:
    return FormField(
        code=row["code"],
        need=_need(row),
        label_th=_line(row, "label_th"),
        label_en=_line(row, "label_en"),
        **{
            name: _text(row.get(name, ""), name, HINT_LENGTH)
            for name in ("hint_th", "hint_en", "ground_th", "ground_en")
        },
    )


def _point(row: dict[str, Any]) -> CheckPoint:
    if row["code"] in COMPUTED:
        return CheckPoint(row["code"], _need(row))
    return CheckPoint(row["code"], _need(row), _line(row, "label_th"), _line(row, "label_en"))


TEMPLATES: Final = {
    kind: read_json((_FOLDER / f"{kind.value}.json").read_text(encoding="utf-8")) for kind in Kind
}


def template_of(consultation: Consultation) -> KindTemplate:
    """Return what a consultation began with, or what its kind is delivered with."""
    kept = consultation.template
    return read_json(kept.content) if kept else TEMPLATES[consultation.kind]
