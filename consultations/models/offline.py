"""Tables of what people said on paper, by telephone or at a meeting, before and after it counts."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consultations.models.contribution import Origin, new_reference
from core.database import Base, Json, UtcDateTime, text_enum


class OfflineState(StrEnum):
    """Where a response stands between the two people."""

    WAITING = "waiting"
    RETURNED = "returned"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class BatchState(StrEnum):
    """Where a file of responses stands; importing ends by itself."""

    PREVIEW = "preview"
    WAITING = "waiting"
    IMPORTING = "importing"
    DONE = "done"
    REJECTED = "rejected"


class OfflineBatch(Base):
    """A file with many responses, entered and checked as a whole."""

    __tablename__ = "offline_batch"
    __table_args__ = (UniqueConstraint("consultation_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    filename: Mapped[str] = mapped_column(String(200))
    #: SHA-256 of the file in hexadecimal; None once refused, so that the file can come again.
    digest: Mapped[str | None] = mapped_column(String(64))
    #: The file, encrypted, until it is handed on; None afterwards.
    sealed_file: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    state: Mapped[BatchState] = mapped_column(text_enum(BatchState), default=BatchState.PREVIEW)
    #: Responses that were handed on, and that were left out as the preview said.
    accepted: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Why it was refused; empty otherwise.
    note: Mapped[str] = mapped_column(Text, default="")


class OfflineEntry(Base):
    """One person's response: where it comes from, who entered it and who checked it.

    The words are here, encrypted, only until they count; then they are contributions.
    """

    __tablename__ = "offline_entry"
    __table_args__ = (
        UniqueConstraint("consultation_id", "form_number"),
        UniqueConstraint("consultation_id", "repeat_index"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Number of the receipt; for a printed form it is on the form from the beginning.
    reference: Mapped[str] = mapped_column(String(12), unique=True, default=new_reference)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    batch_id: Mapped[int | None] = mapped_column(
        ForeignKey("offline_batch.id", ondelete="CASCADE"), index=True
    )
    #: First row in the file; None for one that was typed in.
    row: Mapped[int | None]
    state: Mapped[OfflineState] = mapped_column(
        text_enum(OfflineState), default=OfflineState.WAITING
    )
    #: Paper, telephone or meeting.
    origin: Mapped[Origin] = mapped_column(text_enum(Origin))
    #: The day that the paper bears or was received on, or on which it was said.
    said_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(200), default="")
    #: Number of the printed form; None without one, and once rejected.
    form_number: Mapped[int | None]
    #: Version of the words that the person agreed to.
    consent_version: Mapped[int]
    sealed_words: Mapped[str | None] = mapped_column(Text, deferred=True)
    #: Keyed hash of the code on the person's slip; the code itself is nowhere.
    slip_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    #: Keyed hash of what a row of a file says, so that it is known when it comes again.
    repeat_index: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Who wrote the present words; never the one who confirms them.
    worded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Why it was given back or rejected; empty otherwise.
    note: Mapped[str] = mapped_column(Text, default="")
    #: Raised at each change of words or state; whoever checks names the one they saw.
    revision: Mapped[int] = mapped_column(default=1)
    #: Under whom it counts; None before, and once erased.
    participant_id: Mapped[str | None] = mapped_column(
        ForeignKey("participant.id", ondelete="SET NULL"), index=True
    )
    #: The day on which the person said that they also took part on the site.
    matched_on: Mapped[date | None]
    #: What a match decided: numbers of votes that counted from here, and from the site.
    match: Mapped[dict[str, Any] | None] = mapped_column(Json)


class OfflineScan(Base):
    """A page of a paper, encrypted; seen by the two people only, and deleted after a time."""

    __tablename__ = "offline_scan"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(
        ForeignKey("offline_entry.id", ondelete="CASCADE"), index=True
    )
    #: image/png, image/jpeg or application/pdf, as found in the file and not as it was named.
    kind: Mapped[str] = mapped_column(String(32))
    size: Mapped[int]
    #: SHA-256 of the page as kept, in hexadecimal.
    digest: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When the response was confirmed; None before.
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
