"""Table of what happened that people may want to hear."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultations.models.consultation import Consultation
from core.database import Base, Json, UtcDateTime, text_enum
from core.mailing.kinds import NewsKind


class News(Base):
    """Something that happened to a consultation, or a task of staff: one row, however many hear."""

    __tablename__ = "news"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: None for what feeds tell and letters do not.
    kind: Mapped[NewsKind | None] = mapped_column(text_enum(NewsKind))
    #: Says which sentence feeds show; empty for what is not public.
    code: Mapped[str] = mapped_column(String(64), default="")
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    #: None for what concerns the site as a whole, such as the moderators' queue.
    consultation_id: Mapped[int | None] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    #: The same thing is told once, however often the clock comes by.
    key: Mapped[str] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    consultation: Mapped[Consultation | None] = relationship(lazy="raise_on_sql")

    @property
    def told_as(self) -> NewsKind:
        """Return the kind of news that letters tell."""
        if self.kind is None:
            raise ValueError("only feeds tell this news")
        return self.kind
