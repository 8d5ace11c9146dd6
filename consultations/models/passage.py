"""Tables made from others so that pages stay fast: words to search in, and counts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime


class Passage(Base):
    """Words of a public consultation to search in, folded as ``search_words.fold`` does.

    SQLite searches them through the virtual table ``passage_words`` (FTS5, trigrams), which
    triggers keep equal; PostgreSQL through the index ``passage_words_trigrams``. A model can say
    neither, so only the migration makes them.
    """

    __tablename__ = "passage"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    #: Clause of the latest published draft; None for title, summary and agency.
    clause_id: Mapped[int | None] = mapped_column(
        ForeignKey("clause.id", ondelete="CASCADE"), index=True
    )
    words: Mapped[str] = mapped_column(Text)


class Tally(Base):
    """Counts of a consultation in which so many take part that counting takes its time."""

    __tablename__ = "tally"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    participants: Mapped[int]
    comments: Mapped[int]
    statements: Mapped[int]
    votes: Mapped[int]
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
