"""Forms of the steps that an agency takes, and of its own statements."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    SelectField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.validators import Optional

from app.forms import BaseForm, DayField, at_most, choices, required
from consultations.announcement import REASON_LENGTH
from consultations.lifecycle import Event
from consultations.proposing import STATEMENT_LENGTH
from core.clock import BANGKOK

_EARLIEST, _LATEST = 1900, 2300
_DAY_HINT = _l("A day in Bangkok; years of the Buddhist era are understood.")
#: Steps that cannot be taken without a reason.
_REASONED = frozenset({Event.SEND_BACK, Event.EXTEND, Event.CLOSE, Event.NEXT_ROUND})


class ClockField(TimeField):
    """A time of day in hours and minutes."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read ``HH:MM``."""
        text = str(valuelist[0]).strip() if valuelist else ""
        try:
            self.data = time.fromisoformat(text).replace(tzinfo=None) if text else None
        except ValueError as error:
            self.data = None
            raise ValueError(str(_l("Enter a time, for example 09:00."))) from error


def plausible(_form: BaseForm, field: Field) -> None:
    """Refuse a day far from our time, such as one of a year typed halfway."""
    if field.data is not None and not _EARLIEST <= field.data.year <= _LATEST:
        raise ValidationError(_l("Enter a real date, for example 2026-11-20."))


def opening_moment(day: date | None, clock: time | None) -> datetime | None:
    """Return the moment of a day and time in Bangkok; midnight when no time is given."""
    return datetime.combine(day, clock or time(), BANGKOK) if day else None


def closing_moment(day: date | None) -> datetime | None:
    """Return the end of a day in Bangkok: the first moment that is too late."""
    return datetime.combine(day + timedelta(days=1), time(), BANGKOK) if day else None


class StepForm(BaseForm):
    """The reason of a step, and the new dates where it sets some."""

    reason = TextAreaField(_l("Reason"), [Optional(), at_most(REASON_LENGTH)])
    opens_on = DayField(_l("Opens on"), [plausible], description=_DAY_HINT)
    opens_time = ClockField(_l("Opening time"), [Optional()], default=time(9))
    closes_on = DayField(
        _l("Closes on"), [plausible], description=_l("Open until 23:59 of this day.")
    )

    def fit(self, event: Event, *, unanswered: int, early: bool = False) -> "StepForm":
        """Keep the fields that a step asks for, and ask for a reason where one is needed."""
        if event is not Event.NEXT_ROUND:
            del self.opens_on, self.opens_time
        if event not in (Event.EXTEND, Event.NEXT_ROUND):
            del self.closes_on
        needs = {Event.CONCLUDE: bool(unanswered), Event.ANSWER: early}
        if not needs.get(event, event in _REASONED):
            del self.reason
        else:
            self.reason.validators = [required(_l("Give the reason.")), at_most(REASON_LENGTH)]
            self.reason.flags.optional = False
        return self

    def values(self) -> dict[str, Any]:
        """Return what was filled in, as ``convening.take_step`` takes it."""
        data = self.data
        return {
            "reason": data.get("reason") or "",
            "opens_at": opening_moment(data.get("opens_on"), data.get("opens_time")),
            "closes_at": closing_moment(data.get("closes_on")),
        }


class SeedForm(BaseForm):
    """A statement of the agency's own, for people to vote on."""

    body = TextAreaField(
        _l("Statement"),
        [required(_l("Write the statement.")), at_most(STATEMENT_LENGTH)],
        description=_l("One thought that people can agree or disagree with. It is labelled yours."),
    )
    clause_key = SelectField(_l("About which clause?"), choices=[])

    def offer(self, clauses: list[tuple[str, str]]) -> "SeedForm":
        """Offer the clauses, each with its key and its name."""
        self.clause_key.choices = choices([("", _l("The draft as a whole")), *clauses])
        return self
