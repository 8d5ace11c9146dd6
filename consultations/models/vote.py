"""Tables of votes: on statements, and on the clauses of a draft."""

from datetime import date
from enum import IntEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class Choice(IntEnum):
    """What a participant says to a statement. Not having seen it is the absence of a vote."""

    DISAGREE = -1
    PASS = 0
    AGREE = 1


class Vote(Base):
    """The present choice of one participant on one statement; at most one row for each pair."""

    __tablename__ = "vote"
    __table_args__ = (
        UniqueConstraint("statement_id", "participant_id"),
        CheckConstraint("choice IN (-1, 0, 1)", name="choice_is_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id", ondelete="CASCADE"))
    participant_id: Mapped[str] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), index=True
    )
    choice: Mapped[int] = mapped_column(SmallInteger)
    #: The day only, in Bangkok.
    voted_on: Mapped[date]


class ClauseVote(Base):
    """The present choice of one participant on one clause of one draft, in the words it had there.

    A clause of the next draft is another row of ``clause``, so that no vote ever moves to words
    that nobody voted on.
    """

    __tablename__ = "clause_vote"
    __table_args__ = (
        UniqueConstraint("clause_id", "participant_id"),
        CheckConstraint("choice IN (-1, 0, 1)", name="choice_is_known"),
        Index("ix_clause_vote_count", "clause_id", "choice"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id", ondelete="CASCADE"))
    participant_id: Mapped[str] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), index=True
    )
    choice: Mapped[int] = mapped_column(SmallInteger)
    #: The day only, in Bangkok.
    voted_on: Mapped[date]
