"""Pages on which one person enters what was said elsewhere, and another one checks it."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import qr
from app.addresses import public_url
from app.authoring.context import own_consultation, why_not_second, workspace_nav
from app.authoring.offline_forms import OfflineForm, RefusalForm, UntilForm, clause_names
from app.identity import AGENCY_STAFF, access, current_actor, keyring
from app.participation.cards import parts
from app.rendering import render
from app.transactions import release, session
from consultations.offline import codes, deadline, entering, entries, scans
from consultations.offline.offer import offer_of
from consultations.queries import channels, offline
from core.clock import now
from core.errors import InvalidError, NotAllowedError, NotFoundError
from moderation import rules

if TYPE_CHECKING:
    from consultations.models import Consultation, OfflineEntry
    from consultations.offline.offer import Offer
    from consultations.offline.said import Said

Page = str | tuple[str, int] | Response

blueprint = Blueprint(
    "authoring_offline", __name__, url_prefix="/workspace/consultations/<slug>/offline"
)


@blueprint.route("", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def desk(slug: str) -> Page:
    """List what was entered, and take the last day on which anything may be."""
    consultation = own_consultation(slug)
    form = UntilForm(data={"until": consultation.offline_until})
    if form.submitted():
        try:
            deadline.declare(session(), current_actor(), consultation.id, until=form.until.data)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("Saved. Everyone sees it on the page of the consultation."), "success")
            return redirect(url_for(".desk", slug=slug), 303)
    number = max(1, request.args.get("page", 1, type=int))
    found = offline.desk(session(), consultation.id, page=number)
    pages = max(1, -(-found.total // offline.PER_PAGE))
    return render(
        "authoring/offline_desk.html",
        **_page(consultation),
        form=form,
        found=found,
        channels=channels.by_channel(session(), consultation.id),
        is_entering=deadline.is_entering(session(), consultation, now()),
        last_day=deadline.last_entering_day(consultation),
        pages=parts(min(number, pages), pages, lambda n: url_for(".desk", slug=slug, page=n)),
    ), form.status


@blueprint.route("/new", methods=["GET", "POST"])
@access(AGENCY_STAFF, limit="upload")
def new(slug: str) -> Page:
    """Enter one response."""
    consultation = own_consultation(slug)
    offer, form = offer_of(session(), consultation.id), OfflineForm()
    form.prepare(offer, clause_names(offer))
    if "more" not in request.form and form.submitted():
        try:
            pages = _scans(form)
            entry = entering.enter(
                session(),
                current_actor(),
                consultation.id,
                provenance=form.provenance,
                said=form.said(offer),
                pages=pages,
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("Entered. Now another person of your agency checks it."), "success")
            return redirect(url_for(".show", slug=slug, reference=entry.reference), 303)
    return _entry_page(consultation, form, offer), form.status


@blueprint.get("/responses/<reference>")
@access(AGENCY_STAFF)
def show(slug: str, reference: str) -> str:
    """Show the scan beside the words, to be confirmed by a second person."""
    return _check_page(own_consultation(slug), reference, RefusalForm())


@blueprint.route("/responses/<reference>/correct", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def correct(slug: str, reference: str) -> Page:
    """Write the words of a response anew."""
    consultation = own_consultation(slug)
    entry = offline.entry_at(session(), consultation.id, reference)
    said = entries.said_in(keyring(), entry)
    offer, form = offer_of(session(), consultation.id), _filled(entry, said)
    form.prepare(offer, clause_names(offer))
    if "more" not in request.form and form.submitted():
        revision = request.form.get("revision", 0, type=int)
        try:
            corrected = entering.correct(
                *(session(), current_actor(), consultation.id, reference, revision),
                provenance=form.provenance,
                said=form.said(offer),
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("Saved. Whoever did not write these words checks them."), "success")
            return redirect(url_for(".show", slug=slug, reference=corrected.reference), 303)
    return _entry_page(consultation, form, offer, entry, said), form.status


@blueprint.post("/responses/<reference>/<decision>")
@access(AGENCY_STAFF)
def decide(slug: str, reference: str, decision: str) -> Page:
    """Confirm a response, give it back, or reject it."""
    consultation, form = own_consultation(slug), RefusalForm()
    form.validate()
    try:
        _decide(consultation.id, reference, decision, form.reason.data or "")
    except InvalidError as error:
        form.show(error)
        return _check_page(consultation, reference, form), form.status
    words = {
        "confirm": _("It counts now. Print the slip for the person who wrote it."),
        "return": _("Given back, with your reason."),
        "reject": _("Rejected. Its words and its scan are deleted; the reason stays."),
    }
    flash(words[decision], "success")
    if decision == "reject":
        return redirect(url_for(".desk", slug=slug), 303)
    return redirect(url_for(".show", slug=slug, reference=reference), 303)


@blueprint.get("/responses/<reference>/pages/<int:number>")
@access(AGENCY_STAFF)
def page(slug: str, reference: str, number: int) -> Response:
    """Give out one scanned page, to the two people only."""
    consultation = own_consultation(slug)
    kind, content = entries.page_for(session(), current_actor(), consultation.id, reference, number)
    answer = make_response(content)
    answer.headers["Content-Type"] = kind
    answer.headers["Cache-Control"] = "no-store"
    if kind == "application/pdf":
        answer.headers["Content-Disposition"] = f'attachment; filename="{reference}-{number}.pdf"'
    return answer


@blueprint.get("/responses/<reference>/slip")
@access(AGENCY_STAFF)
def slip(slug: str, reference: str) -> str:
    """Show what the writer keeps: the number of the receipt and the code, to be printed."""
    consultation = own_consultation(slug)
    entry = offline.entry_at(session(), consultation.id, reference)
    entries.require_one_of_two(current_actor(), entry)
    code = entries.slip_of(keyring(), consultation, entry)
    address = public_url("receipts.show", code=entry.reference)
    return render(
        "authoring/offline_slip.html",
        **_page(consultation),
        entry=entry,
        code=codes.in_groups(code),
        address=address,
        picture=qr.data_address(address, _("QR code of the receipt")),
        slips_address=public_url("slips.look"),
    )


def _decide(consultation_id: int, reference: str, decision: str, reason: str) -> None:
    revision = request.form.get("revision", 0, type=int)
    who = (session(), current_actor(), consultation_id, reference, revision)
    if decision == "confirm":
        entering.confirm(*who, screen=rules.screen)
    elif decision == "return":
        entering.give_back(*who, reason=reason)
    elif decision == "reject":
        entering.reject(*who, reason=reason)
    else:
        raise NotFoundError("page.unknown")


def _scans(form: OfflineForm) -> list[scans.Page]:
    """Read the pages while the database is free for others."""
    files = [each for each in form.scans.data or [] if each and each.filename]
    release()
    return [scans.checked(each.read(scans.MAX_BYTES + 1)) for each in files[: scans.MOST_PAGES + 1]]


def _filled(entry: "OfflineEntry", said: "Said") -> OfflineForm:
    given = {"channel": entry.origin.value, "said_on": entry.said_on, "place": entry.place}
    return OfflineForm(
        data={
            **given,
            **said.profile,
            "form_number": entry.form_number,
            "consented": True,
            "comments": [vars(each) for each in said.comments],
        }
    )


def _entry_page(
    consultation: "Consultation",
    form: OfflineForm,
    offer: "Offer",
    entry: "OfflineEntry | None" = None,
    said: "Said | None" = None,
) -> str:
    ticked = form.said(offer) if request.method == "POST" or said is None else said
    return render(
        "authoring/offline_entry.html",
        **_page(consultation),
        form=form,
        offer=offer,
        names=clause_names(offer),
        entry=entry,
        said=ticked,
        scanned=_scanned(consultation.slug, entry) if entry else (),
        is_entering=deadline.is_entering(session(), consultation, now()),
    )


def _check_page(consultation: "Consultation", reference: str, form: RefusalForm) -> str:
    entry = offline.entry_at(session(), consultation.id, reference)
    offer = offer_of(session(), consultation.id)
    is_open = entry.state in {"waiting", "returned"} and entry.batch_id is None
    return render(
        "authoring/offline_check.html",
        **_page(consultation),
        form=form,
        entry=entry,
        said=entries.said_in(keyring(), entry) if entry.sealed_words else None,
        offer=offer,
        names=clause_names(offer),
        scanned=_scanned(consultation.slug, entry),
        is_open=is_open,
        is_entering=deadline.is_entering(session(), consultation, now()),
        why_not=why_not_second(entry.worded_by_id),
        may_see=_may_see(entry),
        receipt=offline.receipt_of(session(), reference),
    )


def _scanned(slug: str, entry: "OfflineEntry") -> list[tuple[str, bool]]:
    """Return the address of each scanned page, and whether it is a PDF file."""
    return [
        (
            url_for(".page", slug=slug, reference=entry.reference, number=each.id),
            each.kind == "application/pdf",
        )
        for each in offline.pages_of(session(), entry.id)
    ]


def _may_see(entry: "OfflineEntry") -> bool:
    """Whether the reader is one of the two who see scan and slip."""
    try:
        entries.require_one_of_two(current_actor(), entry)
    except NotAllowedError:
        return False
    return True


def _page(consultation: "Consultation") -> dict[str, Any]:
    return {"consultation": consultation, "nav": workspace_nav(consultation, "offline")}
