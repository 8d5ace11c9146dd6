"""Tables of the results report: its editions, and the files that each is given out as."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime, text_enum


class EditionState(StrEnum):
    """An officer has an edition made, an approver publishes it; an older one stays as it was."""

    WORKING = "working"
    PUBLISHED = "published"


class ReportEdition(Base):
    """One numbered edition of the results report, with what an officer adds to the figures."""

    __tablename__ = "report_edition"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    #: From 1.
    number: Mapped[int]
    state: Mapped[EditionState] = mapped_column(
        text_enum(EditionState), default=EditionState.WORKING
    )
    #: What was done beside this site, with numbers: meetings, letters, telephone.
    outside_th: Mapped[str] = mapped_column(Text, default="")
    outside_en: Mapped[str] = mapped_column(Text, default="")
    #: What happens next, and by which day.
    next_th: Mapped[str] = mapped_column(Text, default="")
    next_en: Mapped[str] = mapped_column(Text, default="")
    next_on: Mapped[date | None]
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Raised whenever an officer asks for the files again.
    revision: Mapped[int] = mapped_column(default=1)
    #: Revision, state of the consultation and state of its words that the files were made from, and
    #: the report's SHA-256; empty before that.
    made_revision: Mapped[int] = mapped_column(default=0)
    made_state: Mapped[str] = mapped_column(String(200), default="")
    made_words: Mapped[str] = mapped_column(String(64), default="")
    digest: Mapped[str] = mapped_column(String(64), default="")
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReportFile(Base):
    """One file of an edition, as it is given out."""

    __tablename__ = "report_file"
    __table_args__ = (UniqueConstraint("edition_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("report_edition.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(64))
    #: Hexadecimal SHA-256 and bytes of the file.
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
