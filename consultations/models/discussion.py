"""Tables of the discussion: replies, supports, and where each comment stands in it."""

from sqlalchemy import ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from consultations.models.contribution import Contribution, ContributionKind, Stance, Visibility
from core.database import Base, text_enum


class Reply(Contribution):
    """What someone says to a comment; nobody replies to a reply."""

    __tablename__ = "reply"
    __mapper_args__ = {"polymorphic_identity": ContributionKind.REPLY}

    id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), index=True
    )

    @property
    def clause_key(self) -> str:
        """Empty: a reply is about its comment, which is about a clause."""
        return ""


class Support(Base):
    """A participant supports a comment; taken back by deleting the row. No time is kept."""

    __tablename__ = "support"

    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True
    )
    participant_id: Mapped[str] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class DiscussionPlace(Base):
    """Where a comment stands in its discussion: all by which comments are ordered and filtered.

    A narrow row beside the words, so that any page of any order is read from one index. It follows
    its comment by itself (``consultations.models.places``); the counters change under its lock.
    """

    __tablename__ = "discussion_place"
    __table_args__ = (
        Index("ix_discussion_place_recent", "consultation_id", "visibility", "comment_id"),
        Index(
            "ix_discussion_place_supports",
            "consultation_id",
            "visibility",
            "supports",
            "comment_id",
        ),
        Index(
            "ix_discussion_place_bridging",
            *("consultation_id", "visibility", "bridging", "supports", "comment_id"),
        ),
        Index(
            "ix_discussion_place_answers", "consultation_id", "visibility", "answers", "comment_id"
        ),
        Index(
            "ix_discussion_place_facets",
            *("consultation_id", "visibility", "clause_key", "theme_key", "stance", "answers"),
        ),
    )

    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True
    )
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    visibility: Mapped[Visibility] = mapped_column(text_enum(Visibility))
    clause_key: Mapped[str] = mapped_column(String(64), default="")
    stance: Mapped[Stance | None] = mapped_column(text_enum(Stance))
    #: Engine's identifier of the theme in the latest run; empty when in none.
    theme_key: Mapped[str] = mapped_column(String(64), default="", server_default="")
    #: The engine was not sure of that theme.
    is_weak: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: People who support it.
    supports: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Published replies, official ones included.
    replies: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Published official replies, and published responses that answer it or its theme.
    answers: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Support across opinion groups in the latest run, in millionths (``consultations.bridging``).
    bridging: Mapped[int] = mapped_column(default=0, server_default="0")


class DiscussionTheme(Base):
    """A theme of the latest run, as the discussion's filter names it; replaced by each run."""

    __tablename__ = "discussion_theme"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int]
    #: Words typical of the theme, joined; a machine suggestion.
    terms: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8), default="und")
    #: What the run says of it, against the run before: new, kept, split or merged.
    change: Mapped[str] = mapped_column(String(16), default="new", server_default="new")
