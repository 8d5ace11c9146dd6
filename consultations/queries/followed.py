"""Reads: who follows what."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import Following
from core.actor import Actor


def followed_by(session: Session, actor: Actor) -> frozenset[int]:
    """Return the consultations that the actor follows. One query; none for a visitor."""
    if actor.account_id is None:
        return frozenset()
    return frozenset(
        session.scalars(
            select(Following.consultation_id).where(Following.account_id == actor.account_id)
        )
    )


def followers_of(session: Session, consultation_id: int) -> Sequence[int]:
    """Return the accounts to be told of a consultation's news, in order. One query."""
    return session.scalars(
        select(Following.account_id)
        .where(Following.consultation_id == consultation_id)
        .order_by(Following.account_id)
    ).all()
