"""Forms of summaries and reports."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import Optional

from app.forms import BaseForm, DayField, at_most, required
from consultations.dissent_answering import ANSWER_LENGTH
from consultations.wordings import WORDING_LENGTH


class LeaveOutForm(BaseForm):
    """Why a sentence is left out of the summary."""

    reason = TextAreaField(
        _l("Why is it left out?"),
        [
            required(_l("Say why the sentence is left out. Everyone will see the reason.")),
            at_most(2000),
        ],
        description=_l("Everyone will see the sentence as left out, with this reason."),
    )


class WordingForm(BaseForm):
    """Other words for a sentence of the summary."""

    text_th = TextAreaField(
        _l("Wording in Thai"),
        [Optional(), at_most(WORDING_LENGTH)],
        description=_l("Leave it empty to take the machine's wording again."),
    )
    text_en = TextAreaField(_l("Wording in English"), [Optional(), at_most(WORDING_LENGTH)])

    @property
    def texts(self) -> dict[str, str]:
        """What was written, as the services take it."""
        return {"text_th": self.text_th.data or "", "text_en": self.text_en.data or ""}


class DissentAnswerForm(BaseForm):
    """The agency's answer to what was said against its summary."""

    answer_th = TextAreaField(
        _l("Answer in Thai"),
        [required(_l("Write the answer in Thai.")), at_most(ANSWER_LENGTH)],
        description=_l("Say what the agency makes of it. It is printed beside the summary."),
    )
    answer_en = TextAreaField(_l("Answer in English"), [Optional(), at_most(ANSWER_LENGTH)])

    @property
    def texts(self) -> dict[str, str]:
        """What was written, as the service takes it."""
        return {"answer_th": self.answer_th.data or "", "answer_en": self.answer_en.data or ""}


class SecondVoteForm(BaseForm):
    """For how long people vote on another wording."""

    days = IntegerField(_l("Full days to vote"), [Optional()], default=7)


class ThemeForm(BaseForm):
    """The wording of a theme."""

    label_th = StringField(_l("Name in Thai"), [Optional(), at_most(200)])
    label_en = StringField(_l("Name in English"), [Optional(), at_most(200)])


class ReportForm(BaseForm):
    """What only the agency knows about the hearing and what follows."""

    outside_th = TextAreaField(
        _l("What was done beside this site, in Thai"),
        [Optional(), at_most(5000)],
        description=_l("Meetings, letters, telephone: when, where, how many people."),
    )
    outside_en = TextAreaField(
        _l("What was done beside this site, in English"), [Optional(), at_most(5000)]
    )
    next_th = TextAreaField(
        _l("What happens next, in Thai"),
        [Optional(), at_most(5000)],
        description=_l("Each step with its day and who is responsible for it."),
    )
    next_en = TextAreaField(_l("What happens next, in English"), [Optional(), at_most(5000)])
    next_on = DayField(
        _l("By which day"),
        [Optional()],
        description=_l("For example 2026-12-31. Years of the Buddhist era are understood."),
    )
