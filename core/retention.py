"""Deletes what has been kept for long enough, by rules that are data, and says what it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.clock import BANGKOK, now
from core.database import Base, Json, UtcDateTime


@dataclass(frozen=True)
class Rule:
    """Rows of one table go so many days after a moment that they hold.

    Parameters
    ----------
    since : str
        Column that the days are counted from; rows without a value are kept.
    only : mapping
        Columns and the values that they must have; empty for all rows.
    """

    table: str
    since: str
    days: int
    only: Mapping[str, Sequence[str]]


class RetentionRun(Base):
    """What one day's run deleted, and what it found overdue afterwards."""

    __tablename__ = "retention_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_on: Mapped[date] = mapped_column(unique=True)
    #: Number of rows by what they were.
    removed: Mapped[dict[str, Any]] = mapped_column(Json)
    overdue: Mapped[dict[str, Any]] = mapped_column(Json)
    finished_at: Mapped[datetime] = mapped_column(UtcDateTime)


def remove(session: Session, rule: Rule) -> int:
    """Delete the rows of a rule that are overdue; return how many."""
    table = Base.metadata.tables[rule.table]
    due = session.scalar(select(func.count()).select_from(table).where(_is_due(rule))) or 0
    if due:
        session.execute(delete(table).where(_is_due(rule)))
    return due


def overdue(session: Session, rule: Rule) -> int:
    """Return how many rows of a rule are overdue; one query."""
    table = Base.metadata.tables[rule.table]
    return session.scalar(select(func.count()).select_from(table).where(_is_due(rule))) or 0


def keep_report(session: Session, removed: Mapping[str, int], left: Mapping[str, int]) -> None:
    """Keep what a run did; a second run on one day adds to the first."""
    moment = now()
    today = moment.astimezone(BANGKOK).date()
    run = session.scalars(select(RetentionRun).where(RetentionRun.run_on == today)).first()
    if run is None:
        run = RetentionRun(run_on=today, removed={})
        session.add(run)
    before: Mapping[str, int] = run.removed
    run.removed = {name: before.get(name, 0) + count for name, count in removed.items()}
    run.overdue, run.finished_at = dict(left), moment
    session.flush()


def last_runs(session: Session, limit: int = 30) -> Sequence[RetentionRun]:
    """Return the newest runs; one query."""
    return session.scalars(
        select(RetentionRun).order_by(RetentionRun.run_on.desc()).limit(limit)
    ).all()


def _is_due(rule: Rule) -> ColumnElement[bool]:
    table = Base.metadata.tables[rule.table]
    column = table.c[rule.since]
    limit = now() - timedelta(days=rule.days)
    before = limit.astimezone(BANGKOK).date() if isinstance(column.type, Date) else limit
    condition = column <= before
    for name, values in rule.only.items():
        condition = condition & table.c[name].in_(values)
    return condition
