"""Queue of work to do after a deed, written in the deed's own transaction.

A job is claimed with a lease and a fencing token: a worker that dies loses its lease and another
takes over; a worker that comes back too late finds that its token is stale and changes nothing.
Attempts are counted when a job is taken, so that one which kills its worker is given up too.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, Text, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.clock import now
from core.database import Base, Json, UtcDateTime, text_enum

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 5
#: What is noted for a job whose workers all stopped without a word.
WORKER_LOST = "work.worker_lost"


class JobState(StrEnum):
    """Where a job stands; dead means that it failed for good and needs a person."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"
    CANCELLED = "cancelled"


#: A job in one of these changes by itself.
UNDER_WAY = (JobState.QUEUED, JobState.RUNNING)


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
    #: Code of the last failure, or the name of the error that nobody expected.
    error: Mapped[str | None] = mapped_column(Text)
    enqueued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Account that waits for it, and consultation that it is about; None for the site's own work.
    requested_by_id: Mapped[int | None]
    consultation_id: Mapped[int | None] = mapped_column(index=True)
    #: How far it is: a word of its task, and a share of a hundred.
    step: Mapped[str] = mapped_column(String(32), default="")
    percent: Mapped[int] = mapped_column(default=0)
    #: When a worker first took it, and when it ended, however it ended.
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_under_way(self) -> bool:
        """Whether it will still change by itself."""
        return self.state in UNDER_WAY


def enqueue(
    session: Session,
    name: str,
    payload: dict[str, Any] | None = None,
    *,
    key: str | None = None,
    run_at: datetime | None = None,
    requested_by_id: int | None = None,
    consultation_id: int | None = None,
) -> Job | None:
    """Add a job; None if one with the same key exists."""
    if key and session.scalar(select(Job.id).where(Job.key == key)) is not None:
        return None
    moment = now()
    job = Job(
        name=name,
        payload=payload or {},
        key=key,
        run_at=run_at or moment,
        enqueued_at=moment,
        requested_by_id=requested_by_id,
        consultation_id=consultation_id,
    )
    session.add(job)
    session.flush()
    return job


def claim(session: Session) -> Job | None:
    """Take the next job that is due, or whose worker's lease ran out; None if there is none.

    One that was taken ``MAX_ATTEMPTS`` times is not taken again: ``give_up_lost`` ends it.
    """
    moment = now()
    lost = and_(Job.state == JobState.RUNNING, Job.lease_until < moment)
    due = or_(
        and_(Job.state == JobState.QUEUED, Job.run_at <= moment),
        and_(lost, Job.attempts < MAX_ATTEMPTS),
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
    job.started_at = job.started_at or moment
    job.step, job.percent = "", 0
    session.flush()
    return job


def give_up_lost(session: Session) -> Sequence[Job]:
    """End the jobs whose worker died at every attempt, with the reason; return them."""
    moment = now()
    lost = session.scalars(
        select(Job)
        .where(
            Job.state == JobState.RUNNING,
            Job.lease_until < moment,
            Job.attempts >= MAX_ATTEMPTS,
        )
        .order_by(Job.id)
        .with_for_update(skip_locked=True)
    ).all()
    for job in lost:
        job.state, job.error = JobState.DEAD, WORKER_LOST
        job.lease_until, job.ended_at = None, moment
    session.flush()
    return lost


def report(session: Session, job_id: int, token: int, *, step: str, percent: int) -> bool:
    """Note how far a running job is; False if it was cancelled or taken over: stop working."""
    return _change(session, job_id, token, step=step, percent=max(0, min(99, percent)))


def cancel(session: Session, job_id: int) -> bool:
    """End a job that is not wanted any more; False if it has ended already.

    A worker that has it learns so at its next report, and stores nothing.
    """
    changed = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state.in_(UNDER_WAY))
        .values(state=JobState.CANCELLED, lease_until=None, ended_at=now())
        .returning(Job.id)
    ).first()
    return changed is not None


def retry(session: Session, job_id: int) -> bool:
    """Queue a job again that was given up; False if it was not."""
    changed = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.DEAD)
        .values(
            state=JobState.QUEUED,
            attempts=0,
            run_at=now(),
            error=None,
            step="",
            percent=0,
            started_at=None,
            ended_at=None,
        )
        .returning(Job.id)
    ).first()
    return changed is not None


def extend_lease(session: Session, job_id: int, token: int) -> bool:
    """Keep a running job from being taken over; False if it was."""
    return _change(session, job_id, token, lease_until=now() + LEASE)


def finish(session: Session, job_id: int, token: int) -> bool:
    """Mark the job done in the transaction that stores its result; False if it was taken over."""
    values = {"state": JobState.DONE, "lease_until": None, "error": None}
    return _change(session, job_id, token, **values, percent=100, ended_at=now())


def fail(
    session: Session, job_id: int, token: int, *, error: str, final: bool = False
) -> JobState | None:
    """Plan another attempt, later each time, or give up; None if the job was taken over.

    Parameters
    ----------
    error : str
        Code of a domain error, or the name of another.
    final : bool
        Whether another attempt would end the same way.
    """
    job = session.get(Job, job_id, populate_existing=True)
    if job is None or job.token != token or job.state is not JobState.RUNNING:
        return None
    given_up = final or job.attempts >= MAX_ATTEMPTS
    job.state = JobState.DEAD if given_up else JobState.QUEUED
    job.ended_at = now() if given_up else None
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
