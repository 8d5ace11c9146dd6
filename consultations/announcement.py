"""What an agency announces before anyone takes part, and the rules that it must keep. Pure."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from consultations.kind_templates import TEMPLATES, KindTemplate
from consultations.models import Admission, Consultation, Kind, ModerationPolicy
from consultations.subjects import PROVINCES, TOPICS
from core.clock import BANGKOK
from core.errors import InvalidError
from core.text import plain_text, single_line

__all__ = [
    "TEXTS",
    "Admission",
    "Announcement",
    "Kind",
    "ModerationPolicy",
    "announced",
    "check_end",
    "checked",
    "is_shorter_than_advised",
    "last_day",
    "last_moment",
    "length_in_days",
]

TITLE_LENGTH: Final = 300
TEXT_LENGTH: Final = 5_000
REASON_LENGTH: Final = 1_000
#: Full days that people can be given to check a summary.
LEAST_CHECK_DAYS: Final = 3
MOST_CHECK_DAYS: Final = 60
#: Most people, or supporters, that a threshold of the agency's duty to answer can ask for.
MOST_PEOPLE: Final = 50
MOST_SUPPORTS: Final = 500
#: Texts that are told in both languages, without the title.
TEXTS: Final = ("summary", "scope", "affected", "offline", "contact")
_TEXTS: Final = tuple(f"{name}_{language}" for name in TEXTS for language in ("th", "en"))


@dataclass(frozen=True)
class Announcement:
    """What the agency says about a consultation; names and meaning as in ``Consultation``.

    Parameters
    ----------
    opens_at, closes_at : datetime or None
        Half-open interval ``[opens_at, closes_at)``, with zone; None while undecided.
    """

    kind: Kind
    title_th: str
    title_en: str = ""
    summary_th: str = ""
    summary_en: str = ""
    scope_th: str = ""
    scope_en: str = ""
    affected_th: str = ""
    affected_en: str = ""
    offline_th: str = ""
    offline_en: str = ""
    contact_th: str = ""
    contact_en: str = ""
    topic: str = ""
    province: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    short_reason: str = ""
    check_days: int = 7
    answers_due_on: date | None = None
    answer_people: int = 1
    answer_supports: int = 10
    moderation_policy: ModerationPolicy = ModerationPolicy.AFTER
    admission: Admission = Admission.EVERYONE


def announced(consultation: Consultation) -> Announcement:
    """Return what a consultation announces now."""
    names = Announcement.__dataclass_fields__
    return Announcement(**{name: getattr(consultation, name) for name in names})


def checked(announcement: Announcement, template: KindTemplate | None = None) -> Announcement:
    """Return the announcement as it is stored.

    ``template`` is what the consultation began with; that of its kind as delivered when None.

    Raises
    ------
    InvalidError
        ``text.empty`` or ``text.too_long``; ``consultation.closes_too_early``,
        ``consultation.short_reason_needed`` or ``consultation.answers_due_too_early``;
        ``consultation.topic_unknown`` or ``consultation.province_unknown``;
        ``consultation.check_days`` or ``consultation.answer_threshold``.
    """
    texts: dict[str, Any] = {
        field: _optional_text(getattr(announcement, field), field) for field in _TEXTS
    }
    cleaned = replace(
        announcement,
        title_th=single_line(announcement.title_th, max_length=TITLE_LENGTH, field="title_th"),
        title_en=_optional_line(announcement.title_en, "title_en"),
        **texts,
        short_reason=_optional_text(announcement.short_reason, "short_reason"),
    )
    _check_dates(cleaned, template or TEMPLATES[cleaned.kind])
    if not LEAST_CHECK_DAYS <= cleaned.check_days <= MOST_CHECK_DAYS:
        raise InvalidError(
            "consultation.check_days",
            field="check_days",
            least=LEAST_CHECK_DAYS,
            most=MOST_CHECK_DAYS,
        )
    _check_threshold(cleaned)
    if cleaned.topic and cleaned.topic not in TOPICS:
        raise InvalidError("consultation.topic_unknown", field="topic")
    if cleaned.province and cleaned.province not in PROVINCES:
        raise InvalidError("consultation.province_unknown", field="province")
    return cleaned


def last_moment(closes_at: datetime) -> datetime:
    """Return the last second in which contributions are taken, for people to read."""
    return closes_at - timedelta(seconds=1)


def last_day(closes_at: datetime) -> date:
    """Return the last day in Bangkok on which contributions are taken."""
    return last_moment(closes_at).astimezone(BANGKOK).date()


def check_end(begins_at: datetime, days: int) -> datetime:
    """Return when a check of so many full days ends: at midnight in Bangkok after the last one."""
    first = begins_at.astimezone(BANGKOK).date() + timedelta(days=1)
    return datetime.combine(first + timedelta(days=days), time(), BANGKOK)


def length_in_days(opens_at: datetime, closes_at: datetime) -> int:
    """Return on how many days in Bangkok contributions are taken, first and last included."""
    return (last_day(closes_at) - opens_at.astimezone(BANGKOK).date()).days + 1


def is_shorter_than_advised(
    template: KindTemplate, opens_at: datetime, closes_at: datetime
) -> bool:
    """Whether the agency must say why there is so little time."""
    return length_in_days(opens_at, closes_at) < template.advised_days


def _check_dates(announcement: Announcement, template: KindTemplate) -> None:
    opens_at, closes_at = announcement.opens_at, announcement.closes_at
    if opens_at is not None and closes_at is not None:
        if closes_at <= opens_at:
            raise InvalidError("consultation.closes_too_early", field="closes_on")
        if is_shorter_than_advised(template, opens_at, closes_at) and not announcement.short_reason:
            days = template.advised_days
            raise InvalidError("consultation.short_reason_needed", field="short_reason", days=days)
    due = announcement.answers_due_on
    if due is not None and closes_at is not None and due < last_day(closes_at):
        raise InvalidError("consultation.answers_due_too_early", field="answers_due_on")


def _check_threshold(announcement: Announcement) -> None:
    for field, most in (("answer_people", MOST_PEOPLE), ("answer_supports", MOST_SUPPORTS)):
        if not 1 <= getattr(announcement, field) <= most:
            raise InvalidError("consultation.answer_threshold", field=field, most=most)


def _optional_line(value: str, field: str) -> str:
    return single_line(value, max_length=TITLE_LENGTH, field=field) if value.strip() else ""


def _optional_text(value: str, field: str) -> str:
    return plain_text(value, max_length=TEXT_LENGTH, field=field) if value.strip() else ""
