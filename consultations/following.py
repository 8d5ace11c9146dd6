"""Service: follow a consultation, and stop following it."""

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consultations import policy
from consultations.models import Consultation, Following
from core.actor import Actor
from core.errors import NotAllowedError, NotFoundError


def follow(session: Session, actor: Actor, consultation_id: int) -> None:
    """Follow a consultation; following twice is following once.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``following.sign_in``.
    """
    account_id = _follower(session, actor, consultation_id)
    key = (account_id, consultation_id)
    if session.get(Following, key) is not None:
        return
    try:
        with session.begin_nested():
            session.add(Following(account_id=account_id, consultation_id=consultation_id))
    except IntegrityError:
        # Two clicks at the same moment: the other one follows already.
        if session.get(Following, key) is None:
            raise


def unfollow(session: Session, actor: Actor, consultation_id: int) -> None:
    """Stop following a consultation; raises as ``follow``."""
    account_id = _follower(session, actor, consultation_id)
    session.execute(
        delete(Following).where(
            Following.account_id == account_id, Following.consultation_id == consultation_id
        )
    )


def _follower(session: Session, actor: Actor, consultation_id: int) -> int:
    consultation = session.get(Consultation, consultation_id)
    if consultation is None or not policy.may_see(actor, consultation):
        raise NotFoundError("consultation.unknown")
    if actor.account_id is None:
        raise NotAllowedError("following.sign_in")
    return actor.account_id
