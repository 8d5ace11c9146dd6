"""Pages on which an officer prepares a consultation, step by step, at their own pace."""

import re
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.authoring.consultations import OFFICERS
from app.authoring.context import (
    announcement_rows,
    mending_address,
    own_consultation,
    step_address,
)
from app.authoring.preparing_forms import STEP_FORMS, BeginForm, saved_values
from app.identity import access, current_actor
from app.rendering import pick, render
from app.transactions import session
from app.words import name, problem
from consultations import convening, copying, kind_versions, policy
from consultations.announcement import Announcement, Kind, announced
from consultations.queries import approving, catalogue, preparation, workspace
from consultations.queries.preparation import Step
from core.clock import BANGKOK, now
from core.errors import InvalidError

if TYPE_CHECKING:
    from consultations.models import Consultation

Page = str | tuple[str, int] | Response

blueprint = Blueprint("authoring_preparing", __name__, url_prefix="/workspace")

_STEPS = tuple(Step)


@blueprint.route("/new", methods=["GET", "POST"])
@access(OFFICERS)
def create() -> Page:
    """Create a consultation; only the agency sees it until it is approved."""
    agency_id = current_actor().agency_id or 0
    earlier = workspace.to_copy(session(), agency_id)
    offered = [(each.slug, pick(each, "title").text) for each in earlier]
    form = BeginForm(copy_from=request.args.get("from", "")).offer(offered)
    if form.submitted():
        try:
            made = _create(form)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The consultation is created. Only your agency sees it so far."), "success")
            return redirect(url_for(".tasks", slug=made.slug), 303)
    return render("authoring/create.html", form=form), form.status


@blueprint.get("/consultations/<slug>/prepare")
@access(OFFICERS)
def tasks(slug: str) -> str:
    """Show the steps of the preparation and how far each is."""
    return render("authoring/tasks.html", **_page(_preparing(slug)))


@blueprint.route(
    "/consultations/<slug>/prepare/<any(kind, basics, dates, participation):step>",
    methods=["GET", "POST"],
)
@access(OFFICERS)
def edit(slug: str, step: str) -> Page:
    """Fill in one step; saving it leads to the next one, or back to the list."""
    consultation = _preparing(slug)
    today = now().astimezone(BANGKOK).date()
    form = STEP_FORMS[step](obj=consultation, data=saved_values(consultation, step, today))
    if form.submitted():
        try:
            changes = form.changes()
            convening.edit(session(), current_actor(), consultation.id, step=step, **changes)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("Saved."), "success")
            return redirect(_after(slug, Step(step)), 303)
    page = _page(consultation, Step(step))
    return render(f"authoring/prepare_{step}.html", **page, form=form), form.status


@blueprint.get("/consultations/<slug>/prepare/draft")
@access(OFFICERS)
def draft(slug: str) -> str:
    """Show how the text gets into the consultation, and how far it is."""
    return render("authoring/prepare_draft.html", **_page(_preparing(slug), Step.DRAFT))


@blueprint.get("/consultations/<slug>/prepare/check")
@access(OFFICERS)
def check(slug: str) -> str:
    """Show every answer once more, with a way to change each, and what follows."""
    consultation = _preparing(slug)
    page = _page(consultation, Step.CHECK)
    return render(
        "authoring/prepare_check.html",
        **page,
        rows=announcement_rows(consultation, editable=True),
        problems=[(problem(code), mending_address(slug, code)) for code in page["plan"].points],
        approvers=approving.approvers_besides(session(), current_actor()),
    )


def _preparing(slug: str) -> "Consultation":
    consultation = own_consultation(slug)
    policy.require_preparing(consultation, now())
    return consultation


def _page(consultation: "Consultation", step: Step | None = None) -> dict:
    plan = preparation.preparation(session(), current_actor(), consultation, now())
    place = _STEPS.index(step) if step else 0
    return {
        "consultation": consultation,
        "plan": plan,
        "step": step,
        "place": place + 1,
        "count": len(_STEPS),
        "addresses": {each: step_address(consultation.slug, each) for each in _STEPS},
        "following": step_address(consultation.slug, _STEPS[min(place + 1, len(_STEPS) - 1)]),
        "step_name": name("prepare_step", step) if step else "",
    }


def _after(slug: str, step: Step) -> str:
    if request.form.get("then") == "list":
        return url_for(".tasks", slug=slug)
    return step_address(slug, _STEPS[_STEPS.index(step) + 1])


def _create(form: BeginForm) -> "Consultation":
    """Create it with the words of its kind, or with those and the structure of another one."""
    kind = Kind(form.kind.data)
    title_th, title_en = form.title_th.data or "", form.title_en.data or ""
    source = own_consultation(form.copy_from.data) if form.copy_from.data else None
    begun = _copied(source) if source else _from_template(kind)
    announcement = replace(begun, kind=kind, title_th=title_th, title_en=title_en)
    slug = (form.slug.data or "").strip() or _free_slug(title_en, kind)
    made = convening.create(session(), current_actor(), slug, announcement, steps=[Step.KIND])
    if source is not None:
        copying.copy_structure(session(), current_actor(), made.id, source.id)
    return made


def _from_template(kind: Kind) -> Announcement:
    """Return the first words of a kind."""
    template = kind_versions.present(session(), kind)
    return Announcement(
        kind=kind,
        title_th="",
        summary_th=template.summary_th,
        scope_th=template.scope_th,
        affected_th=template.affected_th,
        moderation_policy=template.moderation_policy,
    )


def _copied(source: "Consultation") -> Announcement:
    """Return the words of an earlier consultation, without its dates."""
    return replace(
        announced(source), opens_at=None, closes_at=None, short_reason="", answers_due_on=None
    )


def _free_slug(title_en: str, kind: Kind) -> str:
    """Return an address that is free: from the English title, or from the kind and the year."""
    plain = re.sub(r"[^a-z0-9]+", "-", title_en.lower()).strip("-")[:60].strip("-")
    base = plain or f"{kind.value.replace('_', '-')}-{now().year}-{secrets.token_hex(2)}"
    is_taken = catalogue.is_taken(session(), base)
    return f"{base}-{secrets.token_hex(2)}" if is_taken else base
