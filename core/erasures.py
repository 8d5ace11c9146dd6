"""What was erased, as a list of random numbers: done again after an old backup is restored."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.clock import BANGKOK, now
from core.database import Base, UtcDateTime, text_enum


class ErasedKind(StrEnum):
    """What a line of the list names."""

    #: Everything that one participant did, by the participant's random number.
    PARTICIPANT = "participant"
    #: The words of one contribution, by its reference.
    CONTRIBUTION = "contribution"
    #: An account, by a keyed code of its number.
    ACCOUNT = "account"


class Erasure(Base):
    """One line of the list."""

    __tablename__ = "erasure"
    __table_args__ = (UniqueConstraint("kind", "target"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ErasedKind] = mapped_column(text_enum(ErasedKind))
    target: Mapped[str] = mapped_column(String(64))
    #: The day only, in Bangkok.
    erased_on: Mapped[date]
    #: When the line was written to the file outside the database; None while it is not.
    listed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


def note(session: Session, kind: ErasedKind, target: str) -> None:
    """Put a line on the list, once."""
    known = select(Erasure.id).where(Erasure.kind == kind, Erasure.target == target)
    if session.scalar(known) is None:
        session.add(Erasure(kind=kind, target=target, erased_on=now().astimezone(BANGKOK).date()))
        session.flush()


def unlisted(session: Session) -> Sequence[Erasure]:
    """Return the lines that the file outside the database does not have, the first in front."""
    return session.scalars(
        select(Erasure).where(Erasure.listed_at.is_(None)).order_by(Erasure.id)
    ).all()


def line_of(erasure: Erasure) -> str:
    """Return a line as the file has it."""
    return f"{erasure.erased_on.isoformat()} {erasure.kind.value} {erasure.target}"


def read_line(line: str) -> tuple[ErasedKind, str] | None:
    """Read a line of the file; None if it is not one."""
    parts = line.split()
    if len(parts) != 3 or parts[1] not in set(ErasedKind):
        return None
    return ErasedKind(parts[1]), parts[2]
