"""Pages of those affected: the register, the notices with their proof, tables in and out."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.authoring.consultations import OFFICERS
from app.authoring.context import own_consultation, workspace_nav
from app.authoring.hearing_forms import NoticeForm, ProofForm, ReminderForm, StakeholderForm
from app.identity import AGENCY_STAFF, access, current_actor
from app.mail.office import sends_mail
from app.rendering import render
from app.transactions import session
from app.words.hearing import NOTICE_COLOURS
from consultations import notifying, policy, stakeholding
from consultations.queries import stakeholders
from core.clock import now
from core.errors import InvalidError, NotFoundError

if TYPE_CHECKING:
    from consultations.models import Consultation

Page = str | tuple[str, int] | Response

blueprint = Blueprint(
    "authoring_stakeholders", __name__, url_prefix="/workspace/consultations/<slug>/stakeholders"
)

_PROOF_TYPES = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}


@blueprint.route("", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def register(slug: str) -> Page:
    """Show who is affected and how each was told, and add a group."""
    consultation = own_consultation(slug)
    form = StakeholderForm()
    if form.submitted():
        try:
            stakeholding.add(session(), current_actor(), consultation.id, [form.entry])
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The group is in the register."), "success")
            return redirect(url_for(".register", slug=slug), 303)
    found = stakeholders.register(session(), consultation.id)
    page = _page(consultation, register=found, form=form, colours=NOTICE_COLOURS)
    return render("authoring/stakeholders.html", **page), form.status


@blueprint.route("/<int:number>", methods=["GET", "POST"])
@access(OFFICERS)
def group(slug: str, number: int) -> Page:
    """Show a group with its contact and the notices to it, and note another notice."""
    consultation = own_consultation(slug)
    found = stakeholders.at(session(), consultation.id, number)
    contact = stakeholding.contacts(session(), current_actor(), consultation, [found])[number]
    form = NoticeForm()
    if form.submitted():
        try:
            notifying.note(session(), current_actor(), consultation.id, number, form.given)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The notice is noted."), "success")
            return redirect(url_for(".group", slug=slug, number=number), 303)
    page = _page(consultation, group=found, contact=contact, form=form, colours=NOTICE_COLOURS)
    page["may_remove"] = policy.current_stage(consultation, now()) == "preparing"
    return render("authoring/stakeholder.html", **page), form.status


@blueprint.route("/<int:number>/edit", methods=["GET", "POST"])
@access(OFFICERS)
def edit(slug: str, number: int) -> Page:
    """Change what the register says of a group."""
    consultation = own_consultation(slug)
    found = stakeholders.at(session(), consultation.id, number)
    contact = stakeholding.contacts(session(), current_actor(), consultation, [found])[number]
    form = StakeholderForm(obj=found, contact=contact.contact, email=contact.email)
    if form.submitted():
        try:
            stakeholding.edit(session(), current_actor(), consultation.id, number, form.entry)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for(".group", slug=slug, number=number), 303)
    page = _page(consultation, form=form, title=_("Change the group"))
    return render("authoring/stakeholder_form.html", **page), form.status


@blueprint.post("/<int:number>/remove")
@access(OFFICERS)
def remove(slug: str, number: int) -> Response:
    """Take a group out of the register before it is public."""
    consultation = own_consultation(slug)
    stakeholding.remove(session(), current_actor(), consultation.id, number)
    flash(_("The group is taken out."), "success")
    return redirect(url_for(".register", slug=slug), 303)


@blueprint.route("/notices/<int:number>", methods=["GET", "POST"])
@access(OFFICERS)
def prove(slug: str, number: int) -> Page:
    """Say that a planned notice was given, and put its proof with it."""
    consultation = own_consultation(slug)
    stakeholders.notice_at(session(), consultation.id, number)
    form = ProofForm()
    if form.submitted():
        try:
            notifying.prove(session(), current_actor(), consultation.id, number, form.given)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The notice is noted as given."), "success")
            return redirect(url_for(".register", slug=slug), 303)
    page = _page(consultation, form=form, title=_("A notice was given"))
    return render("authoring/stakeholder_form.html", **page), form.status


@blueprint.get("/notices/<int:number>/proof")
@access(OFFICERS)
def proof(slug: str, number: int) -> Response:
    """Give out the proof of a notice, to be saved, not shown."""
    consultation = own_consultation(slug)
    policy.require_officer(current_actor(), consultation)
    notice = stakeholders.notice_at(session(), consultation.id, number)
    if notice.proof is None:
        raise NotFoundError("stakeholder.notice_unknown")
    ending = notice.proof_name.rpartition(".")[2].replace("jpeg", "jpg")
    response = Response(notice.proof, content_type=_PROOF_TYPES[ending])
    saved = f"{slug}-notice-{number}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{saved}"'
    return response


@blueprint.post("/send")
@access(OFFICERS)
def send(slug: str) -> Response:
    """Send the planned letters whose day has come."""
    consultation = own_consultation(slug)
    sent = notifying.send_due(session(), current_actor(), consultation.id)
    flash(_on_their_way(sent), "success")
    return redirect(url_for(".register", slug=slug), 303)


@blueprint.route("/remind", methods=["GET", "POST"])
@access(OFFICERS)
def remind(slug: str) -> Page:
    """Send a reminder to groups that have not answered."""
    consultation, actor = own_consultation(slug), current_actor()
    lines = stakeholders.register(session(), consultation.id).lines
    groups = [line.group for line in lines if not line.answered]
    known = stakeholding.contacts(session(), actor, consultation, groups)
    reachable = [(each.number, each.name) for each in groups if known[each.number].email]
    form = ReminderForm().offer(reachable)
    if form.submitted():
        chosen, words = form.numbers.data or [], form.words.data or ""
        try:
            sent = notifying.remind(session(), actor, consultation.id, numbers=chosen, words=words)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_on_their_way(sent), "success")
            return redirect(url_for(".register", slug=slug), 303)
    is_open = policy.is_taking_contributions(consultation, now())
    page = _page(consultation, form=form, reachable=reachable, is_open=is_open)
    return render("authoring/stakeholder_reminder.html", **page), form.status


def _on_their_way(sent: int) -> str:
    return ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", sent)


def _page(consultation: "Consultation", **values: object) -> dict[str, object]:
    return {
        "consultation": consultation,
        "nav": workspace_nav(consultation, "stakeholders"),
        "is_officer": current_actor().has(*OFFICERS),
        "sends_mail": sends_mail(),
        **values,
    }
