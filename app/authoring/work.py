"""Pages on which people follow work that takes its time, stop it, and take what came of it."""

import io
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, flash, make_response, redirect, send_file, url_for
from flask_babel import format_timedelta
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.authoring.context import own_consultation, workspace_nav
from app.identity import AGENCY_STAFF, access, current_actor
from app.rendering import render
from app.transactions import session
from app.words import PROBLEMS, problem
from consultations import analysing, data_files
from consultations.drafting import previewing
from consultations.queries import work as works
from core import jobs
from core.clock import now
from core.errors import ConflictError, NotAllowedError

if TYPE_CHECKING:
    from consultations.models import Consultation

blueprint = Blueprint("authoring_work", __name__, url_prefix="/workspace/consultations/<slug>")


@blueprint.get("/work/<int:number>")
@access(AGENCY_STAFF)
def show(slug: str, number: int) -> str:
    """Show how far a piece of work is, what happens next, and what can be done."""
    consultation = own_consultation(slug)
    job = works.job_of(session(), consultation.id, number)
    return render("authoring/work.html", **_page(consultation, job), uses_htmx=job.is_under_way)


@blueprint.get("/work/<int:number>/now")
@access(AGENCY_STAFF)
def current(slug: str, number: int) -> Response:
    """Show how far it is; once it has ended the browser loads the page anew."""
    consultation = own_consultation(slug)
    job = works.job_of(session(), consultation.id, number)
    answer = make_response(render("authoring/_work.html", **_page(consultation, job)))
    if not job.is_under_way:
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.post("/work/<int:number>/cancel")
@access(AGENCY_STAFF)
def cancel(slug: str, number: int) -> Response:
    """Stop a piece of work; nothing of it is kept."""
    consultation = own_consultation(slug)
    job = works.job_of(session(), consultation.id, number)
    _require_own(job)
    _require_stoppable(job)
    if jobs.cancel(session(), job.id):
        if job.name == "analysis.run":
            analysing.cancel(session(), current_actor(), int(job.payload["run_id"]))
        elif job.name == "draft.read":
            previewing.discard(session(), current_actor(), consultation.id)
        flash(_("Stopped. Nothing was changed."), "success")
    return redirect(url_for(".show", slug=slug, number=number), 303)


@blueprint.post("/work/<int:number>/retry")
@access(AGENCY_STAFF)
def retry(slug: str, number: int) -> Response:
    """Try a piece of work again that failed."""
    consultation = own_consultation(slug)
    job = works.job_of(session(), consultation.id, number)
    _require_own(job)
    if job.name == "analysis.run":
        run = analysing.request_run(session(), current_actor(), consultation.id)
        job = works.job_at(session(), consultation.id, f"analysis.run:{run.id}")
    else:
        jobs.retry(session(), job.id)
    return redirect(url_for(".show", slug=slug, number=job.id), 303)


@blueprint.get("/export/<int:number>")
@access(AGENCY_STAFF)
def download(slug: str, number: int) -> Response:
    """Send a packed file."""
    consultation = own_consultation(slug)
    made = data_files.finished(session(), consultation.id, number)
    return send_file(
        io.BytesIO(made.content or b""),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{slug}-{made.requested_at:%Y-%m-%d}.zip",
    )


def _require_own(job: jobs.Job) -> None:
    """Raise NotAllowedError ``work.not_yours`` for a document that somebody else imports."""
    is_other = job.requested_by_id != current_actor().account_id
    if job.name == "draft.read" and is_other:
        raise NotAllowedError("work.not_yours")


def _require_stoppable(job: jobs.Job) -> None:
    """Raise ConflictError ``work.to_the_end`` for what two people have confirmed."""
    if job.name == "offline.import":
        raise ConflictError("work.to_the_end")


def _page(consultation: "Consultation", job: jobs.Job) -> dict:
    begun, ended = job.started_at or job.enqueued_at, job.ended_at or now()
    own = job.name != "draft.read" or job.requested_by_id == current_actor().account_id
    return {
        "consultation": consultation,
        "nav": workspace_nav(consultation, "work"),
        "job": job,
        "elapsed": format_timedelta(max(ended - begun, timedelta(seconds=1)), granularity="second"),
        "ahead": works.ahead_of(session(), job),
        "result": _result(consultation.slug, job) if own else None,
        "failure": _failure(job),
        "may_act": own,
        "most_attempts": jobs.MAX_ATTEMPTS,
    }


def _result(slug: str, job: jobs.Job) -> str:
    if job.name == "analysis.run":
        return url_for("authoring_summaries.runs", slug=slug)
    if job.name == "draft.read":
        return url_for("authoring_imports.check", slug=slug)
    if job.name == "report.make":
        return url_for("authoring_report.desk", slug=slug)
    if job.name == "offline.import":
        number = int(job.payload["batch_id"])
        return url_for("authoring_offline_files.show", slug=slug, number=number)
    return url_for(".download", slug=slug, number=int(job.payload["export_id"]))


def _failure(job: jobs.Job) -> str:
    """Return why it failed, in words; what nobody expected is told without its name."""
    if job.state is not jobs.JobState.DEAD:
        return ""
    return problem(job.error if job.error in PROBLEMS else "work.unexpected")
