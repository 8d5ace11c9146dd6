"""Tables of what happened that people may want to hear, and of who follows a consultation."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultations.models.consultation import Consultation
from core.database import Base, UtcDateTime, text_enum
from core.mailing.kinds import NewsKind


class Follow(Base):
    """An account wants to hear of a consultation. Tells nothing of whether it took part."""

    __tablename__ = "follow"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    followed_on: Mapped[date]


class News(Base):
    """Something that happened to a consultation, or a task of staff. Its kind says who hears."""

    __tablename__ = "news"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[NewsKind] = mapped_column(text_enum(NewsKind))
    #: None for what concerns the site as a whole, such as the moderators' queue.
    consultation_id: Mapped[int | None] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    #: The same thing is told once, however often the clock comes by.
    key: Mapped[str] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    consultation: Mapped[Consultation | None] = relationship(lazy="raise_on_sql")
