"""What every page of a consultation in the workspace needs."""

from typing import TYPE_CHECKING

from flask import g, url_for
from flask_babel import gettext as _

from app.i18n import date_long, datetime_long
from app.identity import current_actor
from app.rendering import Words
from app.transactions import session
from app.words import name
from consultations import policy
from consultations.announcement import last_moment
from consultations.queries import catalogue

if TYPE_CHECKING:
    from consultations.models import Consultation


def own_consultation(slug: str) -> "Consultation":
    """Return a consultation of the agency that the actor works for.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``: there is none, or another agency is still preparing it.
    NotAllowedError
        ``consultation.other_agency``.
    """
    consultation = catalogue.consultation_at(session(), slug)
    policy.require_visible(current_actor(), consultation)
    policy.require_agency_staff(current_actor(), consultation)
    g.sample_notice = consultation.is_sample
    return consultation


def workspace_nav(consultation: "Consultation", current: str) -> list[dict[str, object]]:
    """Return the links between the workspace's pages of a consultation, for ``subnav``.

    Parameters
    ----------
    consultation : Consultation
    current : str
        The page that is shown: overview, statements, population, runs, summary or answers.
    """
    pages = (
        ("overview", "authoring_consultations.overview", _("Overview")),
        ("statements", "authoring_consultations.statements", _("Statements")),
        ("population", "authoring_population.population", _("Population")),
        ("runs", "authoring_summaries.runs", _("Analysis")),
        ("summary", "authoring_summaries.build", _("Summary")),
        ("answers", "authoring_responses.desk", _("Answers")),
    )
    slug = consultation.slug
    return [
        {"text": text, "href": url_for(endpoint, slug=slug), "current": page == current}
        for page, endpoint, text in pages
    ]


def announcement_rows(consultation: "Consultation") -> list[tuple[str, str | Words, None, None]]:
    """Return what is announced, for the ``summary_list`` component."""
    missing = _("Missing")
    due, closes_at, opens_at = (
        consultation.answers_due_on,
        consultation.closes_at,
        consultation.opens_at,
    )
    rows: tuple[tuple[str, str | Words], ...] = (
        (_("Address"), f"/consultations/{consultation.slug}"),
        (_("Kind"), name("kind", consultation.kind)),
        (_("Title in Thai"), Words(consultation.title_th, "th")),
        (
            _("Title in English"),
            Words(consultation.title_en, "en") if consultation.title_en else missing,
        ),
        (_("Opens on"), datetime_long(opens_at) if opens_at else missing),
        (_("Closes on"), datetime_long(last_moment(closes_at)) if closes_at else missing),
        (_("Why the time is short"), consultation.short_reason),
        (_("The agency answers by"), date_long(due) if due else missing),
        (_("Moderation"), name("moderation_policy", consultation.moderation_policy)),
    )
    return [(key, value, None, None) for key, value in rows if value]
