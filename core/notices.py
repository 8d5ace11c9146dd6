"""Messages to participants about their contributions, and news to all who follow."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint, select
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
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class News(Base):
    """Something that happened to a consultation: one row, however many follow.

    Feeds show it, and followers are told of it.
    """

    __tablename__ = "news"
    __table_args__ = (UniqueConstraint("consultation_id", "code", "occasion"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(index=True)
    #: Says which sentence to show; the words come from the catalogues.
    code: Mapped[str] = mapped_column(String(64))
    #: Tells one such event of a consultation from another, for example the number of a draft.
    occasion: Mapped[str] = mapped_column(String(64), default="")
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


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


def announce(
    session: Session,
    consultation_id: int,
    code: str,
    *,
    occasion: str = "",
    at: datetime | None = None,
    **details: object,
) -> None:
    """Tell all who follow a consultation, in the transaction of the deed; once for an occasion.

    Parameters
    ----------
    occasion : str
        What makes this event another than an earlier one of the same code.
    at : datetime or None
        When it happened; now by default.
    """
    known = select(News.id).where(
        News.consultation_id == consultation_id, News.code == code, News.occasion == occasion
    )
    if session.scalar(known) is not None:
        return
    news = News(
        consultation_id=consultation_id,
        code=code,
        occasion=occasion,
        details=dict(details),
        created_at=at or now(),
    )
    session.add(news)
