"""What the voting page shows: one statement, those that come after it, how far one is."""

import secrets
from typing import TYPE_CHECKING

from flask import request
from flask import session as browser

from app.identity import browser_tag, current_actor
from app.transactions import session
from consultations import analysing, participation, policy, voting
from consultations.announcement import last_day
from consultations.queries import voting_page
from core.clock import now

if TYPE_CHECKING:
    from collections.abc import Collection

    from consultations.models import Consultation, Participant

#: How many of one's own votes stand below the statement; the trail has them all.
VOTES_SHOWN = 5
#: Statements that are sent along, so that the next one is there at once on a slow connection.
UPCOMING = 2
#: Most references that a request may name as on their way.
_MOST_BESIDES = 50


def vote_area(consultation: "Consultation", reference: str = "") -> dict[str, object]:
    """Return what the page shows: a chosen statement or the next, then those to come."""
    participant = _participant(consultation)
    ballot = voting_page.ballot(session(), consultation, _identity(participant))
    chosen = [reference] if reference else []
    shown = [*chosen, *_upcoming(ballot, participant, chosen, 1 + UPCOMING - len(chosen))]
    cards = voting_page.shown_statements(session(), consultation.id, shown, _identity(participant))
    return {
        **_page(consultation, ballot, participant),
        "statement": cards[0] if cards else None,
        "upcoming": cards[1:],
        "is_chosen": bool(reference),
        "voter": browser_tag(),
    }


def vote_reply(consultation: "Consultation") -> dict[str, object]:
    """Return what a browser that keeps voting needs: what comes next, and what was counted."""
    participant = _participant(consultation)
    ballot = voting_page.ballot(session(), consultation, _identity(participant))
    besides = request.form.get("besides", "").split(",")[:_MOST_BESIDES]
    coming = _upcoming(ballot, participant, besides, UPCOMING)
    return {
        **_page(consultation, ballot, participant),
        "upcoming": voting_page.shown_statements(
            session(), consultation.id, coming, _identity(participant)
        ),
        "is_end": len(coming) < UPCOMING,
    }


def _upcoming(
    ballot: voting_page.Ballot,
    participant: "Participant | None",
    besides: "Collection[str]",
    count: int,
) -> list[str]:
    voter = participant.id if participant else _lot()
    return ballot.upcoming(analysing.next_statement, voter, besides=besides, count=count)


def _page(
    consultation: "Consultation", ballot: voting_page.Ballot, participant: "Participant | None"
) -> dict[str, object]:
    votes = (
        voting_page.latest_votes(session(), participant.id, limit=VOTES_SHOWN)
        if participant
        else []
    )
    stage = policy.current_stage(consultation, now())
    return {
        "consultation": consultation,
        "is_open": stage in policy.TAKING_STAGES,
        "has_closed": policy.has_closed(stage),
        "closes_on": last_day(consultation.closes_at) if consultation.closes_at else None,
        "works_here": policy.may_prepare(current_actor(), consultation),
        "voted": len(ballot.voted),
        "total": ballot.total,
        "votes": votes,
        "choice_names": voting.NAMES,
    }


def _participant(consultation: "Consultation") -> "Participant | None":
    return participation.find_participant(session(), current_actor(), consultation)


def _identity(participant: "Participant | None") -> str | None:
    return participant.id if participant else None


def _lot() -> str:
    """Return this browser's own lot, for those who have not voted yet."""
    if "lot" not in browser:
        browser["lot"] = secrets.token_hex(8)
    return str(browser["lot"])
