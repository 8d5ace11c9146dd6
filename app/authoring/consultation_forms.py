"""Forms of what an agency announces, of the steps that it takes, and of its own statements."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.validators import Optional

from app.forms import BaseForm, DayField, at_most, choices, required
from app.rendering import pick
from app.words import options
from consultations.announcement import (
    REASON_LENGTH,
    TEXT_LENGTH,
    TEXTS,
    TITLE_LENGTH,
    Announcement,
    Kind,
    ModerationPolicy,
    last_day,
)
from consultations.lifecycle import Event
from consultations.proposing import STATEMENT_LENGTH
from consultations.subjects import PROVINCES, TOPICS
from core.clock import BANGKOK

if TYPE_CHECKING:
    from consultations.models import Consultation

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


class AnnouncementForm(BaseForm):
    """What the agency announces about a consultation."""

    kind = RadioField(
        _l("What is it about?"), [required(_l("Choose a kind."))], choices=choices(options("kind"))
    )
    title_th = StringField(
        _l("Title in Thai"), [required(_l("Write a title in Thai.")), at_most(TITLE_LENGTH)]
    )
    title_en = StringField(_l("Title in English"), [Optional(), at_most(TITLE_LENGTH)])
    summary_th = TextAreaField(
        _l("Plain summary in Thai"),
        [Optional(), at_most(TEXT_LENGTH)],
        description=_l("What it is about and whom it affects, in words that everyone understands."),
    )
    summary_en = TextAreaField(_l("Plain summary in English"), [Optional(), at_most(TEXT_LENGTH)])
    scope_th = TextAreaField(
        _l("What can change and what cannot, in Thai"),
        [Optional(), at_most(TEXT_LENGTH)],
        description=_l("Say it before anyone takes part, so that nobody writes in vain."),
    )
    scope_en = TextAreaField(
        _l("What can change and what cannot, in English"), [Optional(), at_most(TEXT_LENGTH)]
    )
    affected_th = TextAreaField(
        _l("Whom it affects, in Thai"),
        [Optional(), at_most(TEXT_LENGTH)],
        description=_l("Groups of people, businesses and places, so that they know it is theirs."),
    )
    affected_en = TextAreaField(
        _l("Whom it affects, in English"), [Optional(), at_most(TEXT_LENGTH)]
    )
    offline_th = TextAreaField(
        _l("How to take part without the internet, in Thai"),
        [Optional(), at_most(TEXT_LENGTH)],
        description=_l("For example meetings with day and place, a postal address, a counter."),
    )
    offline_en = TextAreaField(
        _l("How to take part without the internet, in English"),
        [Optional(), at_most(TEXT_LENGTH)],
    )
    contact_th = TextAreaField(
        _l("Whom to ask, in Thai"),
        [Optional(), at_most(TEXT_LENGTH)],
        description=_l("Office, telephone and e-mail address."),
    )
    contact_en = TextAreaField(_l("Whom to ask, in English"), [Optional(), at_most(TEXT_LENGTH)])
    topic = SelectField(_l("Topic"), [Optional()], choices=[])
    province = SelectField(_l("Where does it apply?"), [Optional()], choices=[])
    opens_on = DayField(_l("Opens on"), [Optional(), plausible], description=_DAY_HINT)
    opens_time = ClockField(_l("Opening time"), [Optional()], default=time(9))
    closes_on = DayField(
        _l("Closes on"),
        [Optional(), plausible],
        description=_l("Open until 23:59 of this day. 15 days or more are advised."),
    )
    short_reason = TextAreaField(
        _l("Why there are fewer days than advised"),
        [Optional(), at_most(TEXT_LENGTH)],
        description=_l("Only when it is shorter; everyone sees the reason."),
    )
    answers_due_on = DayField(
        _l("The agency answers by"),
        [Optional(), plausible],
        description=_l("A promise that everyone sees."),
    )
    moderation_policy = RadioField(
        _l("When do moderators read contributions?"),
        [required(_l("Choose one."))],
        choices=choices(options("moderation_policy")),
        default=ModerationPolicy.AFTER.value,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, names in ((self.topic, TOPICS), (self.province, PROVINCES)):
            found = [(code, pick(named, "name").text) for code, named in names.items()]
            field.choices = choices([("", _l("Not chosen yet")), *found])

    def announcement(self) -> Announcement:
        """Return what was filled in."""
        texts = {f"{name}_{code}" for name in ("title", *TEXTS) for code in ("th", "en")}
        texts |= {"short_reason", "topic", "province"}
        return Announcement(
            kind=Kind(self.kind.data),
            opens_at=opening_moment(self.opens_on.data, self.opens_time.data),
            closes_at=closing_moment(self.closes_on.data),
            answers_due_on=self.answers_due_on.data,
            moderation_policy=ModerationPolicy(self.moderation_policy.data),
            **{name: self[name].data or "" for name in texts},
        )


class CreateForm(AnnouncementForm):
    """A new consultation: its address, and what is announced."""

    slug = StringField(
        _l("Short name for the address"),
        [required(_l("Choose a short name.")), at_most(80)],
        description=_l("For example public-parks-bill. It cannot be changed later."),
    )


class StepForm(BaseForm):
    """The reason of a step, and the new dates where it sets some."""

    reason = TextAreaField(_l("Reason"), [Optional(), at_most(REASON_LENGTH)])
    opens_on = DayField(_l("Opens on"), [plausible], description=_DAY_HINT)
    opens_time = ClockField(_l("Opening time"), [Optional()], default=time(9))
    closes_on = DayField(
        _l("Closes on"), [plausible], description=_l("Open until 23:59 of this day.")
    )

    def fit(self, event: Event, *, unanswered: int) -> "StepForm":
        """Keep the fields that a step asks for, and ask for a reason where one is needed."""
        if event is not Event.NEXT_ROUND:
            del self.opens_on, self.opens_time
        if event not in (Event.EXTEND, Event.NEXT_ROUND):
            del self.closes_on
        if event not in (*_REASONED, Event.CONCLUDE) or (
            event is Event.CONCLUDE and not unanswered
        ):
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


def announced(consultation: "Consultation") -> dict[str, Any]:
    """Return what is announced now, as the form shows it."""
    opens_at, closes_at = consultation.opens_at, consultation.closes_at
    local = opens_at.astimezone(BANGKOK) if opens_at else None
    return {
        "opens_on": local.date() if local else None,
        "opens_time": local.time() if local else time(9),
        "closes_on": last_day(closes_at) if closes_at else None,
    }
