"""Pure state machine of a consultation: which step leads from which stage to which."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from consultations.models import Stage
from core.errors import ConflictError


class Event(StrEnum):
    """A step of the life cycle. Every one is logged with time, role and reason."""

    SUBMIT = "submit"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    OPEN = "open"
    EXTEND = "extend"
    CLOSE = "close"
    SUMMARISE = "summarise"
    RATIFY = "ratify"
    ANSWER = "answer"
    NEXT_ROUND = "next_round"
    CONCLUDE = "conclude"
    MONITOR = "monitor"
    ARCHIVE = "archive"


@dataclass(frozen=True)
class Step:
    """Where an event may start, and where it leads."""

    sources: frozenset[Stage]
    target: Stage
    #: Whether people must be told why.
    needs_reason: bool = False
    #: What those who follow the consultation are told; empty when nothing.
    news: str = ""


def _step(*sources: Stage, to: Stage, needs_reason: bool = False, news: str = "") -> Step:
    return Step(frozenset(sources), to, needs_reason, f"consultation.{news}" if news else "")


STEPS: dict[Event, Step] = {
    Event.SUBMIT: _step(Stage.PREPARING, to=Stage.IN_REVIEW),
    Event.APPROVE: _step(Stage.IN_REVIEW, to=Stage.SCHEDULED, news="announced"),
    Event.SEND_BACK: _step(Stage.IN_REVIEW, to=Stage.PREPARING, needs_reason=True),
    Event.OPEN: _step(Stage.SCHEDULED, to=Stage.OPEN, news="opened"),
    Event.EXTEND: _step(
        Stage.OPEN, Stage.EXTENDED, to=Stage.EXTENDED, needs_reason=True, news="extended"
    ),
    Event.CLOSE: _step(Stage.OPEN, Stage.EXTENDED, to=Stage.CLOSED, news="closed"),
    Event.SUMMARISE: _step(Stage.CLOSED, to=Stage.SUMMARY),
    Event.RATIFY: _step(Stage.SUMMARY, to=Stage.RATIFICATION, news="results_out"),
    Event.ANSWER: _step(Stage.RATIFICATION, to=Stage.ANSWERING),
    Event.NEXT_ROUND: _step(
        Stage.ANSWERING, to=Stage.SCHEDULED, needs_reason=True, news="next_round"
    ),
    Event.CONCLUDE: _step(Stage.ANSWERING, to=Stage.CONCLUDED, news="concluded"),
    Event.MONITOR: _step(Stage.CONCLUDED, to=Stage.MONITORING),
    Event.ARCHIVE: _step(Stage.CONCLUDED, Stage.MONITORING, to=Stage.ARCHIVED),
}

#: In the order in which a consultation passes through them.
ORDER: tuple[Stage, ...] = tuple(Stage)

#: Before these, only the agency sees the consultation.
PRIVATE_STAGES = frozenset({Stage.PREPARING, Stage.IN_REVIEW})


def after(stage: Stage, event: Event) -> Stage:
    """Return the stage that the event leads to.

    Raises
    ------
    ConflictError
        ``consultation.wrong_stage``: the event cannot happen at this stage.
    """
    step = STEPS[event]
    if stage not in step.sources:
        raise ConflictError("consultation.wrong_stage", stage=stage.value, event=event.value)
    return step.target


def allowed_events(stage: Stage) -> list[Event]:
    """Return the events that can happen at this stage."""
    return [event for event, step in STEPS.items() if stage in step.sources]


def stage_at(
    stage: Stage, opens_at: datetime | None, closes_at: datetime | None, moment: datetime
) -> Stage:
    """Return the stage that holds at a moment, whether or not the clock's step is logged yet.

    Contributions are taken in ``[opens_at, closes_at)``. The announced times rule; the job that
    logs the step only follows them.
    """
    if stage is Stage.SCHEDULED and opens_at is not None and moment >= opens_at:
        stage = Stage.OPEN
    if stage in (Stage.OPEN, Stage.EXTENDED) and closes_at is not None and moment >= closes_at:
        return Stage.CLOSED
    return stage
