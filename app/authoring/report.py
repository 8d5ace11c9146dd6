"""Pages on which officers have the results report made, and a second person publishes it."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.authoring.context import own_consultation, why_not_approve, workspace_nav
from app.authoring.dialogue_forms import ReportForm
from app.identity import AGENCY_STAFF, access, current_actor
from app.participation.report import file_response, report_page
from app.rendering import render
from app.transactions import session
from consultations.queries import approving, report_editions
from consultations.queries import work as works
from consultations.reporting import editions
from consultations.reporting.deeds import Both, Told
from core.errors import InvalidError

if TYPE_CHECKING:
    from consultations.models import Consultation

blueprint = Blueprint(
    "authoring_report", __name__, url_prefix="/workspace/consultations/<slug>/report"
)


@blueprint.route("", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def desk(slug: str) -> str | tuple[str, int] | Response:
    """Show how far the report is; take what only the agency knows, and have the files made."""
    consultation = own_consultation(slug)
    found = report_editions.editions(session(), consultation.id)
    form = ReportForm(obj=found.newest)
    if form.submitted():
        try:
            made = editions.prepare(session(), current_actor(), consultation.id, _told(form))
        except InvalidError as error:
            form.show(error)
        else:
            job = works.job_at(session(), consultation.id, editions.job_key(made))
            return redirect(url_for("authoring_work.show", slug=slug, number=job.id), 303)
    return render(
        "authoring/report.html",
        **_page(consultation),
        form=form,
        found=found,
        may_prepare=editions.may_be_made(consultation),
        is_public=report_editions.is_public(session(), consultation),
        why_not=why_not_approve(
            current_actor(), consultation, found.working.prepared_by_id if found.working else None
        ),
        approvers=approving.approvers_besides(session(), current_actor()),
    ), form.status


@blueprint.get("/preview")
@access(AGENCY_STAFF)
def preview(slug: str) -> str:
    """Show the edition in work as a page; without one, what is published."""
    consultation = own_consultation(slug)
    edition = report_editions.editions(session(), consultation.id).newest
    shown = report_page(consultation, edition, "authoring_report.preview")
    return render("authoring/report_preview.html", **_page(consultation), **shown)


@blueprint.get("/files/<filename>")
@access(AGENCY_STAFF)
def download(slug: str, filename: str) -> Response:
    """Give out a file of the edition in work."""
    consultation = own_consultation(slug)
    file = report_editions.file_content(session(), consultation.id, filename, working=True)
    return file_response(consultation, file)


@blueprint.post("/publish")
@access(AGENCY_STAFF, fresh=True)
def publish(slug: str) -> Response:
    """Publish the edition that somebody else had made."""
    consultation = own_consultation(slug)
    editions.publish(session(), current_actor(), consultation.id)
    flash(_("The report is published, and those who follow are told."), "success")
    return redirect(url_for(".desk", slug=slug), 303)


def _told(form: ReportForm) -> Told:
    return Told(
        Both(form.outside_th.data or "", form.outside_en.data or ""),
        Both(form.next_th.data or "", form.next_en.data or ""),
        form.next_on.data,
    )


def _page(consultation: "Consultation") -> dict[str, object]:
    return {"consultation": consultation, "nav": workspace_nav(consultation, "report")}
