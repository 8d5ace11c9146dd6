"""Attempts are counted alike in memory, in the database and in Redis."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import fakeredis
import pytest
import redis
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from core.clock import now
from core.database import prepare_engine
from core.errors import ThrottledError
from core.redis_counters import RedisCounters, WithFallback
from core.throttle import (
    Attempt,
    Counters,
    Database,
    Limit,
    Memory,
    Try,
    forget_old,
    give_back,
    take,
)
from tests.databases import missing, postgresql_copy, sqlite_copy

START = "2026-11-20 10:01:00+00:00"
THREE = Limit(3, timedelta(minutes=10))


@contextmanager
def counting_in(address: str) -> Iterator[Database]:
    """Counters in the database at an address."""
    engine = prepare_engine(create_engine(address))

    @contextmanager
    def transaction() -> Iterator[Session]:
        with Session(engine) as session, session.begin():
            yield session

    yield Database(transaction)
    engine.dispose()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with counting_in(database_url) as counters:
        yield counters


@pytest.fixture(params=["memory", "redis", "sqlite", "postgresql"])
def counters(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Counters]:
    """Counters of each kind."""
    template = request.getfixturevalue("sqlite_template") if request.param == "sqlite" else None
    server = request.getfixturevalue("postgresql_template") if "post" in request.param else None
    if request.param == "memory":
        yield Memory()
    elif request.param == "redis":
        yield RedisCounters(fakeredis.FakeRedis())
    elif template is None and server is None:
        missing("PostgreSQL")
    else:
        copied = sqlite_copy(template, tmp_path) if template else postgresql_copy(server)
        with copied as address, counting_in(address) as found:
            yield found


def taken(counters: Counters, *tries: Try, times: int = 1) -> int:
    """Return how many of so many attempts were within their limits."""
    done = 0
    for _ in range(times):
        try:
            take([counters], tries)
        except ThrottledError:
            continue
        done += 1
    return done


def test_a_limit_holds_to_the_last_attempt_and_ends(counters: Counters) -> None:
    with time_machine.travel(START, tick=False) as clock:
        assert taken(counters, Try("vote:a", THREE), times=5) == 3
        with pytest.raises(ThrottledError) as refused:
            take([counters], [Try("vote:a", THREE)])
        wait = refused.value.retry_after
        assert timedelta(minutes=10) <= wait <= timedelta(minutes=10, seconds=10)
        clock.shift(wait - timedelta(seconds=1))
        assert taken(counters, Try("vote:a", THREE)) == 0
        clock.shift(timedelta(seconds=2))
        assert taken(counters, Try("vote:a", THREE), times=5) == 3


def test_a_limit_cannot_be_had_twice_around_a_full_hour(counters: Counters) -> None:
    with time_machine.travel("2026-11-20 10:59:59+00:00", tick=False) as clock:
        hourly = Try("register:a", Limit(3, timedelta(hours=1)))
        assert taken(counters, hourly, times=4) == 3
        clock.shift(timedelta(seconds=2))
        assert taken(counters, hourly, times=4) == 0


def test_keys_and_lengths_are_counted_apart(counters: Counters) -> None:
    assert taken(counters, Try("a", THREE), times=9) == 3
    assert taken(counters, Try("b", THREE), times=9) == 3
    assert taken(counters, Try("a", Limit(2, timedelta(days=1))), times=9) == 2


def test_attempts_that_go_together_count_together_or_not_at_all(counters: Counters) -> None:
    wide, narrow = (
        Try("x:a", Limit(9, timedelta(hours=1))),
        Try("x:b", Limit(1, timedelta(hours=1))),
    )
    assert taken(counters, wide, narrow, times=5) == 1
    assert taken(counters, wide, times=20) == 8


def test_an_attempt_that_is_given_back_is_not_counted(counters: Counters) -> None:
    for _ in range(5):
        tries = [Try("comment:a", THREE)]
        give_back([counters], tries, take([counters], tries))
    assert taken(counters, Try("comment:a", THREE), times=5) == 3


@pytest.mark.parametrize("step", [timedelta(minutes=-5), timedelta(minutes=-10)])
def test_a_clock_that_is_put_back_opens_no_limit(counters: Counters, step: timedelta) -> None:
    with time_machine.travel(START, tick=False) as clock:
        assert taken(counters, Try("vote:a", THREE), times=5) == 3
        clock.shift(step)
        assert taken(counters, Try("vote:a", THREE), times=5) == 0


def test_a_clock_that_was_far_ahead_locks_nobody_out_for_long(counters: Counters) -> None:
    with time_machine.travel(START, tick=False) as clock:
        taken(counters, Try("vote:a", THREE), times=5)
        clock.shift(timedelta(days=-1))
        assert taken(counters, Try("vote:a", THREE), times=5) == 3


@given(st.lists(st.floats(0, 200), max_size=60))
def test_no_stretch_of_the_length_ever_holds_more(pauses: list[float]) -> None:
    memory, limit = Memory(), Limit(3, timedelta(seconds=300))
    moments = []
    with time_machine.travel(START, tick=False) as clock:
        for pause in pauses:
            clock.shift(pause)
            if taken(memory, Try("x", limit)):
                moments.append(now())
    for first, fourth in zip(moments, moments[3:], strict=False):
        assert fourth - first > limit.within


def test_memory_refuses_before_the_shared_counters_are_asked(database: Database) -> None:
    memory, limit = Memory(), Try("search:a", THREE)
    for _ in range(9):
        with suppress(ThrottledError):
            take([memory, database], [limit])
    with database._transaction() as session:
        assert session.scalar(select(func.sum(Attempt.count))) == 3


def test_the_shared_counters_have_the_last_word_over_each_process(database: Database) -> None:
    first, second = Memory(), Memory()
    done = 0
    for memory in (first, second) * 5:
        try:
            take([memory, database], [Try("vote:a", THREE)])
        except ThrottledError:
            continue
        done += 1
    assert done == 3


def test_memory_forgets_keys_that_are_out_of_date() -> None:
    memory = Memory()
    with time_machine.travel(START, tick=False) as clock:
        for number in range(20_001):
            memory.add([Try(f"x:{number}", THREE)], now(), 1)
        clock.shift(timedelta(hours=1))
        memory.add([Try("x:last", THREE)], now(), 1)
    assert len(memory._kept) == 1


def test_old_slices_are_dropped(database: Database) -> None:
    take([database], [Try("a", THREE)])
    with database._transaction() as session:
        forget_old(session, before=now() + timedelta(days=1))
        assert session.scalar(select(func.count()).select_from(Attempt)) == 0


class Away:
    """Redis that does not answer."""

    def add(self, *_: object) -> list[dict[int, int]]:
        raise redis.ConnectionError


def test_while_redis_is_away_the_database_counts(database: Database) -> None:
    counters = WithFallback(Away(), database)
    assert taken(counters, Try("vote:a", THREE), times=9) == 3


def test_redis_that_was_emptied_leaves_the_limit_of_each_process() -> None:
    server = fakeredis.FakeRedis()
    both = [Memory(), RedisCounters(server)]
    for _ in range(3):
        take(both, [Try("vote:a", THREE)])
    server.flushall()
    with pytest.raises(ThrottledError):
        take(both, [Try("vote:a", THREE)])


def test_redis_keeps_no_key_longer_than_it_is_of_use() -> None:
    server = fakeredis.FakeRedis()
    take([RedisCounters(server)], [Try("vote:a", THREE)])
    assert 0 < server.ttl("sarn:vote:a:600") <= 1201
