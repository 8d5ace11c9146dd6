"""Forms of the answer desk: answers, who works on them, private notes, templates."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from app.forms import BaseForm, DayField, at_most, choices, required
from app.words import NAMES
from consultations.assigning import NOTE_LENGTH, UNIT_LENGTH, Work
from consultations.templating import NAME_LENGTH, TEXT_LENGTH, TemplateWords

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consultations.models import AnswerTemplate, Clause


class AnswerForm(BaseForm):
    """The agency's answer to one item."""

    disposition = RadioField(
        _l("What does the agency do with it?"),
        [required(_l("Choose what the agency does with it."))],
        choices=choices(NAMES["disposition"].items()),
    )
    ground = SelectField(
        _l("What does the reason rest on?"),
        choices=choices(NAMES["ground"].items()),
    )
    template = SelectField(
        _l("Begin with a template"),
        [Optional()],
        validate_choice=False,
        description=_l("Its words are no reason by themselves: say what was weighed in this case."),
    )
    reason_th = TextAreaField(
        _l("Reason in Thai"),
        [
            required(_l("Write the reason in Thai. Every answer needs one, acceptance included.")),
            at_most(5000),
        ],
        description=_l("Plain words. Say what was weighed, and what happens next."),
    )
    reason_en = TextAreaField(_l("Reason in English"), [Optional(), at_most(5000)])
    clause_key = SelectField(_l("Clause that the answer is about"), [Optional()])

    def offer(
        self, clauses: "Iterable[Clause]", templates: "Iterable[AnswerTemplate]" = ()
    ) -> None:
        """Let the clauses of the draft be chosen, or none, and the agency's templates."""
        self.template.choices = choices([(str(each.id), each.name) for each in templates])
        named = [(clause.key, f"{clause.number} {clause.heading}".strip()) for clause in clauses]
        self.clause_key.choices = choices([("", _l("No clause in particular")), *named])


class WorkForm(BaseForm):
    """Who answers, for which unit, and by when."""

    account_id = SelectField(_l("Who writes the answer"), [Optional()])
    unit = StringField(
        _l("Responsible unit"),
        [Optional(), at_most(UNIT_LENGTH)],
        description=_l("A unit, never a person. Everyone reads it beside the published answer."),
    )
    due_on = DayField(
        _l("To be written by"),
        [Optional()],
        description=_l("Seen inside the agency only. Empty: the day promised to the public."),
    )

    def offer(self, colleagues: Mapping[int, str]) -> None:
        """Let colleagues be chosen, or nobody in particular."""
        named = [(str(number), address) for number, address in colleagues.items()]
        self.account_id.choices = choices([("", _l("Nobody in particular")), *named])

    @property
    def work(self) -> Work:
        """What was chosen, as the service takes it."""
        account = self.account_id.data or ""
        return Work(int(account) if account else None, self.unit.data or "", self.due_on.data)


class NoteForm(BaseForm):
    """A private note on an item."""

    body = TextAreaField(
        _l("New note"),
        [required(_l("Write the note first.")), at_most(NOTE_LENGTH)],
        description=_l(
            "Only people of your agency read it. It is in no report, no file and no open data."
        ),
    )


class TemplateForm(BaseForm):
    """Words with which answers often begin."""

    name = StringField(
        _l("Name of the template"), [required(_l("Give it a name.")), at_most(NAME_LENGTH)]
    )
    text_th = TextAreaField(
        _l("Words in Thai"),
        [required(_l("Write the words in Thai.")), at_most(TEXT_LENGTH)],
        description=_l(
            "Put […] where each answer says its own. Nobody can save an answer that is only the "
            "template, or that still has […] in it."
        ),
    )
    text_en = TextAreaField(_l("Words in English"), [Optional(), at_most(TEXT_LENGTH)])

    @property
    def words(self) -> TemplateWords:
        """What was typed."""
        return TemplateWords(self.name.data or "", self.text_th.data or "", self.text_en.data or "")
