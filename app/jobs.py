"""The worker: claims jobs, computes outside any transaction, stores the result as the job ends."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import Flask, current_app

from app.transactions import transaction
from consultations import analysing, convening, data_files, import_split
from consultations.documents import read_with_losses
from consultations.drafting import previewing
from core import jobs, ledger, throttle
from core.actor import system_actor
from core.clock import now
from core.errors import PlatformError

log = logging.getLogger("sarn.jobs")

#: A task computes outside transactions, reports its steps with a share of a hundred, and returns
#: what stores its result, run with the job's end.
Store = Callable[[Any], object]
Report = Callable[[str, int], None]
Task = Callable[[dict[str, Any], Report], Store]

SWEEP_EVERY = timedelta(seconds=5)
#: How far an analysis is when each of its steps begins; measured on large consultations.
_ANALYSIS_STEPS = {"opinions": 5, "themes": 35, "summary": 85, "picture": 95}


class AbandonedError(Exception):
    """The job was cancelled, or another worker has it: what it computes is not wanted."""


def _run_analysis(payload: dict[str, Any], report: Report) -> Store:
    run_id = int(payload["run_id"])
    with transaction() as session:
        inputs = analysing.load(session, run_id)

    def note(step: str) -> None:
        report(step, _ANALYSIS_STEPS.get(step, 0))
        with transaction() as session:
            analysing.note_progress(session, run_id, step)

    outcome = analysing.compute(inputs, note)
    return lambda session: analysing.store(session, run_id, outcome)


def _give_up_analysis(session: Any, payload: dict[str, Any]) -> None:
    analysing.give_up(session, int(payload["run_id"]))


def _read_draft(payload: dict[str, Any], report: Report) -> Store:
    preview_id = int(payload["preview_id"])
    with transaction() as session:
        document = previewing.load_source(session, preview_id)
    report("reading", 10)
    lines, losses = read_with_losses(*document)
    report("splitting", 60)
    split = import_split.split(lines, losses)
    return lambda session: previewing.store(session, preview_id, split)


def _export_data(payload: dict[str, Any], report: Report) -> Store:
    export_id = int(payload["export_id"])
    report("collecting", 10)
    with transaction() as session:
        tables = data_files.load(session, export_id)
    report("writing", 70)
    content = data_files.packed(tables)
    return lambda session: data_files.store(session, export_id, content)


JOBS: dict[str, Task] = {
    "analysis.run": _run_analysis,
    "draft.read": _read_draft,
    "data.export": _export_data,
}
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


def give_up_lost() -> None:
    """End the jobs that killed every worker that took them, and tell the domain."""
    with transaction() as session:
        for job in jobs.give_up_lost(session):
            log.error("job %s is given up: its worker died %s times", job.name, job.attempts)
            if job.name in ON_DEAD:
                ON_DEAD[job.name](session, dict(job.payload))


def sweep() -> None:
    """Do what the clock asks for: due steps of life cycles, sealing the ledger, tidying."""
    give_up_lost()
    with transaction() as session:
        convening.advance_due(session, system_actor())
    with transaction() as session:
        while ledger.seal(session) == 500:
            pass
    with transaction() as session:
        throttle.forget_old(session, before=now() - timedelta(days=2))
    with transaction() as session:
        previewing.forget_old(session)
        data_files.forget_old(session)


def work(stop: threading.Event, *, idle_seconds: float = 0.5) -> None:
    """Run jobs and sweeps until told to stop."""
    next_sweep = 0.0
    while not stop.is_set():
        try:
            if time.monotonic() >= next_sweep:
                sweep()
                next_sweep = time.monotonic() + SWEEP_EVERY.total_seconds()
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
