"""An author contradicts what a moderator decided on their contribution."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.identity import SIGNED_IN, access, current_actor
from app.participation.context import consultation_nav, load_consultation
from app.participation.forms import AppealForm
from app.participation.traces import shown_traces
from app.rendering import render
from app.transactions import session
from consultations import participation
from consultations.queries import trail
from core.clock import now
from core.errors import ConflictError, InvalidError, NotFoundError
from moderation import appealing
from moderation.queries.appeals import redress

blueprint = Blueprint("appeals", __name__, url_prefix="/consultations/<slug>")


@blueprint.route("/contributions/<reference>/appeal", methods=["GET", "POST"])
@access(SIGNED_IN, limit="contribute")
def appeal(slug: str, reference: str) -> tuple[str, int] | Response:
    """Ask a senior moderator to look at a decision again."""
    consultation = load_consultation(slug)
    participant = participation.find_participant(session(), current_actor(), consultation)
    own_id = participant.id if participant else None
    found = trail.trace_at(session(), consultation, reference, own_id)
    if own_id is None or found.contribution.participant_id != own_id:
        raise NotFoundError("contribution.unknown")
    form = AppealForm()
    if form.submitted():
        try:
            appealing.appeal(session(), current_actor(), reference, words=form.words.data or "")
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("We have received your appeal. You will be told the answer."), "success")
            return redirect(url_for("trail.contribution", slug=slug, reference=reference), 303)
    elif found.contribution.id not in redress(session(), [found.contribution], now()):
        raise ConflictError("appeal.nothing")
    entry = shown_traces([found], lambda _trace: slug, is_own=True)[0]
    nav = consultation_nav(consultation, "trail")
    page = {"consultation": consultation, "nav": nav, "entry": entry, "form": form}
    return render("participation/appeal.html", **page), form.status
