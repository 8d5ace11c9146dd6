"""Pages on which officers word, add and move sentences of the working summary."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.authoring.context import own_consultation, workspace_nav
from app.authoring.dialogue_forms import WordingForm
from app.identity import AGENCY_STAFF, access, current_actor
from app.rendering import render
from app.transactions import session
from app.words.results import group_name
from consultations import summary_building
from consultations.queries import findings
from core.errors import InvalidError, NotFoundError

if TYPE_CHECKING:
    from consultations.models import Consultation, Summary

blueprint = Blueprint(
    "authoring_building", __name__, url_prefix="/workspace/consultations/<slug>/summary"
)


@blueprint.route("/findings/<int:number>/reword", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def reword(slug: str, number: int) -> str | tuple[str, int] | Response:
    """Give a sentence other words, which are held against its evidence."""
    consultation = own_consultation(slug)
    finding = findings.own_finding(session(), consultation.id, number)
    form = WordingForm(obj=finding)
    if form.submitted():
        try:
            summary_building.reword(session(), current_actor(), number, **form.texts)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The wording is saved. The machine's wording stays visible beside it."))
            return _back(slug, f"finding-{finding.position}")
    page = _page(consultation)
    return render("authoring/reword.html", **page, form=form, finding=finding), form.status


@blueprint.post("/findings/<int:number>/move")
@access(AGENCY_STAFF)
def move(slug: str, number: int) -> Response:
    """Let a sentence change places with its neighbour."""
    consultation = own_consultation(slug)
    finding = findings.own_finding(session(), consultation.id, number)
    earlier = request.form.get("to") == "earlier"
    summary_building.move(session(), current_actor(), number, earlier=earlier)
    return _back(slug, f"finding-{finding.position}")


@blueprint.get("/add")
@access(AGENCY_STAFF)
def offer(slug: str) -> str:
    """Show the sentences that the analysis carries beside those of the summary."""
    consultation = own_consultation(slug)
    summary = _working(consultation)
    return render(
        "authoring/add_sentence.html",
        **_page(consultation),
        summary=summary,
        offered=summary_building.offered(session(), summary),
    )


@blueprint.post("/add")
@access(AGENCY_STAFF)
def add(slug: str) -> Response:
    """Take one of those sentences into the summary."""
    summary = _working(own_consultation(slug))
    chosen = request.form.get("sentence", "")
    finding = summary_building.add(session(), current_actor(), summary.id, chosen)
    flash(_("The sentence stands in the summary now, with its evidence."), "success")
    return _back(slug, f"finding-{finding.position}")


def _working(consultation: "Consultation") -> "Summary":
    found = findings.latest_summary(session(), consultation.id, findings.WORKING)
    if found is None:
        raise NotFoundError("summary.unknown")
    return found


def _back(slug: str, anchor: str) -> Response:
    return redirect(url_for("authoring_summaries.build", slug=slug, _anchor=anchor), 303)


def _page(consultation: "Consultation") -> dict[str, object]:
    return {
        "consultation": consultation,
        "nav": workspace_nav(consultation, "summary"),
        "group_name": group_name,
    }
