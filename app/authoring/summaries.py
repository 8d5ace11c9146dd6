"""Pages on which officers run the analysis and prepare the summary."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.authoring.context import own_consultation, why_not_approve, workspace_nav
from app.authoring.dialogue_forms import LeaveOutForm, ThemeForm
from app.identity import AGENCY_STAFF, access, current_actor
from app.rendering import render
from app.transactions import session
from app.words import problem
from app.words.results import answerers_name, group_name
from consultations import analysing, summarising
from consultations.queries import approving, findings, results
from consultations.word_difference import difference
from core.errors import InvalidError

if TYPE_CHECKING:
    from consultations.models import Consultation

blueprint = Blueprint("authoring_summaries", __name__, url_prefix="/workspace/consultations/<slug>")

_UNFINISHED = ("queued", "running")


@blueprint.get("/analysis")
@access(AGENCY_STAFF)
def runs(slug: str) -> str:
    """Show all runs of the analysis, and the button for a new one."""
    consultation = own_consultation(slug)
    found = results.runs(session(), consultation.id)
    running = found[0][0] if found and found[0][0].state in _UNFINISHED else None
    page = _page(consultation, "runs")
    return render("authoring/runs.html", **page, runs=found, running=running, problem=problem)


@blueprint.get("/analysis/progress")
@access(AGENCY_STAFF)
def progress(slug: str) -> Response:
    """Show how far the newest run is; once it has ended the browser loads the page anew."""
    consultation = own_consultation(slug)
    newest = results.latest_run(session(), consultation.id)
    running = newest if newest and newest.state in _UNFINISHED else None
    answer = make_response(
        render("authoring/_progress.html", consultation=consultation, running=running)
    )
    if running is None:
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.post("/analysis")
@access(AGENCY_STAFF)
def start_run(slug: str) -> Response:
    """Freeze what is published and queue its analysis."""
    consultation = own_consultation(slug)
    analysing.request_run(session(), current_actor(), consultation.id)
    flash(_("The votes and comments are frozen and the analysis is queued."), "success")
    return redirect(url_for(".runs", slug=slug), 303)


@blueprint.get("/summary")
@access(AGENCY_STAFF)
def build(slug: str) -> str:
    """Show the working summary, or the published one, or where to begin."""
    consultation = own_consultation(slug)
    working = findings.summary_page(session(), consultation.id, findings.WORKING)
    published = None if working else findings.summary_page(session(), consultation.id)
    author = working.summary.prepared_by_id if working else None
    hands = working.summary.hands if working else ()
    return render(
        "authoring/build_summary.html",
        **_page(consultation, "summary"),
        why_not=why_not_approve(current_actor(), consultation, author, hands),
        approvers=approving.approvers_besides(session(), current_actor(), author),
        page=working or published,
        is_working=working is not None,
        runs=results.runs(session(), consultation.id),
        difference=difference,
        answerers_name=answerers_name,
    )


@blueprint.post("/summary")
@access(AGENCY_STAFF)
def prepare(slug: str) -> Response:
    """Make the working summary from a finished run."""
    consultation = own_consultation(slug)
    run_id = request.form.get("run", 0, type=int)
    summarising.prepare(session(), current_actor(), consultation.id, run_id)
    flash(_("The working summary is ready. Read every sentence beside its evidence."), "success")
    return redirect(url_for(".build", slug=slug), 303)


@blueprint.route("/summary/findings/<int:number>/leave-out", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def leave_out(slug: str, number: int) -> str | tuple[str, int] | Response:
    """Leave a sentence out, with a reason."""
    consultation = own_consultation(slug)
    finding = findings.own_finding(session(), consultation.id, number)
    form = LeaveOutForm(reason=finding.left_out_reason or "")
    if form.submitted():
        try:
            summarising.leave_out(session(), current_actor(), number, reason=form.reason.data or "")
        except InvalidError as error:
            form.show(error)
        else:
            return _back(slug, f"finding-{finding.position}")
    page = _page(consultation, "summary")
    return render("authoring/leave_out.html", **page, form=form, finding=finding), form.status


@blueprint.post("/summary/findings/<int:number>/take-in")
@access(AGENCY_STAFF)
def take_in(slug: str, number: int) -> Response:
    """Take a sentence that was left out back into the summary."""
    consultation = own_consultation(slug)
    finding = findings.own_finding(session(), consultation.id, number)
    summarising.take_in(session(), current_actor(), number)
    return _back(slug, f"finding-{finding.position}")


@blueprint.route("/summary/themes/<int:number>", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def name_theme(slug: str, number: int) -> str | tuple[str, int] | Response:
    """Word a theme."""
    consultation = own_consultation(slug)
    theme = findings.own_theme(session(), consultation.id, number)
    form = ThemeForm(obj=theme)
    if form.submitted():
        labels = {"label_th": form.label_th.data or "", "label_en": form.label_en.data or ""}
        try:
            summarising.name_theme(session(), current_actor(), number, **labels)
        except InvalidError as error:
            form.show(error)
        else:
            return _back(slug, f"theme-{number}")
    page = _page(consultation, "summary")
    return render("authoring/name_theme.html", **page, form=form, theme=theme), form.status


@blueprint.post("/summary/publish")
@access(AGENCY_STAFF, fresh=True)
def publish(slug: str) -> Response:
    """Publish the working summary that somebody else prepared."""
    consultation = own_consultation(slug)
    number = request.form.get("summary", 0, type=int)
    summary = findings.own_summary(session(), consultation.id, number)
    summarising.publish(session(), current_actor(), summary.id)
    flash(_("The summary is published."), "success")
    return redirect(url_for(".build", slug=slug), 303)


def _back(slug: str, anchor: str) -> Response:
    return redirect(url_for(".build", slug=slug, _anchor=anchor), 303)


def _page(consultation: "Consultation", current: str) -> dict[str, object]:
    return {
        "consultation": consultation,
        "nav": workspace_nav(consultation, current),
        "group_name": group_name,
    }
