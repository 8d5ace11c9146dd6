"""Server time, queries and weight of the pages people use, on a big site and on a tenth of it."""

import gc
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import select

from app import clockwork, create_app, jobs
from app.config import Config
from app.extensions import db
from app.identity import keyring
from app.transactions import transaction
from benchmarks.big_site import LARGEST, Size, fill
from consultations import analysing, search_index
from consultations.models import Statement
from consultations.queries import catalogue
from core.accounts import registering, sessions
from core.actor import system_actor
from tests.databases import database_address, run_on_server
from tests.queries import count_queries
from tests.sites import SeparateClient

SCALES = {"tenth": 0.1, "full": 1.0}
#: Requests of each page that are timed, and accounts that share those that write.
REPEATS, PEOPLE = 40, 8
PASSWORD = "only for measurements"  # noqa: S105
#: Most milliseconds at the 95th percentile.
BAR = {"finder": 50.0}
OTHER_BAR = 150.0
_HOME = f"/consultations/{LARGEST}"
_READ = {
    "help (baseline)": "/help",
    "finder": "/",
    "finder, search": "/?q=%E0%B8%99%E0%B9%89%E0%B8%B3%E0%B8%97%E0%B9%88%E0%B8%A7%E0%B8%A1",
    "finder, one letter": "/?q=%E0%B8%82",
    "finder, took part": "/?mine=took_part",
    "consultation": _HOME,
    "draft reader": f"{_HOME}/draft",
    "discussion": f"{_HOME}/discussion",
    "discussion, deep": f"{_HOME}/discussion?page=100",
    "quick vote": f"{_HOME}/vote",
    "results": f"{_HOME}/results",
}

Figures = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Page:
    """Something people ask for: a request of one of the signed-in clients."""

    name: str
    ask: Callable[[int, FlaskClient], Any]
    writes: bool = False


def main(_data: Path) -> dict[str, Any]:
    """Measure on SQLite, and on PostgreSQL where ``SARN_TEST_POSTGRESQL`` names a server."""
    figures: dict[str, Any] = {}
    for kind in ("sqlite", "postgresql"):
        if kind == "postgresql" and not os.environ.get("SARN_TEST_POSTGRESQL"):
            print("   postgresql: skipped, SARN_TEST_POSTGRESQL names no server")
            continue
        found: dict[str, Figures] = {}
        for scale, share in SCALES.items():
            with _database(kind) as url, tempfile.TemporaryDirectory() as folder:
                app = make_site(url, Path(folder))
                with app.app_context():
                    build(Size.at(share))
                found[scale] = measure(app)
        report(kind, found)
        figures[kind] = found
    return figures


def make_site(url: str, folder: Path) -> Flask:
    """Return a site on a database, without the tokens that guard its forms."""
    secret = "a secret for measurements, long enough"  # noqa: S105
    app = create_app(Config("development", secret, url, folder, log_level="CRITICAL", limits="off"))
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = SeparateClient
    return app


def build(size: Size) -> None:
    """Migrate, fill and analyse the largest consultation, so that its results can be read."""
    started = time.perf_counter()
    upgrade()
    fill(db.engine, keyring(), size)
    filled = time.perf_counter()
    print(f"   filled with {size} in {filled - started:.0f} s", flush=True)
    with transaction() as session:
        consultation = catalogue.consultation_at(session, LARGEST)
        analysing.request_run(session, system_actor(keyring()), consultation.id)
    jobs.run_all()
    clockwork.sweep()
    while _completed():
        pass
    clockwork.count()
    print(f"   analysed in {time.perf_counter() - filled:.0f} s", flush=True)


def _completed() -> int:
    with transaction() as session:
        return search_index.complete(session)


def measure(app: Flask) -> Figures:
    """Return the figures of every page, asked for by people who are signed in.

    Beside the time that passed stands the time this process computed: on a machine that others use
    too it says more.
    """
    with app.app_context():
        clients = [_client(app, number) for number in range(PEOPLE)]
        pages = [*_reading(), *_writing()]
        figures = {page.name: _measured(page, clients) for page in pages}
    baseline = figures["help (baseline)"]["cpu_ms"]
    for figure in figures.values():
        figure["ratio_to_baseline"] = round(figure["cpu_ms"] / baseline, 1)
    return figures


def report(kind: str, found: dict[str, Figures]) -> None:
    """Print the figures of both sizes beside each other, and what misses its bar."""
    print(f"   {kind}: p50 and p95 at full size; queries at a tenth and at full size")
    for name, full in found["full"].items():
        tenth, bar = found["tenth"][name], BAR.get(name, OTHER_BAR)
        constant = tenth["queries"] == full["queries"]
        verdict = "ok" if full["p95_ms"] <= bar and constant else "MISSES"
        print(
            f"   {name:20} p50 {full['p50_ms']:8.1f} p95 {full['p95_ms']:8.1f} ms "
            f"(tenth {tenth['p95_ms']:7.1f}) cpu {full['cpu_ms']:6.1f} ms  "
            f"queries {tenth['queries']:3} {full['queries']:3} "
            f"{'' if constant else 'NOT CONSTANT'} {full['ratio_to_baseline']:6.1f} times help "
            f"{full['packed_bytes'] / 1024:6.1f} kB  {verdict} (bar {bar:.0f} ms)"
        )


@contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/site.db"
        return
    server, name = os.environ["SARN_TEST_POSTGRESQL"].rstrip("/"), "sarn_benchmark"
    run_on_server(server, f"DROP DATABASE IF EXISTS {name}")
    run_on_server(server, f"CREATE DATABASE {name} TEMPLATE template0")
    yield database_address(server, name)
    run_on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


def _client(app: Flask, number: int) -> FlaskClient:
    """Return a signed-in client whose person has taken part in the largest consultation."""
    with transaction() as session:
        account = registering.register(
            session, keyring(), email=f"bench{number}@example.org", password=PASSWORD
        )
        session.flush()
        key = sessions.begin(session, account.id)
    client = app.test_client()
    with client.session_transaction() as browser:
        browser["_user_id"], browser["_fresh"] = key, True
        browser["seen"] = int(time.time())
    _ask_to_vote(client, _statements(10)[number])
    return client


def _statements(limit: int) -> list[str]:
    with transaction() as session:
        number = catalogue.consultation_at(session, LARGEST).id
        rows = session.scalars(
            select(Statement.reference)
            .where(Statement.number_in_id == number)
            .order_by(Statement.number)
            .limit(limit)
        )
        return list(rows)


def _ask_to_vote(client: FlaskClient, reference: str) -> Any:
    return client.post(f"{_HOME}/vote/{reference}", data={"choice": "agree"})


def _reading() -> list[Page]:
    return [
        Page(name, lambda _turn, client, path=path: client.get(path))  # type: ignore[misc]
        for name, path in _READ.items()
    ]


def _writing() -> list[Page]:
    references = _statements(100)

    def comment(turn: int, client: FlaskClient) -> Any:
        body = f"ควรขยายเวลา เพราะผู้ค้าบนทางเท้าต้องเตรียมตัว ครั้งที่ {turn}"
        return client.post(f"{_HOME}/clauses/s3/comment", data={"body": body})

    def vote(turn: int, client: FlaskClient) -> Any:
        return _ask_to_vote(client, references[turn % len(references)])

    return [Page("posting a comment", comment, True), Page("casting a vote", vote, True)]


def _measured(page: Page, clients: list[FlaskClient]) -> dict[str, Any]:
    for client in clients[:2]:
        _checked(page, page.ask(REPEATS + 50, client))
    with count_queries(db.engine) as sent:
        _checked(page, page.ask(REPEATS, clients[0]))
        queries = len(sent)
    seconds, busy = [], []
    gc.collect()
    for turn in range(REPEATS):
        started, computed = time.perf_counter(), time.process_time()
        answer = page.ask(turn, clients[turn % len(clients)])
        seconds.append(time.perf_counter() - started)
        busy.append(time.process_time() - computed)
        _checked(page, answer)
    cut = statistics.quantiles(seconds, n=20)
    packed = 0
    if not page.writes:
        packed = len(clients[0].get(_READ[page.name], headers={"Accept-Encoding": "br"}).data)
    return {
        "p50_ms": round(cut[9] * 1000, 1),
        "p95_ms": round(cut[-1] * 1000, 1),
        "cpu_ms": round(statistics.median(busy) * 1000, 1),
        "queries": queries,
        "packed_bytes": packed,
    }


def _checked(page: Page, answer: Any) -> None:
    if answer.status_code != (303 if page.writes else 200):
        raise RuntimeError(f"{page.name} answered {answer.status_code}: {answer.text[:300]}")
