"""Contributions with what became of them, as the pages draw them."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.i18n import date_long
from app.participation.cards import (
    author_name,
    badges,
    change_link,
    clause_href,
    clause_name,
    stance_of,
)
from app.transactions import session
from app.words import name
from consultations.pseudonyms import pseudonym
from core.clock import now
from core.languages import language_of
from moderation.queries import appeals, around, history

if TYPE_CHECKING:
    from consultations.models import Comment, Statement
    from consultations.queries.tracing import Trace


def shown_traces(
    traces: Sequence["Trace"], slug_of: Callable[["Trace"], str], *, is_own: bool
) -> list[dict[str, object]]:
    """Return the traces with what moderators decided, and with the names of clauses.

    Only their author is told what can be, or was, done against a decision.
    """
    written = [trace.contribution for trace in traces]
    redress = appeals.redress(session(), written, now()) if is_own else {}
    numbers = [each.id for each in written]
    decisions = history.decisions_on(session(), numbers)
    labels = around.labels_of(session(), numbers)
    return [
        {
            "trace": trace,
            "contribution": trace.contribution,
            "slug": slug_of(trace),
            "card": _card(slug_of(trace), trace, labels.get(trace.contribution.id, [])),
            "decisions": decisions.get(trace.contribution.id, []),
            "redress": redress.get(trace.contribution.id),
            "changes": [(change, *change_link(slug_of(trace), change)) for change in trace.changes],
        }
        for trace in traces
    ]


def _badges(written: "Comment | Statement") -> list[tuple[str, str]]:
    found = badges(written.origin, None)
    kinds = {"dissent": _("Dissent from the summary"), "answer_reply": _("Reply to an answer")}
    words = kinds.get(written.kind)
    return [*found, (words, "grey")] if words else found


def _card(slug: str, trace: "Trace", labels: Sequence[str]) -> dict[str, object]:
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
        "badges": _badges(written) + [(name("label", code), "purple") for code in labels],
        "date": date_long(written.created_at),
        "body": written.body,
        "language": written.language,
        "stance": stance_of(getattr(written, "stance", None)),
        "quote": getattr(written, "quote_exact", ""),
        "quote_language": language_of(getattr(written, "quote_exact", "")),
        "reason": getattr(written, "reason", ""),
        "proposed_wording": getattr(written, "proposed_wording", ""),
        "clause": ""
        if written.kind in ("dissent", "answer_reply")
        else clause_name(
            written.clause_key, clause.number if clause else "", clause.heading if clause else ""
        ),
        "clause_href": clause_href(slug, number, written.clause_key)
        if number and names_clause
        else None,
        "href": url_for("trail.contribution", slug=slug, reference=written.reference),
    }
