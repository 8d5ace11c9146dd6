"""Pure: how long an agency still has to answer, and when it is late."""

from dataclasses import dataclass
from datetime import date, datetime

from consultations import policy
from consultations.models import Consultation, Stage
from core.clock import BANGKOK


@dataclass(frozen=True)
class Clock:
    """The public clock of the duty to answer.

    Attributes
    ----------
    due_on : date
        The promised day.
    days : int
        Days from today until then; negative when it is over.
    """

    due_on: date
    days: int

    @property
    def is_overdue(self) -> bool:
        """Whether the promised day is over."""
        return self.days < 0


def answer_clock(consultation: Consultation, at: datetime, *, is_answered: bool) -> Clock | None:
    """Return the clock while an agency owes answers; None before closing and once it answered."""
    stage, due = policy.current_stage(consultation, at), consultation.answers_due_on
    is_owing = policy.has_closed(stage) and stage not in policy.ENDED_STAGES
    if due is None or is_answered or not is_owing or stage is Stage.SCHEDULED:
        return None
    return Clock(due, (due - at.astimezone(BANGKOK).date()).days)
