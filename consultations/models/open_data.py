"""Table of the files of open data, made from a finished run."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime


class OpenFile(Base):
    """One file that anyone may take; the newest ones of a consultation replace those before."""

    __tablename__ = "open_file"
    __table_args__ = (UniqueConstraint("consultation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_run.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(64))
    #: Hexadecimal SHA-256 and bytes of the file as it is taken.
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    rows: Mapped[int]
    #: State of the contributions when the file was made; another one now means that words were
    #: changed or hidden since, and that the file must not be given out.
    words_state: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: zlib-compressed.
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
