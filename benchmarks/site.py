"""Import of a real conversation and the pages that serve its results."""

import gc
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event

from app import create_app, jobs
from app.config import Config
from app.identity import keyring
from app.transactions import transaction
from consultations import analysing, importing
from consultations.queries import catalogue
from core.accounts import registering
from core.actor import system_actor

CONVERSATION = "polis/vtaiwan.uberx"
REPEATS = 60


def main(data: Path) -> dict[str, Any]:
    """Measure import, analysis and pages; the page of help texts is the baseline of the pages."""
    folder = data / CONVERSATION
    if not folder.is_dir():
        print(f"   skipped: {folder} is not there")
        return {"skipped": str(CONVERSATION)}
    with tempfile.TemporaryDirectory() as instance:
        config = Config(
            "development",
            "a secret for measurements, long enough",
            f"sqlite:///{instance}/site.db",
            Path(instance),
            log_level="CRITICAL",
            limits="off",
        )
        app = create_app(config)
        with app.app_context():
            upgrade()
            figures = {"import": _import(folder), "analysis": _analyse()}
        figures["pages"] = _pages(app)
    return figures


def _import(folder: Path) -> dict[str, Any]:
    started = time.perf_counter()
    conversation = importing.read_polis(folder)
    read = time.perf_counter() - started
    with transaction() as session:
        registering.create_agency(
            session, system_actor(), slug="bench", name_th="วัดผล", name_en="Bench"
        )
        done = importing.import_polis(
            session, system_actor(), conversation, agency_slug="bench", slug="uberx", title="UberX"
        )
    seconds = time.perf_counter() - started
    print(
        f"   import: {done.participants} participants, {done.statements} statements, "
        f"{done.votes} votes in {seconds:.2f} s, {seconds / read:.1f} times reading the files alone"
    )
    return {"seconds": seconds, "votes": done.votes, "ratio_to_reading_alone": seconds / read}


def _analyse() -> dict[str, Any]:
    started = time.perf_counter()
    with transaction() as session:
        consultation = catalogue.consultation_at(session, "uberx")
        run_id = analysing.request_run(session, system_actor(keyring()), consultation.id).id
    jobs.run_all()
    with transaction() as session:
        state = str(analysing.get_run(session, run_id).state)
    seconds = time.perf_counter() - started
    print(f"   analysis: {state} in {seconds:.2f} s")
    return {"seconds": seconds, "state": state}


def _pages(app: Flask) -> dict[str, Any]:
    client = app.test_client()
    figures: dict[str, Any] = {}
    baseline = 0.0
    for name, path in (
        ("help (baseline)", "/help"),
        ("finder", "/"),
        ("consultation", "/consultations/uberx"),
        ("quick vote", "/consultations/uberx/vote"),
        ("results", "/consultations/uberx/results"),
    ):
        p95, queries, size = _time(app, client, path)
        baseline = baseline or p95
        print(
            f"   {name}: p95 {p95 * 1000:.1f} ms, {queries} queries, {size / 1024:.1f} kB packed, "
            f"{p95 / baseline:.1f} times the baseline"
        )
        figures[name] = {
            "p95_ms": p95 * 1000,
            "queries": queries,
            "bytes": size,
            "ratio_to_baseline": p95 / baseline,
        }
    return figures


def _time(app: Flask, client: FlaskClient, path: str) -> tuple[float, int, int]:
    """Return the 95th percentile in seconds, the queries of one request and its packed bytes."""
    sent: list[str] = []
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    event.listen(
        engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_rest: (
            None if statement.startswith(("PRAGMA", "BEGIN")) else sent.append(statement)
        ),
    )
    client.get(path)
    sent.clear()
    answer = client.get(path, headers={"Accept-Encoding": "br"})
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    queries, seconds = len(sent), []
    gc.collect()
    for _ in range(REPEATS):
        started = time.perf_counter()
        client.get(path)
        seconds.append(time.perf_counter() - started)
    return statistics.quantiles(seconds, n=20)[-1], queries, len(answer.data)
