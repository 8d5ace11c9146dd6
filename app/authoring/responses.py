"""Pages on which officers answer, approvers approve, and all answers are published together."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.authoring.answer_forms import AnswerForm, NoteForm, WorkForm
from app.authoring.answer_list import asked_of_desk, asked_values, desk_context
from app.authoring.context import own_consultation, workspace_nav
from app.identity import AGENCY_STAFF, access, current_actor
from app.rendering import render
from app.transactions import session
from consultations import assigning, responding
from consultations.queries import answer_desk, desk_work
from consultations.queries.answer_duty import Item, ItemKind
from consultations.queries.answer_rows import DeskRow
from consultations.responding import Answer
from core.errors import InvalidError

if TYPE_CHECKING:
    from consultations.models import Consultation

blueprint = Blueprint(
    "authoring_responses", __name__, url_prefix="/workspace/consultations/<slug>/answers"
)

Page = str | tuple[str, int] | Response
_ITEM = "/<any(finding, theme, comment):kind>/<int:number>"


@blueprint.get("")
@access(AGENCY_STAFF)
def desk(slug: str) -> Page:
    """Show a page of items, each with what it rests on and how far its answer is."""
    return _desk(own_consultation(slug), _work_form(WorkForm(formdata=None)))


@blueprint.post("/assign")
@access(AGENCY_STAFF)
def assign(slug: str) -> Page:
    """Give the chosen items to somebody, with unit and day."""
    consultation = own_consultation(slug)
    form = _work_form(WorkForm())
    if form.submitted():
        try:
            tasks = assigning.assign(
                session(), current_actor(), consultation.id, _chosen(), form.work
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("Shared out: %(count)s.", count=len(tasks)), "success")
            return redirect(url_for(".desk", slug=slug, **asked_values()), 303)
    return _desk(consultation, form)


@blueprint.route(_ITEM, methods=["GET", "POST"])
@access(AGENCY_STAFF)
def answer(slug: str, kind: str, number: int) -> Page:
    """Write the answer to one item, beside what it rests on."""
    consultation = own_consultation(slug)
    item = Item(ItemKind(kind), number)
    row = answer_desk.desk_row(session(), consultation.id, item)
    form = AnswerForm(obj=row.response)
    form.offer(
        answer_desk.clauses(session(), consultation.id),
        desk_work.templates(session(), current_actor()),
    )
    if "insert" in request.form:
        _put_template_in(form)
    elif form.submitted():
        given = _answer(form)
        try:
            responding.answer(session(), current_actor(), consultation.id, item=item, given=given)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The answer is saved and waits for approval by somebody else."), "success")
            return redirect(url_for(".desk", slug=slug, _anchor=f"{kind}-{number}"), 303)
    return _item(consultation, row, form, NoteForm(formdata=None))


@blueprint.post(f"{_ITEM}/notes")
@access(AGENCY_STAFF)
def note(slug: str, kind: str, number: int) -> Page:
    """Keep a private note on an item."""
    consultation = own_consultation(slug)
    item, form = Item(ItemKind(kind), number), NoteForm()
    if form.submitted():
        try:
            assigning.note(
                session(), current_actor(), consultation.id, item, body=form.body.data or ""
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The note is kept. Only your agency reads it."), "success")
            return redirect(
                url_for(".answer", slug=slug, kind=kind, number=number, _anchor="notes"), 303
            )
    row = answer_desk.desk_row(session(), consultation.id, item)
    begun = AnswerForm(formdata=None, obj=row.response)
    begun.offer(
        answer_desk.clauses(session(), consultation.id),
        desk_work.templates(session(), current_actor()),
    )
    return _item(consultation, row, begun, form)


@blueprint.post("/<int:number>/approve")
@access(AGENCY_STAFF, fresh=True)
def approve(slug: str, number: int) -> Response:
    """Approve an answer that somebody else wrote."""
    consultation = own_consultation(slug)
    response = answer_desk.own_response(session(), consultation.id, number)
    responding.approve(session(), current_actor(), response.id)
    return redirect(url_for(".desk", slug=slug, show="waiting", _anchor=f"response-{number}"), 303)


def _chosen() -> list[Item]:
    """Return the items that were ticked; what is none of them is left out."""
    pairs = (value.partition("-") for value in request.form.getlist("items"))
    kinds = {kind.value for kind in ItemKind}
    return [
        Item(ItemKind(kind), int(number))
        for kind, _dash, number in pairs
        if kind in kinds and number.isdecimal() and len(number) < 10
    ]


def _answer(form: AnswerForm) -> Answer:
    return Answer(
        disposition=form.disposition.data,
        ground=form.ground.data,
        reason_th=form.reason_th.data or "",
        reason_en=form.reason_en.data or "",
        clause_key=form.clause_key.data or "",
    )


def _put_template_in(form: AnswerForm) -> None:
    """Put the words of a template behind what was typed; nothing is saved."""
    chosen = form.template.data or ""
    number = int(chosen) if chosen.isdecimal() and len(chosen) < 10 else 0
    words = desk_work.template(session(), current_actor(), number)
    for field, text in ((form.reason_th, words.text_th), (form.reason_en, words.text_en)):
        field.data = "\n\n".join(filter(None, (field.data, text)))


def _work_form(form: WorkForm) -> WorkForm:
    form.offer(desk_work.colleagues(session(), current_actor()))
    return form


def _desk(consultation: "Consultation", form: WorkForm) -> tuple[str, int]:
    asked = asked_of_desk(consultation)
    page = {**_page(consultation), **desk_context(consultation, asked)}
    chosen = request.form.getlist("items")
    return render("authoring/answer_desk.html", **page, form=form, chosen=chosen), form.status


def _item(
    consultation: "Consultation", row: DeskRow, form: AnswerForm, note_form: NoteForm
) -> tuple[str, int]:
    html = render(
        "authoring/answer.html",
        **_page(consultation),
        row=row,
        form=form,
        note_form=note_form,
        voices=answer_desk.voices(session(), row.item),
        notes=desk_work.notes(session(), row.item),
        colleagues=desk_work.colleagues(session(), current_actor()),
    )
    return html, max(form.status, note_form.status)


def _page(consultation: "Consultation") -> dict[str, object]:
    return {
        "consultation": consultation,
        "slug": consultation.slug,
        "nav": workspace_nav(consultation, "answers"),
    }
