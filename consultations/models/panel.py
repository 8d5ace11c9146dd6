"""Tables of panels: invited people who read prototype clauses before anybody else does."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime, text_enum


class SeatState(StrEnum):
    """How a place in a panel is held."""

    INVITED = "invited"
    ACTIVE = "active"
    DECLINED = "declined"


class Degree(StrEnum):
    """Whether a clause is understood, or can be carried out."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Panel(Base):
    """Prototype clauses, and when the invited people have answered about them."""

    __tablename__ = "panel"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    #: Number in the consultation, from 1; part of its address.
    number: Mapped[int]
    title_th: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    #: Last day on which members answer.
    closes_on: Mapped[date]
    begun_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When a second person made the results public; None before.
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PanelClause(Base):
    """One prototype clause."""

    __tablename__ = "panel_clause"
    __table_args__ = (UniqueConstraint("panel_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id", ondelete="CASCADE"))
    #: From 1.
    position: Mapped[int]
    body: Mapped[str] = mapped_column(Text)


class PanelSeat(Base):
    """A place in a panel. Who holds it is known by a keyed hash only, and is no participant."""

    __tablename__ = "panel_seat"
    __table_args__ = (UniqueConstraint("panel_id", "person_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id", ondelete="CASCADE"))
    state: Mapped[SeatState] = mapped_column(text_enum(SeatState), default=SeatState.INVITED)
    #: None before the invitation is accepted, and once the person has erased their data.
    person_key: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)


class PanelAnswer(Base):
    """What one member says to one clause; changed until the last day is over."""

    __tablename__ = "panel_answer"

    seat_id: Mapped[int] = mapped_column(
        ForeignKey("panel_seat.id", ondelete="CASCADE"), primary_key=True
    )
    clause_id: Mapped[int] = mapped_column(
        ForeignKey("panel_clause.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    understood: Mapped[Degree] = mapped_column(text_enum(Degree))
    workable: Mapped[Degree] = mapped_column(text_enum(Degree))
    #: What the member would change; for the agency only.
    change: Mapped[str] = mapped_column(Text, default="")
