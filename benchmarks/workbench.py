"""The theme workbench with ten thousand comments: its pages, and what everyone sees of it."""

import itertools
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import insert, select, update

from app import create_app
from app.config import Config
from app.identity import keyring
from app.transactions import transaction
from benchmarks.discussion import timed
from benchmarks.discussion_data import fill
from consultations import theme_choosing, theme_reading
from consultations.models import (
    Comment,
    Consultation,
    DiscussionPlace,
    DiscussionTheme,
)
from consultations.queries import theme_reading as to_read
from consultations.theme_deeds import Wording
from consultations.theme_reading import Said
from core.accounts import registering, sessions
from core.actor import Actor, Role, system_actor

COMMENTS, MACHINE, CHOSEN, READ, READ_TWICE = 10_000, 40, 20, 300, 100
#: Requests of each page that are timed.
REPEATS = 40
#: Most milliseconds at the 95th percentile.
BAR = 300.0
HERE = "/workspace/consultations/large/themes"
PASSWORD = "a password only for measurements"  # noqa: S105


def main(_data: Path) -> dict[str, Any]:
    """Measure pages and deeds; nothing is timed before everything is written."""
    with tempfile.TemporaryDirectory() as instance:
        secret = "a secret for measurements, long enough"  # noqa: S105
        address = f"sqlite:///{instance}/site.db"
        folder = Path(instance)
        config = Config("development", secret, address, folder, log_level="CRITICAL", limits="off")
        app = create_app(config)
        app.config.update(WTF_CSRF_ENABLED=False)
        with app.app_context():
            upgrade()
            with transaction() as session:
                fill(session, keyring(), COMMENTS, 1_000, 20, 10_000)
                people = [_officer(session, name) for name in ("first", "second")]
                themes = _work(session, people)
            client = _signed_in(app, people[0])
        return _measured(app, client, themes)


def _officer(session: Any, name: str) -> Actor:
    email = f"{name}@example.org"
    account = registering.register(session, keyring(), email=email, password=PASSWORD)
    session.flush()
    agency = session.scalars(select(Consultation.agency_id)).first()
    registering.grant(session, system_actor(), account, Role.OFFICER, "bench")
    roles = frozenset({Role.PARTICIPANT, Role.OFFICER})
    tag = keyring().email_person_tag(email)
    return Actor(account.id, roles, agency, tag, keyring())


def _work(session: Any, people: list[Actor]) -> list[int]:
    """Put comments into machine themes, choose half of these, read, and show them."""
    number = session.scalars(select(Consultation.id)).one()
    comments = session.scalars(select(Comment.id).order_by(Comment.id)).all()
    rows = [
        {"consultation_id": number, "key": f"t{n}", "position": n, "terms": f"คำ {n} · เรื่อง {n}"}
        for n in range(MACHINE)
    ]
    session.execute(insert(DiscussionTheme), rows)
    for n in range(MACHINE):
        own = comments[n::MACHINE]
        place = update(DiscussionPlace).where(DiscussionPlace.comment_id.in_(own))
        session.execute(place.values(theme_key=f"t{n}"))
        unsure = update(DiscussionPlace).where(DiscussionPlace.comment_id.in_(own[::20]))
        session.execute(unsure.values(is_weak=True))
    themes = [
        theme_choosing.adopt(session, people[0], number, f"t{n}").id for n in range(CHOSEN - 1)
    ]
    wording = Wording("ประเด็นที่สร้างเอง")
    themes.append(theme_choosing.create(session, people[0], number, wording).id)
    for reader, find, times in (
        (people[0], to_read.next_reference, READ),
        (people[1], to_read.next_second, READ_TWICE),
    ):
        for turn in range(times):
            reference = find(session, number, reader.account_id)
            said = Said(
                theme_reading.OUTCOMES["placed"],
                {themes[turn % CHOSEN]},
                is_second=reader is people[1],
            )
            theme_reading.read(session, reader, number, reference or "", said)
    theme_choosing.show(session, people[0], number, shown=True, reason="อ่านแล้ว")
    return themes


def _signed_in(app: Flask, actor: Actor) -> FlaskClient:
    with transaction() as session:
        key = sessions.begin(session, actor.account_id or 0, second_step=True)
    client = app.test_client()
    with client.session_transaction() as browser:
        browser["_user_id"], browser["_fresh"] = key, True
        browser["seen"] = int(time.time())
    return client


def _measured(app: Flask, client: FlaskClient, themes: list[int]) -> dict[str, Any]:
    pages = {
        "help (baseline)": "/help",
        "workbench": f"{HERE}/",
        "chosen theme": f"{HERE}/{themes[0]}",
        "chosen theme, last page": f"{HERE}/{themes[0]}?page=999",
        "chosen theme, words": f"{HERE}/{themes[0]}?q=missing",
        "machine theme": f"{HERE}/candidates/t{MACHINE - 1}",
        "quality": f"{HERE}/quality",
        "history": f"{HERE}/history",
    }
    calls: dict[str, Callable[[], Any]] = {
        name: lambda path=path: client.get(path)  # type: ignore[misc]
        for name, path in pages.items()
    }
    turns = itertools.count()
    reads = {"next comment, and read it": lambda: _read_next(client, themes, next(turns))}
    figures: dict[str, Any] = {}
    for name, call in (calls | reads).items():
        seconds, processor, queries = timed(app, call, REPEATS)
        verdict = "ok" if seconds * 1000 <= BAR else "MISSES"
        print(
            f"   {name}: p95 {seconds * 1000:.1f} ms, processor {processor * 1000:.1f} ms, "
            f"{queries} queries, {verdict} (bar {BAR:.0f} ms)"
        )
        figures[name] = {
            "p95_ms": seconds * 1000,
            "processor_ms": processor * 1000,
            "queries": queries,
        }
    return figures


def _read_next(client: FlaskClient, themes: list[int], turn: int) -> Any:
    """Ask for the next comment, look at it and put it into a theme: three requests."""
    found = client.get(f"{HERE}/read/")
    client.get(found.location)
    choice = {"outcome": "placed", "seen": 0, "themes": themes[turn % len(themes)]}
    return client.post(found.location, data=choice)
