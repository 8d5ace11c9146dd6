"""Connections: durable, strict about keys, and honest about writing."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from core.accounts.models import Agency, RoleGrant
from core.actor import Role
from core.database import prepare_engine, reading_only
from core.jobs import Job
from core.languages import language_of


@pytest.fixture
def session(fresh_session: Session) -> Session:
    """A database of its own: these tests use several connections or transactions."""
    return fresh_session


def test_sqlite_is_durable_and_checks_keys(tmp_path: object) -> None:
    engine = prepare_engine(create_engine(f"sqlite:///{tmp_path}/x.db"))
    with engine.connect() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10000,
    }


def test_a_reading_transaction_cannot_write(session: Session) -> None:
    session.add(Agency(slug="x", name_th="x", name_en="x"))
    with reading_only(), pytest.raises(DBAPIError):
        session.flush()
    session.rollback()


def test_a_row_without_parent_is_refused(session: Session) -> None:
    session.add(RoleGrant(account_id=999, role=Role.AUDITOR))
    with pytest.raises(IntegrityError):
        session.flush()


def test_moments_come_back_with_their_zone(session: Session) -> None:
    moment = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
    session.add(Job(name="x", payload={}, run_at=moment, enqueued_at=moment))
    session.flush()
    session.expire_all()
    assert session.query(Job).one().run_at == moment


def test_a_moment_without_zone_is_refused(session: Session) -> None:
    moment = datetime(2026, 11, 20)  # noqa: DTZ001
    session.add(Job(name="x", payload={}, run_at=moment, enqueued_at=moment))
    with pytest.raises(StatementError, match="needs its zone"):
        session.flush()


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("ขอให้เพิ่มทางลาด (ramp) ทุกอาคาร", "th"),
        ("Please add ramps", "en"),
        ("線上叫車", "zh"),
        ("オンライン配車", "ja"),
        ("12345 !!!", "und"),
        ("", "und"),
        ("Пожалуйста", "und"),
    ],
)
def test_the_letters_tell_the_language(words: str, language: str) -> None:
    assert language_of(words) == language
