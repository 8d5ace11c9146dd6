"""Service: tell those who follow a consultation that it closes soon."""

from datetime import timedelta
from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from consultations import policy
from consultations.models import Consultation, Stage
from core import notices
from core.clock import now

#: How long before the closing people are told, once for each closing date.
NOTICE: Final = timedelta(days=3)


def remind_of_closing(session: Session) -> int:
    """Tell of every closing that is near; return how many there are."""
    moment = now()
    begun = and_(Consultation.stage == Stage.SCHEDULED, Consultation.opens_at <= moment)
    closing = session.scalars(
        select(Consultation)
        .where(
            or_(Consultation.stage.in_(policy.TAKING_STAGES), begun),
            Consultation.closes_at > moment,
            Consultation.closes_at <= moment + NOTICE,
        )
        .order_by(Consultation.id)
    ).all()
    for consultation in closing:
        closes_at = consultation.closes_at
        notices.announce(
            session,
            consultation.id,
            "consultation.closing_soon",
            occasion=closes_at.isoformat() if closes_at else "",
        )
    return len(closing)
