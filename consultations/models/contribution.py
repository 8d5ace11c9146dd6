"""Tables of what participants write: comments on clauses, and statements to vote on."""

import secrets
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.schema import SchemaItem

from core.database import Base, UtcDateTime, text_enum

#: Crockford's base 32: no letter that can be mistaken for a digit.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_salt() -> bytes:
    """Make the random bytes (16) that keep a digest of a text from being guessed from the text."""
    return secrets.token_bytes(16)


def new_reference() -> str:
    """Make a code (12 characters, 60 random bits) by which a contribution is addressed."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


class ContributionKind(StrEnum):
    """Which table continues the row."""

    COMMENT = "comment"
    STATEMENT = "statement"
    REPLY = "reply"
    DISSENT = "dissent"
    ANSWER_REPLY = "answer_reply"


class Visibility(StrEnum):
    """Who sees a contribution. Only published ones reach the public and exports.

    Counted ones are in the numbers and in the analysis, but nobody is shown their words.
    """

    PENDING = "pending"
    PUBLISHED = "published"
    COUNTED = "counted"
    HELD = "held"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


#: What is in the numbers and in the analysis, shown or not.
COUNTING = (Visibility.PUBLISHED, Visibility.COUNTED)


class Origin(StrEnum):
    """Where a contribution comes from; always labelled."""

    PARTICIPANT = "participant"
    AGENCY = "agency"
    #: A facilitator, who asks and sums up but does not decide.
    FACILITATOR = "facilitator"
    #: Said without the site, and entered by two people.
    PAPER = "paper"
    PHONE = "phone"
    MEETING = "meeting"
    IMPORTED = "imported"


#: What two people of the agency enter.
OFFLINE = (Origin.PAPER, Origin.PHONE, Origin.MEETING)


class Audience(StrEnum):
    """Whom the author wants to read a comment: everyone, or only the count and the analysis."""

    PUBLIC = "public"
    COUNTED = "counted"


class Stance(StrEnum):
    """Position of a comment towards its clause."""

    SUPPORT = "support"
    OPPOSE = "oppose"
    UNSURE = "unsure"


class Contribution(Base):
    """What someone wrote; the one thing that moderation acts on."""

    __tablename__ = "contribution"
    __table_args__: tuple[SchemaItem, ...] = (
        Index("ix_contribution_queue", "consultation_id", "kind", "visibility", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ContributionKind] = mapped_column(text_enum(ContributionKind))
    #: Public code, not a sequence: the next one cannot be guessed.
    reference: Mapped[str] = mapped_column(String(12), unique=True, default=new_reference)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    #: None for the agency's own seed statements.
    participant_id: Mapped[str | None] = mapped_column(ForeignKey("participant.id"), index=True)
    origin: Mapped[Origin] = mapped_column(text_enum(Origin), default=Origin.PARTICIPANT)
    body: Mapped[str] = mapped_column(Text)
    #: Language code of the body: th, en, zh, ... or und.
    language: Mapped[str] = mapped_column(String(8), default="und")
    visibility: Mapped[Visibility] = mapped_column(
        text_enum(Visibility), default=Visibility.PENDING
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Raised at each change of words or visibility; a decision names the one it saw.
    revision: Mapped[int] = mapped_column(default=1)
    #: Goes into the digest of the words that the ledger keeps; without it the digest says nothing.
    salt: Mapped[bytes] = mapped_column(LargeBinary(16), default=new_salt)

    __mapper_args__ = {"polymorphic_on": "kind"}

    @property
    def visibility_if_approved(self) -> Visibility:
        """Who sees it once nothing speaks against it."""
        return Visibility.PUBLISHED


class Comment(Contribution):
    """Text on a clause of a published draft, or on selected words of it."""

    __tablename__ = "comment"
    __table_args__ = (
        Index("ix_comment_clause", "draft_id", "clause_key"),
        UniqueConstraint("draft_id", "imported_as"),
    )
    __mapper_args__ = {"polymorphic_identity": ContributionKind.COMMENT}

    id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"))
    #: Key of the clause, equal in every draft; empty for a comment on the draft as a whole.
    clause_key: Mapped[str] = mapped_column(String(64), default="")
    audience: Mapped[Audience] = mapped_column(
        text_enum(Audience), default=Audience.PUBLIC, server_default=Audience.PUBLIC.value
    )
    stance: Mapped[Stance | None] = mapped_column(text_enum(Stance))
    #: Evidence or experience behind the comment; empty when none was given.
    reason: Mapped[str] = mapped_column(Text, default="")
    #: The clause as the author would word it; empty when not proposed.
    proposed_wording: Mapped[str] = mapped_column(Text, default="")
    #: The selected words with what stands before and after them; empty for the whole clause.
    quote_exact: Mapped[str] = mapped_column(Text, default="")
    quote_prefix: Mapped[str] = mapped_column(String(64), default="")
    quote_suffix: Mapped[str] = mapped_column(String(64), default="")
    #: Offset of the selected words in the clause's body; None for the whole clause.
    quote_start: Mapped[int | None]
    #: Number in the file that the comment was imported from.
    imported_as: Mapped[str | None] = mapped_column(String(64))

    @property
    def visibility_if_approved(self) -> Visibility:
        """As its author wishes."""
        is_public = self.audience is Audience.PUBLIC
        return Visibility.PUBLISHED if is_public else Visibility.COUNTED


class Statement(Contribution):
    """One short sentence that people vote on."""

    __tablename__ = "statement"
    __table_args__ = (
        UniqueConstraint("number_in_id", "number"),
        Index("ix_statement_matching", "number_in_id", "matching_digest"),
    )
    __mapper_args__ = {"polymorphic_identity": ContributionKind.STATEMENT}

    id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    #: The consultation again, so that the database can keep the number unique in it.
    number_in_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    #: Number in the consultation, from 0 for imported statements, from 1 otherwise.
    number: Mapped[int]
    #: Clause that the statement is about; empty when about the whole.
    clause_key: Mapped[str] = mapped_column(String(64), default="")
    #: Administrative text of an imported conversation: shown, never analysed.
    is_meta: Mapped[bool] = mapped_column(default=False)
    #: SHA-256 of the form under which two sentences count as the same; None when imported.
    matching_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    #: Comment that the sentence was taken from; None when it was written for itself.
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))
    #: Votes of each choice; changed with each vote, under this row's lock.
    agrees: Mapped[int] = mapped_column(default=0, server_default="0")
    disagrees: Mapped[int] = mapped_column(default=0, server_default="0")
    passes: Mapped[int] = mapped_column(default=0, server_default="0")
    #: How far it divides people, by the latest run; weighs in what is shown next.
    extremity: Mapped[float] = mapped_column(default=0.0, server_default="0")


class ContributionRevision(Base):
    """Words that the author has since replaced; an edited contribution keeps its versions."""

    __tablename__ = "contribution_revision"

    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    #: The contribution's revision while these words stood.
    revision: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    audience: Mapped[Audience] = mapped_column(
        text_enum(Audience), default=Audience.PUBLIC, server_default=Audience.PUBLIC.value
    )
    stance: Mapped[Stance | None] = mapped_column(text_enum(Stance))
    reason: Mapped[str] = mapped_column(Text, default="")
    proposed_wording: Mapped[str] = mapped_column(Text, default="")
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    #: When these words were replaced.
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
