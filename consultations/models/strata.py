"""Tables of what participants tell about themselves, and of the population they are set against."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Json, UtcDateTime


class ParticipantProfile(Base):
    """Voluntary answers of a participant of one consultation, given with consent; deleted at will.

    An empty answer means that the person left it out or would rather not say.
    """

    __tablename__ = "participant_profile"

    participant_id: Mapped[str] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True
    )
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    age: Mapped[str] = mapped_column(String(32), default="")
    region: Mapped[str] = mapped_column(String(32), default="")
    gender: Mapped[str] = mapped_column(String(32), default="")
    #: Version of the purpose text that the person agreed to.
    purpose_version: Mapped[int]
    #: The day only, in Bangkok.
    agreed_on: Mapped[date]


class PopulationTable(Base):
    """Who lives where a consultation applies: shares of each stratum, with their source."""

    __tablename__ = "population_table"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    #: Stratum to value to share; the shares of a stratum sum to 1.
    shares: Mapped[dict[str, Any]] = mapped_column(Json)
    #: Who counted, when, and under which licence.
    source: Mapped[str] = mapped_column(Text)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
