"""Reads: consultations that ended so long ago that nobody needs the bridge to their people."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations.models import Consultation, Stage, StageChange

#: Days after the end in which people still find, contest and erase what is theirs.
KEYS_DAYS = 180
_ENDED = (Stage.CONCLUDED, Stage.MONITORING, Stage.ARCHIVED)


def with_overdue_keys(session: Session, at: datetime) -> Sequence[int]:
    """Return the consultations whose keys are to be destroyed; one query."""
    concluded = (
        select(func.max(StageChange.changed_at))
        .where(
            StageChange.consultation_id == Consultation.id,
            StageChange.to_stage == Stage.CONCLUDED,
        )
        .scalar_subquery()
    )
    return session.scalars(
        select(Consultation.id)
        .where(
            Consultation.sealed_key.is_not(None),
            Consultation.stage.in_(_ENDED),
            concluded <= at - timedelta(days=KEYS_DAYS),
        )
        .order_by(Consultation.id)
    ).all()
