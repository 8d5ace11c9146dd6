"""Reads: how much waits for moderators in some consultations, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations.models import Contribution, Visibility
from moderation.models import Flag


@dataclass(frozen=True)
class Waiting:
    """What waits in one consultation; ``since`` is when the longest wait began."""

    new: int = 0
    flagged: int = 0
    held: int = 0
    since: datetime | None = None

    @property
    def total(self) -> int:
        """New and flagged contributions together; what is held waits for its author too."""
        return self.new + self.flagged


def waiting(session: Session, consultation_ids: Sequence[int]) -> dict[int, Waiting]:
    """Return what waits, by the consultation's number; two queries."""
    rows = session.execute(
        select(
            Contribution.consultation_id,
            Contribution.visibility,
            func.count(),
            func.min(Contribution.created_at),
        )
        .where(
            Contribution.consultation_id.in_(consultation_ids),
            Contribution.visibility.in_((Visibility.PENDING, Visibility.HELD)),
        )
        .group_by(Contribution.consultation_id, Contribution.visibility)
    )
    states: dict[tuple[int, Visibility], tuple[int, datetime | None]] = {
        (row[0], row[1]): (row[2], row[3]) for row in rows
    }
    flagged_rows = session.execute(
        select(
            Contribution.consultation_id,
            func.count(func.distinct(Flag.contribution_id)),
            func.min(Flag.flagged_at),
        )
        .join(Contribution, Contribution.id == Flag.contribution_id)
        .where(
            Contribution.consultation_id.in_(consultation_ids),
            Contribution.visibility == Visibility.PUBLISHED,
            Flag.settled_at.is_(None),
        )
        .group_by(Contribution.consultation_id)
    )
    flags = {row[0]: (row[1], row[2]) for row in flagged_rows}
    found = {}
    for number in consultation_ids:
        new, since_new = states.get((number, Visibility.PENDING), (0, None))
        held, _ = states.get((number, Visibility.HELD), (0, None))
        flagged, since_flag = flags.get(number, (0, None))
        begun = [moment for moment in (since_new, since_flag) if moment is not None]
        found[number] = Waiting(new, flagged, held, min(begun, default=None))
    return found
