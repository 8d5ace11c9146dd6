"""Tables of the theme workbench: themes that people chose, what stands in them, who read it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Json, UtcDateTime, text_enum


class ThemeState(StrEnum):
    """What people made of a theme."""

    CHOSEN = "chosen"
    #: Its comments stand in another theme now.
    MERGED = "merged"
    #: Chosen once, and not any more.
    DROPPED = "dropped"
    #: A machine theme that was looked at and not chosen.
    SET_ASIDE = "set_aside"


class ReadingOutcome(StrEnum):
    """What a reader made of a comment. A skipped one is not read."""

    PLACED = "placed"
    UNSURE = "unsure"
    SKIPPED = "skipped"


class ChangeKind(StrEnum):
    """What somebody did on the workbench."""

    ADOPTED = "adopted"
    CREATED = "created"
    WORDED = "worded"
    PINNED = "pinned"
    UNPINNED = "unpinned"
    MERGED = "merged"
    SPLIT = "split"
    MOVED = "moved"
    TAKEN_OUT = "taken_out"
    TAKEN_IN = "taken_in"
    DROPPED = "dropped"
    SET_ASIDE = "set_aside"
    SHOWN = "shown"
    UNSHOWN = "unshown"
    UNDONE = "undone"


class ThemeDesk(Base):
    """The workbench of a consultation; its row is locked by whoever changes something on it."""

    __tablename__ = "theme_desk"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    #: Since when everyone sees the chosen themes; None while they see the machine's.
    shown_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ChosenTheme(Base):
    """A theme that people work on. No run of the analysis ever changes it."""

    __tablename__ = "chosen_theme"
    __table_args__ = (Index("ix_chosen_theme_state", "consultation_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    state: Mapped[ThemeState] = mapped_column(text_enum(ThemeState), default=ThemeState.CHOSEN)
    #: Engine's identifier of the machine theme that it began as; empty when made by hand.
    machine_key: Mapped[str] = mapped_column(String(64), default="")
    #: Machine's words for it at that time, joined.
    terms: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(8), default="und")
    #: Empty while only the machine's words name it.
    label_th: Mapped[str] = mapped_column(Text, default="")
    label_en: Mapped[str] = mapped_column(Text, default="")
    description_th: Mapped[str] = mapped_column(Text, default="")
    description_en: Mapped[str] = mapped_column(Text, default="")
    #: Later runs are asked to keep the machine theme together.
    is_pinned: Mapped[bool] = mapped_column(default=False, server_default=false())
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("chosen_theme.id", ondelete="SET NULL")
    )
    #: Raised at each change, so that a page left open does not change something else.
    revision: Mapped[int] = mapped_column(default=1)
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ThemePlacement(Base):
    """What the machine and people say about whether a comment belongs to a chosen theme.

    It does when a person says so, or when the machine does and no person denies it.
    """

    __tablename__ = "theme_placement"

    theme_id: Mapped[int] = mapped_column(
        ForeignKey("chosen_theme.id", ondelete="CASCADE"), primary_key=True
    )
    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    by_machine: Mapped[bool]
    #: True or False as a person decided; None while nobody has.
    by_person: Mapped[bool | None]


class ThemeReading(Base):
    """A person read a comment and said which themes it belongs to.

    The second reading is blind and changes nothing; it measures how far two readers agree.
    """

    __tablename__ = "theme_reading"
    __table_args__ = (
        UniqueConstraint("comment_id", "is_second"),
        Index("ix_theme_reading_progress", "consultation_id", "is_second", "outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    is_second: Mapped[bool]
    outcome: Mapped[ReadingOutcome] = mapped_column(text_enum(ReadingOutcome))
    #: Numbers of the themes that the reader chose.
    themes: Mapped[list[int]] = mapped_column(Json, default=list)
    reader_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revision: Mapped[int] = mapped_column(default=1)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ThemeChange(Base):
    """One deed on the workbench: who, when, why, and what it takes to undo it."""

    __tablename__ = "theme_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("chosen_theme.id", ondelete="SET NULL"))
    kind: Mapped[ChangeKind] = mapped_column(text_enum(ChangeKind))
    #: What the theme was called then, and how many comments it concerned.
    label_th: Mapped[str] = mapped_column(Text, default="")
    label_en: Mapped[str] = mapped_column(Text, default="")
    comment_count: Mapped[int] = mapped_column(default=0)
    #: Why; empty where nothing changed that others see.
    reason: Mapped[str] = mapped_column(Text, default="")
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: Role under which it was done.
    role: Mapped[str] = mapped_column(String(32))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: As ``theme_deeds`` writes it; None when it cannot be undone.
    undo: Mapped[dict[str, Any] | None] = mapped_column(Json, deferred=True)
    can_undo: Mapped[bool] = mapped_column(default=False, server_default=false())
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
