"""The page of one consultation: what it is about, how to take part, what happened so far."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app import qr
from app.addresses import public_url
from app.identity import ANYONE, SIGNED_IN, access, current_actor
from app.participation.context import consultation_nav, load_consultation
from app.participation.plan import documents, facts, stage_plan, ways
from app.rendering import pick, render
from app.transactions import session
from consultations import following, participation, policy
from consultations.answer_clock import answer_clock
from consultations.offline import deadline
from consultations.queries import answer_duty, catalogue, channels, hearing
from consultations.queries.finder import days_left
from consultations.queries.followed import followed_by
from core.clock import now

if TYPE_CHECKING:
    from datetime import datetime

    from consultations.answer_clock import Clock
    from consultations.models import Consultation

blueprint = Blueprint("consultations", __name__, url_prefix="/consultations/<slug>")


@blueprint.get("")
@access(ANYONE)
def home(slug: str) -> str:
    """Show what a consultation is about and how to take part in it."""
    consultation, moment = load_consultation(slug), now()
    overview = catalogue.overview(session(), consultation)
    stage = policy.current_stage(consultation, moment)
    return render(
        "participation/consultation.html",
        consultation=consultation,
        nav=consultation_nav(consultation, "overview"),
        overview=overview,
        stage=stage,
        days_left=days_left(consultation, moment),
        plan=stage_plan(consultation, stage, overview.history, listens=overview.listens),
        ways=ways(consultation, overview, stage),
        kept=hearing.hearing_form(session(), consultation),
        facts=facts(consultation, overview),
        clock=_clock(consultation, moment),
        documents=documents(consultation, overview),
        is_followed=consultation.id in followed_by(session(), current_actor()),
        address=public_url("consultations.home", slug=slug),
        is_open=stage in policy.TAKING_STAGES,
        channels=channels.by_channel(session(), consultation.id),
        paper_until=deadline.last_entering_day(consultation),
        is_admitted=policy.is_admitted(current_actor(), consultation),
        took_part=participation.taken_part_in(session(), current_actor(), [consultation]),
    )


def _clock(consultation: "Consultation", moment: "datetime") -> "Clock | None":
    is_answered = bool(answer_duty.answered_ones(session(), [consultation.id]))
    return answer_clock(consultation, moment, is_answered=is_answered)


@blueprint.post("/follow")
@access(SIGNED_IN)
def follow(slug: str) -> BaseResponse:
    """Follow the consultation."""
    following.follow(session(), current_actor(), load_consultation(slug).id)
    flash(_("You follow this consultation. We tell you when something happens."), "success")
    return redirect(url_for("consultations.home", slug=slug), 303)


@blueprint.post("/unfollow")
@access(SIGNED_IN)
def unfollow(slug: str) -> BaseResponse:
    """Stop following the consultation."""
    following.unfollow(session(), current_actor(), load_consultation(slug).id)
    flash(_("You no longer follow this consultation."), "info")
    return redirect(url_for("consultations.home", slug=slug), 303)


@blueprint.get("/qr.svg")
@access(ANYONE)
def qr_code(slug: str) -> Response:
    """Draw the address of the consultation, to be put on paper or a screen."""
    consultation = load_consultation(slug)
    address = public_url("consultations.home", slug=slug)
    picture = qr.svg(address, _("QR code: %(title)s", title=pick(consultation, "title").text))
    return Response(picture, mimetype="image/svg+xml")
