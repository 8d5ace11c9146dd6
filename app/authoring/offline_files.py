"""Pages of many responses at once: files with their preview, and forms to print."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import qr
from app.addresses import public_url
from app.authoring.context import own_consultation, why_not_second, workspace_nav
from app.authoring.offline_forms import BatchForm, PrintForm, RefusalForm, clause_names
from app.identity import AGENCY_STAFF, access, current_actor, keyring
from app.participation.cards import parts
from app.rendering import render
from app.transactions import session
from app.words import problem
from consultations.announcement import last_day
from consultations.offline import batches, codes, entries, forms, sheets
from consultations.offline.offer import offer_of
from consultations.queries import offline
from consultations.queries import work as works
from core.errors import ConflictError, InvalidError

if TYPE_CHECKING:
    from consultations.models import Consultation, OfflineBatch
    from consultations.offline.fates import Fate
    from consultations.offline.said import Said

Page = str | tuple[str, int] | Response

blueprint = Blueprint(
    "authoring_offline_files", __name__, url_prefix="/workspace/consultations/<slug>/offline"
)

_TABLES = {
    "responses.csv": (sheets.template, "text/csv; charset=utf-8"),
    "responses.xlsx": (
        sheets.template_workbook,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}
#: Fates on one page of a preview.
_FATES = 100


@blueprint.route("/files/new", methods=["GET", "POST"])
@access(AGENCY_STAFF, limit="upload")
def upload(slug: str) -> Page:
    """Take a file; its preview says what becomes of each row."""
    consultation = own_consultation(slug)
    form = BatchForm()
    if form.submitted():
        file = form.file.data
        try:
            batch = batches.upload(
                *(session(), current_actor(), consultation.id),
                name=form.name.data or "",
                filename=file.filename or "",
                data=file.read(sheets.MAX_BYTES + 1),
            )
        except InvalidError as error:
            form.show(error)
        else:
            return redirect(url_for(".show", slug=slug, number=batch.id), 303)
    return render("authoring/offline_upload.html", **_page(consultation), form=form), form.status


@blueprint.get("/table/<filename>")
@access(AGENCY_STAFF)
def table(slug: str, filename: str) -> Response:
    """Give out the table to fill in."""
    consultation = own_consultation(slug)
    if filename not in _TABLES:
        abort(404)
    write, kind = _TABLES[filename]
    answer = Response(write(offer_of(session(), consultation.id)), content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer


@blueprint.get("/files/<int:number>")
@access(AGENCY_STAFF)
def show(slug: str, number: int) -> str:
    """Show the fate of each row, or what waits for the second person."""
    return _batch_page(own_consultation(slug), number, RefusalForm())


@blueprint.post("/files/<int:number>/<decision>")
@access(AGENCY_STAFF)
def decide(slug: str, number: int, decision: str) -> Page:
    """Hand a file on, drop it, confirm all of it, or reject it."""
    consultation, form = own_consultation(slug), RefusalForm()
    form.validate()
    who = (session(), current_actor(), consultation.id, number)
    try:
        if decision == "reject":
            batches.reject(*who, reason=form.reason.data or "")
        else:
            deeds = {"send": batches.hand_on, "drop": batches.drop, "confirm": batches.confirm}
            if decision not in deeds:
                abort(404)
            deeds[decision](*who)
    except InvalidError as error:
        form.show(error)
        return _batch_page(consultation, number, form), form.status
    if decision == "confirm":
        job = works.job_at(session(), consultation.id, batches.job_key(number))
        return redirect(url_for("authoring_work.show", slug=slug, number=job.id), 303)
    words = {
        "send": _("Handed on. Now another person of your agency checks it."),
        "drop": _("Dropped. Nothing of the file was kept."),
        "reject": _("Rejected. Its responses are deleted; the mended file can come again."),
    }
    flash(words[decision], "success")
    return redirect(url_for("authoring_offline.desk", slug=slug), 303)


@blueprint.route("/forms", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def order(slug: str) -> Page:
    """Give numbers to new forms, and list which can be printed."""
    consultation = own_consultation(slug)
    form = PrintForm()
    if form.submitted():
        try:
            numbers = forms.number_new(
                session(), current_actor(), consultation.id, form.copies.data or 0
            )
        except InvalidError as error:
            form.show(error)
        else:
            first, last = numbers[0], numbers[-1]
            return redirect(url_for(".sheet", slug=slug, first=first, last=last), 303)
    page = render("authoring/offline_print.html", **_page(consultation), form=form)
    return page, form.status


@blueprint.get("/forms/<int:first>-<int:last>")
@access(AGENCY_STAFF)
def sheet(slug: str, first: int, last: int) -> str:
    """Show forms ready for the printer, each with its number and its slip."""
    consultation = own_consultation(slug)
    numbers = forms.printed(consultation, first, last)
    offer = offer_of(session(), consultation.id)
    address = public_url("consultations.home", slug=slug)
    return render(
        "authoring/offline_sheet.html",
        **_page(consultation),
        offer=offer,
        names=clause_names(offer),
        copies=[_copy(consultation, number) for number in numbers],
        closing=last_day(consultation.closes_at) if consultation.closes_at else None,
        address=address,
        picture=qr.data_address(address, _("QR code of the consultation")),
        slips_address=public_url("slips.look"),
    )


def _copy(consultation: "Consultation", number: int) -> tuple[int, str, str, str]:
    """Return the number of a form, its receipt, the code of its slip, and the receipt's picture."""
    receipt = codes.receipt_number(keyring(), consultation, number)
    code = codes.slip_code(keyring(), consultation, codes.form_label(number))
    where = public_url("receipts.show", code=receipt)
    picture = qr.data_address(where, _("QR code of the receipt"))
    return number, codes.in_groups(receipt), codes.in_groups(code), picture


def _batch_page(consultation: "Consultation", number: int, form: RefusalForm) -> str:
    batch = offline.batch_at(session(), consultation.id, number)
    offer = offer_of(session(), consultation.id)
    page = {
        **_page(consultation),
        "batch": batch,
        "form": form,
        "names": clause_names(offer),
        "offer": offer,
    }
    at = max(1, request.args.get("page", 1, type=int))
    if batch.state == "preview":
        return render("authoring/offline_preview.html", **page, **_fates(batch, at, number))
    pages = max(1, -(-batch.accepted // offline.PER_PAGE))
    rows = offline.entries_of_batch(session(), batch.id, page=min(at, pages))
    said = {it.id: entries.said_in(keyring(), it) for it in rows if it.sealed_words}
    return render(
        "authoring/offline_batch.html",
        **page,
        rows=rows,
        said=said,
        why_not=why_not_second(batch.entered_by_id),
        pages=_parts(consultation, number, min(at, pages), pages),
    )


def _fates(batch: "OfflineBatch", at: int, number: int) -> dict[str, Any]:
    slug = request.view_args["slug"] if request.view_args else ""
    try:
        found, failure = batches.preview(session(), current_actor(), batch), ""
    except (InvalidError, ConflictError) as error:
        found, failure = [], problem(error.code, error.details)
    count = max(1, -(-len(found) // _FATES))
    at = min(at, count)
    return {
        "fates": [_shown(fate) for fate in found[(at - 1) * _FATES : at * _FATES]],
        "taken": sum(fate.is_taken for fate in found),
        "total": len(found),
        "failure": failure,
        "pages": parts(at, count, lambda n: url_for(".show", slug=slug, number=number, page=n)),
    }


def _shown(fate: "Fate") -> dict[str, str]:
    """Return a fate in words."""
    first, last = fate.rows[0], fate.rows[-1]
    return {
        "rows": str(first) if first == last else f"{first}–{last}",
        "problem": problem(fate.problem, dict(fate.details)) if fate.problem else "",
        "column": fate.column,
        "holds": _holds(fate.said) if fate.said else "",
    }


def _holds(said: "Said") -> str:
    comments, votes = len(said.comments), len(said.votes)
    return _("Comments: %(comments)s, votes: %(votes)s", comments=comments, votes=votes)


def _parts(consultation: "Consultation", number: int, at: int, count: int) -> dict[str, object]:
    slug = consultation.slug
    return parts(at, count, lambda n: url_for(".show", slug=slug, number=number, page=n))


def _page(consultation: "Consultation") -> dict[str, Any]:
    return {"consultation": consultation, "nav": workspace_nav(consultation, "offline")}
