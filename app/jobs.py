"""The worker: claims jobs, computes outside any transaction, stores the result as the job ends."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from flask import Flask, current_app

from app.transactions import transaction
from consultations import analysing, convening, exporting, open_tables
from core import jobs, ledger, throttle
from core.actor import system_actor
from core.clock import now
from core.errors import ConflictError

log = logging.getLogger("sarn.jobs")

#: A task computes outside transactions and returns what stores its result, run with the job's end.
Store = Callable[[Any], object]
Task = Callable[[dict[str, Any]], Store]

SWEEP_EVERY, FRESHEN_EVERY = timedelta(seconds=5), timedelta(minutes=1)


def _run_analysis(payload: dict[str, Any]) -> Store:
    run_id = int(payload["run_id"])
    with transaction() as session:
        inputs = analysing.load(session, run_id)

    def report(step: str) -> None:
        with transaction() as session:
            analysing.note_progress(session, run_id, step)

    outcome = analysing.compute(inputs, report)
    return lambda session: analysing.store(session, run_id, outcome)


def _make_open_data(payload: dict[str, Any]) -> Store:
    with transaction() as session:
        material = exporting.open_material(session, int(payload["consultation_id"]))
    if material is None:
        return lambda _session: None
    files = open_tables.build(material)
    return lambda session: exporting.store_open_files(session, material, files)


def _give_up_analysis(session: Any, payload: dict[str, Any]) -> None:
    analysing.give_up(session, int(payload["run_id"]))


JOBS: dict[str, Task] = {"analysis.run": _run_analysis, "open_data.make": _make_open_data}
#: What to tell the domain when a job has failed for the last time.
ON_DEAD: dict[str, Callable[[Any, dict[str, Any]], None]] = {"analysis.run": _give_up_analysis}


def run_next() -> bool:
    """Run one job if one is due; return whether there was one."""
    with transaction() as session:
        job = jobs.claim(session)
        if job is None:
            return False
        job_id, token, name, payload = job.id, job.token, job.name, dict(job.payload)
    try:
        with _kept_lease(job_id, token):
            store = JOBS[name](payload)
        with transaction() as session:
            if jobs.finish(session, job_id, token):
                store(session)
    except Exception as error:
        log.exception("job %s failed", name)
        with transaction() as session:
            state = jobs.fail(session, job_id, token, error=type(error).__name__)
            if state is jobs.JobState.DEAD and name in ON_DEAD:
                ON_DEAD[name](session, payload)
    return True


def sweep() -> None:
    """Do what the clock asks for: due steps of life cycles, sealing the ledger, tidying."""
    with transaction() as session:
        convening.advance_due(session, system_actor())
    with transaction() as session:
        while ledger.seal(session) == 500:
            pass
    with transaction() as session:
        throttle.forget_old(session, before=now() - timedelta(days=2))


def freshen() -> None:
    """Ask for what has gone out of date: pictures of open consultations, and open data."""
    with transaction() as session:
        due = analysing.due_for_refresh(session, now())
    for consultation_id in due:
        # Another worker may have been faster, or the stage may have changed meanwhile.
        with suppress(ConflictError), transaction() as session:
            analysing.request_run(session, system_actor(), consultation_id, automatic=True)
    with transaction() as session:
        exporting.remake_stale(session)


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
