"""Forms of the steps by which a consultation is prepared."""

from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from app.authoring.consultation_forms import (
    ClockField,
    closing_moment,
    opening_moment,
    plausible,
)
from app.forms import BaseForm, DayField, at_most, choices, required
from app.rendering import pick
from app.words import options
from consultations.announcement import (
    TEXT_LENGTH,
    TITLE_LENGTH,
    Admission,
    Kind,
    ModerationPolicy,
    last_day,
)
from consultations.kind_templates import template_of
from consultations.subjects import PROVINCES, TOPICS
from core.clock import BANGKOK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consultations.models import Consultation

_DAY_HINT = _l("A day in Bangkok; years of the Buddhist era are understood.")


class KindForm(BaseForm):
    """What kind of consultation it is."""

    kind = RadioField(
        _l("What is it about?"),
        [required(_l("Choose a kind."))],
        choices=choices(options("kind")),
        description=_l("The kind brings its own rules and first words, which you complete."),
    )

    def changes(self) -> dict[str, Any]:
        """Return what was filled in, by its names in ``Announcement``."""
        return {"kind": Kind(self.kind.data)}


class BeginForm(KindForm):
    """A new consultation: its kind, where its words come from, its title and address."""

    copy_from = SelectField(
        _l("Copy from an earlier consultation"),
        [Optional()],
        choices=[],
        description=_l(
            "Takes over the texts, the draft and the agency's own statements. Comments and votes "
            "are never copied."
        ),
    )
    title_th = StringField(
        _l("Title in Thai"), [required(_l("Write a title in Thai.")), at_most(TITLE_LENGTH)]
    )
    title_en = StringField(_l("Title in English"), [Optional(), at_most(TITLE_LENGTH)])
    slug = StringField(
        _l("Short name for the address"),
        [Optional(), at_most(80)],
        description=_l(
            "For example public-parks-bill. Left empty, we make one from the English title. It "
            "cannot be changed later."
        ),
    )

    def offer(self, earlier: "Sequence[tuple[str, str]]") -> "BeginForm":
        """Offer the agency's consultations, each with its address and title."""
        self.copy_from.choices = choices([("", _l("Begin with the words of the kind")), *earlier])
        return self


class BasicsForm(BaseForm):
    """What people should know before they take part."""

    title_th = StringField(
        _l("Title in Thai"), [required(_l("Write a title in Thai.")), at_most(TITLE_LENGTH)]
    )
    title_en = StringField(_l("Title in English"), [Optional(), at_most(TITLE_LENGTH)])
    summary_th = TextAreaField(
        _l("Plain summary in Thai"),
        [at_most(TEXT_LENGTH)],
        description=_l("What it is about and whom it affects, in words that everyone understands."),
    )
    summary_en = TextAreaField(_l("Plain summary in English"), [Optional(), at_most(TEXT_LENGTH)])
    scope_th = TextAreaField(
        _l("What can change and what cannot, in Thai"),
        [at_most(TEXT_LENGTH)],
        description=_l("Say it before anyone takes part, so that nobody writes in vain."),
    )
    scope_en = TextAreaField(
        _l("What can change and what cannot, in English"), [Optional(), at_most(TEXT_LENGTH)]
    )
    affected_th = TextAreaField(
        _l("Who is affected and how, in Thai"),
        [Optional(), at_most(TEXT_LENGTH)],
        description=_l("Name groups, not persons: for example shop owners, wheelchair users."),
    )
    affected_en = TextAreaField(
        _l("Who is affected and how, in English"), [Optional(), at_most(TEXT_LENGTH)]
    )

    topic = SelectField(_l("Topic"), [Optional()], choices=[])
    province = SelectField(_l("Where does it apply?"), [Optional()], choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, names in ((self.topic, TOPICS), (self.province, PROVINCES)):
            found = [(code, pick(named, "name").text) for code, named in names.items()]
            field.choices = choices([("", _l("Not chosen yet")), *found])

    def changes(self) -> dict[str, Any]:
        """Return what was filled in, by its names in ``Announcement``."""
        names = ("title", "summary", "scope", "affected")
        fields = [f"{name}_{code}" for name in names for code in ("th", "en")]
        return {name: self[name].data or "" for name in (*fields, "topic", "province")}


class DatesForm(BaseForm):
    """When people can take part, and when they get their answers."""

    opens_on = DayField(
        _l("Opens on"), [required(_l("Enter a day.")), plausible], description=_DAY_HINT
    )
    opens_time = ClockField(_l("Opening time"), [Optional()], default=time(9))
    closes_on = DayField(
        _l("Closes on"),
        [required(_l("Enter a day.")), plausible],
        description=_l("Open until 23:59 of this day. 15 days or more are advised."),
    )
    short_reason = TextAreaField(
        _l("Why there are fewer days than advised"),
        [Optional(), at_most(TEXT_LENGTH)],
        description=_l("Only when it is shorter; everyone sees the reason."),
    )
    check_days = IntegerField(
        _l("Full days to check the summary"),
        [Optional()],
        default=7,
        description=_l(
            "After the summary is published, everyone who voted or wrote can say whether it "
            "reflects them."
        ),
    )
    answers_due_on = DayField(
        _l("The agency answers by"),
        [Optional(), plausible],
        description=_l("A promise that everyone sees."),
    )

    def changes(self) -> dict[str, Any]:
        """Return what was filled in, by its names in ``Announcement``."""
        days = self.check_days.data
        return {
            **({} if days is None else {"check_days": days}),
            "opens_at": opening_moment(self.opens_on.data, self.opens_time.data),
            "closes_at": closing_moment(self.closes_on.data),
            "short_reason": self.short_reason.data or "",
            "answers_due_on": self.answers_due_on.data,
        }


class ParticipationForm(BaseForm):
    """When contributions appear, how to take part without this site, and whom to ask."""

    moderation_policy = RadioField(
        _l("When do moderators read contributions?"),
        [required(_l("Choose one."))],
        choices=choices(options("moderation_policy")),
        description=_l(
            "Moderators do not work for your agency. You can never hide a contribution."
        ),
    )

    admission = RadioField(
        _l("Who can take part?"),
        [required(_l("Choose one."))],
        choices=choices(options("admission")),
        description=_l(
            "Everyone sees this on the consultation's page. Verified people are counted apart in "
            "any case."
        ),
    )

    answer_people = IntegerField(
        _l("Answer every theme from so many people"),
        [Optional()],
        description=_l("With 1 the agency answers every theme of the summary."),
    )
    answer_supports = IntegerField(
        _l("Answer every single comment from so many supporters"),
        [Optional()],
        description=_l(
            "Comments that propose a wording or give much evidence. Everyone sees both numbers, "
            "and they stay as they are once the consultation is announced."
        ),
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

    def changes(self) -> dict[str, Any]:
        """Return what was filled in, by its names in ``Announcement``."""
        texts = ("offline_th", "offline_en", "contact_th", "contact_en")
        return {
            "moderation_policy": ModerationPolicy(self.moderation_policy.data),
            "admission": Admission(self.admission.data),
            **{
                field: self[field].data
                for field in ("answer_people", "answer_supports")
                if self[field].data is not None
            },
            **{name: self[name].data or "" for name in texts},
        }


STEP_FORMS: dict[str, type[BaseForm]] = {
    "kind": KindForm,
    "basics": BasicsForm,
    "dates": DatesForm,
    "participation": ParticipationForm,
}


def saved_values(consultation: "Consultation", step: str, today: date) -> dict[str, Any]:
    """Return what a step's form begins with, beside the consultation's own columns.

    Dates that were never saved are proposed by the kind: so many days from today, open for the
    advised length, answered so many days after.
    """
    if step != "dates":
        return {}
    opens_at, closes_at = consultation.opens_at, consultation.closes_at
    local = opens_at.astimezone(BANGKOK) if opens_at else None
    template = template_of(consultation)
    first = local.date() if local else today + timedelta(days=template.days_before_opening)
    last = last_day(closes_at) if closes_at else first + timedelta(days=template.advised_days - 1)
    due = consultation.answers_due_on
    is_new = opens_at is None and closes_at is None
    proposed = last + timedelta(days=template.answer_days) if is_new else None
    return {
        "opens_on": first,
        "opens_time": local.time() if local else time(9),
        "closes_on": last,
        "answers_due_on": due or proposed,
    }
