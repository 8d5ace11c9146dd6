"""Service: leave a contribution to a senior moderator."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core import ledger
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError
from core.text import plain_text
from moderation import cases, verdicts
from moderation.models import Escalation

#: Longest note to the senior moderators, in characters.
NOTE_LENGTH = 1000


def escalate(session: Session, actor: Actor, reference: str, *, note: str) -> Escalation:
    """Ask a senior moderator to decide; settled by the next decision, whoever takes it.

    Raises
    ------
    NotFoundError, NotAllowedError
        As ``deciding.decide``.
    ConflictError
        ``escalation.exists``.
    InvalidError
        ``text.empty`` or ``text.too_long`` on ``note``.
    """
    contribution, _consultation = cases.locked_contribution(session, reference)
    account_id = verdicts.require_may_decide(session, actor, contribution)
    is_open = exists().where(
        Escalation.contribution_id == contribution.id, Escalation.settled_at.is_(None)
    )
    if session.scalar(select(is_open)):
        raise ConflictError("escalation.exists")
    made = Escalation(
        contribution_id=contribution.id,
        note=plain_text(note, max_length=NOTE_LENGTH, field="note"),
        raised_by_id=account_id,
        raised_at=now(),
    )
    session.add(made)
    ledger.record(
        session,
        actor,
        "contribution.escalated",
        consultation_id=contribution.consultation_id,
        subject=reference,
    )
    session.flush()
    return made
