"""The results report of a consultation with 10 000 comments: the job, and the page."""

import resource
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app, jobs
from app.config import Config
from app.extensions import db
from app.identity import keyring
from app.transactions import transaction
from benchmarks.discussion_data import fill
from consultations import analysing, publishing, responding, summarising
from consultations.models import AnalysisRun, Consultation, ReportFile, Stage
from consultations.queries import answer_desk
from consultations.reporting import editions
from consultations.reporting.deeds import Told
from core.actor import Actor, Role, system_actor
from tests.factories import make_actor
from tests.queries import count_queries
from tests.sites import SeparateClient

COMMENTS, REPLIES, STATEMENTS, VOTES = 10_000, 2_000, 60, 60_000
REPEATS = 40
#: Most seconds of the job, and most milliseconds of the page at the 95th percentile.
JOB_BAR, PAGE_BAR = 60.0, 300.0
_HOME = "/consultations/large"


def main(_data: Path) -> dict[str, Any]:
    """Measure job and page; the processor time of the page of help texts is the baseline."""
    with tempfile.TemporaryDirectory() as instance:
        secret = "a secret for measurements, long enough"  # noqa: S105
        url = f"sqlite:///{instance}/site.db"
        app = create_app(Config("development", secret, url, Path(instance), log_level="CRITICAL"))
        app.test_client_class = SeparateClient
        with app.app_context():
            upgrade()
            staff = _filled()
            seconds, files = _job(staff[0])
            with transaction() as session:
                editions.publish(session, staff[1], _large(session).id)
        figures = {"job": {"seconds": seconds, "bytes": files, "holds": seconds < JOB_BAR}}
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"   job: {seconds:.1f} s (bar {JOB_BAR:.0f}), {memory} MB at most, files {files}")
        return {**figures, "memory_mb": memory, **_pages(app)}


def _filled() -> tuple[Actor, Actor]:
    """Write the consultation, analyse it, publish a summary and an answer to each item."""
    with transaction() as session:
        fill(session, keyring(), COMMENTS, REPLIES, STATEMENTS, VOTES)
        consultation = _large(session)
        consultation.stage = Stage.SUMMARY
        agency = consultation.agency
        officer = make_actor(session, keyring(), Role.OFFICER, agency=agency)
        approver = make_actor(session, keyring(), Role.APPROVER, agency=agency)
        analysing.request_run(session, system_actor(), consultation.id)
    jobs.run_all()
    with transaction() as session:
        consultation = _large(session)
        run = session.scalar(select(func.max(AnalysisRun.id)))
        summary = summarising.prepare(session, officer, consultation.id, run or 0)
        summarising.publish(session, approver, summary.id)
        consultation.stage = Stage.ANSWERING
        given = responding.Answer("partly", "budget", "มีงบประมาณบางส่วน", "Partly paid for.")
        for row in answer_desk.required_rows(session, consultation.id):
            made = responding.answer(session, officer, consultation.id, item=row.item, given=given)
            responding.approve(session, approver, made.id)
        motion = publishing.propose_publication(
            session, officer, consultation.id, reason="ตอบครบแล้ว"
        )
        publishing.publish_all(session, approver, motion)
    jobs.run_all()
    return officer, approver


def _job(officer: Actor) -> tuple[float, dict[str, int]]:
    with transaction() as session:
        editions.prepare(session, officer, _large(session).id, Told())
    started = time.perf_counter()
    jobs.run_all()
    seconds = time.perf_counter() - started
    with transaction() as session:
        rows = session.execute(select(ReportFile.name, ReportFile.size))
        return seconds, dict(rows.tuples().all())


def _pages(app: Flask) -> dict[str, Any]:
    client = app.test_client()
    base = _timed(app, client, "/help")
    found = _timed(app, client, f"{_HOME}/report")
    ratio = found["processor_ms"] / base["processor_ms"]
    holds = found["p95_ms"] < PAGE_BAR
    print(
        f"   page: p95 {found['p95_ms']:.0f} ms (bar {PAGE_BAR:.0f}), {found['queries']} queries, "
        f"{found['kilobytes']:.0f} kB, {ratio:.1f} times the help page"
    )
    return {"help (baseline)": base, "page": {**found, "ratio_to_baseline": ratio, "holds": holds}}


def _timed(app: Flask, client: FlaskClient, path: str) -> dict[str, float]:
    client.get(path)
    with app.app_context(), count_queries(db.engine) as sent:
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    seconds, processor = [], []
    for _ in range(REPEATS):
        started, begun = time.perf_counter(), time.process_time()
        client.get(path)
        seconds.append(time.perf_counter() - started)
        processor.append(time.process_time() - begun)
    return {
        "p95_ms": statistics.quantiles(seconds, n=20)[-1] * 1000,
        "processor_ms": statistics.median(processor) * 1000,
        "queries": len(sent),
        "kilobytes": len(answer.data) / 1000,
    }


def _large(session: Session) -> Consultation:
    return session.scalars(select(Consultation).where(Consultation.slug == "large")).one()
