"""The worker: claims jobs, computes outside any transaction, stores the result as the job ends."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app

from app.identity import keyring
from app.mail import delivery
from app.mail.office import sends_mail
from app.transactions import transaction
from consultations import analysing, convening, news, reminding, telling
from core import jobs, ledger, throttle
from core.actor import system_actor
from core.clock import BANGKOK, now
from core.mailing import outbox
from core.mailing.hours import DIGEST_HOUR, full_hour
from moderation import reminding as moderators

log = logging.getLogger("sarn.jobs")

#: A task computes outside transactions and returns what stores its result, run with the job's end.
Store = Callable[[Any], object]
Task = Callable[[dict[str, Any]], Store]

SWEEP_EVERY = timedelta(seconds=5)
#: Jobs that are done are kept for so long; longer than any key must stay known.
KEEP_DONE = timedelta(days=14)


def _run_analysis(payload: dict[str, Any]) -> Store:
    run_id = int(payload["run_id"])
    with transaction() as session:
        inputs = analysing.load(session, run_id)

    def report(step: str) -> None:
        with transaction() as session:
            analysing.note_progress(session, run_id, step)

    outcome = analysing.compute(inputs, report)
    return lambda session: analysing.store(session, run_id, outcome)


def _give_up_analysis(session: Any, payload: dict[str, Any]) -> None:
    analysing.give_up(session, int(payload["run_id"]))


def _fan_out(payload: dict[str, Any]) -> Store:
    keys, number, after = keyring(), int(payload["news"]), int(payload["after"])
    if not sends_mail():
        return _nothing
    return lambda session: telling.fan_out(session, keys, number, after)


def _run_round(payload: dict[str, Any]) -> Store:
    keys, hour = keyring(), datetime.fromisoformat(payload["hour"])
    if not sends_mail():
        return _nothing
    return lambda session: telling.run_round(session, keys, hour, int(payload["after"]))


def _deliver(_payload: dict[str, Any]) -> Store:
    has_more = delivery.deliver()
    return (lambda session: jobs.enqueue(session, DELIVER)) if has_more else _nothing


def _nothing(_session: Any) -> None:
    """Store nothing."""


DELIVER = "mail.deliver"
JOBS: dict[str, Task] = {
    "analysis.run": _run_analysis,
    news.FAN_OUT: _fan_out,
    telling.ROUND: _run_round,
    DELIVER: _deliver,
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
        reminding.remind(session)
        moderators.remind(session)
        _plan_letters(session)
    with transaction() as session:
        throttle.forget_old(session, before=now() - timedelta(days=2))
        jobs.forget_done(session, before=now() - KEEP_DONE)


def _plan_letters(session: Any) -> None:
    """Plan the round of this hour and of the last digest, and a delivery if a letter is due."""
    if not sends_mail():
        return
    hour = full_hour(now())
    digest = hour.astimezone(BANGKOK).replace(hour=DIGEST_HOUR)
    digest = digest if digest <= hour else digest - timedelta(days=1)
    if telling.anybody_listens(session):
        for moment in {hour, digest.astimezone(hour.tzinfo)}:
            telling.enqueue_round(session, moment)
    if outbox.is_due(session) and not jobs.is_planned(session, DELIVER):
        jobs.enqueue(session, DELIVER)


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
