"""Votes and the discussion of one large consultation: pages, deep pages, votes, comments."""

import gc
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import Engine, event, select

from app import create_app
from app.config import Config
from app.identity import keyring
from app.transactions import transaction
from benchmarks.discussion_data import Made, fill
from core.accounts import registering, sessions
from core.accounts.models import Account

COMMENTS, REPLIES, STATEMENTS, VOTES = 100_000, 50_000, 200, 2_000_000
REPEATS = 40
#: Fewer, because a person may write only so much in an hour.
WRITTEN = 14
HERE = "/consultations/large"
PASSWORD = "a password only for measurements"  # noqa: S105
#: The deep page is the one that holds a comment from the middle.
ORDERS = ("recent", "bridging", "supported", "unanswered", "random")


def main(_data: Path) -> dict[str, Any]:
    """Measure pages and deeds; the processor time of the page of help texts is the baseline."""
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
        app.config.update(WTF_CSRF_ENABLED=False)
        with app.app_context():
            upgrade()
            started = time.perf_counter()
            with transaction() as session:
                made = fill(session, keyring(), COMMENTS, REPLIES, STATEMENTS, VOTES)
            print(
                f"   {COMMENTS} comments, {REPLIES} replies, {VOTES} votes on {STATEMENTS} "
                f"statements written in {time.perf_counter() - started:.0f} s"
            )
            client = _signed_in(app)
        return _measured(app, client, made)


def _measured(app: Flask, client: FlaskClient, made: Made) -> dict[str, Any]:
    middle = made.comments[len(made.comments) // 2]
    references = itertools.cycle(made.comments[-5000:])
    statements = itertools.cycle(made.statements)
    pages = {
        "help (baseline)": "/help",
        "comments with replies, 50 shown": f"{HERE}/discussion",
        **{
            f"deep page, {order}": f"{HERE}/discussion?order={order}&at={middle}"
            for order in ORDERS
        },
        "one clause": f"{HERE}/discussion?clause=s7&order=supported",
        "words": f"{HERE}/discussion?q=missing",
        "next statement": f"{HERE}/vote",
    }
    numbers = itertools.count()
    deeds: dict[str, Callable[[], Any]] = {
        "cast a vote": lambda: client.post(
            f"{HERE}/vote/{next(statements)}", data={"choice": "agree"}
        ),
        "support a comment": lambda: client.post(
            f"{HERE}/contributions/{next(references)}/support", data={"support": "give"}
        ),
        "post a comment": lambda: client.post(
            f"{HERE}/clauses/s1/comment", data={"body": f"comment {next(numbers)}"}
        ),
        "post a reply": lambda: client.post(
            f"{HERE}/discussion/{middle}", data={"body": f"reply {next(numbers)}"}
        ),
    }
    calls = {name: lambda path=path: client.get(path) for name, path in pages.items()} | deeds
    figures: dict[str, Any] = {}
    baseline = 0.0
    for name, call in calls.items():
        repeats = WRITTEN if name.startswith("post") else REPEATS
        seconds, processor, queries = timed(app, call, repeats)
        baseline = baseline or processor
        print(
            f"   {name}: p95 {seconds * 1000:.1f} ms, processor {processor * 1000:.1f} ms, "
            f"{queries} queries, {processor / baseline:.1f} times the baseline"
        )
        figures[name] = {
            "p95_ms": seconds * 1000,
            "processor_ms": processor * 1000,
            "queries": queries,
            "ratio_to_baseline": processor / baseline,
        }
    return figures


def _signed_in(app: Flask) -> FlaskClient:
    with transaction() as session:
        registering.register(
            session,
            keyring(),
            email="bench@example.org",
            password=PASSWORD,
            locale="en",
        )
        account = session.scalars(select(Account)).one()
        session.flush()
        key = sessions.begin(session, account.id)
    client = app.test_client()
    with client.session_transaction() as browser:
        browser["_user_id"], browser["_fresh"] = key, True
        browser["seen"] = int(time.time())
    return client


def timed(app: Flask, call: Callable[[], Any], repeats: int) -> tuple[float, float, int]:
    """Return the 95th percentile and the median processor time in seconds, and the queries."""
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    with _counting(engine) as sent:
        answer = call()
        sent.clear()
        answer = call()
        queries = len(sent)
    if answer.status_code not in (200, 303):
        raise RuntimeError(f"answered {answer.status_code}")
    seconds, processor = [], []
    gc.collect()
    for _ in range(repeats):
        started, begun = time.perf_counter(), time.process_time()
        answer = call()
        seconds.append(time.perf_counter() - started)
        processor.append(time.process_time() - begun)
        if answer.status_code not in (200, 303):
            raise RuntimeError(f"answered {answer.status_code}")
    return statistics.quantiles(seconds, n=20)[-1], statistics.median(processor), queries


@contextmanager
def _counting(engine: Engine) -> Iterator[list[str]]:
    """Collect the statements that are sent, without transaction control and pragmas."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
