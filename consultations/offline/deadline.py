"""Until when what was said in time elsewhere may be entered."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import policy
from consultations.announcement import last_day
from consultations.models import Consultation, Snapshot, Stage
from consultations.participation import Hold, locked_consultation
from core import ledger
from core.actor import Actor
from core.clock import BANGKOK, now
from core.errors import ConflictError, InvalidError

#: Most days between the closing and the last day of entering.
MOST_DAYS = 30


def last_entering_day(consultation: Consultation) -> date | None:
    """Return the last day in Bangkok on which anything is entered; None before there are dates."""
    if consultation.closes_at is None:
        return None
    closing = last_day(consultation.closes_at)
    declared = consultation.offline_until
    return max(closing, declared) if declared else closing


def is_frozen(session: Session, consultation: Consultation) -> bool:
    """Whether an analysis has been made of what was said until the closing; one query."""
    taken = select(Snapshot.id).where(
        Snapshot.consultation_id == consultation.id,
        Snapshot.taken_at >= consultation.closes_at,
    )
    return session.scalar(taken.limit(1)) is not None


def is_entering(session: Session, consultation: Consultation, at: datetime) -> bool:
    """Whether responses may be entered and confirmed at a moment."""
    if policy.is_taking_contributions(consultation, at):
        return True
    last = last_entering_day(consultation)
    return (
        policy.current_stage(consultation, at) is Stage.CLOSED
        and last is not None
        and at.astimezone(BANGKOK).date() <= last
        and not is_frozen(session, consultation)
    )


def require_entering(session: Session, consultation: Consultation) -> None:
    """Raise unless responses may be entered now.

    Raises
    ------
    ConflictError
        ``consultation.not_open_yet`` or ``offline.too_late``.
    """
    moment = now()
    if is_entering(session, consultation, moment):
        return
    early = not policy.has_opened(consultation, moment)
    raise ConflictError("consultation.not_open_yet" if early else "offline.too_late")


def declare(
    session: Session, actor: Actor, consultation_id: int, *, until: date | None
) -> Consultation:
    """Declare, before the closing, until when what was said in time may be entered.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``offline.declare_earlier``: the consultation has closed.
    InvalidError
        ``offline.until``: before the closing, or more than ``MOST_DAYS`` after it.
    """
    consultation = locked_consultation(session, consultation_id, Hold.CHANGE)
    policy.require_officer(actor, consultation)
    if policy.has_closed(policy.current_stage(consultation, now())):
        raise ConflictError("offline.declare_earlier")
    if until is not None:
        closing = last_day(consultation.closes_at) if consultation.closes_at else None
        if closing is None or not closing <= until <= closing + timedelta(days=MOST_DAYS):
            raise InvalidError("offline.until", field="until", maximum=MOST_DAYS)
    consultation.offline_until = until
    ledger.record(
        session,
        actor,
        "offline.until_declared",
        consultation_id=consultation.id,
        detail={"until": until.isoformat() if until else None},
    )
    session.flush()
    return consultation
