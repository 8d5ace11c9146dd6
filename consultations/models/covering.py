"""Words that a moderator has covered: the original is kept sealed beside the contribution."""

from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Json


class SealedWords(Base):
    """The author's words of a contribution some of whose words are covered.

    The contribution itself holds what everybody may read, so that no page, file or analysis can
    show what is covered. The row goes once nothing is covered any more.
    """

    __tablename__ = "sealed_words"

    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    #: The texts by field, encrypted with the site's keys.
    sealed: Mapped[str] = mapped_column(Text)
    #: Salt of the digest that the ledger has of these words.
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    #: What is covered: field, start and end in the author's words, rule, number of the decision.
    spans: Mapped[list[list[Any]]] = mapped_column(Json)
