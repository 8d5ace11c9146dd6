"""What takes two people, done by two people of an agency."""

from datetime import datetime

from sqlalchemy.orm import Session

from consultations import publishing, rescheduling
from consultations.lifecycle import Event
from consultations.models import OfficialResponse, StageChange
from core.accounts.models import Agency
from core.actor import Actor, Role
from tests.factories import make_actor


def colleague(session: Session, approver: Actor) -> Actor:
    """Make an officer of the approver's agency."""
    assert approver.keyring is not None
    agency = session.get_one(Agency, approver.agency_id)
    return make_actor(session, approver.keyring, Role.OFFICER, agency=agency)


def publish_answers(session: Session, approver: Actor, number: int) -> list[OfficialResponse]:
    officer = colleague(session, approver)
    motion = publishing.propose_publication(session, officer, number, reason="ตอบครบแล้ว")
    return publishing.publish_all(session, approver, motion)


def reschedule(
    session: Session,
    approver: Actor,
    number: int,
    event: Event,
    *,
    reason: str = "",
    closes_at: datetime | None = None,
) -> StageChange:
    officer = colleague(session, approver)
    motion = rescheduling.propose(
        session, officer, number, event, reason=reason, closes_at=closes_at
    )
    return rescheduling.approve(session, approver, motion)
