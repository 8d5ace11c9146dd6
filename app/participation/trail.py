"""Pages of what became of contributions in one consultation: one's own, and any published."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.identity import ANYONE, SIGNED_IN, access, current_actor
from app.participation.context import consultation_nav, load_consultation
from app.participation.traces import shown_traces
from app.rendering import render
from app.transactions import session
from app.words.notices import notice
from consultations import erasing, participation, policy, voting
from consultations.queries import trail, voting_page
from core.clock import now
from core.errors import ConflictError, NotFoundError
from core.notices import notices_for

if TYPE_CHECKING:
    from consultations.models import Consultation

blueprint = Blueprint("trail", __name__, url_prefix="/consultations/<slug>")


@blueprint.get("/trail")
@access(SIGNED_IN)
def mine(slug: str) -> str:
    """Show what became of everything that one has written, one's votes and messages."""
    consultation = load_consultation(slug)
    participant = participation.find_participant(session(), current_actor(), consultation)
    traces = trail.traces_of(session(), consultation, participant.id) if participant else []
    messages = notices_for(session(), participant.id) if participant else []
    return render(
        "participation/trail.html",
        **_page(consultation, "trail"),
        traces=shown_traces(traces, lambda _trace: slug, is_own=True),
        votes=voting_page.all_votes(session(), participant.id) if participant else [],
        choice_names=voting.NAMES,
        messages=[(each, notice(each.code, each.details), slug, None) for each in messages],
        has_new=any(message.read_at is None for message in messages),
        seen=now().isoformat(),
    )


@blueprint.get("/contributions/<reference>")
@access(ANYONE)
def contribution(slug: str, reference: str) -> str | Response:
    """Show one contribution with its trace: to anyone when published, always to its author."""
    consultation = load_consultation(slug)
    participant = participation.find_participant(session(), current_actor(), consultation)
    own_id = participant.id if participant else None
    found = trail.trace_at(session(), consultation, reference, own_id)
    is_own = own_id is not None and found.contribution.participant_id == own_id
    return render(
        "participation/contribution.html",
        **_page(consultation, "discussion"),
        entry=shown_traces([found], lambda _trace: slug, is_own=is_own)[0],
        is_own=is_own,
        earlier=trail.earlier_words(session(), found.contribution.id) if is_own else [],
    )


@blueprint.route("/contributions/<reference>/erase", methods=["GET", "POST"])
@access(SIGNED_IN)
def erase(slug: str, reference: str) -> str | Response:
    """Erase the words of one's own contribution, after asking once more."""
    consultation = load_consultation(slug)
    if request.method == "POST":
        erasing.erase_one(session(), current_actor(), reference)
        flash(_("The words are erased. That there was a contribution stays visible."), "success")
        return redirect(url_for("trail.mine", slug=slug), 303)
    participant = participation.find_participant(session(), current_actor(), consultation)
    own_id = participant.id if participant else None
    found = trail.trace_at(session(), consultation, reference, own_id).contribution
    if own_id is None or found.participant_id != own_id:
        raise NotFoundError("contribution.unknown")
    if not found.body:
        raise ConflictError("contribution.erased")
    return render("participation/erase.html", **_page(consultation, "trail"), contribution=found)


def _page(consultation: "Consultation", current: str) -> dict[str, object]:
    return {
        "consultation": consultation,
        "nav": consultation_nav(consultation, current),
        "is_open": policy.is_taking_contributions(consultation, now()),
    }
