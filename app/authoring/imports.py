"""Pages on which a document becomes a draft: upload, check the split beside it, take over."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.authoring.context import own_consultation, workspace_nav
from app.authoring.draft_forms import ImportForm
from app.identity import AGENCY_STAFF, access, current_actor
from app.rendering import render
from app.transactions import release, roll_back, session
from app.words import problem
from consultations import drafting, import_split, policy
from consultations.documents import check_upload, read_with_losses
from consultations.drafting import previewing
from consultations.import_split import Split
from consultations.outline_numbering import Kind
from consultations.queries import work as works
from core.database import reading_only
from core.errors import ConflictError, InvalidError, NotFoundError

if TYPE_CHECKING:
    from consultations.models import Consultation, Draft, ImportPreview

Page = str | tuple[str, int] | Response

blueprint = Blueprint(
    "authoring_imports", __name__, url_prefix="/workspace/consultations/<slug>/drafts/import"
)

#: Units on one page of the check.
PER_PAGE = 40


@blueprint.route("", methods=["GET", "POST"])
@access(AGENCY_STAFF, limit="upload")
def upload(slug: str) -> Page:
    """Take a document; a short one is split at once, a long one by a job with progress."""
    consultation = own_consultation(slug)
    form = ImportForm()
    if form.submitted():
        try:
            _begin(consultation, *_document(form))
        except InvalidError as error:
            form.show(error)
        else:
            return redirect(url_for(".check", slug=slug), 303)
    waiting = previewing.preview_of(session(), current_actor(), consultation.id)
    page = {"consultation": consultation, "nav": workspace_nav(consultation, "drafts")}
    return render("authoring/import_upload.html", **page, form=form, waiting=waiting), form.status


@blueprint.get("/check")
@access(AGENCY_STAFF)
def check(slug: str) -> Page:
    """Show how the document was split, beside its lines, with what can be done to each unit."""
    consultation = own_consultation(slug)
    preview = previewing.preview_of(session(), current_actor(), consultation.id)
    if preview is None:
        return redirect(url_for(".upload", slug=slug), 303)
    if not preview.is_read:
        job = works.job_at(session(), consultation.id, previewing.job_key(preview.id))
        return redirect(url_for("authoring_work.show", slug=slug, number=job.id), 303)
    return _check_page(consultation, preview)


@blueprint.post("/check/units/<key>")
@access(AGENCY_STAFF)
def mend(slug: str, key: str) -> Page:
    """Mend the split at one unit."""
    consultation = own_consultation(slug)
    actor, revision = current_actor(), _revision()
    try:
        split = _split(consultation)
        place = _place_of(split, key)
        preview = previewing.mend(session(), actor, consultation.id, revision, _mending(key))
    except (InvalidError, ConflictError) as error:
        return _refused(consultation, error, key)
    rows = preview.units or []
    target = key if any(row[0] == key for row in rows) else rows[max(0, place - 1)][0]
    return _to_unit(slug, rows, target)


@blueprint.post("/check/undo")
@access(AGENCY_STAFF)
def undo(slug: str) -> Page:
    """Take the last mend back."""
    consultation = own_consultation(slug)
    try:
        previewing.undo(session(), current_actor(), consultation.id, _revision())
    except ConflictError as error:
        return _refused(consultation, error)
    flash(_("The last mend is taken back."), "success")
    return redirect(url_for(".check", slug=slug, page=request.args.get("page", 1, type=int)), 303)


@blueprint.post("/check/drop")
@access(AGENCY_STAFF)
def drop(slug: str) -> Response:
    """Drop the import; the draft stays as it was."""
    consultation = own_consultation(slug)
    policy.require_officer(current_actor(), consultation)
    previewing.discard(session(), current_actor(), consultation.id)
    flash(_("The import is dropped. The draft is as it was."), "success")
    return redirect(url_for(".upload", slug=slug), 303)


@blueprint.post("/check/confirm")
@access(AGENCY_STAFF)
def confirm(slug: str) -> Page:
    """Make the checked split the draft."""
    consultation = own_consultation(slug)
    try:
        draft = _take_over(consultation)
    except (InvalidError, ConflictError) as error:
        return _refused(consultation, error)
    flash(_("The draft is saved. You can go on writing it below."), "success")
    return redirect(url_for("authoring_drafts.edit", slug=slug, number=draft.number), 303)


def _begin(consultation: "Consultation", data: bytes, filename: str) -> None:
    """Read a short document while the database is free for others; only then write."""
    check_upload(data, filename)
    split = None
    if len(data) <= previewing.LARGE:
        release()
        split = import_split.split(*read_with_losses(data, filename))
    previewing.begin(
        session(), current_actor(), consultation.id, filename=filename, data=data, split=split
    )


def _document(form: ImportForm) -> tuple[bytes, str]:
    upload = form.file.data
    if upload:
        return upload.read(), upload.filename or ""
    text = form.text.data or ""
    if text.strip():
        return text.encode(), "pasted.txt"
    raise InvalidError("document.missing", field="file")


def _take_over(consultation: "Consultation") -> "Draft":
    """Recognise the units while the database is free for others; only then write."""
    actor, revision = current_actor(), _revision()
    split = _split(consultation)
    release()
    with reading_only():
        known = drafting.known_units(session(), consultation.id)
        release()
    outline = drafting.recognise_units(split.outline, known)
    previewing.require_seen(session(), actor, consultation.id, revision)
    draft = drafting.import_outline(session(), actor, consultation.id, outline, known)
    previewing.discard(session(), actor, consultation.id)
    return draft


def _split(consultation: "Consultation") -> Split:
    preview = previewing.preview_of(session(), current_actor(), consultation.id)
    if preview is None:
        raise NotFoundError("import.gone")
    return previewing.split_of(preview)


def _mending(key: str) -> Callable[[Split], Split]:
    """Return what a button asks for."""
    form = request.form
    action = form.get("action", "")
    kind = form.get("kind", "")
    if action == "merge":
        return lambda split: import_split.merged(split, key)
    if action == "split":
        return lambda split: import_split.divided(split, key, form.get("line", 0, type=int))
    if action == "kind" and kind in set(Kind):
        return lambda split: import_split.with_kind(split, key, Kind(kind))
    if action == "words":
        number, heading = form.get("number", ""), form.get("heading", "")
        return lambda split: import_split.with_words(split, key, number, heading)
    raise InvalidError("page.bad_request")


def _place_of(split: Split, key: str) -> int:
    unit = split.unit(key)
    return split.outline.provisions.index(unit)


def _to_unit(slug: str, rows: list[Any], key: str) -> Response:
    place = next((index for index, row in enumerate(rows) if row[0] == key), 0)
    page = place // PER_PAGE + 1
    return redirect(url_for(".check", slug=slug, page=page, _anchor=f"unit-{key}"), 303)


def _revision() -> int:
    return request.form.get("revision", 0, type=int)


def _refused(
    consultation: "Consultation", error: InvalidError | ConflictError, key: str = ""
) -> Page:
    """Show the check again with what is wrong and what was typed."""
    roll_back()
    preview = previewing.preview_of(session(), current_actor(), consultation.id)
    if preview is None or not preview.is_read:
        raise NotFoundError("import.gone")
    message = problem(error.code, error.details)
    status = 409 if isinstance(error, ConflictError) else 422
    return _check_page(consultation, preview, key=key, message=message), status


def _check_page(
    consultation: "Consultation", preview: "ImportPreview", *, key: str = "", message: str = ""
) -> str:
    split = previewing.split_of(preview)
    units = split.outline.provisions
    places = {unit.key: place for place, unit in enumerate(units)}
    count = max(1, -(-len(units) // PER_PAGE))
    asked = places[key] // PER_PAGE + 1 if key in places else request.args.get("page", 1, type=int)
    number = min(max(1, asked), count)
    first = (number - 1) * PER_PAGE
    return render(
        "authoring/import_check.html",
        consultation=consultation,
        nav=workspace_nav(consultation, "drafts"),
        preview=preview,
        split=split,
        units=units[first : first + PER_PAGE],
        first=first,
        level_up=import_split.level_up,
        level_down=import_split.level_down,
        kinds=list(Kind),
        pages=_pages(consultation.slug, number, count),
        refused=key,
        message=message,
        typed=request.form,
        replaces=works.working_clauses(session(), consultation.id),
        may_write=policy.may_prepare(current_actor(), consultation),
    )


def _pages(slug: str, number: int, count: int) -> dict[str, Any]:
    """Return the links of the ``pagination`` component."""

    def href(page: int) -> str:
        return url_for(".check", slug=slug, page=page)

    near = [page for page in range(1, count + 1) if page in (1, count) or abs(page - number) <= 2]
    items: list[dict[str, Any] | None] = []
    for before, page in zip([0, *near], near, strict=False):
        if page - before > 1:
            items.append(None)
        items.append({"number": page, "href": href(page), "current": page == number})
    return {
        "number": number,
        "count": count,
        "previous_href": href(number - 1) if number > 1 else None,
        "next_href": href(number + 1) if number < count else None,
        "items": items,
    }
