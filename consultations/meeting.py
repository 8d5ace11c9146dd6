"""Service: announce meetings of a working group, and publish minutes and their corrections."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import group_access
from consultations.models import GroupMeeting, GroupMinutes
from core.actor import Actor
from core.clock import BANGKOK, now
from core.errors import ConflictError, NotFoundError
from core.text import plain_text, single_line

LONGEST_PLACE: Final = 200
LONGEST_AGENDA: Final = 3000
LONGEST_MINUTES: Final = 20_000


@dataclass(frozen=True)
class Agenda:
    """When and where a group meets, and about what."""

    held_on: date
    place: str
    agenda: str


def announce(session: Session, actor: Actor, group_id: int, *, given: Agenda) -> GroupMeeting:
    """Announce a meeting with its agenda.

    Raises
    ------
    NotFoundError
        ``group.unknown``.
    NotAllowedError
        ``group.conveners_only``.
    InvalidError
        ``text.empty`` or ``text.too_long``.
    """
    group, consultation = group_access.locked_group(session, group_id)
    group_access.require_convener(session, actor, consultation, group.id)
    latest = select(func.max(GroupMeeting.number)).where(GroupMeeting.group_id == group.id)
    meeting = GroupMeeting(
        group_id=group.id,
        number=(session.scalar(latest) or 0) + 1,
        held_on=given.held_on,
        place=single_line(given.place, max_length=LONGEST_PLACE, field="place"),
        agenda=plain_text(given.agenda, max_length=LONGEST_AGENDA, field="agenda"),
        announced_by_id=actor.account_id,
        announced_at=now(),
    )
    session.add(meeting)
    session.flush()
    place, held_on = f"/meeting:{meeting.number}", meeting.held_on.isoformat()
    group_access.record(session, actor, group, "meeting_announced", place, held_on=held_on)
    group_access.tell(session, consultation, f"meeting {meeting.id}")
    return meeting


def publish_minutes(
    session: Session, actor: Actor, meeting_id: int, *, body: str, correction: str = ""
) -> GroupMinutes:
    """Publish minutes; after the first time with what was corrected, beside the earlier words.

    Raises
    ------
    NotFoundError
        ``group.meeting_unknown``.
    NotAllowedError
        ``group.conveners_only``.
    ConflictError
        ``group.meeting_to_come``.
    InvalidError
        ``text.empty`` or ``text.too_long`` on ``body`` or ``correction``.
    """
    group_id = session.scalar(select(GroupMeeting.group_id).where(GroupMeeting.id == meeting_id))
    if group_id is None:
        raise NotFoundError("group.meeting_unknown")
    group, consultation = group_access.locked_group(session, group_id)
    group_access.require_convener(session, actor, consultation, group.id)
    meeting = session.get_one(GroupMeeting, meeting_id)
    if meeting.held_on > now().astimezone(BANGKOK).date():
        raise ConflictError("group.meeting_to_come")
    latest = select(func.max(GroupMinutes.version)).where(GroupMinutes.meeting_id == meeting.id)
    version = (session.scalar(latest) or 0) + 1
    if version > 1:
        correction = plain_text(correction, max_length=LONGEST_AGENDA, field="correction")
    minutes = GroupMinutes(
        meeting_id=meeting.id,
        version=version,
        body=plain_text(body, max_length=LONGEST_MINUTES, field="body"),
        correction=correction if version > 1 else "",
        published_by_id=actor.account_id,
        published_at=now(),
    )
    session.add(minutes)
    session.flush()
    digest, place = group_access.sha256(minutes.body), f"/meeting:{meeting.number}"
    group_access.record(
        session, actor, group, "minutes_published", place, version=version, sha256=digest
    )
    group_access.tell(session, consultation, f"minutes {minutes.id}")
    return minutes
