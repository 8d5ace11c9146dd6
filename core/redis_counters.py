"""Counters in Redis, and what counts instead while Redis is away."""

import contextlib
import importlib
import logging
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from core.throttle import SLICES, Counters, Slices, Try

#: Seconds that Redis may be silent, and for which it is left alone after a failure.
PATIENCE: Final = 0.25
REST: Final = 10.0

log = logging.getLogger("sarn.security")

redis: Any = None
with contextlib.suppress(ImportError):  # part of requirements-production.txt only
    redis = importlib.import_module("redis")


def is_installed() -> bool:
    """Whether the library that speaks to Redis is there."""
    return redis is not None


def connect(url: str) -> Any:
    """Return a connection that gives up soon."""
    return redis.Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)


class RedisCounters:
    """Counters that all processes share, one hash for each key; all of a call in one journey."""

    def __init__(self, connection: Any) -> None:
        self._redis = connection

    def add(self, tries: Sequence[Try], moment: datetime, amount: int) -> list[Slices]:
        """Add to the present slices."""
        pipeline = self._redis.pipeline(transaction=True)
        for one in tries:
            key = f"sarn:{one.key}"
            pipeline.hincrby(key, str(one.slice_at(moment)), amount)
            pipeline.expire(key, int(2 * one.limit.within.total_seconds()) + 1)
            pipeline.hgetall(key)
        found = [
            {int(number): int(count) for number, count in slices.items()}
            for slices in pipeline.execute()[2::3]
        ]
        self._drop_old(tries, found, moment)
        return found

    def _drop_old(self, tries: Sequence[Try], found: list[Slices], moment: datetime) -> None:
        for one, slices in zip(tries, found, strict=True):
            if len(slices) > 2 * SLICES:
                present = one.slice_at(moment)
                old = [str(number) for number in slices if abs(number - present) > SLICES]
                self._redis.hdel(f"sarn:{one.key}", *old)


class WithFallback:
    """Counts in one place, and in another while the first does not answer."""

    def __init__(self, first: Counters, second: Counters) -> None:
        self._first = first
        self._second = second
        self._rests_until = 0.0

    def add(self, tries: Sequence[Try], moment: datetime, amount: int) -> list[Slices]:
        """Add to the present slices of whichever answers."""
        if time.monotonic() >= self._rests_until:
            try:
                return self._first.add(tries, moment, amount)
            except (redis.RedisError, OSError, ValueError) as error:
                self._rests_until = time.monotonic() + REST
                name = type(error).__name__
                log.warning("Redis does not answer (%s); the database counts instead", name)
        return self._second.add(tries, moment, amount)
