"""News in words, for letters and for the site's own pages."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.i18n import current_language, date_long
from app.rendering import Words, pick
from app.words.letters import ACTIONS, SENTENCES, SUBJECTS
from consultations.announcement import last_day
from core.mailing.kinds import NewsKind

if TYPE_CHECKING:
    from consultations.models import Consultation, News

_ENDPOINTS = {
    NewsKind.OPENED: "consultations.home",
    NewsKind.CLOSING: "consultations.home",
    NewsKind.SUMMARY: "results.summary",
    NewsKind.ANSWERS: "results.responses",
    NewsKind.DEADLINE: "consultations.home",
    NewsKind.DRAFT: "drafts.read",
    NewsKind.RESULTS: "results.picture",
    NewsKind.REPORT: "report.show",
    NewsKind.COMMITMENT: "commitments.page",
    NewsKind.GROUP: "groups.listing",
    NewsKind.REVIEW: "authoring_consultations.overview",
    NewsKind.OVERDUE: "authoring_consultations.overview",
    NewsKind.PROMISE: "authoring_commitments.desk",
}


@dataclass(frozen=True)
class Link:
    """Where words lead."""

    href: str
    words: str


def title(consultation: "Consultation | None") -> Words:
    """Return what news is about: a consultation, or the work of moderators."""
    if consultation is None:
        return Words(_("Moderation"), current_language())
    return pick(consultation, "title")


def subject(item: "News") -> str:
    """Return what happened, with the title."""
    return str(SUBJECTS[item.told_as]) % {"title": title(item.consultation).text}


def sentence(item: "News") -> str:
    """Return what happened, without the title."""
    return str(SENTENCES[item.told_as]) % {"day": _day(item)}


def link(item: "News", *, external: bool = False) -> Link:
    """Return where it can be seen, or done."""
    words = str(ACTIONS[item.told_as])
    if item.consultation is None:
        return Link(url_for("moderating.queue", _external=external), words)
    slug = item.consultation.slug
    return Link(url_for(_ENDPOINTS[item.told_as], slug=slug, _external=external), words)


def _day(item: "News") -> str:
    consultation = item.consultation
    if consultation is None:
        return ""
    if item.told_as is NewsKind.OVERDUE and consultation.answers_due_on:
        return date_long(consultation.answers_due_on)
    if item.told_as is NewsKind.SUMMARY and consultation.check_ends_at:
        return date_long(last_day(consultation.check_ends_at))
    return date_long(last_day(consultation.closes_at)) if consultation.closes_at else ""
