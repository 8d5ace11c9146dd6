"""Reads: consultations by stage, one by its address."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from consultations.lifecycle import PRIVATE_STAGES
from consultations.models import Consultation, Draft, DraftState
from core.errors import NotFoundError


def public_consultations(session: Session) -> Sequence[Consultation]:
    """Return all consultations that visitors can see, those that close first in front."""
    return session.scalars(
        select(Consultation)
        .where(Consultation.stage.not_in(PRIVATE_STAGES))
        .order_by(Consultation.closes_at, Consultation.id)
    ).all()


def consultation_at(session: Session, slug: str) -> Consultation:
    """Return the consultation with this address, whoever may see it; one query.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    """
    found = session.scalars(select(Consultation).where(Consultation.slug == slug)).first()
    if found is None:
        raise NotFoundError("consultation.unknown")
    return found


def has_published_draft(session: Session, consultation_id: int) -> bool:
    """Whether there is a draft to read."""
    published = exists().where(
        Draft.consultation_id == consultation_id, Draft.state == DraftState.PUBLISHED
    )
    return bool(session.scalar(select(published)))
