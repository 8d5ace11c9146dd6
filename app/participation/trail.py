"""Pages of what became of contributions: all of one's own, and any published one."""

from typing import TYPE_CHECKING

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from app.i18n import date_long
from app.identity import ANYONE, SIGNED_IN, access, current_actor
from app.participation.cards import (
    author_name,
    badges,
    change_link,
    clause_href,
    clause_name,
    stance_of,
)
from app.participation.context import consultation_nav, load_consultation
from app.rendering import render
from app.transactions import session
from app.words.notices import notice
from consultations import participation, policy, voting
from consultations.pseudonyms import pseudonym
from consultations.queries import trail, voting_page
from core.clock import now
from core.languages import language_of
from core.notices import notices_for
from moderation.queries import history

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
        traces=_shown(slug, traces),
        votes=voting_page.all_votes(session(), participant.id) if participant else [],
        choice_names=voting.NAMES,
        messages=[(message, notice(message.code, message.details)) for message in messages],
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
        entry=_shown(slug, [found])[0],
        is_own=is_own,
        earlier=trail.earlier_words(session(), found.contribution.id) if is_own else [],
    )


def _page(consultation: "Consultation", current: str) -> dict[str, object]:
    return {
        "consultation": consultation,
        "nav": consultation_nav(consultation, current),
        "is_open": policy.is_taking_contributions(consultation, now()),
    }


def _shown(slug: str, traces: list[trail.Trace]) -> list[dict[str, object]]:
    """Return the traces with what moderators decided, and with the names of clauses."""
    decisions = history.decisions_on(session(), [trace.contribution.id for trace in traces])
    return [
        {
            "trace": trace,
            "contribution": trace.contribution,
            "card": _card(slug, trace),
            "decisions": decisions.get(trace.contribution.id, []),
            "changes": [(change, *change_link(slug, change)) for change in trace.changes],
        }
        for trace in traces
    ]


def _card(slug: str, trace: trail.Trace) -> dict[str, object]:
    """Return a contribution as the ``comment_card`` component draws it."""
    written, clause = trace.contribution, trace.clause
    number = trace.draft_number or trace.newest_draft_number
    is_comment = written.kind == "comment"
    names_clause = is_comment or bool(written.clause_key)
    return {
        "anchor": f"{'c' if is_comment else 's'}-{written.reference}",
        "author": author_name(
            pseudonym(written.participant_id) if written.participant_id else "", written.origin
        ),
        "badges": badges(written.origin, None),
        "date": date_long(written.created_at),
        "body": written.body,
        "language": written.language,
        "stance": stance_of(getattr(written, "stance", None)),
        "quote": getattr(written, "quote_exact", ""),
        "quote_language": language_of(getattr(written, "quote_exact", "")),
        "reason": getattr(written, "reason", ""),
        "proposed_wording": getattr(written, "proposed_wording", ""),
        "clause": clause_name(
            written.clause_key, clause.number if clause else "", clause.heading if clause else ""
        ),
        "clause_href": clause_href(slug, number, written.clause_key)
        if number and names_clause
        else None,
        "href": url_for("trail.contribution", slug=slug, reference=written.reference),
    }
