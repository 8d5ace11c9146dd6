"""Reads: where a consultation stands for someone who looks for one."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, and_, case, or_

from consultations import policy
from consultations.models import Consultation, Stage

#: Closing within this time counts as soon.
SOON: Final = timedelta(days=7)


class Standing(StrEnum):
    """Where a consultation stands for someone who looks for one, in the order of the front page."""

    CLOSING_SOON = "closing_soon"
    OPEN_NOW = "open_now"
    OPENS_SOON = "opens_soon"
    RESULTS_OUT = "results_out"
    IN_SUMMARY = "in_summary"
    CONCLUDED = "concluded"


RANK: Final = {standing: rank for rank, standing in enumerate(Standing)}
_ENDED_STAGES: Final = (Stage.CONCLUDED, Stage.MONITORING, Stage.ARCHIVED)


def standing_at(at: datetime) -> ColumnElement[int]:
    """Rank of the standing that holds at a moment, as ``policy.current_stage`` would have it."""
    stage, opens_at, closes_at = Consultation.stage, Consultation.opens_at, Consultation.closes_at
    begun = and_(stage == Stage.SCHEDULED, opens_at <= at)
    still = or_(closes_at.is_(None), closes_at > at)
    taking = and_(or_(stage.in_(policy.TAKING_STAGES), begun), still)
    to_come = and_(stage == Stage.SCHEDULED, or_(opens_at.is_(None), opens_at > at))
    return case(
        (and_(taking, closes_at <= at + SOON), RANK[Standing.CLOSING_SOON]),
        (taking, RANK[Standing.OPEN_NOW]),
        (to_come, RANK[Standing.OPENS_SOON]),
        (stage.in_((Stage.RATIFICATION, Stage.ANSWERING)), RANK[Standing.RESULTS_OUT]),
        (stage.in_(_ENDED_STAGES), RANK[Standing.CONCLUDED]),
        else_=RANK[Standing.IN_SUMMARY],
    )
