"""Tables of work that an officer has begun and not finished: an import to check, data to take."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Json, UtcDateTime


class ImportPreview(Base):
    """A document as it was split, for one officer to mend before anything of the draft changes."""

    __tablename__ = "import_preview"
    __table_args__ = (UniqueConstraint("consultation_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    #: As uploaded; empty for a pasted text.
    filename: Mapped[str] = mapped_column(String(200), default="")
    #: The document itself while it waits to be read; None afterwards.
    source: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    #: How often what cannot be taken over was met, by its name; None until the document is read.
    losses: Mapped[dict[str, Any] | None] = mapped_column(Json)
    #: The document's lines, and the units they make, as ``consultations.import_split`` writes them.
    lines: Mapped[list[str] | None] = mapped_column(Json, deferred=True)
    units: Mapped[list[Any] | None] = mapped_column(Json, deferred=True)
    #: The units before the last mend; None when there is nothing to take back.
    before: Mapped[list[Any] | None] = mapped_column(Json, deferred=True)
    unit_count: Mapped[int] = mapped_column(default=0)
    #: Raised at each mend, so that a page left open does not mend something else.
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def is_read(self) -> bool:
        """Whether the document was read and can be checked."""
        return self.losses is not None


class DataExport(Base):
    """What is published in a consultation, packed for its agency; kept for some days."""

    __tablename__ = "data_export"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: A ZIP archive; None until it is packed.
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    byte_count: Mapped[int] = mapped_column(default=0)
