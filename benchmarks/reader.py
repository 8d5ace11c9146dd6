"""The draft reader: server time, queries and weight, then Chromium as a slow phone sees it.

The baseline of every ratio is a bare Flask page in the same call: the same rows in one flat
template, read with three queries, without frame, style or script.
"""

import gc
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask_compress import Compress
from flask_migrate import upgrade
from sqlalchemy import create_engine, event, text
from waitress import create_server

from app import create_app
from app.config import Config
from benchmarks import reader_browser, reader_rows

REPEATS = 100
#: Clauses and comments of each draft that is measured.
SIZES = {"50 clauses, 150 comments": (50, 150), "500 clauses, 1,500 comments": (500, 1500)}
BARE = """<!doctype html><html lang="th"><meta charset="utf-8"><title>{{ draft }}</title>
{% for clause in clauses %}<h2 id="{{ clause.key }}">{{ clause.number }}</h2>
<p>{{ clause.body }}</p>
<p>{{ counts.get(clause.key, 0) }}</p>
{% for comment in comments.get(clause.key, []) %}<p>{{ comment }}</p>{% endfor %}{% endfor %}"""


def main(_data: Path) -> dict[str, Any]:
    """Measure each size on the server, and the first one in Chromium."""
    with tempfile.TemporaryDirectory() as instance:
        address = f"sqlite:///{instance}/site.db"
        app = create_app(
            Config(
                "development",
                "a secret for measurements, long enough",
                address,
                Path(instance),
                log_level="CRITICAL",
                limits="off",
            )
        )
        bare = _bare(address)
        with app.app_context():
            upgrade()
            slugs = {name: reader_rows.make(*size) for name, size in SIZES.items()}
            cookie = reader_rows.signed_in(app)
        figures: dict[str, Any] = {"server": _server(app, bare, slugs, cookie)}
        browser = shutil.which("chromium") or shutil.which("chromium-browser")
        if browser is None:
            print("   skipped: there is no Chromium here")
            return figures
        slug = slugs[next(iter(SIZES))]
        with _served(app) as site, _served(bare) as plain:
            figures["browser"] = reader_browser.measure(browser, site, plain, slug, cookie)
    return figures


def _server(
    app: Flask, bare: Flask, slugs: dict[str, str], cookie: tuple[str, str]
) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for name, slug in slugs.items():
        client, known, plain = app.test_client(), app.test_client(), bare.test_client()
        known.set_cookie(cookie[0], cookie[1])
        baseline = _time(bare, plain, f"/{slug}")
        for who, reader in (("visitor", client), ("signed in", known)):
            found = _time(app, reader, f"/consultations/{slug}/draft")
            ratio = found["processor_ms"] / baseline["processor_ms"]
            print(
                f"   {name}, {who}: p95 {found['p95_ms']:.1f} ms (processor "
                f"{found['processor_ms']:.1f} ms), {found['queries']} queries, "
                f"{found['bytes'] / 1000:.1f} kB packed, {ratio:.1f} times the "
                f"processor time of bare Flask (p95 {baseline['p95_ms']:.1f} ms, "
                f"{baseline['processor_ms']:.1f} ms, {baseline['queries']} queries, "
                f"{baseline['bytes'] / 1000:.1f} kB)"
            )
            figures[f"{name}, {who}"] = {**found, "bare_flask": baseline, "ratio": ratio}
    return figures


def _time(app: Flask, client: FlaskClient, path: str) -> dict[str, float]:
    """Return the 95th percentile, the median, the queries of one request and its packed bytes."""
    sent: list[str] = []
    engine = app.extensions["engine"] if "engine" in app.extensions else _engine_of(app)

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    headers = {"Accept-Encoding": "br", "Accept-Language": "th"}
    for _ in range(3):
        sent.clear()
        answer = client.get(path, headers=headers)
    event.remove(engine, "before_cursor_execute", note)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    gc.collect()
    seconds, used = [], time.process_time()
    for _ in range(REPEATS):
        started = time.perf_counter()
        client.get(path, headers={"Accept-Language": "th"})
        seconds.append(time.perf_counter() - started)
    used = time.process_time() - used
    return {
        "p95_ms": statistics.quantiles(seconds, n=20)[-1] * 1000,
        "p50_ms": statistics.median(seconds) * 1000,
        "processor_ms": used * 1000 / REPEATS,
        "queries": len(sent),
        "bytes": len(answer.data),
    }


def _engine_of(app: Flask) -> Any:
    with app.app_context():
        return app.extensions["sqlalchemy"].engine


def _bare(address: str) -> Flask:
    """Make the baseline: Flask, three queries, one flat template."""
    app = Flask("bare")
    Compress(app)
    engine = app.extensions["engine"] = create_engine(address)
    clauses_of = text(
        "SELECT clause.key, clause.number, clause.body FROM clause JOIN draft ON draft.id = "
        "clause.draft_id JOIN consultation ON consultation.id = draft.consultation_id "
        "WHERE consultation.slug = :slug ORDER BY position"
    )
    said = (
        "FROM comment JOIN contribution ON contribution.id = comment.id JOIN consultation "
        "ON consultation.id = contribution.consultation_id WHERE consultation.slug = :slug"
    )

    @app.get("/<slug>")
    def page(slug: str) -> str:
        with engine.connect() as connection:
            clauses = connection.execute(clauses_of, {"slug": slug}).all()
            rows = connection.execute(text(f"SELECT clause_key, body {said}"), {"slug": slug})
            comments: dict[str, list[str]] = {}
            for key, body in rows:
                comments.setdefault(key, []).append(body)
            counted = text(f"SELECT clause_key, count(*) {said} GROUP BY clause_key")
            counts = dict(map(tuple, connection.execute(counted, {"slug": slug})))
        return render_template_string(
            BARE, draft=slug, clauses=clauses, comments=comments, counts=counts
        )

    return app


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    """Serve an application on a port of its own; give its address."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4, ident="")
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(timeout=5)
