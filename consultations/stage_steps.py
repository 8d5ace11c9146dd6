"""Keep a step of a life cycle where people, and where checkers, find it."""

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from consultations import lifecycle, news, policy
from consultations.announcement import last_day
from consultations.lifecycle import Event
from consultations.models import Consultation, Stage, StageChange
from core import ledger
from core.actor import Actor
from core.mailing.kinds import NewsKind

#: Steps that people are told of.
_NEWS = {
    Event.SUBMIT: NewsKind.REVIEW,
    Event.OPEN: NewsKind.OPENED,
    Event.EXTEND: NewsKind.DEADLINE,
    Event.RATIFY: NewsKind.SUMMARY,
    Event.CONCLUDE: NewsKind.RESULTS,
}


def log_step(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    event: Event,
    target: Stage,
    *,
    at: datetime,
    reason: str = "",
) -> StageChange:
    """Move the consultation, note the step in history and ledger, and tell people of it."""
    change = StageChange(
        consultation_id=consultation.id,
        event=event.value,
        from_stage=consultation.stage,
        to_stage=target,
        by_role=policy.acting_role(actor, event).value,
        reason=reason,
        changed_at=at,
    )
    consultation.stage = target
    session.add(change)
    ledger.record(
        session,
        actor,
        f"consultation.{event.value}",
        consultation_id=consultation.id,
        detail=_step_detail(consultation, change),
    )
    session.flush()
    kind, code = _NEWS.get(event), lifecycle.STEPS[event].news
    if kind or code:
        news.announce(session, kind, consultation, f"step {change.id}", code=code, at=at)
    return change


def follow_clock(
    session: Session, consultation: Consultation, moment: datetime, actor: Actor
) -> int:
    """Log the steps that the announced times have made due, at those times; return how many."""
    steps = 0
    opens_at, closes_at = consultation.opens_at, consultation.closes_at
    if consultation.stage is Stage.SCHEDULED and opens_at is not None and opens_at <= moment:
        log_step(session, actor, consultation, Event.OPEN, Stage.OPEN, at=opens_at)
        steps += 1
    taking = consultation.stage in policy.TAKING_STAGES
    if taking and closes_at is not None and closes_at <= moment:
        log_step(session, actor, consultation, Event.CLOSE, Stage.CLOSED, at=closes_at)
        steps += 1
    return steps


def move_closing(consultation: Consultation, closes_at: datetime) -> None:
    """Set the closing; a promised day of answers that would come before it moves along."""
    before, due = consultation.closes_at, consultation.answers_due_on
    if before is not None and due is not None and due < last_day(closes_at):
        consultation.answers_due_on = due + (last_day(closes_at) - last_day(before))
    consultation.closes_at = closes_at


def _step_detail(consultation: Consultation, change: StageChange) -> dict[str, object]:
    closes_at, due = consultation.closes_at, consultation.answers_due_on
    check_ends_at = consultation.check_ends_at
    return {
        "from": change.from_stage.value,
        "to": change.to_stage.value,
        "closes_at": closes_at.isoformat() if closes_at else None,
        "check_ends_at": check_ends_at.isoformat() if check_ends_at else None,
        "answers_due_on": due.isoformat() if due else None,
        "reason_sha256": hashlib.sha256(change.reason.encode()).hexdigest(),
    }
