"""Service: vote on a clause of a draft. As with statements, no vote is written to the ledger."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consultations import participation, policy
from consultations.ballots import store_choice
from consultations.models import Choice, Clause, ClauseVote, Consultation, Draft, DraftState
from consultations.outline_numbering import Kind
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, NotFoundError


def cast(
    session: Session, actor: Actor, consultation_id: int, number: int, key: str, choice: Choice
) -> Choice:
    """Vote on a clause in the words of the newest draft, or change one's vote.

    The consultation is locked and the time is read before the vote is stored, so that what is
    checked still holds then.

    Parameters
    ----------
    number : int
        Of the draft whose words the voter has before them.
    key : str
        Of the clause.

    Returns
    -------
    Choice
        As stored.

    Raises
    ------
    NotFoundError
        ``consultation.unknown`` or ``clause.unknown``.
    ConflictError
        ``consultation.closed``, ``consultation.not_open_yet``, or ``clause.newer_draft``: the
        words have been replaced since.
    NotAllowedError
        As ``policy.require_can_vote``.
    """
    consultation = _open(session, actor, consultation_id)
    policy.require_can_vote(actor, consultation)
    clause_id = _clause_id(session, consultation, number, key)
    participant = participation.join(session, actor, consultation)
    return store_choice(session, ClauseVote, {"clause_id": clause_id}, participant, choice)


def withdraw(session: Session, actor: Actor, consultation_id: int, number: int, key: str) -> bool:
    """Take back one's vote on a clause of the newest draft; return whether there was one.

    Raises
    ------
    NotFoundError, ConflictError, NotAllowedError
        As ``cast``.
    """
    consultation = _open(session, actor, consultation_id)
    clause_id = _clause_id(session, consultation, number, key)
    participant = participation.find_participant(session, actor, consultation)
    if participant is None:
        return False
    removed = session.execute(
        delete(ClauseVote)
        .where(ClauseVote.clause_id == clause_id, ClauseVote.participant_id == participant.id)
        .returning(ClauseVote.id)
    )
    return removed.first() is not None


def _open(session: Session, actor: Actor, consultation_id: int) -> Consultation:
    consultation = participation.locked_consultation(session, consultation_id)
    policy.require_visible(actor, consultation)
    policy.require_can_take_part(actor, consultation)
    policy.require_taking_contributions(consultation, now())
    return consultation


def _clause_id(session: Session, consultation: Consultation, number: int, key: str) -> int:
    """Return the clause that can be voted on: in the newest draft, with words, and no question."""
    rows = session.execute(
        select(Draft.number, Clause.id, Clause.body, Clause.kind)
        .outerjoin(Clause, (Clause.draft_id == Draft.id) & (Clause.key == key))
        .where(Draft.consultation_id == consultation.id, Draft.state == DraftState.PUBLISHED)
    ).all()
    found = {row.number: row for row in rows}
    asked = found.get(number)
    if asked is None or not asked.body or asked.kind == Kind.QUESTION:
        raise NotFoundError("clause.unknown")
    if number != max(found):
        raise ConflictError("clause.newer_draft")
    clause_id: int = found[number].id
    return clause_id
