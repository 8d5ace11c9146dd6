"""Tables of the law hearing: its template, the form, those affected, and how they were told."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultations.models.consultation import Kind
from core.database import Base, Json, UtcDateTime, text_enum


class TemplateVersion(Base):
    """One version of what consultations of a kind begin with; never changed once it is there."""

    __tablename__ = "template_version"
    __table_args__ = (UniqueConstraint("kind", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(text_enum(Kind))
    number: Mapped[int]
    #: JSON as in the files of ``consultations/kinds``.
    content: Mapped[str] = mapped_column(Text)
    #: Taken from the file of the kind, not written by an administrator.
    is_delivered: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HearingForm(Base):
    """What an officer has filled in of a consultation's law-hearing form, and confirmed."""

    __tablename__ = "hearing_form"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    #: Texts by field and language, as ``{"problem": {"th": "...", "en": "..."}}``.
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    #: Codes of the template's own points that were confirmed.
    confirmed: Mapped[list[str]] = mapped_column(Json)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StakeholderKind(StrEnum):
    """What sort of group is affected."""

    PUBLIC = "public"
    COMMUNITY = "community"
    BUSINESS = "business"
    ASSOCIATION = "association"
    ACADEMIA = "academia"
    AGENCY = "agency"
    LOCAL_GOVERNMENT = "local_government"


class Stakeholder(Base):
    """A group or an organisation that is affected; never a person."""

    __tablename__ = "stakeholder"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[StakeholderKind] = mapped_column(text_enum(StakeholderKind))
    name: Mapped[str] = mapped_column(String(200))
    effect_th: Mapped[str] = mapped_column(Text, default="")
    effect_en: Mapped[str] = mapped_column(Text, default="")
    #: Sealed: whom to reach and how. Empty when none is known, and 180 days after the end.
    sealed_contact: Mapped[str] = mapped_column(Text, default="")
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    notices: Mapped[list["StakeholderNotice"]] = relationship(
        order_by="StakeholderNotice.id", cascade="all, delete-orphan"
    )


class NoticeChannel(StrEnum):
    """How a group is told."""

    EMAIL = "email"
    LETTER = "letter"
    PHONE = "phone"
    MEETING = "meeting"
    POSTER = "poster"
    MEDIA = "media"


class NoticeState(StrEnum):
    """How far a notice is."""

    #: To be given on its day.
    PLANNED = "planned"
    #: Waits in the site's outbox.
    SENDING = "sending"
    #: The receiver's mail server has taken it.
    DELIVERED = "delivered"
    #: The receiver's mail server refused it, or it could not be reached for days.
    REFUSED = "refused"
    #: Given otherwise; an officer says so, with proof where there is one.
    GIVEN = "given"


class StakeholderNotice(Base):
    """One notice to one group, with the proof that it was given."""

    __tablename__ = "stakeholder_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    stakeholder_id: Mapped[int] = mapped_column(
        ForeignKey("stakeholder.id", ondelete="CASCADE"), index=True
    )
    channel: Mapped[NoticeChannel] = mapped_column(text_enum(NoticeChannel))
    state: Mapped[NoticeState] = mapped_column(text_enum(NoticeState))
    #: The day on which it is to be given, or was.
    notified_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text, default="")
    proof_name: Mapped[str] = mapped_column(String(100), default="")
    #: Hexadecimal SHA-256; kept when the file itself goes.
    proof_digest: Mapped[str] = mapped_column(String(64), default="")
    proof: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
