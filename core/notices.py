"""Messages to participants about what became of their contributions."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.clock import now
from core.database import Base, Json, UtcDateTime


class Notice(Base):
    """One message. Addressed to a participant of one consultation, never to an account."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[str] = mapped_column(String(32), index=True)
    #: Says which sentence to show; the words come from the catalogues.
    code: Mapped[str] = mapped_column(String(64))
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    #: When the person marked it as read; None while it is new.
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The full hour of the round in which a letter told that there is news; None if none did.
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def notify(session: Session, participant_id: str, code: str, **details: object) -> Notice:
    """Leave a message for a participant, in the transaction of the deed it tells of."""
    notice = Notice(
        participant_id=participant_id, code=code, details=dict(details), created_at=now()
    )
    session.add(notice)
    return notice


def notices_for(session: Session, participant_id: str) -> list[Notice]:
    """Messages of one participant, newest first."""
    return list(
        session.scalars(
            select(Notice).where(Notice.participant_id == participant_id).order_by(Notice.id.desc())
        )
    )


def newest_notices(
    session: Session, participant_ids: Collection[str], *, limit: int
) -> list[Notice]:
    """Messages of some participants, newest first; one query."""
    return list(
        session.scalars(
            select(Notice)
            .where(Notice.participant_id.in_(participant_ids))
            .order_by(Notice.created_at.desc(), Notice.id.desc())
            .limit(limit)
        )
    )


def mark_read(session: Session, participant_ids: Collection[str], *, up_to: datetime) -> None:
    """Mark the messages of some participants as read, up to when they were shown.

    A message that came while the page was being read stays new.
    """
    session.execute(
        update(Notice)
        .where(
            Notice.participant_id.in_(participant_ids),
            Notice.read_at.is_(None),
            Notice.created_at <= up_to,
        )
        .values(read_at=now())
    )
