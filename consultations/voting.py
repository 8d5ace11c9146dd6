"""Service: vote on statements. No vote is ever written to the ledger: it would tie it to a time."""

from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from consultations import participation, policy, tallies
from consultations.ballots import store_choice
from consultations.models import (
    Choice,
    Consultation,
    ContributionKind,
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
    holds when the vote is stored. The statement's tally changes under the lock of its row.

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
        As ``policy.require_can_vote``.
    """
    statement_id, consultation = _locked(session, reference)
    policy.require_can_vote(actor, consultation)
    policy.require_taking_contributions(consultation, now())
    participant = participation.join(session, actor, consultation)
    tallies.lock(session, [statement_id])
    before = _own_choice(session, statement_id, participant.id)
    stored = store_choice(session, Vote, {"statement_id": statement_id}, participant, choice)
    tallies.shift(session, statement_id, before, stored)
    return stored


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
    tallies.lock(session, [statement_id])
    removed = session.scalar(
        delete(Vote)
        .where(Vote.statement_id == statement_id, Vote.participant_id == participant.id)
        .returning(Vote.choice)
    )
    tallies.shift(session, statement_id, removed, None)
    return removed is not None


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


def _own_choice(session: Session, statement_id: int, participant_id: str) -> int | None:
    own = select(Vote.choice).where(
        Vote.statement_id == statement_id, Vote.participant_id == participant_id
    )
    return session.scalar(own)
