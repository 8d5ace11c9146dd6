"""Forms of the law hearing: what the template asks, those affected, and the notices to them."""

from datetime import date
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.authoring.consultation_forms import plausible
from app.forms import BaseForm, DayField, at_most, choices, required
from app.rendering import pick
from app.words import options
from consultations.form_filling import ANSWER_LENGTH, LANGUAGES
from consultations.notifying import PROOF_BYTES, WORDS_LENGTH, Given
from consultations.stakeholder_files import Entry
from consultations.stakeholding import NAME_LENGTH, TEXT_LENGTH

if TYPE_CHECKING:
    from consultations.queries.hearing import Form

_LANGUAGE_NAMES = {"th": _l("in Thai"), "en": _l("in English")}


class HearingForm(BaseForm):
    """The fields that a template asks for, in both languages, and the points to confirm."""

    confirmed = SelectMultipleField(
        _l("What you confirm"),
        [Optional()],
        choices=[],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(self, kept: "Form") -> None:
        self._template = kept.template
        saved = {
            f"{code}_{language}": text
            for code, words in kept.answers.items()
            for language, text in words.items()
        }
        super().__init__(data={**saved, "confirmed": list(kept.confirmed)})

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Add the template's fields before anything is filled in."""
        for field in self._template.fields:
            for language in LANGUAGES:
                label = f"{pick(field, 'label').text} ({_LANGUAGE_NAMES[language]})"
                checks = [Optional(), at_most(ANSWER_LENGTH)]
                name = f"{field.code}_{language}"
                made = TextAreaField(label, checks)
                self._fields[name] = self.meta.bind_field(self, made, {"name": name})
        own = [each for each in self._template.items if not each.is_computed]
        named = [(each.code, pick(each, "label").text) for each in own]
        self.confirmed.choices = choices(named)
        super().process(*args, **kwargs)

    def answers(self) -> dict[str, str]:
        """Return what was filled in, by field and language."""
        return {
            name: self[name].data or ""
            for field in self._template.fields
            for name in (f"{field.code}_{language}" for language in LANGUAGES)
        }


class StakeholderForm(BaseForm):
    """A group or an organisation that is affected."""

    kind = SelectField(_l("Kind of group"), choices=choices(options("stakeholder_kind")))
    name = StringField(
        _l("Name of the group or organisation"),
        [required(_l("Write the name of the group.")), at_most(NAME_LENGTH)],
        description=_l("Everyone reads it. Name no person."),
    )
    effect_th = TextAreaField(_l("How it is affected, in Thai"), [Optional(), at_most(TEXT_LENGTH)])
    effect_en = TextAreaField(
        _l("How it is affected, in English"), [Optional(), at_most(TEXT_LENGTH)]
    )
    contact = TextAreaField(
        _l("Contact"),
        [Optional(), at_most(TEXT_LENGTH)],
        description=_l(
            "Person, post, telephone. Kept encrypted, seen by officers of your agency alone, and "
            "deleted 180 days after the end."
        ),
    )
    email = StringField(
        _l("E-mail address"),
        [Optional(), at_most(254)],
        description=_l("So that this site can send the notice and keep its proof."),
    )

    @property
    def entry(self) -> Entry:
        """What was filled in."""
        names = ("kind", "name", "effect_th", "effect_en", "contact", "email")
        return Entry(**{name: self[name].data or "" for name in names})


class ProofForm(BaseForm):
    """Proof that a planned notice was given."""

    notified_on = DayField(
        _l("Day on which it was given"), [required(_l("Enter a day.")), plausible]
    )
    proof = FileField(
        _l("Proof"),
        description=_l("PDF, PNG or JPEG, at most 5 MB. Seen by officers alone."),
    )

    @property
    def given(self) -> Given:
        """What was filled in; only of a form that holds."""
        file, day = self.proof.data, self.notified_on.data or date.min
        name, data = (file.filename or "", file.read(PROOF_BYTES + 1)) if file else ("", b"")
        told = {each: self[each].data or "" for each in ("channel", "words") if each in self}
        return Given(told.get("channel", ""), day, told.get("words", ""), name, data)


class NoticeForm(ProofForm):
    """A notice that was given, or that is planned."""

    channel = SelectField(_l("Channel"), choices=choices(options("notice_channel")))
    notified_on = DayField(
        _l("Day"),
        [required(_l("Enter a day.")), plausible],
        description=_l("In the past if it was given; a day to come if it is planned."),
    )
    words = TextAreaField(
        _l("Text, or number of the letter"),
        [Optional(), at_most(WORDS_LENGTH)],
        description=_l("An e-mail from this site says these words and adds the link."),
    )


class ImportGroupsForm(BaseForm):
    """A table of groups."""

    file = FileField(
        _l("Table of groups (CSV)"),
        [FileRequired(_l("Choose the CSV file."))],
        description=_l("You see what becomes of each row before anything is kept."),
    )


class ReminderForm(BaseForm):
    """A reminder by e-mail to chosen groups."""

    numbers = SelectMultipleField(
        _l("To which groups?"),
        [required(_l("Choose at least one group."))],
        coerce=int,
        choices=[],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    words = TextAreaField(
        _l("Text of the reminder"),
        [required(_l("Write the text.")), at_most(WORDS_LENGTH)],
        description=_l("The link and the closing day are added."),
    )

    def offer(self, groups: list[tuple[int, str]]) -> "ReminderForm":
        """Offer the groups that have an address."""
        self.numbers.choices = choices([(str(number), name) for number, name in groups])
        return self
