"""Counters that slow down guessing and flooding: never more than so many in any stretch of time.

Time is cut into slices, sixty to the length of a limit. An attempt adds one to the present slice of
its key; the limit holds for the sum of all slices that the length still touches. So a limit cannot
be had twice by waiting for a full hour, and what is refused is not counted.

Counters are kept in memory, in the database or in Redis, by the same rule. Memory comes first,
because what it refuses costs the others nothing; what several processes share has the last word.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import String, delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.clock import now
from core.database import Base, UtcDateTime, is_sqlite
from core.errors import ThrottledError

#: Slices that the length of a limit is cut into.
SLICES: Final = 60
#: Keys in memory from which on those that are out of date are dropped.
_MANY_KEYS: Final = 20_000

#: Attempts by the number of their slice.
Slices = dict[int, int]


class Attempt(Base):
    """How often something was tried under one key in one slice of time."""

    __tablename__ = "attempt"

    #: What is tried and a keyed hash of who tries; never an address.
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    count: Mapped[int]


@dataclass(frozen=True)
class Limit:
    """So many times in so long."""

    times: int
    within: timedelta

    @property
    def slice_seconds(self) -> float:
        """Length of a slice."""
        return self.within.total_seconds() / SLICES


@dataclass(frozen=True)
class Try:
    """An attempt under a key, the limit that it must keep, and the error's code if it does not."""

    name: str
    limit: Limit
    code: str = "throttle.too_many"

    @property
    def key(self) -> str:
        """What is counted: limits of different length on one thing are counted apart."""
        return f"{self.name}:{self.limit.within.total_seconds():.0f}"

    def slice_at(self, moment: datetime) -> int:
        """Return the number of the slice that a moment is in."""
        return int(moment.timestamp() // self.limit.slice_seconds)


class Counters(Protocol):
    """A place where attempts are counted."""

    def add(self, tries: Sequence[Try], moment: datetime, amount: int) -> list[Slices]:
        """Add to the present slice of each key; return for each what its slices hold then."""


def take(counters: Sequence[Counters], tries: Sequence[Try]) -> datetime:
    """Count attempts that go together; all of them or, if one is over its limit, none.

    Returns
    -------
    datetime
        When they were counted, for ``give_back``.

    Raises
    ------
    ThrottledError
        With the code of the first attempt that is over its limit.
    """
    moment = now()
    for place, counter in enumerate(counters):
        counted = counter.add(tries, moment, 1)
        for one, slices in zip(tries, counted, strict=True):
            wait = _wait(one, slices, moment)
            if wait:
                give_back(counters[: place + 1], tries, moment)
                raise ThrottledError(one.code, retry_after=wait)
    return moment


def give_back(counters: Sequence[Counters], tries: Sequence[Try], moment: datetime) -> None:
    """Take attempts back that came to nothing."""
    for counter in counters:
        counter.add(tries, moment, -1)


def _wait(one: Try, slices: Slices, moment: datetime) -> timedelta | None:
    """Return how long until the attempt is free, or None if it is within its limit."""
    present = one.slice_at(moment)
    # Slices ahead of the present are there after a clock was put back; they count as well.
    live = {n: count for n, count in slices.items() if abs(n - present) <= SLICES}
    over = sum(live.values()) - one.limit.times
    if over <= 0:
        return None
    for number in sorted(live):
        over -= live[number]
        if over <= 0:
            break
    freed = (number + SLICES + 1) * one.limit.slice_seconds
    return timedelta(seconds=max(freed - moment.timestamp(), 1.0))


class Memory:
    """Counters of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, defaultdict[int, int]] = {}
        #: Until when a key is of use.
        self._until: dict[str, float] = {}

    def add(self, tries: Sequence[Try], moment: datetime, amount: int) -> list[Slices]:
        """Add to the present slices."""
        with self._lock:
            if len(self._kept) > _MANY_KEYS:
                self._drop_old(moment.timestamp())
            return [self._add(one, moment, amount) for one in tries]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._until.clear()

    def _add(self, one: Try, moment: datetime, amount: int) -> Slices:
        slices = self._kept.setdefault(one.key, defaultdict(int))
        present = one.slice_at(moment)
        slices[present] += amount
        if len(slices) > 2 * SLICES:
            for number in [n for n in slices if abs(n - present) > SLICES]:
                del slices[number]
        self._until[one.key] = moment.timestamp() + 2 * one.limit.within.total_seconds()
        return dict(slices)

    def _drop_old(self, moment: float) -> None:
        for key in [key for key, until in self._until.items() if until < moment]:
            del self._kept[key], self._until[key]


class Database:
    """Counters that all processes share; each call is a transaction of its own."""

    def __init__(self, transaction: Callable[[], AbstractContextManager[Session]]) -> None:
        self._transaction = transaction

    def add(self, tries: Sequence[Try], moment: datetime, amount: int) -> list[Slices]:
        """Add to the present slices, keys in one order so that nobody waits in a circle."""
        found: dict[str, Slices] = {}
        with self._transaction() as session:
            for one in sorted(tries, key=lambda one: one.key):
                found[one.key] = _add(session, one, moment, amount)
        return [found[one.key] for one in tries]


def _add(session: Session, one: Try, moment: datetime, amount: int) -> Slices:
    width, zone = one.limit.slice_seconds, moment.tzinfo
    insert = sqlite_insert if is_sqlite(session) else postgresql_insert
    present = datetime.fromtimestamp(one.slice_at(moment) * width, tz=zone)
    session.execute(
        insert(Attempt)
        .values(key=one.key, window_start=present, count=amount)
        .on_conflict_do_update(
            index_elements=[Attempt.key, Attempt.window_start],
            set_={"count": Attempt.count + amount},
        )
    )
    oldest = moment - one.limit.within - timedelta(seconds=width)
    rows = session.execute(
        select(Attempt.window_start, Attempt.count).where(
            Attempt.key == one.key, Attempt.window_start > oldest
        )
    )
    return {round(start.timestamp() / width): count for start, count in rows}


def forget_old(session: Session, *, before: datetime) -> None:
    """Drop counters of slices that began before a moment."""
    session.execute(delete(Attempt).where(Attempt.window_start < before))
