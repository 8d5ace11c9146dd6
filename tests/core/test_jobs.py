"""The queue: written with the deed, taken once, taken over when a worker dies."""

from datetime import timedelta

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
