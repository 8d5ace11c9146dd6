"""Service: move a deadline back or close early. One person proposes, another one approves."""

from datetime import datetime

from sqlalchemy.orm import Session

from consultations import lifecycle, policy, seconding
from consultations.lifecycle import Event
from consultations.models import Consultation, Motion, MotionKind, StageChange
from consultations.participation import Hold, locked_consultation
from consultations.stage_steps import follow_clock, log_step, move_closing
from core.actor import Actor, system_actor
from core.clock import now
from core.errors import InvalidError, NotAllowedError

_KINDS = {Event.EXTEND: MotionKind.EXTEND, Event.CLOSE: MotionKind.CLOSE}
_EVENTS = {kind: event for event, kind in _KINDS.items()}


def propose(
    session: Session,
    actor: Actor,
    consultation_id: int,
    event: Event,
    *,
    reason: str,
    closes_at: datetime | None = None,
) -> Motion:
    """Propose to extend or to close early, with a reason that everyone will read.

    Parameters
    ----------
    closes_at : datetime or None
        The new closing, for an extension.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage`` or ``motion.waiting``.
    InvalidError
        ``reason.needed``, ``consultation.closing_needed`` or ``consultation.closes_not_later``.
    """
    consultation = _locked(session, actor, consultation_id)
    # So that it rests on the stage that holds, whether or not the clock's step was logged yet.
    follow_clock(session, consultation, now(), system_actor())
    lifecycle.after(consultation.stage, event)
    if event is Event.EXTEND:
        _require_later(consultation, closes_at)
    return seconding.propose(
        session,
        actor,
        consultation,
        _KINDS[event],
        reason=reason,
        basis=seconding.dates_basis(consultation),
        closes_at=closes_at if event is Event.EXTEND else None,
    )


def approve(session: Session, actor: Actor, motion: Motion) -> StageChange:
    """Do what somebody else proposed, if it still holds.

    Raises
    ------
    NotFoundError, NotAllowedError
        ``consultation.unknown``; ``approval.approver_needed`` or ``approval.own_work``.
    ConflictError
        ``motion.decided``; ``motion.stale``: the stage or the closing has changed, or the time is
        over.
    """
    consultation = _locked(session, actor, motion.consultation_id)
    moment, event = now(), _EVENTS[motion.kind]
    follow_clock(session, consultation, moment, system_actor())
    taking = policy.is_taking_contributions(consultation, moment)
    basis = seconding.dates_basis(consultation) if taking else ""
    seconding.approve(session, actor, consultation, motion, basis)
    if event is Event.CLOSE:
        consultation.closes_at = moment
    elif motion.closes_at is not None:
        move_closing(consultation, motion.closes_at)
    seconding.put_aside(session, [consultation.id], set(_EVENTS))
    target = lifecycle.after(consultation.stage, event)
    return log_step(session, actor, consultation, event, target, at=moment, reason=motion.reason)


def refuse(session: Session, actor: Actor, motion: Motion, *, reason: str) -> None:
    """Refuse any proposal with a reason, which those who proposed it read.

    Raises
    ------
    NotFoundError, NotAllowedError, ConflictError
        As ``approve``; a stale proposal can be refused.
    InvalidError
        ``reason.needed``.
    """
    consultation = _locked(session, actor, motion.consultation_id)
    seconding.refuse(session, actor, consultation, motion, reason)


def _locked(session: Session, actor: Actor, consultation_id: int) -> Consultation:
    consultation = locked_consultation(session, consultation_id, Hold.CHANGE)
    policy.require_visible(actor, consultation)
    if not policy.may_prepare(actor, consultation):
        raise NotAllowedError("consultation.other_agency")
    return consultation


def _require_later(consultation: Consultation, closes_at: datetime | None) -> None:
    if closes_at is None:
        raise InvalidError("consultation.closing_needed", field="closes_on")
    if consultation.closes_at is not None and closes_at <= consultation.closes_at:
        raise InvalidError("consultation.closes_not_later", field="closes_on")
