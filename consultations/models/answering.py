"""Tables of the work on answers inside an agency, and of what people say to an answer."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consultations.models.contribution import Contribution, ContributionKind
from core.database import Base, UtcDateTime


class AnswerTask(Base):
    """Who works on the answer to one item, for which unit, and by when."""

    __tablename__ = "answer_task"
    __table_args__ = (
        CheckConstraint(
            "(finding_id IS NOT NULL AND theme_id IS NULL AND comment_id IS NULL)"
            " OR (finding_id IS NULL AND theme_id IS NOT NULL AND comment_id IS NULL)"
            " OR (finding_id IS NULL AND theme_id IS NULL AND comment_id IS NOT NULL)",
            name="is_about_one_item",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    finding_id: Mapped[int | None] = mapped_column(
        ForeignKey("finding.id", ondelete="CASCADE"), unique=True
    )
    theme_id: Mapped[int | None] = mapped_column(
        ForeignKey("theme.id", ondelete="CASCADE"), unique=True
    )
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), unique=True
    )
    #: The unit that answers for it; public with the answer. Never a person's name.
    unit: Mapped[str] = mapped_column(String(200), default="")
    #: By when the answer is to be written; never after the day promised to the public.
    due_on: Mapped[date | None]
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class AnswerNote(Base):
    """A private note on an item; read inside the agency only, never in any file or export."""

    __tablename__ = "answer_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(
        ForeignKey("answer_task.id", ondelete="CASCADE"), index=True
    )
    body: Mapped[str] = mapped_column(Text)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AnswerTemplate(Base):
    """Words that an agency's answers often begin with; never a reason by themselves."""

    __tablename__ = "answer_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    text_th: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text, default="")
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AnswerReply(Contribution):
    """What somebody whose words are answered says to the answer, once."""

    __tablename__ = "answer_reply"
    __mapper_args__ = {"polymorphic_identity": ContributionKind.ANSWER_REPLY}

    id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    response_id: Mapped[int] = mapped_column(
        ForeignKey("official_response.id", ondelete="CASCADE"), index=True
    )

    @property
    def clause_key(self) -> str:
        """Empty: it is about an answer."""
        return ""


class ResponseRating(Base):
    """What somebody whose words are answered makes of the answer; only totals are ever shown."""

    __tablename__ = "response_rating"
    __table_args__ = (
        Index("ix_response_rating_count", "response_id", "understood", "reasoned", "agrees"),
    )

    response_id: Mapped[int] = mapped_column(
        ForeignKey("official_response.id", ondelete="CASCADE"), primary_key=True
    )
    participant_id: Mapped[str] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    #: Whether the answer understood what they said, gives reasons, and convinces them.
    understood: Mapped[bool]
    reasoned: Mapped[bool]
    agrees: Mapped[bool]
