"""Counters that slow down guessing and flooding."""

from datetime import datetime, timedelta

from sqlalchemy import String, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.clock import now
from core.database import Base, UtcDateTime, is_sqlite
from core.errors import ThrottledError


class Attempt(Base):
    """How often something was tried under one key in one window of time."""

    __tablename__ = "attempt"

    #: What is tried and a keyed hash of who tries; never an address.
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    count: Mapped[int]


def check_and_count(session: Session, key: str, *, limit: int, window: timedelta) -> None:
    """Count one attempt.

    Runs in a transaction of its own, before the attempt, so that a refused one stays counted.

    Raises
    ------
    ThrottledError
        ``throttle.too_many`` when more than ``limit`` fall into the present window.
    """
    moment = now()
    seconds = window.total_seconds()
    start = datetime.fromtimestamp(moment.timestamp() // seconds * seconds, tz=moment.tzinfo)
    insert = sqlite_insert if is_sqlite(session) else postgresql_insert
    statement = insert(Attempt).values(key=key, window_start=start, count=1)
    count = session.scalar(
        statement.on_conflict_do_update(
            index_elements=[Attempt.key, Attempt.window_start], set_={"count": Attempt.count + 1}
        ).returning(Attempt.count)
    )
    if count is not None and count > limit:
        raise ThrottledError("throttle.too_many", retry_after=start + window - moment)


def take_back(session: Session, key: str) -> None:
    """Take the last attempt of a key back: it was no guess."""
    latest = select(func.max(Attempt.window_start)).where(Attempt.key == key).scalar_subquery()
    session.execute(
        update(Attempt)
        .where(Attempt.key == key, Attempt.window_start == latest, Attempt.count > 0)
        .values(count=Attempt.count - 1)
        .execution_options(synchronize_session=False)
    )


def forget(session: Session, key: str) -> None:
    """Drop the counters of a key, for example after a successful sign-in."""
    session.execute(delete(Attempt).where(Attempt.key == key))


def forget_old(session: Session, *, before: datetime) -> None:
    """Drop counters of windows that began before a moment."""
    session.execute(delete(Attempt).where(Attempt.window_start < before))


def attempts(session: Session, key: str) -> int:
    """How often the key was counted in all windows kept."""
    return sum(session.scalars(select(Attempt.count).where(Attempt.key == key)))
