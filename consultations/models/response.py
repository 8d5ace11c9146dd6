"""Tables of the agency's answers and of the changes that they cause."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Json, UtcDateTime, text_enum


class Disposition(StrEnum):
    """What the agency does with what people said."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    NOT_ACCEPTED = "not_accepted"
    ALREADY_COVERED = "already_covered"
    OUT_OF_SCOPE = "out_of_scope"


class Ground(StrEnum):
    """What the reason of a response rests on."""

    LAW = "law"
    EVIDENCE = "evidence"
    COMMUNITY_VALUE = "community_value"
    PROFESSIONAL_STANDARD = "professional_standard"
    BUDGET = "budget"
    CITIZEN_INTEREST = "citizen_interest"


class ResponseState(StrEnum):
    """An officer drafts, another person approves, all are published together."""

    WORKING = "working"
    APPROVED = "approved"
    PUBLISHED = "published"


class OfficialResponse(Base):
    """The agency's answer to one item: a finding, a theme or a single comment."""

    __tablename__ = "official_response"
    __table_args__ = (
        CheckConstraint(
            "(finding_id IS NOT NULL AND theme_id IS NULL AND comment_id IS NULL)"
            " OR (finding_id IS NULL AND theme_id IS NOT NULL AND comment_id IS NULL)"
            " OR (finding_id IS NULL AND theme_id IS NULL AND comment_id IS NOT NULL)",
            name="answers_one_item",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"), unique=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"), unique=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), unique=True)
    disposition: Mapped[Disposition] = mapped_column(text_enum(Disposition))
    ground: Mapped[Ground] = mapped_column(text_enum(Ground))
    #: Why; required for every disposition, acceptance included.
    reason_th: Mapped[str] = mapped_column(Text)
    reason_en: Mapped[str] = mapped_column(Text, default="")
    #: Clause that the response is about; empty when about none in particular.
    clause_key: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[ResponseState] = mapped_column(
        text_enum(ResponseState), default=ResponseState.WORKING
    )
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: Accounts that had a hand in it; none of them, nor another account of theirs, approves it.
    hands: Mapped[list[int]] = mapped_column(Json, default=list, server_default="[]")
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ChangeCause(Base):
    """Why a clause differs from the draft before: a response, or the agency's own initiative."""

    __tablename__ = "change_cause"
    __table_args__ = (Index("ix_change_cause_clause", "draft_id", "clause_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The newer draft.
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"))
    #: Also names a clause that the newer draft removed.
    clause_key: Mapped[str] = mapped_column(String(64))
    #: None means agency initiative.
    response_id: Mapped[int | None] = mapped_column(ForeignKey("official_response.id"), index=True)
    #: Comment whose proposed wording was taken over as it stands; None when none was.
    taken_from_id: Mapped[int | None] = mapped_column(
        ForeignKey("comment.id", ondelete="SET NULL"), index=True
    )
    #: The agency's words on this change; required when it is its own initiative.
    note_th: Mapped[str] = mapped_column(Text, default="")
    note_en: Mapped[str] = mapped_column(Text, default="")
