"""Table of what one person proposes and another one has to approve."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime, text_enum


class MotionKind(StrEnum):
    """What needs two people beside publication itself."""

    EXTEND = "extend"
    CLOSE = "close"
    PUBLISH_ANSWERS = "publish_answers"
    EXPORT_DATA = "export_data"


class MotionState(StrEnum):
    """Where a proposal stands; a stale one could no longer be approved and was put aside."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    STALE = "stale"


class Motion(Base):
    """One proposal: what, why and by whom, and what the second person decided."""

    __tablename__ = "motion"
    __table_args__ = (Index("ix_motion_open", "consultation_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    kind: Mapped[MotionKind] = mapped_column(text_enum(MotionKind))
    state: Mapped[MotionState] = mapped_column(text_enum(MotionState), default=MotionState.OPEN)
    #: Public once a deadline was moved by it or the consultation closed early.
    reason: Mapped[str] = mapped_column(Text)
    #: The proposed closing; None where none is proposed.
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: SHA-256 of what the proposal rests on; it is stale once that has changed.
    basis: Mapped[str] = mapped_column(String(64))
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Why it was refused; empty otherwise.
    refusal: Mapped[str] = mapped_column(Text, default="")
