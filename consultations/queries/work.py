"""Reads: work that takes its time, as the people of an agency follow it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations.models import Clause, Consultation, DataExport, Draft, DraftState
from core.actor import Actor
from core.errors import NotFoundError
from core.jobs import UNDER_WAY, Job, JobState

#: Tasks that people ask for and follow.
FOLLOWED = ("analysis.run", "draft.read", "data.export", "report.make", "offline.import")
#: How long work that has ended is still listed.
RECENT = timedelta(days=2)
LISTED = 10


@dataclass(frozen=True)
class WorkLine:
    """One job of a consultation."""

    job: Job
    consultation: Consultation


def job_of(session: Session, consultation_id: int, number: int) -> Job:
    """Return a job that people follow; NotFoundError ``work.unknown``. One query."""
    job = session.get(Job, number, populate_existing=True)
    if job is None or job.consultation_id != consultation_id or job.name not in FOLLOWED:
        raise NotFoundError("work.unknown")
    return job


def job_at(session: Session, consultation_id: int, key: str) -> Job:
    """Return the job with a key; NotFoundError ``work.unknown``. One query."""
    job = session.scalars(
        select(Job).where(Job.key == key, Job.consultation_id == consultation_id)
    ).first()
    if job is None:
        raise NotFoundError("work.unknown")
    return job


def ahead_of(session: Session, job: Job) -> int:
    """Return how many jobs are taken or will be taken before a waiting one; one query."""
    if job.state is not JobState.QUEUED:
        return 0
    before = select(func.count(Job.id)).where(
        Job.state.in_(UNDER_WAY), Job.run_at <= job.run_at, Job.id != job.id
    )
    return session.scalar(before) or 0


def my_work(session: Session, actor: Actor, at: datetime) -> list[WorkLine]:
    """Return the actor's work that is under way or ended lately, newest first; one query."""
    rows = session.execute(
        select(Job, Consultation)
        .join(Consultation, Consultation.id == Job.consultation_id)
        .where(
            Job.requested_by_id == actor.account_id,
            Consultation.agency_id == actor.agency_id,
            Job.name.in_(FOLLOWED),
            Job.state.in_(UNDER_WAY) | (Job.ended_at >= at - RECENT),
        )
        .order_by(Job.id.desc())
        .limit(LISTED)
    )
    return [WorkLine(*row) for row in rows]


def exports(session: Session, consultation_id: int) -> Sequence[DataExport]:
    """Return the packed files of a consultation, newest first; one query."""
    return session.scalars(
        select(DataExport)
        .where(DataExport.consultation_id == consultation_id, DataExport.byte_count > 0)
        .order_by(DataExport.id.desc())
        .limit(LISTED)
    ).all()


def working_clauses(session: Session, consultation_id: int) -> int:
    """Return how many clauses the working draft has, which an import replaces; one query."""
    return (
        session.scalar(
            select(func.count(Clause.id))
            .join(Draft, Draft.id == Clause.draft_id)
            .where(Draft.consultation_id == consultation_id, Draft.state == DraftState.WORKING)
        )
        or 0
    )
