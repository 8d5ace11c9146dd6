"""Forms of working groups: seats, charter, meetings, proposals and positions."""

from typing import TYPE_CHECKING, cast

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import Optional

from app.forms import BaseForm, DayField, at_most, choices, required
from app.words import NAMES
from consultations.chartering import LONGEST_BODY as LONGEST_CHARTER
from consultations.chartering import CharterWords
from consultations.deliberating import LONGEST_REASON, ProposalWords
from consultations.forming import LONGEST_TITLE, Seat
from consultations.meeting import LONGEST_AGENDA, LONGEST_MINUTES, LONGEST_PLACE, Agenda
from consultations.rounds import LONGEST_BODY

if TYPE_CHECKING:
    from datetime import date


class SeatForm(BaseForm):
    """Whom to invite, and for what."""

    email = StringField(
        _l("E-mail address of the person"),
        [required(_l("Enter the e-mail address of the person.")), at_most(254)],
        description=_l("It is used for one letter and kept nowhere else."),
    )
    sector = RadioField(
        _l("For which sector is the seat?"),
        [required(_l("Choose for which sector the seat is."))],
        choices=choices(NAMES["sector"].items()),
    )
    seat = StringField(
        _l("What the seat is for"),
        [required(_l("Say what the seat is for.")), at_most(LONGEST_TITLE)],
        description=_l("For example: traders of the evening market. Everyone can read it."),
    )
    is_facilitator = BooleanField(
        _l("A facilitator, who leads the work and never decides"), [Optional()]
    )

    @property
    def given(self) -> Seat:
        """Return what was typed."""
        return Seat(
            email=self.email.data or "",
            sector=self.sector.data or "",
            seat=self.seat.data or "",
            is_facilitator=bool(self.is_facilitator.data),
        )


class AcceptForm(BaseForm):
    """Under which name one is shown."""

    shown_name = StringField(
        _l("Your name as everyone sees it"),
        [required(_l("Enter the name that everyone may see.")), at_most(LONGEST_TITLE)],
        description=_l("Your e-mail address is never shown."),
    )
    shown_organisation = StringField(
        _l("Organisation that you speak for"), [Optional(), at_most(LONGEST_TITLE)]
    )


class CharterForm(BaseForm):
    """How the group works and decides."""

    body = TextAreaField(
        _l("Shared aim, ways of working, and how conflicts are settled"),
        [required(_l("Write how the group works.")), at_most(LONGEST_CHARTER)],
    )
    rule = RadioField(
        _l("When is a proposal adopted?"),
        [required(_l("Choose how the group decides."))],
        choices=choices(NAMES["decision_rule"].items()),
    )
    quorum = IntegerField(
        _l("How many of 100 members have to answer"),
        [required(_l("Enter a number from 50 to 100."))],
        default=60,
    )
    round_days = IntegerField(
        _l("Full days to answer a proposal"),
        [required(_l("Enter the number of days."))],
        default=7,
    )

    @property
    def given(self) -> CharterWords:
        """Return what was typed."""
        return CharterWords(
            body=self.body.data or "",
            rule=self.rule.data or "",
            quorum=self.quorum.data or 0,
            round_days=self.round_days.data or 0,
        )


class MeetingForm(BaseForm):
    """When, where and about what a group meets."""

    held_on = DayField(_l("Day"), [required(_l("Choose the day of the meeting."))])
    place = StringField(
        _l("Time and place"),
        [required(_l("Say when and where the group meets.")), at_most(LONGEST_PLACE)],
    )
    agenda = TextAreaField(
        _l("Agenda"), [required(_l("Write the agenda.")), at_most(LONGEST_AGENDA)]
    )

    @property
    def given(self) -> Agenda:
        """Return what was typed."""
        return Agenda(
            held_on=cast("date", self.held_on.data),
            place=self.place.data or "",
            agenda=self.agenda.data or "",
        )


class MinutesForm(BaseForm):
    """What was said and agreed, and what is corrected in it."""

    body = TextAreaField(
        _l("Minutes"), [required(_l("Write the minutes.")), at_most(LONGEST_MINUTES)]
    )
    correction = TextAreaField(
        _l("What is corrected, and why"),
        [Optional(), at_most(LONGEST_AGENDA)],
        description=_l("Needed once minutes are public; the earlier words stay readable."),
    )


class ProposalForm(BaseForm):
    """What a member proposes."""

    title = StringField(
        _l("Title"), [required(_l("Give the proposal a title.")), at_most(LONGEST_TITLE)]
    )
    body = TextAreaField(
        _l("What the group decides if it agrees"),
        [required(_l("Write what the group decides.")), at_most(LONGEST_BODY)],
    )
    due_on = DayField(
        _l("If it is a step that your side carries out: done by"),
        [Optional()],
        description=_l(
            "You can promise for your own side only. Adopted, it is followed in public."
        ),
    )
    resources = TextAreaField(
        _l("What your side contributes"),
        [Optional(), at_most(LONGEST_REASON)],
        description=_l("For example people, rooms, money or data."),
    )

    @property
    def given(self) -> ProposalWords:
        """Return what was typed."""
        return ProposalWords(
            title=self.title.data or "",
            body=self.body.data or "",
            due_on=self.due_on.data,
            resources=self.resources.data or "",
        )


class AmendForm(BaseForm):
    """Another text of the same proposal."""

    body = TextAreaField(
        _l("What the group decides if it agrees"),
        [required(_l("Write what the group decides.")), at_most(LONGEST_BODY)],
        description=_l("A new round begins; what was said to the text before stays readable."),
    )


class PositionForm(BaseForm):
    """What a member says to a proposal."""

    position = RadioField(
        _l("What do you say to it?"),
        [required(_l("Choose what you say to the proposal."))],
        choices=choices(NAMES["position"].items()),
    )
    reason = TextAreaField(
        _l("Your reason"),
        [Optional(), at_most(LONGEST_REASON)],
        description=_l("An objection and a reservation need one. It is shown with your name."),
    )
