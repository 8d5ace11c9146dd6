"""The answer desk and the pages of answers with 10 000 comments, 3 000 of them items."""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import func, select, update

from app import create_app, jobs
from app.config import Config
from app.extensions import db
from app.identity import keyring
from app.transactions import transaction
from benchmarks.discussion_data import fill
from consultations import analysing, drafting, publishing, responding, summarising
from consultations.models import (
    AnalysisRun,
    Comment,
    Consultation,
    DiscussionPlace,
    OfficialResponse,
    Stage,
    ThemeComment,
)
from consultations.queries import answer_items
from core.accounts import sessions
from core.actor import Actor, Role, system_actor
from tests.factories import make_actor
from tests.queries import count_queries
from tests.sites import SeparateClient

COMMENTS, REPLIES, STATEMENTS, VOTES = 10_000, 2_000, 60, 60_000
#: Every so many comments propose a wording; so many of those have the supporters that oblige.
PROPOSING, SUPPORTED = 10, 300
REPEATS = 40
#: Most milliseconds of a page at the 95th percentile.
BAR = 300.0
_DESK, _HOME = "/workspace/consultations/large", "/consultations/large"


def main(_data: Path) -> dict[str, Any]:
    """Measure the pages for an officer and for a visitor."""
    with tempfile.TemporaryDirectory() as instance:
        secret = "a secret for measurements, long enough"  # noqa: S105
        url = f"sqlite:///{instance}/site.db"
        app = create_app(Config("development", secret, url, Path(instance), log_level="CRITICAL"))
        app.test_client_class = SeparateClient
        with app.app_context():
            upgrade()
            officer, approver = _summarised()
            found = _pages(app, officer, _desk_pages())
            _publish(officer, approver)
            found |= _pages(app, officer, _revising_pages())
            return found | _pages(app, None, _public_pages())


def _summarised() -> tuple[Actor, Actor]:
    """Write the consultation, analyse it, publish a summary, and begin to answer."""
    with transaction() as session:
        fill(session, keyring(), COMMENTS, REPLIES, STATEMENTS, VOTES)
        consultation = session.scalars(select(Consultation)).one()
        consultation.stage = Stage.SUMMARY
        officer = make_actor(session, keyring(), Role.OFFICER, agency=consultation.agency)
        approver = make_actor(session, keyring(), Role.APPROVER, agency=consultation.agency)
        numbers = session.scalars(select(Comment.id).order_by(Comment.id)).all()
        proposing = numbers[::PROPOSING]
        session.execute(
            update(Comment.__table__)  # type: ignore[arg-type]
            .where(Comment.__table__.c.id.in_(proposing))
            .values(proposed_wording="ให้มีคณะกรรมการสองคณะ โดยมีผู้แทนชุมชน")
        )
        session.execute(
            update(Comment.__table__)  # type: ignore[arg-type]
            .where(Comment.__table__.c.id % 5 == 0)
            .values(reason="เหตุผลและหลักฐาน " * 20)
        )
        session.execute(
            update(DiscussionPlace)
            .where(DiscussionPlace.comment_id.in_(proposing[:SUPPORTED]))
            .values(supports=25)
        )
        analysing.request_run(session, system_actor(), consultation.id)
    jobs.run_all()
    with transaction() as session:
        consultation = session.scalars(select(Consultation)).one()
        run = session.scalar(select(func.max(AnalysisRun.id)))
        summary = summarising.prepare(session, officer, consultation.id, run or 0)
        summarising.publish(session, approver, summary.id)
        consultation.stage = Stage.ANSWERING
    return officer, approver


def _publish(officer: Actor, approver: Actor) -> None:
    """Answer everything that must be answered, publish it, and begin the next draft."""
    with transaction() as session:
        number = session.scalars(select(Consultation.id)).one()
        given = responding.Answer(
            "partly", "budget", "มีงบประมาณบางส่วน", "Partly paid for.", clause_key=_clause(session)
        )
        for entry in answer_items.entries(session, number):
            if entry.is_required:
                made = responding.answer(session, officer, number, item=entry.item, given=given)
                responding.approve(session, approver, made.id)
        motion = publishing.propose_publication(session, officer, number, reason="ตอบครบแล้ว")
        publishing.publish_all(session, approver, motion)
        drafting.open_next(session, officer, number)
    jobs.run_all()


def _clause(session: Any) -> str:
    found: str = session.scalars(select(Comment.clause_key).where(Comment.clause_key != "")).first()
    return found


def _desk_pages() -> dict[str, str]:
    with db.engine.connect() as connection:
        item = connection.scalar(select(func.min(ThemeComment.theme_id)))
    return {
        "desk": f"{_DESK}/answers",
        "desk, most urgent first": f"{_DESK}/answers?order=due",
        "desk, below the threshold, page 40": f"{_DESK}/answers?show=offered&page=40",
        "an item": f"{_DESK}/answers/theme/{item}",
    }


def _revising_pages() -> dict[str, str]:
    with db.engine.connect() as connection:
        key = connection.scalar(
            select(OfficialResponse.clause_key).where(OfficialResponse.clause_key != "")
        )
    return {
        "next draft": f"{_DESK}/drafts/2",
        "a clause with its promises": f"{_DESK}/drafts/2/clauses/{key}",
    }


def _public_pages() -> dict[str, str]:
    with db.engine.connect() as connection:
        number = connection.scalar(
            select(func.min(OfficialResponse.id)).where(OfficialResponse.theme_id.is_not(None))
        )
    return {
        "answers": f"{_HOME}/responses",
        "answers, page 5": f"{_HOME}/responses?page=5",
        "one answer": f"{_HOME}/responses/{number}",
        "consultation": _HOME,
    }


def _pages(app: Flask, actor: Actor | None, addresses: dict[str, str]) -> dict[str, Any]:
    client = app.test_client()
    if actor is not None:
        _sign_in(app, client, actor)
    found = {name: _timed(client, address) for name, address in addresses.items()}
    for name, figures in found.items():
        print(
            f"   {name}: p95 {figures['p95_ms']:.0f} ms (bar {BAR:.0f}), "
            f"{figures['queries']} queries, {figures['kilobytes']:.0f} kB"
        )
    return found


def _timed(client: FlaskClient, address: str) -> dict[str, Any]:
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        answer = client.get(address)
        times.append((time.perf_counter() - started) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
    with count_queries(db.engine) as sent:
        client.get(address)
    p95 = statistics.quantiles(times, n=20)[18]
    return {
        "p95_ms": p95,
        "median_ms": statistics.median(times),
        "queries": len(sent),
        "kilobytes": len(answer.data) / 1000,
        "holds": p95 < BAR,
    }


def _sign_in(app: Flask, client: FlaskClient, actor: Actor) -> None:
    with transaction() as session:
        key = sessions.begin(session, actor.account_id or 0, second_step=True)
    interface: Any = app.session_interface
    values = {"_user_id": key, "_fresh": True, "seen": int(time.time())}
    signed = interface.get_signing_serializer(app).dumps(values)
    client.set_cookie(interface.get_cookie_name(app), signed)
