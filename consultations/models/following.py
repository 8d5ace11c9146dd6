"""Table of who follows which consultation."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class Following(Base):
    """An account wants news of a consultation.

    Nobody follows by taking part, and no time is kept: the table tells who is interested, never who
    took part.
    """

    __tablename__ = "following"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True, index=True
    )
