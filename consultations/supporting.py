"""Service: support a comment, and take it back. Like a vote it never reaches the ledger."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from consultations import participation, policy, tallies
from consultations.models import Comment, Consultation, Support, Visibility
from core.actor import Actor
from core.clock import now
from core.database import is_sqlite
from core.errors import NotAllowedError, NotFoundError


def support(session: Session, actor: Actor, reference: str) -> bool:
    """Support a comment; return whether this is new. Each person counts once.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``: there is none, or it is not published.
    ConflictError
        ``consultation.closed`` or ``consultation.not_open_yet``.
    NotAllowedError
        ``participation.sign_in``, ``participation.own_agency`` or ``support.own``.
    """
    consultation, comment_id, author = _supportable(session, actor, reference)
    participant = participation.join(session, actor, consultation)
    if author == participant.id:
        raise NotAllowedError("support.own")
    insert: Any = sqlite.insert if is_sqlite(session) else postgresql.insert
    made = session.execute(
        insert(Support)
        .values(comment_id=comment_id, participant_id=participant.id)
        .on_conflict_do_nothing()
        .returning(Support.comment_id)
    ).first()
    if made is not None:
        tallies.count_support(session, comment_id, 1)
    return made is not None


def withdraw(session: Session, actor: Actor, reference: str) -> bool:
    """Take back one's support of a comment; return whether there was any.

    Raises
    ------
    NotFoundError, ConflictError, NotAllowedError
        As ``support``, except ``support.own``.
    """
    consultation, comment_id, _author = _supportable(session, actor, reference)
    participant = participation.find_participant(session, actor, consultation)
    if participant is None:
        return False
    removed = session.execute(
        delete(Support)
        .where(Support.comment_id == comment_id, Support.participant_id == participant.id)
        .returning(Support.comment_id)
    ).first()
    if removed is not None:
        tallies.count_support(session, comment_id, -1)
    return removed is not None


def _supportable(
    session: Session, actor: Actor, reference: str
) -> tuple[Consultation, int, str | None]:
    found = session.execute(
        select(
            Comment.id, Comment.consultation_id, Comment.participant_id, Comment.visibility
        ).where(Comment.reference == reference)
    ).first()
    if found is None or found.visibility is not Visibility.PUBLISHED:
        raise NotFoundError("contribution.unknown")
    consultation = participation.locked_consultation(session, found.consultation_id)
    policy.require_visible(actor, consultation)
    policy.require_can_vote(actor, consultation)
    policy.require_taking_contributions(consultation, now())
    return consultation, found.id, found.participant_id
