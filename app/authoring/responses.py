"""Pages on which officers answer, approvers approve, and all answers are published together."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.authoring.context import own_consultation, why_not_approve, workspace_nav
from app.authoring.dialogue_forms import AnswerForm
from app.identity import AGENCY_STAFF, access, current_actor
from app.rendering import render
from app.transactions import session
from app.words.results import DISPOSITION_COLOURS
from consultations import responding
from consultations.queries import answer_desk, approving
from consultations.queries.answer_desk import Item, ItemKind
from consultations.responding import Answer
from core.actor import Role
from core.errors import InvalidError

if TYPE_CHECKING:
    from consultations.models import Consultation, Motion

blueprint = Blueprint(
    "authoring_responses", __name__, url_prefix="/workspace/consultations/<slug>/answers"
)


@blueprint.get("")
@access(AGENCY_STAFF)
def desk(slug: str) -> str:
    """Show every item with what it rests on and how far its answer is."""
    consultation = own_consultation(slug)
    return render(
        "authoring/answer_desk.html",
        **_page(consultation),
        desk=answer_desk.answer_desk(session(), consultation.id),
        is_approver=current_actor().serves(consultation.agency_id, Role.APPROVER),
        motions=_to_publish(consultation),
        slug=slug,
        why_not=why_not_approve(current_actor(), consultation, None),
        approvers=approving.approvers_besides(session(), current_actor()),
        colours=DISPOSITION_COLOURS,
    )


@blueprint.route("/<any(finding, theme, comment):kind>/<int:number>", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def answer(slug: str, kind: str, number: int) -> str | tuple[str, int] | Response:
    """Write the answer to one item, beside what it rests on."""
    consultation = own_consultation(slug)
    item = Item(ItemKind(kind), number)
    row = answer_desk.desk_row(session(), consultation.id, item)
    form = AnswerForm(obj=row.response)
    form.offer(answer_desk.clauses(session(), consultation.id))
    if form.submitted():
        given = _answer(form)
        try:
            responding.answer(session(), current_actor(), consultation.id, item=item, given=given)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The answer is saved and waits for approval by somebody else."), "success")
            return redirect(url_for(".desk", slug=slug, _anchor=f"{kind}-{number}"), 303)
    page = _page(consultation)
    voices = answer_desk.voices(session(), item)
    return render("authoring/answer.html", **page, form=form, row=row, voices=voices), form.status


@blueprint.post("/<int:number>/approve")
@access(AGENCY_STAFF, fresh=True)
def approve(slug: str, number: int) -> Response:
    """Approve an answer that somebody else wrote."""
    consultation = own_consultation(slug)
    response = answer_desk.own_response(session(), consultation.id, number)
    responding.approve(session(), current_actor(), response.id)
    return redirect(url_for(".desk", slug=slug, _anchor=f"response-{number}"), 303)


def _answer(form: AnswerForm) -> Answer:
    return Answer(
        disposition=form.disposition.data,
        ground=form.ground.data,
        reason_th=form.reason_th.data or "",
        reason_en=form.reason_en.data or "",
        clause_key=form.clause_key.data or "",
    )


def _to_publish(consultation: "Consultation") -> "list[Motion]":
    """Return what is proposed about the answers."""
    waiting = approving.open_motions(session(), [consultation.id])
    return [motion for motion in waiting if motion.kind == "publish_answers"]


def _page(consultation: "Consultation") -> dict[str, object]:
    return {"consultation": consultation, "nav": workspace_nav(consultation, "answers")}
