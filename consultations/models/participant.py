"""Tables of participants: a person inside one consultation, never an account."""

import secrets
from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, text_enum


class Tier(StrEnum):
    """How well it is known that the participant is one person; counted apart everywhere."""

    EMAIL = "email"
    PERSON = "person"
    ORGANISATION = "organisation"
    #: Known to the two people who entered what was said on paper, by telephone or at a meeting.
    OFFLINE = "offline"
    #: Taken over from another system's export; its own rules applied there.
    IMPORTED = "imported"


class Participant(Base):
    """A pseudonymous person in one consultation."""

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("consultation_id", "imported_as"),)

    #: 128 random bits, as 32 hexadecimal digits.
    id: Mapped[str] = mapped_column(
        String(32), primary_key=True, default=lambda: secrets.token_hex(16)
    )
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    tier: Mapped[Tier] = mapped_column(text_enum(Tier), default=Tier.EMAIL)
    #: Whom an organisation's account speaks for, shown beside what it says; empty for a person.
    organisation: Mapped[str] = mapped_column(String(200), default="", server_default="")
    #: The day only, in Bangkok.
    joined_on: Mapped[date]
    #: Number in the export that the participant was imported from; None otherwise.
    imported_as: Mapped[str | None] = mapped_column(String(64))
    #: Group that the exporting system had put the participant in, kept beside ours.
    imported_group: Mapped[str | None] = mapped_column(String(16))


class ParticipationKey(Base):
    """The only bridge between a signed-in person and their participant.

    The key is computed at request time from the sign-in and the consultation's own random key. The
    table holds no account: without the keys it leads nowhere.
    """

    __tablename__ = "participation_key"
    __table_args__ = (UniqueConstraint("consultation_id", "person_key"),)

    participant_id: Mapped[str] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True
    )
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    person_key: Mapped[bytes] = mapped_column(LargeBinary(32))


class Tombstone(Base):
    """Somebody erased all that they did in a consultation, and cannot take part in it again.

    The key alone is left, without a participant; it goes with the consultation's own key.
    """

    __tablename__ = "tombstone"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    person_key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
