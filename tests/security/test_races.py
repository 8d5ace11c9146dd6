"""Many requests of one person at the same moment, over HTTP, to two server processes."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from consultations import rescheduling
from consultations.lifecycle import Event
from consultations.models import (
    Clause,
    ClauseVote,
    Consultation,
    DiscussionPlace,
    Stage,
    StageChange,
    Statement,
    Support,
    Vote,
)
from core.accounts.models import Account
from core.actor import ANONYMOUS, Role
from core.keyring import Keyring
from tests.factories import (
    make_actor,
    make_agency,
    make_comment,
    make_consultation,
    make_draft,
    make_statement,
)
from tests.security.conftest import Record
from tests.security.corpora import is_there
from tests.security.servers import Servers, at_once, two_servers

#: So many as the figure asks for where the collections of attacks are; fewer on other machines.
PEOPLE, AT_ONCE = (200 if is_there() else 60), 16
FEWER = 12
CHOICES = {"agree": 1, "disagree": -1, "pass": 0}
SEED = 20261121


@pytest.fixture
def servers(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Servers]:
    with two_servers(app, database_url, tmp_path) as made:
        yield made


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session on the servers' database; a test commits what they are to see."""
    with Session(app.extensions["sqlalchemy"].engine, expire_on_commit=False) as made:
        yield made


@pytest.fixture
def database(session: Session) -> str:
    """Which kind of database it is, for the report."""
    return session.get_bind().dialect.name


def many_times(post: Callable[[int], int]) -> list[int]:
    """Send the same thing many times at once, in turn to both servers; return the answers."""
    return at_once([lambda place=place: post(place) for place in range(AT_ONCE)])


def test_one_person_has_one_vote_however_many_are_sent_at_once(
    servers: Servers, session: Session, keyring: Keyring, database: str, record: Record
) -> None:
    consultation = make_consultation(session, keyring)
    statement = make_statement(session, consultation)
    people = [make_actor(session, keyring) for _ in range(PEOPLE)]
    session.commit()
    draw = random.Random(SEED)  # noqa: S311
    path = f"/consultations/{consultation.slug}/vote/{statement.reference}"
    statuses: Counter[int] = Counter()
    last: Counter[int] = Counter()
    for number, person in enumerate(people):
        sent = draw.choices(list(CHOICES), k=AT_ONCE)
        statuses.update(
            many_times(
                lambda place, person=person, sent=sent, number=number: servers.post(
                    person, path, {"choice": sent[place]}, place, address=number
                )
            )
        )
        # What is said after all others were answered is what counts, whichever server took it.
        final = draw.choice(list(CHOICES))
        assert servers.post(person, path, {"choice": final}, number, address=number) == 303
        last[CHOICES[final]] += 1
    rows = session.scalars(select(Vote.choice)).all()
    tally = session.get_one(Statement, statement.id, populate_existing=True)
    more = len(rows) - PEOPLE
    wrong = sum((Counter(map(int, rows)) - last).values())
    record(
        f"vote races, {database}",
        people=PEOPLE,
        at_once=AT_ONCE,
        statuses={str(status): count for status, count in statuses.items()},
        more_than_one_vote=more,
        contradicting=wrong,
    )
    assert (more, wrong) == (0, 0)
    assert statuses == {303: PEOPLE * AT_ONCE}
    assert {1: tally.agrees, -1: tally.disagrees, 0: tally.passes} == {
        choice: last[choice] for choice in (1, -1, 0)
    }


def test_supports_and_clause_votes_count_once(
    servers: Servers, session: Session, keyring: Keyring, database: str, record: Record
) -> None:
    consultation = make_consultation(session, keyring)
    draft = make_draft(session, consultation)
    comment = make_comment(session, draft)
    people = [make_actor(session, keyring) for _ in range(FEWER)]
    session.commit()
    base = f"/consultations/{consultation.slug}"
    support = f"{base}/contributions/{comment.reference}/support"
    clause = f"{base}/draft/1/clauses/s1/vote"
    statuses: Counter[int] = Counter()
    for number, person in enumerate(people):
        for path, form in ((support, {}), (clause, {"choice": "agree"})):
            statuses.update(
                many_times(
                    lambda place, person=person, path=path, form=form, number=number: servers.post(
                        person, path, form, place, address=number
                    )
                )
            )
    supports = session.scalar(select(func.count()).select_from(Support))
    counted = session.get_one(DiscussionPlace, comment.id, populate_existing=True).supports
    votes = session.scalar(select(func.count(ClauseVote.id)).join(Clause))
    record(
        f"support and clause vote races, {database}",
        people=FEWER,
        at_once=AT_ONCE,
        supports=supports,
        clause_votes=votes,
    )
    assert (supports, counted, votes) == (FEWER, FEWER, FEWER)
    assert statuses == {303: 2 * FEWER * AT_ONCE}


def test_one_address_signs_up_once(
    servers: Servers, session: Session, database: str, record: Record
) -> None:
    before = session.scalar(select(func.count(Account.id)))
    session.rollback()
    statuses: Counter[int] = Counter()
    for number in range(3):
        form = {"email": f"one{number}@example.org", "password": "one of a kind words"}
        statuses.update(
            many_times(
                lambda place, form=form: servers.post(
                    ANONYMOUS, "/accounts/register", form, place, address=900 + place
                )
            )
        )
    made = (session.scalar(select(func.count(Account.id))) or 0) - (before or 0)
    record(f"sign-up races, {database}", addresses=3, accounts=made, at_once=AT_ONCE)
    assert made == 3
    assert not {status for status in statuses if status >= 500}


def test_a_step_is_taken_once(
    servers: Servers, session: Session, keyring: Keyring, database: str, record: Record
) -> None:
    """Two approvers, each many times at once: the consultation is closed by one of them."""
    agency = make_agency(session)
    consultations = [make_consultation(session, keyring, agency=agency) for _ in range(4)]
    for each in consultations:
        make_draft(session, each)
    approvers = [make_actor(session, keyring, Role.APPROVER, agency=agency) for _ in range(2)]
    officer = make_actor(session, keyring, Role.OFFICER, agency=agency)
    motions = [
        rescheduling.propose(session, officer, each.id, Event.CLOSE, reason="ครบแล้ว")
        for each in consultations
    ]
    session.commit()
    statuses: Counter[int] = Counter()
    for number, (each, motion) in enumerate(zip(consultations, motions, strict=True)):
        path = f"/workspace/consultations/{each.slug}/motions/{motion.id}/approve"
        statuses.update(
            many_times(
                lambda place, path=path, number=number: servers.post(
                    approvers[place % 2], path, {}, place // 2, address=800 + number
                )
            )
        )
    changes = session.scalar(select(func.count(StageChange.id)))
    stages = set(session.scalars(select(Consultation.stage)))
    record(f"approval races, {database}", steps=len(consultations), taken=changes)
    assert changes == len(consultations)
    assert stages == {Stage.CLOSED}
    assert statuses[303] == len(consultations)
    assert not {status for status in statuses if status >= 500}


def test_a_table_without_a_guard_is_doubled(session: Session, record: Record) -> None:
    """The control: looking first and writing then lets one person in more than once."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE unguarded (person INTEGER)"))
    checked = threading.Barrier(AT_ONCE, timeout=10)

    def cast(person: int) -> None:
        with engine.connect() as reading:
            query = text("SELECT count(*) FROM unguarded WHERE person = :person")
            is_new = not reading.scalar(query, {"person": person})
            reading.rollback()
        checked.wait()
        if is_new:
            time.sleep(0.001)
            with engine.begin() as connection:
                query = text("INSERT INTO unguarded VALUES (:person)")
                connection.execute(query, {"person": person})

    for person in range(5):
        at_once([lambda person=person: cast(person) for _ in range(AT_ONCE)])
    with engine.connect() as connection:
        rows = connection.scalar(text("SELECT count(*) FROM unguarded"))
    record(f"control of races, {engine.dialect.name}", people=5, rows=rows)
    assert rows > 5
