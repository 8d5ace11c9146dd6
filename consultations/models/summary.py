"""Tables of what people publish out of a run: a summary, its themes, its findings and evidence."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Json, UtcDateTime, text_enum


class SummaryState(StrEnum):
    """A summary is prepared by an officer and published by an approver."""

    WORKING = "working"
    PUBLISHED = "published"


class Section(StrEnum):
    """Part of the summary that a finding stands in."""

    PARTICIPATION = "participation"
    COMMON_GROUND = "common_ground"
    DIFFERENCES = "differences"
    THEMES = "themes"
    MINORITY = "minority"
    CAMPAIGNS = "campaigns"
    TOO_FEW = "too_few"


class ThemeKind(StrEnum):
    """What a theme of a summary is.

    Where people chose the themes, those of the machine stay as evidence only; like the list of all
    comments in a language in which too few wrote to group, they are neither worded nor answered.
    """

    THEME = "theme"
    LISTED = "listed"
    MACHINE = "machine"


class EvidenceKind(StrEnum):
    """What a finding rests on."""

    STATEMENT = "statement"
    COMMENT = "comment"
    THEME = "theme"
    GROUP = "group"


class Summary(Base):
    """What people published out of one analysis run."""

    __tablename__ = "summary"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    #: From 1.
    number: Mapped[int]
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_run.id"), index=True)
    state: Mapped[SummaryState] = mapped_column(
        text_enum(SummaryState), default=SummaryState.WORKING
    )
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: Accounts that had a hand in it; none of them, nor another account of theirs, approves it.
    hands: Mapped[list[int]] = mapped_column(Json, default=list, server_default="[]")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When the participants' check of it ended, and what they said, as ``shares.Tally`` has it.
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    check_counts: Mapped[dict[str, Any] | None] = mapped_column(Json)


class Theme(Base):
    """A subject found in comments. Its label is the machine's until a person words it.

    A list of comments without a subject stands here too, so that they keep their trace; it is
    neither worded nor answered.
    """

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("summary_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(ForeignKey("summary.id", ondelete="CASCADE"))
    #: The engine's lasting identifier.
    key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[ThemeKind] = mapped_column(text_enum(ThemeKind), default=ThemeKind.THEME)
    position: Mapped[int]
    #: Words typical of the theme, joined; a machine suggestion.
    terms: Mapped[str] = mapped_column(Text)
    #: The wording by a person; empty while there is only the suggestion.
    label_th: Mapped[str] = mapped_column(Text, default="")
    label_en: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(8), default="und")
    comment_count: Mapped[int]
    people_count: Mapped[int]
    #: The agency chose it; how many of its comments a person placed there or confirmed.
    is_chosen: Mapped[bool] = mapped_column(default=False, server_default=false())
    person_count: Mapped[int] = mapped_column(default=0, server_default="0")


class ThemeComment(Base):
    """A comment belongs to a theme."""

    __tablename__ = "theme_comment"

    theme_id: Mapped[int] = mapped_column(
        ForeignKey("theme.id", ondelete="CASCADE"), primary_key=True
    )
    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Finding(Base):
    """One published sentence, tied to the evidence that supports it."""

    __tablename__ = "finding"
    __table_args__ = (UniqueConstraint("summary_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(ForeignKey("summary.id", ondelete="CASCADE"))
    #: Place by the engine's rule; those that the agency added come after.
    position: Mapped[int]
    #: Place in which the agency shows it; None where the engine's rule holds.
    moved_to: Mapped[int | None]
    #: The agency chose it from what the run offers beside its own choice.
    is_added: Mapped[bool] = mapped_column(default=False, server_default=false())
    section: Mapped[Section] = mapped_column(text_enum(Section))
    #: The engine's sentence: its number, template and values, so that it can be checked again.
    sentence: Mapped[dict[str, Any]] = mapped_column(Json)
    #: The words that hold: the machine's, which stand in ``sentence``, or the agency's.
    text_th: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    #: Left out by the officer, with the reason, which is shown; None when included.
    left_out_reason: Mapped[str | None] = mapped_column(Text)
    evidence: Mapped[list["Evidence"]] = relationship(
        lazy="selectin", order_by="Evidence.id", cascade="all, delete-orphan"
    )

    @property
    def place(self) -> int:
        """Place in which it is shown."""
        return self.position if self.moved_to is None else self.moved_to

    @place.setter
    def place(self, value: int) -> None:
        self.moved_to = None if value == self.position else value


class Evidence(Base):
    """One thing that a finding rests on: a statement, a comment's words, a theme or a group."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_contribution", "contribution_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(
        ForeignKey("finding.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[EvidenceKind] = mapped_column(text_enum(EvidenceKind))
    #: The statement or comment; None for a theme or a group.
    contribution_id: Mapped[int | None] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE")
    )
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"))
    #: The engine's name of the group; empty otherwise.
    group: Mapped[str] = mapped_column(String(16), default="")
    #: Offsets of the quoted words in the comment's body; None when nothing is quoted.
    quote_start: Mapped[int | None]
    quote_end: Mapped[int | None]
