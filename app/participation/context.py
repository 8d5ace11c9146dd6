"""What every page of a consultation needs: the consultation, and the links between its pages."""

from typing import TYPE_CHECKING

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from app.identity import current_actor
from app.transactions import session
from consultations import policy
from consultations.queries import catalogue
from core.actor import Role

if TYPE_CHECKING:
    from consultations.models import Consultation


def load_consultation(slug: str, reference: str = "") -> "Consultation":
    """Return the consultation at an address, and mark the page as a sample where it is one.

    Parameters
    ----------
    slug : str
    reference : str
        Of a contribution that the address names as one of this consultation's.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``: there is none, or this actor cannot see it;
        ``contribution.unknown``: the contribution is not one of its.
    """
    consultation = catalogue.consultation_at(session(), slug)
    policy.require_visible(current_actor(), consultation)
    if reference:
        catalogue.require_contribution(session(), consultation.id, reference)
    g.sample_notice = consultation.is_sample
    return consultation


def consultation_nav(
    consultation: "Consultation", current: str, *, has_draft: bool | None = None
) -> list[dict[str, object]]:
    """Return the links between the pages of a consultation, for the ``subnav`` component.

    Parameters
    ----------
    consultation : Consultation
    current : str
        The page that is shown: overview, draft, vote, discussion, results, summary, responses,
        report, commitments, groups, scorecard or trail; anything else marks none.
    has_draft : bool or None
        Whether there is a draft to read, where that is known already.
    """
    if has_draft is None:
        has_draft = current == "draft" or catalogue.has_published_draft(session(), consultation.id)
    pages = [("overview", "consultations.home", _("Overview"))]
    if has_draft:
        pages.append(("draft", "drafts.read", _("Draft")))
    pages += [
        ("vote", "statements.vote", _("Vote")),
        ("discussion", "comments.discussion", _("Discussion")),
        ("results", "results.picture", _("Results")),
        ("summary", "results.summary", _("Summary")),
        ("responses", "results.responses", _("Responses")),
    ]
    if policy.has_answered(consultation):
        pages += [
            ("report", "report.show", _("Results report")),
            ("commitments", "commitments.page", _("Commitments")),
            ("scorecard", "scorecards.consultation", _("Scorecard")),
        ]
    if current == "groups":
        pages.append(("groups", "groups.listing", _("Working groups")))
    if current_actor().has(Role.PARTICIPANT):
        pages.append(("trail", "trail.mine", _("My trail")))
    return [
        {
            "text": text,
            "href": url_for(endpoint, slug=consultation.slug),
            "current": page == current,
        }
        for page, endpoint, text in pages
    ]


def lead_htmx(response: Response) -> Response:
    """Let a whole page be loaded where a swapped part would hide a redirect or a refusal."""
    if "HX-Request" not in request.headers:
        return response
    if response.status_code in (302, 303):
        response.headers["HX-Redirect"] = response.headers.pop("Location")
        response.status_code = 204
    elif response.status_code >= 400:
        response.headers["HX-Refresh"] = "true"
    response.vary.add("HX-Request")
    return response
