"""Pages on which officers write drafts: import, mend the split, write, say why, publish."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from app.authoring.context import own_consultation
from app.authoring.draft_forms import ClauseForm, ImportForm, PublishForm, ReasonForm
from app.identity import AGENCY_STAFF, access, current_actor
from app.rendering import pick, render
from app.transactions import release, session
from app.words import name
from consultations import drafting
from consultations.documents import read_document
from consultations.outline_editing import change_kind, merge_with_previous, split_at
from consultations.outline_numbering import Kind
from consultations.queries import draft_editor
from core.errors import InvalidError, NotFoundError

if TYPE_CHECKING:
    from consultations.models import Clause, Consultation

blueprint = Blueprint(
    "authoring_drafts", __name__, url_prefix="/workspace/consultations/<slug>/drafts"
)


@blueprint.route("/import", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def import_draft(slug: str) -> str | tuple[str, int] | Response:
    """Import a document and split it into clauses."""
    consultation = own_consultation(slug)
    form = ImportForm()
    if form.submitted():
        try:
            data, filename = _document(form)
            release()
            lines = read_document(data, filename)
            draft = drafting.import_lines(session(), current_actor(), consultation.id, lines)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The document is split into clauses. Check the split below."), "success")
            return redirect(url_for(".edit", slug=slug, number=draft.number), 303)
    return render("authoring/draft_import.html", consultation=consultation, form=form), form.status


@blueprint.get("/<int:number>")
@access(AGENCY_STAFF)
def edit(slug: str, number: int) -> str:
    """Show a draft clause by clause, with what can be done to each."""
    consultation = own_consultation(slug)
    return render(
        "authoring/draft.html",
        consultation=consultation,
        page=draft_editor.editor_page(session(), current_actor(), consultation, number),
        kinds=[(kind.value, name("unit", kind.value)) for kind in Kind],
        form=PublishForm(),
    )


@blueprint.route("/<int:number>/clauses/<key>", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def write(slug: str, number: int, key: str) -> str | tuple[str, int] | Response:
    """Write one clause."""
    consultation = own_consultation(slug)
    page = draft_editor.editor_page(session(), current_actor(), consultation, number)
    clause = _clause(page, key)
    form = ClauseForm(obj=clause)
    if form.submitted():
        try:
            drafting.write_clause(session(), current_actor(), page.draft.id, key, form.words)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The clause is saved."), "success")
            return _back(slug, number, key)
    return (
        render(
            "authoring/draft_clause.html",
            consultation=consultation,
            page=page,
            clause=clause,
            form=form,
        ),
        form.status,
    )


@blueprint.post("/<int:number>/clauses/<key>/correct")
@access(AGENCY_STAFF)
def correct(slug: str, number: int, key: str) -> Response:
    """Mend how the document was split, or the order of its clauses."""
    consultation = own_consultation(slug)
    page = draft_editor.editor_page(session(), current_actor(), consultation, number)
    try:
        target = _correct(page.draft.id, key, request.form)
    except InvalidError:
        flash(_("That cannot be done to this clause. Nothing was changed."), "warning")
        target = key
    return _back(slug, number, target)


@blueprint.route("/<int:number>/clauses/<key>/why", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def explain(slug: str, number: int, key: str) -> str | tuple[str, int] | Response:
    """Say which responses caused a clause to change."""
    consultation = own_consultation(slug)
    page = draft_editor.editor_page(session(), current_actor(), consultation, number)
    form = _reason_form(page, key, consultation)
    if form.submitted():
        try:
            drafting.explain_change(
                session(),
                current_actor(),
                page.draft.id,
                key,
                response_ids=form.responses.data or [],
                note_th=form.note_th.data or "",
                note_en=form.note_en.data or "",
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The reason is saved."), "success")
            return _back(slug, number, key)
    return _reason_page(consultation, page, key, form), form.status


@blueprint.post("/<int:number>/publish")
@access(AGENCY_STAFF)
def publish(slug: str, number: int) -> Response:
    """Publish the next version of the draft."""
    consultation = own_consultation(slug)
    page = draft_editor.editor_page(session(), current_actor(), consultation, number)
    form = PublishForm()
    drafting.publish(
        session(),
        current_actor(),
        page.draft.id,
        note_th=form.note_th.data or "",
        note_en=form.note_en.data or "",
    )
    flash(_("Draft %(number)s is published.", number=number), "success")
    return redirect(url_for("drafts.read_number", slug=slug, number=number), 303)


@blueprint.post("/next")
@access(AGENCY_STAFF)
def next_draft(slug: str) -> Response:
    """Begin the next version as a copy of the published one."""
    consultation = own_consultation(slug)
    draft = drafting.open_next(session(), current_actor(), consultation.id)
    return redirect(url_for(".edit", slug=slug, number=draft.number), 303)


def _document(form: ImportForm) -> tuple[bytes, str]:
    upload = form.file.data
    if upload:
        return upload.read(), upload.filename or ""
    text = form.text.data or ""
    if text.strip():
        return text.encode(), "pasted.txt"
    raise InvalidError("document.missing", field="file")


def _clause(page: draft_editor.EditorPage, key: str) -> "Clause":
    found = next((clause for clause in page.draft.clauses if clause.key == key), None)
    if found is None:
        raise NotFoundError("clause.unknown")
    return found


def _correct(draft_id: int, key: str, given: dict[str, str]) -> str:
    """Do what a button asks; return the key of the clause to show next."""
    action, actor = given.get("action", ""), current_actor()
    if action in ("up", "down"):
        drafting.move_clause(session(), actor, draft_id, key, up=action == "up")
    elif action == "add":
        return drafting.add_after(session(), actor, draft_id, key).key
    elif action == "remove":
        drafting.remove_clause(session(), actor, draft_id, key)
    elif action == "merge":
        drafting.correct_split(
            session(), actor, draft_id, lambda outline: merge_with_previous(outline, key)
        )
    elif action == "split":
        line = int(given.get("line", "0")) if given.get("line", "").isdecimal() else 0
        drafting.correct_split(
            session(), actor, draft_id, lambda outline: split_at(outline, key, line)
        )
    elif action == "kind" and given.get("kind") in set(Kind):
        kind = Kind(given["kind"])
        drafting.correct_split(
            session(), actor, draft_id, lambda outline: change_kind(outline, key, kind)
        )
    else:
        raise InvalidError("page.bad_request")
    return key


def _reason_form(
    page: draft_editor.EditorPage, key: str, consultation: "Consultation"
) -> ReasonForm:
    causes = page.explained.get(key, ())
    form = ReasonForm(
        responses=[cause.response_id for cause in causes if cause.response_id],
        note_th=next((cause.note_th for cause in causes), ""),
        note_en=next((cause.note_en for cause in causes), ""),
    )
    form.responses.choices = [
        SelectChoice(
            response.id,
            f"{name('disposition', response.disposition)}: {pick(response, 'reason').text[:140]}",
        )
        for response in draft_editor.responses_to_cite(session(), consultation)
    ]
    return form


def _reason_page(
    consultation: "Consultation", page: draft_editor.EditorPage, key: str, form: ReasonForm
) -> str:
    clauses = [*page.draft.clauses, *page.removed]
    clause = next((clause for clause in clauses if clause.key == key), None)
    if clause is None:
        raise NotFoundError("clause.unknown")
    return render(
        "authoring/draft_reason.html",
        consultation=consultation,
        page=page,
        clause=clause,
        form=form,
    )


def _back(slug: str, number: int, key: str) -> Response:
    return redirect(url_for(".edit", slug=slug, number=number, _anchor=f"clause-{key}"), 303)
