"""Forms of promises, of reports on them, and of the law's way."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from app.forms import BaseForm, DayField, at_most, choices, required
from app.words import NAMES
from consultations.committing import LONGEST_OWNER, LONGEST_TEXT, Promise
from consultations.enacting import LONGEST_NOTE, LawNote
from consultations.links import LONGEST_ADDRESS

if TYPE_CHECKING:
    from datetime import date


class PromiseForm(BaseForm):
    """What the agency promises."""

    text_th = TextAreaField(
        _l("What the agency will do, in Thai"),
        [required(_l("Say in Thai what the agency will do.")), at_most(LONGEST_TEXT)],
        description=_l("One thing that people can check, in plain words."),
    )
    text_en = TextAreaField(_l("In English"), [Optional(), at_most(LONGEST_TEXT)])
    owner = StringField(
        _l("Unit that answers for it"),
        [required(_l("Name the unit that answers for it.")), at_most(LONGEST_OWNER)],
        description=_l("A unit that people can reach, not a person's name."),
    )
    due_on = DayField(_l("Done by"), [required(_l("Choose the day by which it is done."))])
    response_id = SelectField(_l("Follows from the answer"), [Optional()])

    def offer(self, answers: Iterable[tuple[int, str]]) -> None:
        """Let a published answer be chosen, or none."""
        named = [(str(number), words) for number, words in answers]
        self.response_id.choices = choices([("", _l("None in particular")), *named])

    @property
    def given(self) -> Promise:
        """Return what was typed."""
        return Promise(
            text_th=self.text_th.data or "",
            text_en=self.text_en.data or "",
            owner=self.owner.data or "",
            due_on=cast("date", self.due_on.data),
            response_id=int(self.response_id.data) if self.response_id.data else None,
        )


class LawForm(BaseForm):
    """Where the law is."""

    stage = RadioField(
        _l("Where is the law?"),
        [required(_l("Choose where the law is."))],
        choices=choices(NAMES["law_stage"].items()),
    )
    reached_on = DayField(_l("Since"), [required(_l("Choose the day on which it happened."))])
    note_th = TextAreaField(_l("Note in Thai"), [Optional(), at_most(LONGEST_NOTE)])
    note_en = TextAreaField(_l("Note in English"), [Optional(), at_most(LONGEST_NOTE)])
    source_url = StringField(
        _l("Where it can be looked up (web address)"), [Optional(), at_most(LONGEST_ADDRESS)]
    )

    @property
    def given(self) -> LawNote:
        """Return what was typed."""
        return LawNote(
            stage=self.stage.data or "",
            reached_on=cast("date", self.reached_on.data),
            note_th=self.note_th.data or "",
            note_en=self.note_en.data or "",
            source_url=self.source_url.data or "",
        )
