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
    #: Some of the words are covered; the rest stays as visible as it was.
    COVER = "cover"
    #: Covered words are shown again.
    UNCOVER = "uncover"


#: What takes something away from its author, who may therefore appeal.
RESTRICTING = (DecisionKind.HOLD, DecisionKind.HIDE, DecisionKind.COVER)


class AppealOutcome(StrEnum):
    """How an appeal ended."""

    UPHELD = "upheld"
    REVERSED = "reversed"


class LabelCode(StrEnum):
    """What a moderator tells readers about a contribution, without taking anything away."""

    ORGANISATION = "organisation"
    BESIDE_TOPIC = "beside_topic"
    QUESTION = "question"


class ReviewSource(StrEnum):
    """Why a second moderator reads the same contribution."""

    ASKED = "asked"
    SAMPLE = "sample"


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


class Appeal(Base):
    """The author contradicts a decision, once. A senior moderator who did not take it decides."""

    __tablename__ = "appeal"

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(
        ForeignKey("decision.id", ondelete="CASCADE"), unique=True
    )
    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), index=True
    )
    #: The author's words to the moderators.
    words: Mapped[str] = mapped_column(Text)
    appealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    #: None while it is open.
    outcome: Mapped[AppealOutcome | None] = mapped_column(text_enum(AppealOutcome))
    #: The senior moderator's words to the author.
    reply: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Claim(Base):
    """A moderator is working on a contribution, for a while. Advice to others, not a lock."""

    __tablename__ = "claim"

    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Label(Base):
    """What moderators tell readers about a contribution."""

    __tablename__ = "label"

    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[LabelCode] = mapped_column(text_enum(LabelCode), primary_key=True)
    labelled_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    labelled_at: Mapped[datetime] = mapped_column(UtcDateTime)


class GroupChoice(Base):
    """A moderator's word on whether a comment is one of a group of near-identical texts."""

    __tablename__ = "group_choice"

    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    #: Reference of the comment that the group is named after; empty when taken out of any.
    template: Mapped[str] = mapped_column(String(12), default="", index=True)
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Escalation(Base):
    """A moderator asks a senior moderator to decide on a contribution."""

    __tablename__ = "escalation"

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), index=True
    )
    note: Mapped[str] = mapped_column(Text)
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When it was decided on; None while open.
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Review(Base):
    """A second moderator says, without seeing the first one's word, what they would decide."""

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), index=True
    )
    #: The decision it is compared with; None while none has been taken since it was asked for.
    decision_id: Mapped[int | None] = mapped_column(
        ForeignKey("decision.id", ondelete="CASCADE"), index=True
    )
    source: Mapped[ReviewSource] = mapped_column(text_enum(ReviewSource))
    #: Revision of the contribution that is asked about.
    revision: Mapped[int]
    #: None for one that the sample drew.
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[DecisionKind | None] = mapped_column(text_enum(DecisionKind))
    rule: Mapped[str] = mapped_column(String(32), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
