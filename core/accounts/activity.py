"""When an account was last used, by the day, and whether its owner was told that it will go."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.clock import BANGKOK, now
from core.database import Base


class AccountActivity(Base):
    """The last day of use; without a row, the day of registration counts."""

    __tablename__ = "account_activity"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    seen_on: Mapped[date] = mapped_column(index=True)
    #: The day on which the owner was told that the account will be closed; None while not.
    warned_on: Mapped[date | None]


def note_use(session: Session, account_id: int) -> None:
    """Note that an account was used today; the closing that was announced is off."""
    today = now().astimezone(BANGKOK).date()
    found = session.get(AccountActivity, account_id)
    if found is None:
        session.merge(AccountActivity(account_id=account_id, seen_on=today))
    else:
        found.seen_on, found.warned_on = today, None
    session.flush()
