"""Queue of work to do after a deed, written in the deed's own transaction.

A job is claimed with a lease and a fencing token: a worker that dies loses its lease and another
takes over; a worker that comes back too late finds that its token is stale and changes nothing.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, Text, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.clock import now
from core.database import Base, Json, UtcDateTime, text_enum

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 5


class JobState(StrEnum):
    """Where a job stands; dead means that it failed too often and needs a person."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


class Job(Base):
    """One piece of work: the name of a task and what it needs."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_ready", "state", "run_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    #: At most one job with the same key, ever: makes enqueueing idempotent.
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    state: Mapped[JobState] = mapped_column(text_enum(JobState), default=JobState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    token: Mapped[int] = mapped_column(default=0)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(Text)
    enqueued_at: Mapped[datetime] = mapped_column(UtcDateTime)


def enqueue(
    session: Session,
    name: str,
    payload: dict[str, Any] | None = None,
    *,
    key: str | None = None,
    run_at: datetime | None = None,
) -> Job | None:
    """Add a job; None if one with the same key exists."""
    if key and session.scalar(select(Job.id).where(Job.key == key)) is not None:
        return None
    moment = now()
    job = Job(
        name=name, payload=payload or {}, key=key, run_at=run_at or moment, enqueued_at=moment
    )
    session.add(job)
    session.flush()
    return job


def claim(session: Session) -> Job | None:
    """Take the next job that is due, or whose worker's lease ran out; None if there is none."""
    moment = now()
    due = or_(
        and_(Job.state == JobState.QUEUED, Job.run_at <= moment),
        and_(Job.state == JobState.RUNNING, Job.lease_until < moment),
    )
    job = session.scalars(
        select(Job)
        .where(due)
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if job is None:
        return None
    job.state = JobState.RUNNING
    job.attempts += 1
    job.token += 1
    job.lease_until = moment + LEASE
    session.flush()
    return job


def extend_lease(session: Session, job_id: int, token: int) -> bool:
    """Keep a running job from being taken over; False if it was."""
    return _change(session, job_id, token, lease_until=now() + LEASE)


def finish(session: Session, job_id: int, token: int) -> bool:
    """Mark the job done in the transaction that stores its result; False if it was taken over."""
    return _change(session, job_id, token, state=JobState.DONE, lease_until=None, error=None)


def fail(session: Session, job_id: int, token: int, *, error: str) -> JobState | None:
    """Plan another attempt, later each time, or give up; None if the job was taken over."""
    job = session.get(Job, job_id, populate_existing=True)
    if job is None or job.token != token or job.state is not JobState.RUNNING:
        return None
    job.state = JobState.DEAD if job.attempts >= MAX_ATTEMPTS else JobState.QUEUED
    job.run_at = now() + timedelta(seconds=min(600, 5 * 2**job.attempts))
    job.lease_until, job.error = None, error
    session.flush()
    return job.state


def waiting_count(session: Session) -> int:
    """How many jobs are due and not taken."""
    return (
        session.scalar(
            select(func.count(Job.id)).where(Job.state == JobState.QUEUED, Job.run_at <= now())
        )
        or 0
    )


def is_planned(session: Session, name: str) -> bool:
    """Whether a job of a name waits or runs."""
    open_states = (JobState.QUEUED, JobState.RUNNING)
    return bool(
        session.scalar(select(exists().where(Job.name == name, Job.state.in_(open_states))))
    )


def forget_done(session: Session, *, before: datetime) -> None:
    """Drop jobs that were done and were planned before a moment."""
    session.execute(delete(Job).where(Job.state == JobState.DONE, Job.enqueued_at < before))


def _change(session: Session, job_id: int, token: int, **values: object) -> bool:
    changed = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.token == token, Job.state == JobState.RUNNING)
        .values(**values)
        .returning(Job.id)
    ).first()
    return changed is not None
