"""Reads: consultations by stage, one by its address."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.lifecycle import PRIVATE_STAGES
from consultations.models import Consultation


def public_consultations(session: Session) -> Sequence[Consultation]:
    """Return all consultations that visitors can see, those that close first in front."""
    return session.scalars(
        select(Consultation)
        .where(Consultation.stage.not_in(PRIVATE_STAGES))
        .order_by(Consultation.closes_at, Consultation.id)
    ).all()
