"""Tables of drafts and their clauses."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Json, UtcDateTime, text_enum


class DraftState(StrEnum):
    """A working draft may still change; a published one never does."""

    WORKING = "working"
    PUBLISHED = "published"


class Draft(Base):
    """One numbered version of the text under consultation."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    #: From 1.
    number: Mapped[int]
    state: Mapped[DraftState] = mapped_column(text_enum(DraftState), default=DraftState.WORKING)
    #: What this version is, in the agency's words.
    note_th: Mapped[str] = mapped_column(Text, default="")
    note_en: Mapped[str] = mapped_column(Text, default="")
    #: Account of the officer who wrote last; the approver must be someone else.
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: Accounts that had a hand in it; none of them, nor another account of theirs, approves it.
    hands: Mapped[list[int]] = mapped_column(Json, default=list, server_default="[]")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    clauses: Mapped[list["Clause"]] = relationship(
        back_populates="draft",
        lazy="raise_on_sql",
        order_by="Clause.position",
        cascade="all, delete-orphan",
    )


class Clause(Base):
    """One unit of a draft: a chapter, a section, a clause. The key stays the same across drafts."""

    __tablename__ = "clause"
    __table_args__ = (UniqueConstraint("draft_id", "key"), UniqueConstraint("draft_id", "position"))

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"))
    #: Readable, unique in the consultation, kept when the clause is renumbered or moved.
    key: Mapped[str] = mapped_column(String(64))
    #: Key of the unit that holds this one; None at the top.
    parent_key: Mapped[str | None] = mapped_column(String(64))
    #: Order in the text, from 0.
    position: Mapped[int]
    #: Kind of unit as in ``consultations.outline``: chapter, section, clause, ...
    kind: Mapped[str] = mapped_column(String(32))
    #: As printed, for example "มาตรา ๕"; empty for an unnumbered unit.
    number: Mapped[str] = mapped_column(String(64), default="")
    heading: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")
    #: Translation, for reading only; empty when there is none.
    heading_en: Mapped[str] = mapped_column(Text, default="")
    body_en: Mapped[str] = mapped_column(Text, default="")
    #: What the clause means in plain words.
    explanation_th: Mapped[str] = mapped_column(Text, default="")
    explanation_en: Mapped[str] = mapped_column(Text, default="")
    draft: Mapped[Draft] = relationship(back_populates="clauses", lazy="raise_on_sql")

    @property
    def takes_comments(self) -> bool:
        """Whether people can comment on it: it has words of its own, not only a heading."""
        return bool(self.body)
