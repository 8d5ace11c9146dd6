"""When an account was last used, by the day, and whether its owner was told that it will go."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.clock import BANGKOK, now
from core.database import Base, is_sqlite


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
    """Note that an account was used today; the closing that was announced is off. One query."""
    today = now().astimezone(BANGKOK).date()
    insert = sqlite_insert if is_sqlite(session) else postgresql_insert
    session.execute(
        insert(AccountActivity)
        .values(account_id=account_id, seen_on=today)
        .on_conflict_do_update(
            index_elements=[AccountActivity.account_id],
            set_={"seen_on": today, "warned_on": None},
        )
    )
