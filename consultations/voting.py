"""Service: vote on statements. No vote is ever written to the ledger: it would tie it to a time."""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, delete, func, select
from sqlalchemy.orm import Session

from consultations import participation, policy
from consultations.ballots import store_choice
from consultations.models import (
    Choice,
    Consultation,
    ContributionKind,
    Participant,
    Statement,
    Visibility,
    Vote,
)
from core.actor import Actor
from core.clock import now
from core.errors import InvalidError, NotFoundError

#: Names of the choices, as forms send them and pages show them.
CHOICES: dict[str, Choice] = {
    "agree": Choice.AGREE,
    "disagree": Choice.DISAGREE,
    "pass": Choice.PASS,
}
NAMES: dict[int, str] = {choice: name for name, choice in CHOICES.items()}


@dataclass(frozen=True)
class Progress:
    """How many of the statements a participant has voted on."""

    voted: int
    total: int


def choice_named(name: str) -> Choice:
    """Return the choice that a form names; its absence is not PASS.

    Raises
    ------
    InvalidError
        ``vote.choice_unknown``.
    """
    choice = CHOICES.get(name)
    if choice is None:
        raise InvalidError("vote.choice_unknown", field="choice")
    return choice


def cast(session: Session, actor: Actor, reference: str, choice: Choice) -> Choice:
    """Vote on a statement, or change one's vote; the last one counts.

    One upsert, after the consultation is locked and the time is read: whatever is checked still
    holds when the vote is stored.

    Parameters
    ----------
    reference : str
        Of the statement.

    Returns
    -------
    Choice
        As stored.

    Raises
    ------
    NotFoundError
        ``statement.unknown``: there is none, or it is not published.
    ConflictError
        ``consultation.closed`` or ``consultation.not_open_yet``.
    NotAllowedError
        ``participation.sign_in`` or ``participation.own_agency``.
    """
    statement_id, consultation = _locked(session, reference)
    policy.require_can_take_part(actor, consultation)
    policy.require_taking_contributions(consultation, now())
    participant = participation.join(session, actor, consultation)
    return store_choice(session, Vote, {"statement_id": statement_id}, participant, choice)


def withdraw(session: Session, actor: Actor, reference: str) -> bool:
    """Take back one's vote on a statement; return whether there was one.

    Raises
    ------
    NotFoundError
        ``statement.unknown``.
    ConflictError
        ``consultation.closed`` or ``consultation.not_open_yet``.
    NotAllowedError
        ``participation.sign_in`` or ``participation.own_agency``.
    """
    statement_id, consultation = _locked(session, reference)
    policy.require_can_take_part(actor, consultation)
    policy.require_taking_contributions(consultation, now())
    participant = participation.find_participant(session, actor, consultation)
    if participant is None:
        return False
    removed = session.execute(
        delete(Vote)
        .where(Vote.statement_id == statement_id, Vote.participant_id == participant.id)
        .returning(Vote.id)
    )
    return removed.first() is not None


def next_statement(
    session: Session, participant: Participant | None, consultation: Consultation
) -> Statement | None:
    """Return the statement to show next; None when the participant has voted on all.

    Statements with the fewest votes come first, so that every one is seen by enough people. Equal
    ones come in an order of the participant's own, the same at every call; a visitor without a
    participant sees them by number. Two queries.
    """
    votes = (
        select(func.count())
        .where(Vote.statement_id == Statement.id)
        .correlate(Statement)
        .scalar_subquery()
    )
    waiting = _votable(select(Statement.id, Statement.number, votes), consultation)
    if participant is not None:
        own = and_(Vote.statement_id == Statement.id, Vote.participant_id == participant.id)
        waiting = waiting.where(~select(Vote.id).where(own).correlate(Statement).exists())
    rows = session.execute(waiting).all()
    if not rows:
        return None
    first = min(rows, key=lambda row: (row[2], _own_order(participant, row[1])))
    return session.get(Statement, first[0])


def progress(
    session: Session, participant: Participant | None, consultation: Consultation
) -> Progress:
    """Return how many of the statements the participant has voted on. At most two queries."""
    total = session.scalar(_votable(select(func.count(Statement.id)), consultation)) or 0
    if participant is None:
        return Progress(0, total)
    voted = _votable(select(func.count(Vote.id)), consultation).join(
        Vote, and_(Vote.statement_id == Statement.id, Vote.participant_id == participant.id)
    )
    return Progress(session.scalar(voted) or 0, total)


def _votable(query: Select[Any], consultation: Consultation) -> Select[Any]:
    return query.select_from(Statement).where(
        Statement.consultation_id == consultation.id,
        # Implied; named so that the index of the table of all contributions is used.
        Statement.kind == ContributionKind.STATEMENT,
        Statement.visibility == Visibility.PUBLISHED,
        Statement.is_meta.is_(False),
    )


def _locked(session: Session, reference: str) -> tuple[int, Consultation]:
    """Return a statement that can be voted on, by its number, and its locked consultation."""
    consultation_id = session.scalar(
        select(Statement.consultation_id).where(Statement.reference == reference)
    )
    if consultation_id is None:
        raise NotFoundError("statement.unknown")
    consultation = participation.locked_consultation(session, consultation_id)
    statement_id = session.scalar(
        _votable(select(Statement.id), consultation).where(Statement.reference == reference)
    )
    if statement_id is None:
        raise NotFoundError("statement.unknown")
    return statement_id, consultation


def _own_order(participant: Participant | None, number: int) -> tuple[bytes, int]:
    if participant is None:
        return b"", number
    return hashlib.sha256(f"{participant.id}|{number}".encode()).digest(), number
