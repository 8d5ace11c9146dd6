"""Tables of what an agency promises after a hearing, and of what becomes of the law."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, UtcDateTime, text_enum


class CommitmentState(StrEnum):
    """How far a promise is kept."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    #: Given up, with a reason that everyone reads.
    DROPPED = "dropped"


#: States in which nothing more is to come.
SETTLED = (CommitmentState.DONE, CommitmentState.DROPPED)


class LawStage(StrEnum):
    """Where a law is after its hearing, in the usual order; some kinds skip some."""

    CABINET = "cabinet"
    COUNCIL_OF_STATE = "council_of_state"
    PARLIAMENT = "parliament"
    PROMULGATED = "promulgated"
    IN_FORCE = "in_force"
    EVALUATED = "evaluated"
    NOT_PURSUED = "not_pursued"


class Commitment(Base):
    """Something that the agency promises to do, by whom and by when."""

    __tablename__ = "commitment"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    #: Number in the consultation, from 1; part of its address.
    number: Mapped[int]
    #: Published response that it follows from; None for a promise of its own.
    response_id: Mapped[int | None] = mapped_column(ForeignKey("official_response.id"), index=True)
    text_th: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text, default="")
    #: The unit that answers for it, as people can reach it; never a person's name.
    owner: Mapped[str] = mapped_column(String(200))
    #: Adopted proposal of a working group that it carries out, as a step of the joint plan.
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("group_proposal.id"), index=True)
    #: What its owner contributes; empty for the agency's own promises.
    resources: Mapped[str] = mapped_column(Text, default="", server_default="")
    due_on: Mapped[date]
    state: Mapped[CommitmentState] = mapped_column(
        text_enum(CommitmentState), default=CommitmentState.PLANNED
    )
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When a second person made it public; None before.
    promised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    progress: Mapped[list["CommitmentProgress"]] = relationship(
        order_by="CommitmentProgress.id", lazy="raise_on_sql", cascade="all, delete-orphan"
    )


class CommitmentProgress(Base):
    """One report on a commitment. Never changed, only followed."""

    __tablename__ = "commitment_progress"

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(
        ForeignKey("commitment.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[CommitmentState] = mapped_column(text_enum(CommitmentState))
    note_th: Mapped[str] = mapped_column(Text)
    note_en: Mapped[str] = mapped_column(Text, default="")
    #: Where anyone can check it; empty when nothing can be shown yet.
    evidence_url: Mapped[str] = mapped_column(String(500), default="")
    #: The day that was promised before, where this report moves it.
    due_before: Mapped[date | None]
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LawStep(Base):
    """The law of a consultation has reached a stage."""

    __tablename__ = "law_step"
    __table_args__ = (UniqueConstraint("consultation_id", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    stage: Mapped[LawStage] = mapped_column(text_enum(LawStage))
    reached_on: Mapped[date]
    note_th: Mapped[str] = mapped_column(Text, default="")
    note_en: Mapped[str] = mapped_column(Text, default="")
    source_url: Mapped[str] = mapped_column(String(500), default="")
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
