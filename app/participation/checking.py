"""Pages on which participants check the summary: answers, dissents, and second votes."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.identity import SIGNED_IN, access, current_actor
from app.participation.context import consultation_nav, load_consultation
from app.participation.forms import DissentForm
from app.rendering import render
from app.transactions import session
from app.words import name
from app.words.results import group_name
from consultations import (
    dissenting,
    participation,
    policy,
    ratifying,
    second_voting,
    voting,
)
from consultations.personal_data import personal_details
from consultations.queries import checking, findings, own_check
from core.clock import now
from core.errors import InvalidError, NotFoundError
from moderation import rules

if TYPE_CHECKING:
    from consultations.models import Consultation, Dissent

blueprint = Blueprint("checking", __name__, url_prefix="/consultations/<slug>/summary/check")


@blueprint.get("")
@access(SIGNED_IN)
def check(slug: str) -> str:
    """Show each sentence with what of the reader's it rests on, and take answers."""
    consultation, moment = load_consultation(slug), now()
    page = findings.summary_page(session(), consultation.id)
    participant = participation.find_participant(session(), current_actor(), consultation)
    own = None
    if page and participant and checking.may_check(session(), participant.id):
        own = own_check.own_check(session(), page.summary, participant.id)
    return render(
        "participation/check.html",
        **_page(consultation),
        page=page,
        own=own,
        is_early=not policy.has_closed(policy.current_stage(consultation, moment)) or page is None,
        turnout=checking.turnout(session(), page.summary) if page else None,
        second_votes=checking.second_votes(session(), page.summary.id, moment) if page else {},
        moment=moment,
        choice_names=voting.NAMES,
    )


@blueprint.post("")
@access(SIGNED_IN, limit="vote")
def answer(slug: str) -> Response:
    """Store what the reader says to a sentence or to the whole."""
    consultation = load_consultation(slug)
    number = request.form.get("finding", 0, type=int)
    verdict = request.form.get("verdict", "")
    stored = ratifying.answer(
        session(), current_actor(), consultation.id, finding_id=number or None, verdict=verdict
    )
    words = _("Your answer is saved: %(answer)s.", answer=name("verdict", stored)) if stored else ""
    flash(words or _("Your answer is taken back."), "success")
    return _back(slug, number)


@blueprint.route("/dissent/<int:number>", methods=["GET", "POST"])
@access(SIGNED_IN, limit="contribute")
def dissent(slug: str, number: int) -> str | tuple[str, int] | Response:
    """Write against a sentence, or with 0 against the whole; change it until the check is over."""
    consultation = load_consultation(slug)
    finding = _finding(consultation, number)
    kept = _kept(consultation, number)
    form = DissentForm(body=kept.body if kept else "")
    details = personal_details(form.body.data or "") if request.method == "POST" else []
    if form.submitted() and (not details or form.is_warned):
        try:
            written = dissenting.write(
                session(),
                current_actor(),
                consultation.id,
                finding_id=number or None,
                body=form.body.data or "",
                screen=rules.screen,
            )
        except InvalidError as error:
            form.show(error)
        else:
            return _received(written)
    form.note(warned=bool(details))
    details = [] if form.errors else details
    shown = {"form": form, "finding": finding, "kept": kept, "details": details}
    return render("participation/dissent.html", **_page(consultation), **shown), form.status


@blueprint.post("/dissent/withdraw")
@access(SIGNED_IN, limit="change")
def withdraw(slug: str) -> Response:
    """Take back one's own dissent."""
    load_consultation(slug)
    reference = request.form.get("reference", "")
    gone = dissenting.withdraw(session(), current_actor(), reference)
    flash(_("What you wrote is withdrawn. Nobody else can see it any more."), "success")
    return _back(slug, gone.finding_id or 0)


@blueprint.post("/second/<int:number>")
@access(SIGNED_IN, limit="vote")
def second(slug: str, number: int) -> Response:
    """Store a vote on another wording of a contested sentence."""
    load_consultation(slug)
    choice = voting.choice_named(request.form.get("choice", ""))
    second_voting.cast(session(), current_actor(), number, choice)
    flash(_("Your vote on the new wording is saved."), "success")
    return redirect(url_for(".check", slug=slug, _anchor=f"second-{number}"), 303)


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Let nothing between the reader and the site keep a copy."""
    response = make_response(response)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _finding(consultation: "Consultation", number: int) -> findings.FindingRow | None:
    """Return the sentence that is written about; None for the whole summary."""
    page = findings.summary_page(session(), consultation.id)
    if page is None:
        raise NotFoundError("summary.unknown")
    if not number:
        return None
    found = next((each for each in page.findings if each.id == number), None)
    if found is None or found.left_out_reason is not None:
        raise NotFoundError("finding.unknown")
    return found


def _kept(consultation: "Consultation", number: int) -> "Dissent | None":
    participant = participation.find_participant(session(), current_actor(), consultation)
    summary = findings.latest_summary(session(), consultation.id, findings.PUBLISHED)
    if participant is None or summary is None:
        return None
    own = own_check.own_dissents(session(), summary.id, participant.id)
    return own.get(number or None)


def _received(written: "Dissent") -> Response:
    waits = written.visibility == "pending"
    flash(
        _("We have received it. A moderator reads it before it appears beside the summary.")
        if waits
        else _("We have received it. It stands beside the summary now."),
        "success",
    )
    return redirect(url_for("receipts.show", code=written.reference), 303)


def _back(slug: str, number: int) -> Response:
    anchor = f"check-{number}" if number else "check-whole"
    return redirect(url_for(".check", slug=slug, _anchor=anchor), 303)


def _page(consultation: "Consultation") -> dict[str, object]:
    return {
        "consultation": consultation,
        "nav": consultation_nav(consultation, "summary"),
        "group_name": group_name,
        "is_open": policy.is_checking(consultation, now()),
    }
