"""Form of a report on a promise, for the agency and for whoever owns a step of a joint plan."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Optional

from app.forms import BaseForm, DayField, at_most, choices, required
from app.words import NAMES
from consultations.committing import LONGEST_TEXT, Report
from consultations.links import LONGEST_ADDRESS


class ReportForm(BaseForm):
    """How far a promise is."""

    state = RadioField(
        _l("How far is it?"),
        [required(_l("Choose how far it is."))],
        choices=choices(NAMES["commitment_state"].items()),
    )
    note_th = TextAreaField(
        _l("What was done, in Thai"),
        [required(_l("Say in Thai what was done, or why not.")), at_most(LONGEST_TEXT)],
        description=_l(
            "If the day moves or the promise is given up, say why. Everyone can read it."
        ),
    )
    note_en = TextAreaField(_l("In English"), [Optional(), at_most(LONGEST_TEXT)])
    evidence_url = StringField(
        _l("Where anyone can check it (web address)"), [Optional(), at_most(LONGEST_ADDRESS)]
    )
    due_on = DayField(
        _l("New day, if it moves"),
        [Optional()],
        description=_l("The day that was promised before stays visible."),
    )

    @property
    def given(self) -> Report:
        """Return what was typed."""
        return Report(
            state=self.state.data or "",
            note_th=self.note_th.data or "",
            note_en=self.note_en.data or "",
            evidence_url=self.evidence_url.data or "",
            due_on=self.due_on.data,
        )
