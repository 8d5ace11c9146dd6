"""Pages on which an agency follows the check of its summary, and answers dissents."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.authoring.context import own_consultation, why_not_approve, workspace_nav
from app.authoring.dialogue_forms import DissentAnswerForm, SecondVoteForm, WordingForm
from app.identity import AGENCY_STAFF, access, current_actor
from app.participation.summary_view import check_context
from app.rendering import render
from app.transactions import session
from app.words.results import group_name
from consultations import dissent_answering, policy, second_voting
from consultations.queries import approving, dissents, findings
from core.clock import now
from core.errors import InvalidError, NotFoundError

if TYPE_CHECKING:
    from consultations.models import Consultation
    from consultations.queries.dissents import Voices

blueprint = Blueprint(
    "authoring_checks", __name__, url_prefix="/workspace/consultations/<slug>/check"
)


@blueprint.get("")
@access(AGENCY_STAFF)
def desk(slug: str) -> str:
    """Show the turnout, the answers once the check is over, dissents, and second votes."""
    consultation, moment = own_consultation(slug), now()
    page = findings.summary_page(session(), consultation.id)
    summary = page.summary if page else None
    return render(
        "authoring/check_desk.html",
        **_page(consultation),
        page=page,
        **(check_context(session(), consultation, page, moment) if page else {}),
        waiting=dissents.waiting_dissents(session(), summary.id) if summary else 0,
        why_not=lambda author: why_not_approve(current_actor(), consultation, author),
        approvers=approving.approvers_besides(session(), current_actor()),
        may_act=consultation.stage in ("ratification", "answering"),
        form=SecondVoteForm(),
    )


@blueprint.route("/dissents/<int:number>", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def answer(slug: str, number: int) -> str | tuple[str, int] | Response:
    """Write the answer to a group of dissents."""
    consultation = own_consultation(slug)
    voices = _voices(consultation, number)
    form = DissentAnswerForm(obj=voices.group)
    if form.submitted():
        try:
            dissent_answering.answer_group(session(), current_actor(), number, **form.texts)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The answer is saved and waits for approval by somebody else."), "success")
            return redirect(url_for(".desk", slug=slug, _anchor=f"dissents-{number}"), 303)
    page = _page(consultation)
    return render("authoring/answer_dissents.html", **page, form=form, voices=voices), form.status


@blueprint.post("/dissents/<int:number>/publish")
@access(AGENCY_STAFF)
def publish(slug: str, number: int) -> Response:
    """Publish the answer that somebody else wrote."""
    _voices(own_consultation(slug), number)
    dissent_answering.publish_answer(session(), current_actor(), number)
    flash(_("The answer is published beside the summary, and its authors are told."), "success")
    return redirect(url_for(".desk", slug=slug, _anchor=f"dissents-{number}"), 303)


@blueprint.route("/findings/<int:number>/revise", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def revise(slug: str, number: int) -> str | tuple[str, int] | Response:
    """Write another wording of a contested sentence."""
    consultation = own_consultation(slug)
    finding = findings.own_finding(session(), consultation.id, number)
    form = WordingForm(obj=finding)
    if form.submitted():
        try:
            second_voting.propose(session(), current_actor(), number, **form.texts)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The new wording is saved. Someone else lets the vote begin."), "success")
            return redirect(url_for(".desk", slug=slug, _anchor=f"contested-{number}"), 303)
    page = _page(consultation)
    shown = {"form": form, "finding": finding, "is_revision": True}
    return render("authoring/reword.html", **page, **shown), form.status


@blueprint.post("/findings/<int:number>/second-vote")
@access(AGENCY_STAFF)
def begin(slug: str, number: int) -> Response:
    """Let participants vote on the new wording."""
    consultation = own_consultation(slug)
    findings.own_finding(session(), consultation.id, number)
    form = SecondVoteForm()
    second_voting.begin(session(), current_actor(), number, days=form.days.data or 0)
    flash(_("The second vote has begun."), "success")
    return redirect(url_for(".desk", slug=slug, _anchor=f"contested-{number}"), 303)


def _voices(consultation: "Consultation", number: int) -> "Voices":
    """Return a group of dissents of this consultation's summary, with what they say."""
    page = findings.latest_summary(session(), consultation.id, findings.PUBLISHED)
    found = dissents.dissents(session(), page.id) if page else []
    for voices in found:
        if voices.group is not None and voices.group.id == number:
            return voices
    raise NotFoundError("dissent.unknown_group")


def _page(consultation: "Consultation") -> dict[str, object]:
    return {
        "consultation": consultation,
        "nav": workspace_nav(consultation, "check"),
        "group_name": group_name,
        "is_checked_now": policy.is_checking(consultation, now()),
    }
