"""Pages on which officers promise, report on promises, and say where the law is."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.authoring.commitment_forms import LawForm, PromiseForm
from app.authoring.context import own_consultation, why_not_approve, workspace_nav
from app.identity import AGENCY_STAFF, access, current_actor
from app.participation.step_form import ReportForm
from app.rendering import pick, render
from app.transactions import session
from app.words.commitments import COMMITMENT_COLOURS
from consultations import committing, enacting, policy
from consultations.queries import approving, commitments
from core.clock import now
from core.errors import InvalidError
from core.languages import language_of

if TYPE_CHECKING:
    from consultations.models import Commitment, Consultation

blueprint = Blueprint(
    "authoring_commitments", __name__, url_prefix="/workspace/consultations/<slug>/commitments"
)


@blueprint.get("")
@access(AGENCY_STAFF)
def desk(slug: str) -> str:
    """Show every promise with how far it is, and the steps of the law."""
    consultation = own_consultation(slug)
    actor = current_actor()
    stage = policy.current_stage(consultation, now())
    return render(
        "authoring/commitments.html",
        **_page(consultation),
        page=commitments.commitment_page(session(), consultation.id, public_only=False),
        colours=COMMITMENT_COLOURS,
        language_of=language_of,
        may_commit=stage in policy.COMMITTING_STAGES,
        why_not=lambda each: why_not_approve(actor, consultation, each.written_by_id),
        approvers=approving.approvers_besides(session(), actor),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def promise(slug: str) -> str | tuple[str, int] | Response:
    """Write a promise."""
    consultation = own_consultation(slug)
    form = PromiseForm()
    form.offer(_answers(consultation))
    if form.submitted():
        try:
            committing.promise(session(), current_actor(), consultation.id, given=form.given)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The commitment is saved. A second person makes it public."), "success")
            return redirect(url_for(".desk", slug=slug), 303)
    return _form_page(consultation, form, _("New commitment"))


@blueprint.route("/<int:number>/report", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def report(slug: str, number: int) -> str | tuple[str, int] | Response:
    """Report on a promise."""
    consultation = own_consultation(slug)
    commitment = commitments.commitment_numbered(session(), consultation.id, number)
    form = ReportForm(state=commitment.state.value)
    if form.submitted():
        try:
            committing.report(session(), current_actor(), commitment.id, given=form.given)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The report is public, and those who follow are told."), "success")
            return redirect(url_for(".desk", slug=slug, _anchor=f"commitment-{number}"), 303)
    return _form_page(consultation, form, _("Report on a commitment"), commitment)


@blueprint.route("/law", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def law(slug: str) -> str | tuple[str, int] | Response:
    """Note where the law is."""
    consultation = own_consultation(slug)
    form = LawForm()
    if form.submitted():
        try:
            enacting.note_law(session(), current_actor(), consultation.id, given=form.given)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The step of the law is public, and those who follow are told."), "success")
            return redirect(url_for(".desk", slug=slug), 303)
    return _form_page(consultation, form, _("Where the law is"))


@blueprint.post("/<int:number>/publish")
@access(AGENCY_STAFF)
def publish(slug: str, number: int) -> Response:
    """Make a promise public that somebody else wrote."""
    consultation = own_consultation(slug)
    commitment = commitments.commitment_numbered(session(), consultation.id, number)
    committing.publish(session(), current_actor(), commitment.id)
    flash(_("The commitment is public, and those who follow are told."), "success")
    return redirect(url_for(".desk", slug=slug, _anchor=f"commitment-{number}"), 303)


@blueprint.post("/<int:number>/discard")
@access(AGENCY_STAFF)
def discard(slug: str, number: int) -> Response:
    """Delete a promise that was never public."""
    consultation = own_consultation(slug)
    commitment = commitments.commitment_numbered(session(), consultation.id, number)
    committing.discard(session(), current_actor(), commitment.id)
    flash(_("The commitment is deleted; it was never public."), "success")
    return redirect(url_for(".desk", slug=slug), 303)


def _answers(consultation: "Consultation") -> list[tuple[int, str]]:
    found = commitments.answered_responses(session(), consultation.id)
    return [(each.id, pick(each, "reason").text[:120]) for each in found]


def _form_page(
    consultation: "Consultation",
    form: PromiseForm | ReportForm | LawForm,
    title: str,
    commitment: "Commitment | None" = None,
) -> tuple[str, int]:
    page = render(
        "authoring/commitment_form.html",
        **_page(consultation),
        form=form,
        title=title,
        commitment=commitment,
    )
    return page, form.status


def _page(consultation: "Consultation") -> dict[str, object]:
    return {"consultation": consultation, "nav": workspace_nav(consultation, "commitments")}
