"""Pages on which a second person decides what the first one proposes."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from app.authoring.context import own_consultation, why_not_approve, workspace_nav
from app.forms import BaseForm, at_most, required
from app.i18n import datetime_long
from app.identity import AGENCY_STAFF, access, current_actor
from app.rendering import render
from app.transactions import session
from consultations import data_files, publishing, rescheduling, seconding
from consultations.announcement import REASON_LENGTH, last_moment
from consultations.queries import approving
from core.errors import InvalidError

if TYPE_CHECKING:
    from consultations.models import Motion

blueprint = Blueprint(
    "authoring_motions", __name__, url_prefix="/workspace/consultations/<slug>/motions"
)

_APPROVE: dict[str, Any] = {
    "extend": rescheduling.approve,
    "close": rescheduling.approve,
    "publish_answers": publishing.publish_all,
    "export_data": data_files.approve_export,
}


class ReasonForm(BaseForm):
    """Why something is proposed, or refused."""

    reason = TextAreaField(_l("Reason"), [required(_l("Give the reason.")), at_most(REASON_LENGTH)])


@blueprint.route("/<int:number>", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def show(slug: str, number: int) -> str | tuple[str, int] | Response:
    """Show what is proposed and why; refuse it with a reason."""
    consultation, actor = own_consultation(slug), current_actor()
    motion = seconding.motion_of(session(), consultation.id, number)
    form = ReasonForm()
    if form.submitted():
        try:
            rescheduling.refuse(session(), actor, motion, reason=form.reason.data or "")
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The proposal is refused. Your reason stands with it."), "success")
            return redirect(url_for(".show", slug=slug, number=number), 303)
    page = {
        "consultation": consultation,
        "nav": workspace_nav(consultation, "overview"),
        "motion": motion,
        "closing": datetime_long(last_moment(motion.closes_at)) if motion.closes_at else "",
        "why_not": why_not_approve(actor, consultation, motion.proposed_by_id),
        "approvers": approving.approvers_besides(session(), actor, motion.proposed_by_id),
    }
    return render("authoring/motion.html", form=form, **page), form.status


@blueprint.post("/<int:number>/approve")
@access(AGENCY_STAFF)
def approve(slug: str, number: int) -> Response:
    """Do what somebody else proposed."""
    consultation = own_consultation(slug)
    motion = seconding.motion_of(session(), consultation.id, number)
    _APPROVE[motion.kind.value](session(), current_actor(), motion)
    flash(_("Approved. It is done."), "success")
    return redirect(url_for(".show", slug=slug, number=number), 303)


@blueprint.route("/answers", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def propose_answers(slug: str) -> str | tuple[str, int] | Response:
    """Propose to publish all answers together."""
    return _propose(slug, "publish_answers", publishing.propose_publication)


@blueprint.route("/data", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def propose_data(slug: str) -> str | tuple[str, int] | Response:
    """Ask for the published contributions and answers as files."""
    return _propose(slug, "export_data", data_files.propose_export)


def proposed(motion: "Motion", slug: str) -> Response:
    """Say that a proposal waits for somebody else, on its page."""
    flash(_("Proposed. Somebody else decides."), "success")
    return redirect(url_for("authoring_motions.show", slug=slug, number=motion.id), 303)


def _propose(slug: str, kind: str, service: Any) -> str | tuple[str, int] | Response:
    consultation, form = own_consultation(slug), ReasonForm()
    if form.submitted():
        try:
            motion = service(
                session(), current_actor(), consultation.id, reason=form.reason.data or ""
            )
        except InvalidError as error:
            form.show(error)
        else:
            return proposed(motion, slug)
    page = {"consultation": consultation, "nav": workspace_nav(consultation, "overview")}
    return render("authoring/propose.html", form=form, kind=kind, **page), form.status
