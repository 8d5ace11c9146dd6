"""Service: say that a comment is, or is not, one of a group of near-identical texts.

Nothing is hidden, joined or moved: every comment keeps its place, its supports and its receipt. The
choice is told beside the comment and beats what the analysis found.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import Comment
from core import ledger
from core.actor import Actor
from core.clock import now
from core.errors import InvalidError
from moderation import cases, verdicts
from moderation.models import GroupChoice


def choose(session: Session, actor: Actor, reference: str, *, template: str) -> GroupChoice:
    """Put a comment into the group of another, or take it out of any.

    Parameters
    ----------
    reference : str
        The comment.
    template : str
        Reference of the comment that the group is named after; empty to take it out.

    Raises
    ------
    NotFoundError, NotAllowedError
        As ``deciding.decide``.
    InvalidError
        On ``template``: ``group.comments_only``, ``group.itself``, or ``group.unknown`` when the
        consultation has no such comment.
    """
    contribution, _consultation = cases.locked_contribution(session, reference)
    account_id = verdicts.require_may_decide(session, actor, contribution)
    if not isinstance(contribution, Comment):
        raise InvalidError("group.comments_only", field="template")
    named = template.strip().upper()
    if named == reference:
        raise InvalidError("group.itself", field="template")
    if named and not _is_comment_of(session, contribution.consultation_id, named):
        raise InvalidError("group.unknown", field="template")
    found = session.get(GroupChoice, contribution.id) or GroupChoice(
        contribution_id=contribution.id
    )
    found.template, found.chosen_by_id, found.chosen_at = named, account_id, now()
    session.add(found)
    ledger.record(
        session,
        actor,
        "contribution.grouped",
        consultation_id=contribution.consultation_id,
        subject=reference,
        detail={"group": named},
    )
    session.flush()
    return found


def _is_comment_of(session: Session, consultation_id: int, reference: str) -> bool:
    if not (reference.isascii() and reference.isalnum()):
        return False
    found = select(Comment.id).where(
        Comment.consultation_id == consultation_id, Comment.reference == reference
    )
    return session.scalar(found) is not None
