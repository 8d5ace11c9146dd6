"""The queue: written with the deed, taken once, taken over when a worker dies."""

from datetime import datetime, timedelta

import time_machine
from sqlalchemy.orm import Session

from core import jobs
from core.clock import now
from core.jobs import JobState


def test_a_job_is_claimed_once(session: Session) -> None:
    jobs.enqueue(session, "task", {"n": 1})
    claimed = jobs.claim(session)
    assert claimed is not None
    assert claimed.payload == {"n": 1}
    assert jobs.claim(session) is None


def test_one_key_makes_one_job(session: Session) -> None:
    first = jobs.enqueue(session, "task", key="daily:2026-11-20")
    assert first is not None
    assert jobs.enqueue(session, "task", key="daily:2026-11-20") is None


def test_a_job_for_later_waits(session: Session) -> None:
    jobs.enqueue(session, "task", run_at=now() + timedelta(hours=1))
    assert jobs.claim(session) is None
    with time_machine.travel(now() + timedelta(hours=2)):
        assert jobs.claim(session) is not None


def test_a_dead_worker_is_replaced_and_can_no_longer_finish(session: Session) -> None:
    jobs.enqueue(session, "task")
    first = jobs.claim(session)
    assert first is not None
    old_token = first.token
    with time_machine.travel(now() + jobs.LEASE + timedelta(seconds=1)):
        second = jobs.claim(session)
        assert second is not None
        assert not jobs.finish(session, second.id, old_token)
        assert jobs.finish(session, second.id, second.token)


def test_an_extended_lease_keeps_the_job(session: Session) -> None:
    jobs.enqueue(session, "task")
    job = jobs.claim(session)
    assert job is not None
    with time_machine.travel(now() + jobs.LEASE / 2):
        assert jobs.extend_lease(session, job.id, job.token)
    with time_machine.travel(now() + jobs.LEASE * 1.2):
        assert jobs.claim(session) is None


def test_a_failing_job_is_tried_again_later_and_then_given_up(session: Session) -> None:
    jobs.enqueue(session, "task")
    moment = now()
    states = []
    for _ in range(jobs.MAX_ATTEMPTS):
        moment += timedelta(hours=1)
        with time_machine.travel(moment):
            job = jobs.claim(session)
            assert job is not None
            states.append(jobs.fail(session, job.id, job.token, error="ValueError"))
            assert jobs.claim(session) is None
    assert states == [JobState.QUEUED] * (jobs.MAX_ATTEMPTS - 1) + [JobState.DEAD]


def test_waiting_jobs_are_counted(session: Session) -> None:
    jobs.enqueue(session, "task")
    jobs.enqueue(session, "task", run_at=now() + timedelta(hours=1))
    assert jobs.waiting_count(session) == 1


def kill_workers(session: Session, moment: datetime) -> int:
    """Let every worker that takes the job die without a word; return how many took it."""
    taken = 0
    for number in range(3 * jobs.MAX_ATTEMPTS):
        with time_machine.travel(moment + number * 2 * jobs.LEASE):
            taken += jobs.claim(session) is not None
    return taken


def test_a_job_that_kills_its_worker_each_time_is_given_up_with_the_reason(
    session: Session,
) -> None:
    job = jobs.enqueue(session, "task")
    assert job is not None
    moment = now()
    assert kill_workers(session, moment) == jobs.MAX_ATTEMPTS
    with time_machine.travel(moment + 99 * jobs.LEASE):
        assert [lost.id for lost in jobs.give_up_lost(session)] == [job.id]
        assert jobs.give_up_lost(session) == []
        assert jobs.claim(session) is None
    assert (job.state, job.error) == (JobState.DEAD, jobs.WORKER_LOST)


def test_a_worker_that_still_holds_the_last_attempt_is_left_alone(session: Session) -> None:
    jobs.enqueue(session, "task")
    moment = now()
    for number in range(jobs.MAX_ATTEMPTS):
        with time_machine.travel(moment + number * 2 * jobs.LEASE):
            assert jobs.claim(session) is not None
            assert jobs.give_up_lost(session) == []


def test_a_job_given_up_is_tried_again_when_somebody_asks(session: Session) -> None:
    job = jobs.enqueue(session, "task")
    assert job is not None
    assert not jobs.retry(session, job.id)
    claimed = jobs.claim(session)
    assert claimed is not None
    jobs.fail(session, claimed.id, claimed.token, error="document.damaged", final=True)
    assert jobs.retry(session, job.id)
    again = jobs.claim(session)
    assert again is not None
    session.refresh(again)
    assert (again.attempts, again.error) == (1, None)


def test_a_cancelled_job_can_neither_report_nor_finish(session: Session) -> None:
    jobs.enqueue(session, "task")
    job = jobs.claim(session)
    assert job is not None
    assert jobs.report(session, job.id, job.token, step="reading", percent=40)
    assert jobs.cancel(session, job.id)
    assert not jobs.report(session, job.id, job.token, step="writing", percent=80)
    assert not jobs.finish(session, job.id, job.token)
    assert not jobs.cancel(session, job.id)
    session.refresh(job)
    assert (job.state, job.step, job.percent) == (JobState.CANCELLED, "reading", 40)
