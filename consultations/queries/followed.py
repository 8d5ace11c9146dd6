"""Reads: who follows what."""

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
