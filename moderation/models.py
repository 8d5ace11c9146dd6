"""Tables of moderation."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consultations.models import Visibility
from core.database import Base, UtcDateTime, text_enum
from moderation.reasons import RULES_VERSION


class DecisionKind(StrEnum):
    """What a moderator does with a contribution."""

    PUBLISH = "publish"
    HOLD = "hold"
    HIDE = "hide"


class Decision(Base):
    """One decision on one contribution, with rule and reason. Never changed, only followed."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), index=True
    )
    #: Revision of the contribution that the moderator had before them.
    seen_revision: Mapped[int]
    kind: Mapped[DecisionKind] = mapped_column(text_enum(DecisionKind))
    #: Code of the rule in ``moderation.reasons``; empty when published.
    rule: Mapped[str] = mapped_column(String(32), default="")
    #: Version of the rules that was in force.
    rules_version: Mapped[str] = mapped_column(String(16), default=RULES_VERSION)
    #: The moderator's words to the author; required unless published.
    reason: Mapped[str] = mapped_column(Text, default="")
    visibility_before: Mapped[Visibility] = mapped_column(text_enum(Visibility))
    visibility_after: Mapped[Visibility] = mapped_column(text_enum(Visibility))
    #: Account of the moderator; never shown in public.
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    #: Since when the contribution had waited: arrival or last edit, first open flag, or last hold.
    #: None when nothing was waiting.
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Flag(Base):
    """A participant says that a contribution breaks a rule. One flag for each person and item."""

    __tablename__ = "flag"
    __table_args__ = (
        UniqueConstraint("contribution_id", "participant_id"),
        Index("ix_flag_open", "contribution_id", "settled_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"))
    participant_id: Mapped[str] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), index=True
    )
    rule: Mapped[str] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(Text, default="")
    flagged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When a moderator decided on the contribution after the flag; None while open.
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
