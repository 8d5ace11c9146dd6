"""Many people erase what they did: no byte of their words is left, and the figures hold."""

from pathlib import Path

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app, jobs, upkeep
from consultations import analysing, erasing
from consultations.models import Stage, Statement, Vote
from core import ledger
from core.actor import Actor, Role, system_actor
from core.keyring import Keyring
from tests.databases import sqlite_copy
from tests.factories import (
    joined,
    make_comment,
    make_consultation,
    make_draft,
    make_statement,
    make_vote,
)
from tests.security.conftest import Record
from tests.sites import make_config

PEOPLE, ERASED = 400, 40
WORDS = ("ferry", "harbour", "market", "parking", "lights", "benches", "trees", "buses")


def mark(number: int) -> str:
    return f"qxwords{number:04}"


def fill(app: Flask) -> tuple[int, list[Actor]]:
    """Let many people comment and vote in a consultation, analyse it, and close it."""
    keyring: Keyring = app.extensions["keyring"]
    people = [
        Actor(
            None,
            frozenset({Role.PARTICIPANT}),
            None,
            keyring.email_person_tag(f"{number}@example.org"),
            keyring,
        )
        for number in range(PEOPLE)
    ]
    with Session(app.extensions["sqlalchemy"].engine) as session:
        place = make_consultation(session, keyring)
        draft = make_draft(session, place)
        statements = [make_statement(session, place) for _ in range(6)]
        for number, actor in enumerate(people):
            person = joined(session, actor, place)
            words = " ".join(WORDS[(number + step) % 8] for step in (0, 1, 3))
            body = f"More {words} please, says {mark(number)} to everyone."
            make_comment(session, draft, participant_id=person.id, body=body, language="en")
            for place_in_list, statement in enumerate(statements):
                make_vote(session, statement, person, 1 if (number + place_in_list) % 3 else -1)
        session.commit()
        run = analysing.request_run(session, system_actor(keyring), place.id)
        session.commit()
        jobs.run_all()
        session.expire_all()
        assert analysing.get_run(session, run.id).state == "done"
        place.stage = Stage.CLOSED
        session.commit()
        return place.id, people


def raw(file: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(file.parent.glob(f"{file.name}*")))


def tallies(session: Session) -> list[tuple[int, int]]:
    rows = session.execute(select(Statement.agrees, Statement.disagrees).order_by(Statement.id))
    return [tuple(row) for row in rows]


def test_no_byte_of_erased_words_is_left_and_every_figure_holds(
    sqlite_template: Path, tmp_path: Path, record: Record
) -> None:
    with sqlite_copy(sqlite_template, tmp_path) as url:
        app = create_app(make_config(url, tmp_path))
        file = Path(url.removeprefix("sqlite:///"))
        with app.app_context():
            number, people = fill(app)
            with Session(app.extensions["sqlalchemy"].engine) as session:
                ledger.seal(session, limit=10_000)
                before, head = tallies(session), ledger.anchor_line(ledger.verify(session))
                for actor in people[:ERASED]:
                    assert erasing.erase_everything(session, actor) == 1
                session.commit()
            jobs.run_all()
            upkeep.clean(number)
            upkeep.clean_database()
            left = raw(file)
            hits = [n for n in range(ERASED) if mark(n).encode() in left]
            kept = [n for n in range(ERASED, PEOPLE) if mark(n).encode() in left]
            with Session(app.extensions["sqlalchemy"].engine) as session:
                ledger.seal(session, limit=10_000)
                found = ledger.verify(session)
                assert found.broken_at is None
                assert ledger.holds(session, head)
                assert tallies(session) == before
                assert session.scalar(select(func.count(Vote.id))) == PEOPLE * 6
            app.extensions["sqlalchemy"].engine.dispose()
    record("erasure", people=PEOPLE, erased=ERASED, hits_in_files=len(hits), kept=len(kept))
    assert hits == []
    assert len(kept) == PEOPLE - ERASED
