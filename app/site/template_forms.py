"""Forms by which an administrator edits what consultations of a kind begin with."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from app.forms import BaseForm, at_most, choices, required
from app.words import options
from consultations.kind_editing import REASON_LENGTH
from consultations.kind_templates import HINT_LENGTH, LABEL_LENGTH, CheckPoint, FormField, Need

if TYPE_CHECKING:
    from consultations.kind_templates import KindTemplate

_NUMBERS = ("advised_days", "days_before_opening", "announced_days", "answer_days")
_WORDS = ("summary_th", "scope_th", "affected_th")
_CODE_HINT = _l("Small letters, digits and underscores. It names the part in files.")


class TemplateForm(BaseForm):
    """Any change of a template: why, and which version it was made to."""

    reason = TextAreaField(
        _l("Why it is changed"),
        [required(_l("Give the reason.")), at_most(REASON_LENGTH)],
        description=_l("It is kept with the version."),
    )
    since = HiddenField()

    @property
    def version(self) -> int:
        """Number of the version that was edited."""
        text = self.since.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1


class RulesForm(TemplateForm):
    """Clocks and first words of a kind."""

    advised_days = IntegerField(_l("Advised days to take part"))
    days_before_opening = IntegerField(_l("Days until the opening that is proposed"))
    announced_days = IntegerField(
        _l("Least days from publication to opening"),
        description=_l("Checked where the checklist asks for it."),
    )
    answer_days = IntegerField(
        _l("Days from closing to the answers"),
        description=_l("Proposed, and the most that the checklist allows."),
    )
    needs_draft = BooleanField(_l("There must be a draft to comment on"))
    summary_th = TextAreaField(_l("First words of the summary, in Thai"), [Optional()])
    scope_th = TextAreaField(_l("First words on what can change, in Thai"), [Optional()])
    affected_th = TextAreaField(_l("First words on who is affected, in Thai"), [Optional()])

    def changed(self, template: "KindTemplate") -> "KindTemplate":
        """Return the template with what was filled in."""
        given: dict[str, Any] = {name: self[name].data for name in (*_NUMBERS, "needs_draft")}
        given |= {name: self[name].data or "" for name in _WORDS}
        return replace(template, **given)


class PartForm(TemplateForm):
    """What fields and points have in common."""

    code = StringField(
        _l("Code"), [required(_l("Give it a code.")), at_most(32)], description=_CODE_HINT
    )
    need = SelectField(_l("Needed?"), choices=choices(options("need")))
    label_th = StringField(
        _l("Name in Thai"), [required(_l("Write a name in Thai.")), at_most(LABEL_LENGTH)]
    )
    label_en = StringField(
        _l("Name in English"), [required(_l("Write a name in English.")), at_most(LABEL_LENGTH)]
    )


class FieldForm(PartForm):
    """One field of the law-hearing form."""

    hint_th = TextAreaField(_l("Hint in Thai"), [Optional(), at_most(HINT_LENGTH)])
    hint_en = TextAreaField(_l("Hint in English"), [Optional(), at_most(HINT_LENGTH)])
    ground_th = StringField(_l("Legal ground, in Thai"), [Optional(), at_most(HINT_LENGTH)])
    ground_en = StringField(_l("Legal ground, in English"), [Optional(), at_most(HINT_LENGTH)])
    place = IntegerField(
        _l("Place on the form"), [Optional()], description=_l("1 is the first; empty is the end.")
    )

    @property
    def field(self) -> FormField:
        """What was filled in."""
        names = ("code", "label_th", "label_en", "hint_th", "hint_en", "ground_th", "ground_en")
        words = {name: self[name].data or "" for name in names}
        return FormField(need=Need(self.need.data), **words)


class PointForm(PartForm):
    """One point of the checklist; a computed one has only its need."""

    def fit(self, point: CheckPoint | None) -> "PointForm":
        """Leave out what cannot be changed of a computed point."""
        if point is not None and point.is_computed:
            del self.code, self.label_th, self.label_en
        return self

    def point(self, code: str) -> CheckPoint:
        """Return what was filled in; ``code`` is of the point that it was."""
        need = Need(self.need.data)
        if "code" not in self:
            return CheckPoint(code, need)
        words = (self[name].data or "" for name in ("label_th", "label_en"))
        return CheckPoint(self.code.data or "", need, *words)
