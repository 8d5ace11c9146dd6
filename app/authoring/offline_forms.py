"""Forms of what is said on paper, by telephone or at a meeting."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from app.forms import BaseForm, DayField, at_most, choices, required
from app.participation.cards import clause_name
from app.words import name, problem
from consultations.announcement import REASON_LENGTH
from consultations.comment_words import BODY_LENGTH, WORDING_LENGTH
from consultations.comment_words import REASON_LENGTH as WHY_LENGTH
from consultations.offline.said import PLACE_LENGTH, Provenance, Said, SaidComment
from consultations.strata import STRATA
from core.errors import InvalidError

if TYPE_CHECKING:
    from consultations.offline.offer import Offer

_CHANNELS = ("paper", "phone", "meeting")
_STANCES = ("", "support", "oppose", "unsure")
#: Empty comments that are shown below those that are filled.
_SPARE = 2


def clause_names(offer: "Offer") -> dict[str, str]:
    """Return what people call each clause that takes comments, by its key."""
    return {key: clause_name(key, it.number, it.heading) for key, it in offer.clauses.items()}


class SaidCommentForm(Form):
    """One comment of a response; left empty it does not count."""

    clause_key = SelectField(_l("About"), validate_choice=False)
    stance = SelectField(_l("Stance"), validate_choice=False)
    body = TextAreaField(_l("Words"), [Optional(), at_most(BODY_LENGTH)])
    proposed_wording = TextAreaField(_l("Proposed wording"), [Optional(), at_most(WORDING_LENGTH)])
    reason = TextAreaField(_l("Reason"), [Optional(), at_most(WHY_LENGTH)])


class OfflineForm(BaseForm):
    """One response: where it comes from, and every word of it."""

    channel = RadioField(_l("How it came"), [required(_l("Say how it came."))])
    said_on = DayField(
        _l("Day"),
        [required(_l("Give the day."))],
        description=_l("The day on the paper, or the day on which it was received or said."),
    )
    place = StringField(
        _l("Place or event"),
        [Optional(), at_most(PLACE_LENGTH)],
        description=_l("Such as the name of a meeting. Only your agency sees it."),
    )
    form_number = IntegerField(
        _l("Number of the form"),
        [Optional()],
        description=_l("At the top of a printed form. Leave it empty for anything else."),
    )
    scans = MultipleFileField(
        _l("Scan or photo"),
        description=_l("PNG, JPEG, WebP or PDF, up to 6 pages of 8 MB. Needed for paper."),
    )
    consented = BooleanField(
        _l("The person agreed to these words: on the form, on the telephone or at the meeting")
    )
    comments = FieldList(FormField(SaidCommentForm))
    age = SelectField(_l("Age"), validate_choice=False)
    region = SelectField(_l("Region"), validate_choice=False)
    gender = SelectField(_l("Gender"), validate_choice=False)

    def prepare(self, offer: "Offer", clause_names: Mapping[str, str]) -> None:
        """Fill in the choices, and leave room for further comments."""
        filled = sum(not each.is_empty for each in self.said(offer).comments)
        while len(self.comments.entries) < max(1, filled + _SPARE):
            self.comments.append_entry()
        self.channel.choices = choices((each, name("channel_of", each)) for each in _CHANNELS)
        for question in STRATA:
            self[question].choices = choices(
                [("", _l("Not said")), *((each, name(question, each)) for each in STRATA[question])]
            )
        for entry in self.comments.entries:
            entry.form.clause_key.choices = choices(
                [("", _l("The draft as a whole")), *clause_names.items()]
            )
            entry.form.stance.choices = choices(
                (each, name("stance", each) if each else _l("None")) for each in _STANCES
            )

    @property
    def provenance(self) -> Provenance:
        """Where the response comes from, as it was typed."""
        return Provenance(
            channel=self.channel.data or "",
            said_on=self.said_on.data,
            place=self.place.data or "",
            form_number=self.form_number.data,
            consented=bool(self.consented.data),
        )

    def said(self, offer: "Offer") -> Said:
        """Return what was said, as it was typed; ticks stand in fields of their own."""
        comments = (entry.form for entry in self.comments.entries)
        return Said(
            comments=[
                SaidComment(
                    *(each.clause_key.data or "", each.body.data or "", each.stance.data or ""),
                    *(each.proposed_wording.data or "", each.reason.data or ""),
                )
                for each in comments
            ],
            votes={number: request.form.get(f"vote-{number}", "") for number in offer.statements},
            clause_votes={key: request.form.get(f"clause-{key}", "") for key in offer.clauses},
            profile={question: self[question].data or "" for question in STRATA},
        )

    def show(self, error: InvalidError) -> None:
        """Put an error of one comment on its own field."""
        group, _mark, rest = (error.field or "").partition("-")
        place, _mark, part = rest.partition("-")
        if group != "comments" or not place.isdecimal() or int(place) >= len(self.comments.entries):
            super().show(error)
            return
        message = problem(error.code, error.details)
        entry = self.comments.entries[int(place)].form[part]
        entry.errors = [*entry.errors, message]
        self.comments.errors = [message]


class RefusalForm(BaseForm):
    """Why a response or a file is given back or rejected."""

    reason = TextAreaField(_l("Reason"), [at_most(REASON_LENGTH)])


class UntilForm(BaseForm):
    """Until when what was said in time may be entered."""

    until = DayField(
        _l("Last day of entering"),
        [Optional()],
        description=_l(
            "For papers that bear a day before the closing. Everyone sees it. Empty: the closing."
        ),
    )


class PrintForm(BaseForm):
    """How many forms are printed."""

    copies = IntegerField(
        _l("How many forms"),
        [required(_l("Say how many."))],
        description=_l("Up to 50 at a time. Each has a number of its own."),
    )


class BatchForm(BaseForm):
    """A file of responses."""

    name = StringField(
        _l("What it is"),
        [required(_l("Say what it is.")), at_most(200)],
        description=_l("Such as the name and the day of a meeting."),
    )
    file = FileField(
        _l("File (CSV or XLSX)"),
        [FileRequired(_l("Choose the file."))],
        description=_l("Up to 2,000 rows and 5 MB, with the columns of the table to fill in."),
    )
