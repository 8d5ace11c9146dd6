"""The worker: claims jobs, computes outside any transaction, stores the result as the job ends."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import Flask, current_app

from app.clockwork import count, freshen, sweep
from app.tasks import JOBS, ON_DEAD, Report
from app.transactions import transaction
from core import jobs
from core.errors import PlatformError

log = logging.getLogger("sarn.jobs")

SWEEP_EVERY, FRESHEN_EVERY = timedelta(seconds=5), timedelta(minutes=1)


class AbandonedError(Exception):
    """The job was cancelled, or another worker has it: what it computes is not wanted."""


def run_next() -> bool:
    """Run one job if one is due; return whether there was one."""
    with transaction() as session:
        job = jobs.claim(session)
        if job is None:
            return False
        job_id, token, name, payload = job.id, job.token, job.name, dict(job.payload)
    try:
        with _kept_lease(job_id, token):
            store = JOBS[name](payload, _reporter(job_id, token))
        with transaction() as session:
            if jobs.finish(session, job_id, token):
                store(session)
    except AbandonedError:
        log.info("job %s was not wanted any more", name)
    except PlatformError as error:
        log.warning("job %s refused: %s", name, error.code)
        _fail(job_id, token, name, payload, error=error.code, final=True)
    except Exception as error:
        log.exception("job %s failed", name)
        _fail(job_id, token, name, payload, error=type(error).__name__)
    return True


def work(stop: threading.Event, *, idle_seconds: float = 0.5) -> None:
    """Run jobs and sweeps until told to stop."""
    next_sweep = next_freshening = 0.0
    while not stop.is_set():
        try:
            if time.monotonic() >= next_sweep:
                sweep()
                next_sweep = time.monotonic() + SWEEP_EVERY.total_seconds()
            if time.monotonic() >= next_freshening:
                freshen()
                count()
                next_freshening = time.monotonic() + FRESHEN_EVERY.total_seconds()
            busy = run_next()
        except Exception:
            log.exception("the job loop stumbled")
            busy = False
        if not busy:
            stop.wait(idle_seconds)


def run_all() -> int:
    """Run every job that is due now; return how many. For commands and tests."""
    count = 0
    while run_next():
        count += 1
    return count


def start_in_background(app: Flask) -> threading.Event:
    """Run the loop in a thread of this process; return what stops it."""
    stop = threading.Event()

    def loop() -> None:
        with app.app_context():
            work(stop)

    threading.Thread(target=loop, name="jobs", daemon=True).start()
    return stop


def _fail(
    job_id: int,
    token: int,
    name: str,
    payload: dict[str, Any],
    *,
    error: str,
    final: bool = False,
) -> None:
    with transaction() as session:
        state = jobs.fail(session, job_id, token, error=error, final=final)
        if state is jobs.JobState.DEAD and name in ON_DEAD:
            ON_DEAD[name](session, payload)


def _reporter(job_id: int, token: int) -> Report:
    def report(step: str, percent: int) -> None:
        with transaction() as session:
            if not jobs.report(session, job_id, token, step=step, percent=percent):
                raise AbandonedError

    return report


@contextmanager
def _kept_lease(job_id: int, token: int) -> Iterator[None]:
    """Keep extending the lease of a job while it runs."""
    done = threading.Event()

    def beat(app: Flask) -> None:
        with app.app_context():
            while not done.wait(jobs.LEASE.total_seconds() / 3):
                with transaction() as session:
                    jobs.extend_lease(session, job_id, token)

    thread = threading.Thread(target=beat, args=(_this_app(),), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _this_app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app
