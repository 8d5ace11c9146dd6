"""What the workspace's pages from the analysis to the answers share."""

from typing import TYPE_CHECKING

from flask import current_app, g, url_for
from flask_babel import gettext as _

from app.identity import current_actor
from app.transactions import session
from app.words.results import group_name
from consultations import policy
from consultations.queries import catalogue

if TYPE_CHECKING:
    from consultations.models import Consultation

_PAGES = (
    ("overview", "authoring_consultations.overview"),
    ("runs", "authoring_summaries.runs"),
    ("summary", "authoring_summaries.build"),
    ("answers", "authoring_responses.desk"),
)


def own_consultation(slug: str) -> "Consultation":
    """Return a consultation of the agency that the actor works for.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    """
    consultation = catalogue.consultation_at(session(), slug)
    policy.require_agency_staff(current_actor(), consultation)
    g.sample_notice = consultation.is_sample
    return consultation


def dialogue_page(consultation: "Consultation", current: str) -> dict[str, object]:
    """Return what every template of these pages receives."""
    texts = {
        "overview": _("Overview"),
        "runs": _("Analysis"),
        "summary": _("Summary"),
        "answers": _("Answers"),
    }
    nav = [
        {
            "text": texts[page],
            "href": url_for(endpoint, slug=consultation.slug),
            "current": page == current,
        }
        for page, endpoint in _PAGES
        if endpoint in current_app.view_functions
    ]
    return {"consultation": consultation, "nav": nav, "group_name": group_name}
