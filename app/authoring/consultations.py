"""Pages on which an agency prepares a consultation and leads it through its life."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.authoring.consultation_forms import SeedForm, StepForm
from app.authoring.context import (
    announcement_rows,
    own_consultation,
    why_not_approve,
    workspace_nav,
)
from app.authoring.desk import agenda_address, by_phase, clock_words, moderated
from app.authoring.motions import proposed
from app.identity import AGENCY_STAFF, access, current_actor
from app.participation.cards import clause_name
from app.rendering import render
from app.transactions import session
from app.words import name, problem
from consultations import convening, lifecycle, policy, proposing, rescheduling
from consultations.lifecycle import Event
from consultations.queries import agenda, approving, workspace
from consultations.queries import work as works
from core.actor import Role
from core.clock import now
from core.errors import InvalidError, NotFoundError
from moderation.queries import waiting as moderation_waiting

if TYPE_CHECKING:
    from consultations.models import Consultation, Motion

OFFICERS = frozenset({Role.OFFICER})

blueprint = Blueprint("authoring_consultations", __name__, url_prefix="/workspace")


@blueprint.get("/")
@access(AGENCY_STAFF)
def dashboard() -> str:
    """Show what needs the reader today, their running work, and the agency's consultations."""
    actor, moment = current_actor(), now()
    tasks = workspace.agency_tasks(session(), actor.agency_id or 0, moment)
    items = agenda.agenda(session(), actor, tasks, moment)
    waiting = moderation_waiting.waiting(session(), [task.consultation.id for task in tasks])
    return render(
        "authoring/dashboard.html",
        tasks=tasks,
        items=[(item, agenda_address(item), clock_words(item.days)) for item in items],
        work=works.my_work(session(), actor, moment),
        waiting=moderated(tasks, waiting, moment),
        stages=by_phase(tasks),
        may_create=actor.has(*OFFICERS),
    )


@blueprint.get("/consultations/<slug>")
@access(AGENCY_STAFF)
def overview(slug: str) -> str:
    """Show where a consultation stands, what is missing, and the steps that lie with the reader."""
    consultation, actor = own_consultation(slug), current_actor()
    dossier = workspace.dossier(session(), actor, consultation, now())
    author = consultation.submitted_by_id
    return render(
        "authoring/overview.html",
        consultation=consultation,
        nav=workspace_nav(consultation, "overview"),
        dossier=dossier,
        task=dossier.task,
        rows=announcement_rows(consultation),
        problems=[problem(code) for code in dossier.open_points],
        may_edit=actor.has(*OFFICERS) and dossier.task.stage == "preparing",
        why_not=why_not_approve(actor, consultation, author),
        approvers=approving.approvers_besides(session(), actor, author),
    )


@blueprint.route("/consultations/<slug>/step", methods=["GET", "POST"])
@access(AGENCY_STAFF, fresh=True)
def step(slug: str) -> str | tuple[str, int] | Response:
    """Say what a step of the life cycle brings about, ask for what it needs, and take it."""
    consultation, event = own_consultation(slug), _event(request.values.get("event", ""))
    policy.require_step(current_actor(), consultation, event)
    lifecycle.after(policy.current_stage(consultation, now()), event)
    task = workspace.dossier(session(), current_actor(), consultation, now()).task
    form = StepForm().fit(event, unanswered=task.unanswered)
    if form.submitted():
        try:
            if event in policy.TWO_PERSON_EVENTS:
                return proposed(_propose(consultation.id, event, form), slug)
            convening.take_step(session(), current_actor(), consultation.id, event, **form.values())
        except InvalidError as error:
            form.show(error)
        else:
            flash(name("happened", event), "success")
            return redirect(url_for("authoring_consultations.overview", slug=slug), 303)
    page = {"consultation": consultation, "event": event, "unanswered": task.unanswered}
    page["by_two"] = event in policy.TWO_PERSON_EVENTS
    return render("authoring/step.html", form=form, **page), form.status


@blueprint.route("/consultations/<slug>/statements", methods=["GET", "POST"])
@access(AGENCY_STAFF)
def statements(slug: str) -> str | tuple[str, int] | Response:
    """Show the agency's own statements, and add one."""
    consultation = own_consultation(slug)
    clauses = workspace.clauses_to_choose(session(), consultation.id)
    form = SeedForm().offer([(key, clause_name(key, *words)) for key, *words in clauses])
    if form.submitted():
        try:
            proposing.seed(
                session(),
                current_actor(),
                consultation.id,
                body=form.body.data or "",
                clause_key=form.clause_key.data,
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("The statement is added."), "success")
            return redirect(url_for("authoring_consultations.statements", slug=slug), 303)
    return _statements_page(consultation, form), form.status


def _propose(consultation_id: int, event: Event, form: StepForm) -> "Motion":
    given = form.values()
    given.pop("opens_at")
    return rescheduling.propose(session(), current_actor(), consultation_id, event, **given)


def _statements_page(consultation: "Consultation", form: SeedForm) -> str:
    stage = policy.current_stage(consultation, now())
    return render(
        "authoring/statements.html",
        consultation=consultation,
        nav=workspace_nav(consultation, "statements"),
        form=form,
        statements=workspace.seed_statements(session(), consultation.id),
        may_add=current_actor().has(*OFFICERS) and not policy.has_closed(stage),
    )


def _event(value: str) -> Event:
    if value not in set(Event):
        raise NotFoundError("page.unknown")
    return Event(value)
