"""Pages on which officers write drafts: mend the split, write, say why, publish."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.authoring.context import own_consultation, why_not_approve, workspace_nav
from app.authoring.draft_forms import ClauseForm, CorrectForm, PublishForm, ReasonForm
from app.identity import AGENCY_STAFF, access, current_actor
from app.rendering import render
from app.transactions import session
from consultations import drafting
from consultations.outline_editing import change_kind, merge_with_previous, split_at
from consultations.outline_numbering import Kind
from consultations.queries import approving, draft_editor, promises
from core.errors import InvalidError

if TYPE_CHECKING:
    from consultations.models import Consultation, Draft
    from consultations.queries.draft_editor import ClauseInHand

Page = str | tuple[str, int] | Response

blueprint = Blueprint(
    "authoring_drafts", __name__, url_prefix="/workspace/consultations/<slug>/drafts"
)


@blueprint.get("/<int:number>")
@access(AGENCY_STAFF)
def edit(slug: str, number: int) -> str:
    """Show a draft clause by clause, with what can be done to each."""
    return _editor(own_consultation(slug), number, PublishForm())


@blueprint.route("/<int:number>/clauses/<key>", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def write(slug: str, number: int, key: str) -> Page:
    """Write one clause."""
    consultation = own_consultation(slug)
    found = draft_editor.clause_in_hand(session(), consultation, number, key)
    form = ClauseForm(obj=found.clause)
    if form.submitted():
        try:
            drafting.write_clause(session(), current_actor(), found.draft_id, key, form.words)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The clause is saved."), "success")
            return _back(slug, number, key)
    page = _page(consultation, number)
    beside = promises.promises(session(), consultation.id, found.draft_id, key)
    shown = {"found": found, "form": form, "is_new": False, "beside": beside}
    return render("authoring/draft_clause.html", **page, **shown), form.status


@blueprint.post("/<int:number>/clauses/<key>/take-over")
@access(AGENCY_STAFF)
def take_over(slug: str, number: int, key: str) -> Response:
    """Make a proposed wording the text of the clause, with its credit."""
    consultation = own_consultation(slug)
    draft_id = draft_editor.draft_id_at(session(), consultation, number)
    reference = request.form.get("reference", "")
    drafting.take_over(session(), current_actor(), draft_id, key, reference)
    words = _("The wording is taken over. Its author is told when the draft is published.")
    flash(words, "success")
    return redirect(url_for(".write", slug=slug, number=number, key=key), 303)


@blueprint.route("/<int:number>/clauses/<key>/add", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def add(slug: str, number: int, key: str) -> Page:
    """Write a new clause behind another."""
    consultation = own_consultation(slug)
    found = draft_editor.clause_in_hand(session(), consultation, number, key)
    form = ClauseForm()
    if form.submitted():
        try:
            made = drafting.add_after(session(), current_actor(), found.draft_id, key, form.words)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The clause is saved."), "success")
            return _back(slug, number, made.key)
    page = _page(consultation, number)
    html = render("authoring/draft_clause.html", **page, found=found, form=form, is_new=True)
    return html, form.status


@blueprint.route("/<int:number>/clauses/<key>/correct", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def correct(slug: str, number: int, key: str) -> Page:
    """Mend how the document was split, or the order of its clauses."""
    consultation = own_consultation(slug)
    found = draft_editor.clause_in_hand(session(), consultation, number, key)
    form = CorrectForm(kind=found.clause.kind)
    form.offer(found.clause.body)
    if form.submitted():
        try:
            draft = _correct(found, form)
        except InvalidError as error:
            form.show(error)
        else:
            keys = {clause.key for clause in draft.clauses}
            near = found.before or found.after
            target = key if key in keys or near is None else near.key
            return _back(slug, number, target)
    page = _page(consultation, number)
    return render("authoring/draft_correct.html", **page, found=found, form=form), form.status


@blueprint.route("/<int:number>/clauses/<key>/why", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def explain(slug: str, number: int, key: str) -> Page:
    """Say which responses caused a clause to change."""
    consultation = own_consultation(slug)
    found = draft_editor.change_in_hand(session(), consultation, number, key)
    form = ReasonForm.of(found.causes)
    form.offer(draft_editor.responses_to_cite(session(), consultation, key))
    if form.submitted():
        try:
            drafting.explain_change(
                session(), current_actor(), found.draft_id, key, **form.explanation
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The reason is saved."), "success")
            return _back(slug, number, key)
    page = _page(consultation, number)
    return render("authoring/draft_reason.html", **page, found=found, form=form), form.status


@blueprint.post("/<int:number>/publish")
@access(AGENCY_STAFF, fresh=True)
def publish(slug: str, number: int) -> Page:
    """Publish the next version of the draft."""
    consultation = own_consultation(slug)
    draft_id = draft_editor.draft_id_at(session(), consultation, number)
    form = PublishForm()
    if form.submitted():
        try:
            drafting.publish(session(), current_actor(), draft_id, **form.notes)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("Draft %(number)s is published.", number=number), "success")
            return redirect(url_for("drafts.read_number", slug=slug, number=number), 303)
    return _editor(consultation, number, form), form.status


@blueprint.post("/next")
@access(AGENCY_STAFF)
def next_draft(slug: str) -> Response:
    """Begin the next version as a copy of the published one."""
    consultation = own_consultation(slug)
    draft = drafting.open_next(session(), current_actor(), consultation.id)
    return redirect(url_for(".edit", slug=slug, number=draft.number), 303)


def _page(consultation: "Consultation", number: int | None = None) -> dict[str, object]:
    return {
        "consultation": consultation,
        "nav": workspace_nav(consultation, "drafts"),
        "number": number,
    }


def _editor(consultation: "Consultation", number: int, form: PublishForm) -> str:
    actor = current_actor()
    page = draft_editor.editor_page(session(), actor, consultation, number)
    author = page.draft.prepared_by_id
    return render(
        "authoring/draft.html",
        **_page(consultation, number),
        page=page,
        form=form,
        why_not=why_not_approve(actor, consultation, author, page.draft.hands),
        approvers=approving.approvers_besides(session(), actor, author),
        is_preparing=consultation.stage == "preparing",
        promised=promises.promised_counts(session(), consultation.id) if number > 1 else {},
    )


def _correct(found: "ClauseInHand", form: CorrectForm) -> "Draft":
    """Do what a button asks."""
    action, actor = request.form.get("action", ""), current_actor()
    draft_id, key = found.draft_id, found.clause.key
    if action in ("up", "down"):
        return drafting.move_clause(session(), actor, draft_id, key, up=action == "up")
    if action == "remove":
        return drafting.remove_clause(session(), actor, draft_id, key)
    corrections = {
        "merge": lambda outline: merge_with_previous(outline, key),
        "split": lambda outline: split_at(outline, key, form.line.data or 0),
        "kind": lambda outline: change_kind(outline, key, Kind(form.kind.data)),
    }
    if action not in corrections:
        raise InvalidError("page.bad_request")
    return drafting.correct_split(session(), actor, draft_id, corrections[action])


def _back(slug: str, number: int, key: str) -> Response:
    return redirect(url_for(".edit", slug=slug, number=number, _anchor=f"clause-{key}"), 303)
