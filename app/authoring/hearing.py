"""Pages of the law-hearing form, the publication checklist, and the file for the law portal."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.addresses import public_url
from app.authoring.consultations import OFFICERS
from app.authoring.context import mending_address, own_consultation, workspace_nav
from app.authoring.hearing_forms import HearingForm
from app.identity import AGENCY_STAFF, access, current_actor
from app.rendering import render
from app.transactions import session
from app.words import problem
from consultations import form_filling, policy
from consultations.queries import checklist, hearing, readiness, stakeholders
from consultations.reporting import portal
from consultations.reporting.gathering import gather
from core.clock import now
from core.errors import InvalidError, NotFoundError
from moderation.queries import consultation_figures

if TYPE_CHECKING:
    from consultations.models import Consultation

blueprint = Blueprint(
    "authoring_hearing", __name__, url_prefix="/workspace/consultations/<slug>/hearing"
)

_FILES = {
    "portal.json": ("application/json", portal.as_json),
    "portal.csv": ("text/csv; charset=utf-8", portal.as_csv),
}


@blueprint.route("", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def fill(slug: str) -> str | tuple[str, int] | Response:
    """Show the form, and keep what an officer fills in."""
    consultation, actor = own_consultation(slug), current_actor()
    kept = hearing.hearing_form(session(), consultation)
    form = HearingForm(kept)
    if form.submitted():
        chosen = form.confirmed.data or []
        try:
            form_filling.save(
                session(), actor, consultation.id, answers=form.answers(), confirmed=chosen
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("Saved as a draft. The checklist says what is still missing."), "success")
            return redirect(url_for(".check", slug=slug), 303)
    page = {"consultation": consultation, "nav": workspace_nav(consultation, "hearing")}
    is_writable = actor.has(*OFFICERS) and policy.current_stage(consultation, now()) == "preparing"
    page["may_edit"] = is_writable
    return render("authoring/hearing_form.html", **page, form=form, kept=kept), form.status


@blueprint.get("/checklist")
@access(AGENCY_STAFF)
def check(slug: str) -> str:
    """Show every point of the publication checklist, and where what is missing is mended."""
    consultation, moment = own_consultation(slug), now()
    points = checklist.checked_points(session(), consultation, moment)
    missing = readiness.open_points(session(), consultation, moment)
    own = [code for code in missing if not code.startswith("hearing.")]
    return render(
        "authoring/hearing_checklist.html",
        consultation=consultation,
        nav=workspace_nav(consultation, "checklist"),
        points=[
            (each, mending_address(slug, each.problem), problem(each.problem)) for each in points
        ],
        always=[(problem(code), mending_address(slug, code)) for code in own],
        done=sum(each.done for each in points),
        holds_up=consultation.template_id is not None,
        is_preparing=policy.current_stage(consultation, moment) == "preparing",
    )


@blueprint.get("/portal")
@access(AGENCY_STAFF)
def portal_page(slug: str) -> str:
    """Show the hearing in the order of the central law portal's form, to be printed or copied."""
    consultation = own_consultation(slug)
    return render(
        "authoring/hearing_portal.html",
        consultation=consultation,
        nav=workspace_nav(consultation, "hearing"),
        fields=_portal(consultation),
        labels=portal.LABELS,
    )


@blueprint.get("/portal/<filename>")
@access(AGENCY_STAFF)
def portal_file(slug: str, filename: str) -> Response:
    """Give out the same as a file."""
    consultation = own_consultation(slug)
    if filename not in _FILES:
        raise NotFoundError("page.unknown")
    content_type, write = _FILES[filename]
    response = Response(write(_portal(consultation)), content_type=content_type)
    saved = f"{consultation.slug}-{filename}"
    response.headers["Content-Disposition"] = f'attachment; filename="{saved}"'
    return response


def _portal(consultation: "Consultation") -> portal.Fields:
    figures = consultation_figures.of_consultation(session(), consultation.id)
    kept = hearing.hearing_form(session(), consultation)
    return portal.portal(
        gather(session(), consultation, figures),
        kept.template,
        kept.answers,
        stakeholders.register(session(), consultation.id),
        public_url("consultations.home", slug=consultation.slug),
    )
