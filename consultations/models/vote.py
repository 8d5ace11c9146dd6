"""Table of votes on statements."""

from datetime import date
from enum import IntEnum

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, UniqueConstraint
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
