"""Declarative base, column types, and how connections to SQLite and PostgreSQL behave."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import Enum as PythonEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData, TypeDecorator, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Session

#: Whether transactions begun in this context may write. Pages that only read run with False.
writing: ContextVar[bool] = ContextVar("writing", default=True)


class Base(DeclarativeBase):
    """Base of every table; predictable names let migrations address constraints."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """Moment in UTC; refuses a time without zone, gives back a time with zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC, without the zone where the database cannot keep it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def text_enum(choices: type[PythonEnum]) -> Enum:
    """Column type that stores an enumeration by its value, as text."""
    return Enum(
        choices,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


#: JSON that the database does not need to search.
Json = JSON(none_as_null=True)


#: SQLite's number for ``synchronous=FULL``.
_FULL = 2


def prepare_engine(engine: Engine) -> Engine:
    """Make the engine durable and honest about writing; call once for each engine.

    SQLite gets WAL, ``synchronous=FULL``, foreign keys, a busy timeout and explicit transactions:
    ``BEGIN IMMEDIATE`` when writing, because a deferred transaction that starts to write fails with
    "database is locked" without waiting. A reading transaction cannot write on either database.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout=10000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "cache_size=-32768",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def require_durable(engine: Engine) -> None:
    """Refuse connections to a database that may forget what it has said to have kept.

    Raises, at the first use of each connection, RuntimeError: the server of PostgreSQL runs with
    ``synchronous_commit``, ``fsync`` or ``full_page_writes`` off, or SQLite does not sync.
    """
    event.listen(engine, "connect", _check_durable)


def _check_durable(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    if hasattr(connection, "pgconn"):
        for name in ("synchronous_commit", "fsync", "full_page_writes"):
            cursor.execute(f"SHOW {name}")
            if cursor.fetchone()[0] == "off":
                raise RuntimeError(f"the database may lose votes: set {name} = on in PostgreSQL")
        connection.rollback()
    elif cursor.execute("PRAGMA synchronous").fetchone()[0] < _FULL:
        raise RuntimeError("the database may lose votes: SQLite must run with synchronous=FULL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    may_write = writing.get()
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if may_write else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if may_write else "BEGIN DEFERRED")


def _begin_postgresql(connection: Connection) -> None:
    if not writing.get():
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def clean_files(engine: Engine) -> None:
    """Make what was deleted unreadable in the database's files; call outside any transaction.

    SQLite overwrites what is deleted (``secure_delete``); here its log is written back and cut, and
    the file is built anew. PostgreSQL gives the room of dead rows free to be overwritten.
    """
    raw = engine.raw_connection()
    try:
        connection: Any = raw.driver_connection
        if engine.dialect.name == "sqlite":
            connection.execute("PRAGMA query_only=OFF")
            for command in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                connection.execute(command).fetchall()
        else:
            connection.rollback()
            connection.autocommit = True
            connection.execute("VACUUM")
            connection.autocommit = False
    finally:
        raw.close()


@contextmanager
def reading_only() -> Iterator[None]:
    """Let transactions begun inside only read."""
    token = writing.set(False)
    try:
        yield
    finally:
        writing.reset(token)


@contextmanager
def allowed_to_write() -> Iterator[None]:
    """Let transactions begun inside write."""
    token = writing.set(True)
    try:
        yield
    finally:
        writing.reset(token)


def is_sqlite(session: Session) -> bool:
    """Whether the session speaks to SQLite (PostgreSQL otherwise)."""
    return session.get_bind().dialect.name == "sqlite"
