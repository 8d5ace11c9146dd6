"""Pages on which members propose, amend, answer, and report on the steps that they own."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.identity import SIGNED_IN, access, current_actor
from app.participation.group_forms import AmendForm, PositionForm, ProposalForm
from app.participation.group_pages import context, deciding_group, form_page, load_group
from app.participation.step_form import ReportForm
from app.rendering import render
from app.transactions import session
from consultations import committing, deliberating
from consultations.queries import commitments, groups
from core.clock import now
from core.errors import InvalidError

blueprint = Blueprint(
    "group_proposals", __name__, url_prefix="/consultations/<slug>/groups/<int:number>"
)


@blueprint.route("/proposals/new", methods=["GET", "POST"])
@access(SIGNED_IN, limit="change")
def propose(slug: str, number: int) -> Response | tuple[str, int]:
    """Put a proposal to the group."""
    consultation, group = deciding_group(slug, number)
    form = ProposalForm()
    if form.submitted():
        try:
            made = deliberating.propose(session(), current_actor(), group.id, given=form.given)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The round is open; every member can answer."), "success")
            return _back(slug, number, made.number)
    return form_page(consultation, group, form, _("New proposal"))


@blueprint.route("/proposals/<int:proposal>/amend", methods=["GET", "POST"])
@access(SIGNED_IN, limit="change")
def amend(slug: str, number: int, proposal: int) -> Response | tuple[str, int]:
    """Put another text of one's own proposal to the group."""
    consultation, group = deciding_group(slug, number)
    row = groups.proposal_numbered(session(), group, proposal)
    form = AmendForm(body=row.latest.round.body)
    if form.submitted():
        body = form.body.data or ""
        try:
            deliberating.amend(session(), current_actor(), row.proposal.id, body=body)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("A new round is open; every member can answer."), "success")
            return _back(slug, number, proposal)
    return form_page(consultation, group, form, _("Amend the proposal"))


@blueprint.post("/proposals/<int:proposal>/withdraw")
@access(SIGNED_IN, limit="change")
def withdraw(slug: str, number: int, proposal: int) -> Response:
    """Take one's own proposal back."""
    _consultation, group = load_group(slug, number)
    row = groups.proposal_numbered(session(), group, proposal)
    deliberating.withdraw(session(), current_actor(), row.proposal.id)
    flash(_("The proposal is taken back."), "success")
    return _back(slug, number, proposal)


@blueprint.post("/proposals/<int:proposal>/rounds/<int:asked>")
@access(SIGNED_IN, limit="change")
def declare(slug: str, number: int, proposal: int, asked: int) -> Response | tuple[str, int]:
    """Say what one thinks of the text of a round."""
    consultation, group = deciding_group(slug, number)
    row = groups.proposal_numbered(session(), group, proposal)
    form = PositionForm()
    if form.submitted():
        words = {each: form[each].data or "" for each in ("position", "reason")}
        try:
            deliberating.declare(session(), current_actor(), row.proposal.id, asked, **words)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("Your answer is saved. You can change it until the round is over."), "success")
            return _back(slug, number, proposal)
    shown = {"row": row, "form": form, "moment": now()}
    page = render("participation/group_proposal.html", **context(consultation, group), **shown)
    return page, form.status


@blueprint.route("/steps/<int:commitment>/report", methods=["GET", "POST"])
@access(SIGNED_IN, limit="change")
def report(slug: str, number: int, commitment: int) -> Response | tuple[str, int]:
    """Report on a step of the joint plan that one's own side carries out."""
    consultation, group = load_group(slug, number)
    step = commitments.commitment_numbered(session(), consultation.id, commitment)
    committing.require_reporter(session(), current_actor(), step, consultation)
    form = ReportForm(state=step.state.value)
    if form.submitted():
        try:
            committing.report(session(), current_actor(), step.id, given=form.given)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The report is public, and those who follow are told."), "success")
            return redirect(url_for("groups.show", slug=slug, number=number, _anchor="plan"), 303)
    return form_page(consultation, group, form, _("Report on a step"))


def _back(slug: str, number: int, proposal: int) -> Response:
    where = url_for("groups.proposal", slug=slug, number=number, proposal=proposal)
    return redirect(where, 303)
