"""What comes up to the closing instant counts, and nothing after it: on one clock and on two."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from app.clockwork import sweep
from consultations.models import Choice, Consultation, Contribution, Stage, Vote
from core.actor import Actor
from core.clock import now
from core.keyring import Keyring
from tests.factories import (
    make_actor,
    make_comment,
    make_consultation,
    make_draft,
    make_participant,
    make_statement,
    make_vote,
)
from tests.security.conftest import Record
from tests.security.servers import Servers, two_servers

_numbers = count(1)
#: What ends at the closing instant; reporting a contribution does not.
ENDING = ("vote", "clause vote", "comment", "reply", "support", "statement")
DEEDS = (*ENDING, "flag")
ACCEPTED, TOO_LATE = 303, 409
INSTANTS = {
    "a second before": timedelta(seconds=-1),
    "a millisecond before": timedelta(milliseconds=-1),
    "the instant": timedelta(),
    "a millisecond after": timedelta(milliseconds=1),
}
ClientOf = Callable[[Actor], FlaskClient]


@dataclass(frozen=True)
class Open:
    """An open consultation, and what can be done in it."""

    consultation_id: int
    slug: str
    statement: str
    comment: str

    def request(self, deed: str) -> tuple[str, dict[str, str]]:
        """Return address and form of a deed, with words that nobody used before."""
        base, words = f"/consultations/{self.slug}", f"ถ้อยคำที่ {next(_numbers)}"
        contribution = f"{base}/contributions/{self.comment}"
        return {
            "vote": (f"{base}/vote/{self.statement}", {"choice": "agree"}),
            "clause vote": (f"{base}/draft/1/clauses/s1/vote", {"choice": "agree"}),
            "comment": (f"{base}/clauses/s1/comment", {"body": words, "stance": "support"}),
            "reply": (f"{base}/discussion/{self.comment}", {"body": words}),
            "support": (f"{contribution}/support", {}),
            "statement": (f"{base}/vote/propose", {"body": words, "compared": words}),
            "flag": (f"{contribution}/flag", {"rule": "threat"}),
        }[deed]


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with Session(app.extensions["sqlalchemy"].engine, expire_on_commit=False) as made:
        yield made


@pytest.fixture
def database(session: Session) -> str:
    return session.get_bind().dialect.name


@pytest.fixture
def servers(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Servers]:
    with two_servers(app, database_url, tmp_path) as made:
        yield made


def opened(session: Session, keyring: Keyring, closes_at: datetime) -> Open:
    """Make a consultation that is open until a moment."""
    consultation = make_consultation(session, keyring, closes_at=closes_at)
    comment = make_comment(session, make_draft(session, consultation))
    statement = make_statement(session, consultation)
    session.commit()
    return Open(consultation.id, consultation.slug, statement.reference, comment.reference)


def expected(deed: str, moment: timedelta) -> int:
    return ACCEPTED if moment < timedelta() or deed == "flag" else TOO_LATE


def test_the_closing_instant_divides_exactly(
    session: Session, keyring: Keyring, client_of: ClientOf, database: str, record: Record
) -> None:
    closes_at = now() + timedelta(days=1)
    where = opened(session, keyring, closes_at)
    people = {(at, deed): make_actor(session, keyring) for at in INSTANTS for deed in DEEDS}
    session.commit()
    wrong = []
    for at, moment in INSTANTS.items():
        for deed in DEEDS:
            path, form = where.request(deed)
            with time_machine.travel(closes_at + moment, tick=False):
                status = client_of(people[at, deed]).post(path, data=form).status_code
            if status != expected(deed, moment):
                wrong.append(f"{deed}, {at}: {status}")
    record(f"closing instant, {database}", requests=len(people), wrong=len(wrong))
    assert wrong == []


def test_the_opening_instant_divides_exactly(
    session: Session, keyring: Keyring, client_of: ClientOf
) -> None:
    where = opened(session, keyring, now() + timedelta(days=9))
    opens_at = now() + timedelta(days=1)
    session.execute(update(Consultation).values(opens_at=opens_at, stage=Stage.SCHEDULED))
    person = make_actor(session, keyring)
    session.commit()
    for moment, status in ((timedelta(milliseconds=-1), TOO_LATE), (timedelta(), ACCEPTED)):
        path, form = where.request("vote")
        with time_machine.travel(opens_at + moment, tick=False):
            assert client_of(person).post(path, data=form).status_code == status


def test_a_clock_that_steps_back_opens_nothing_that_was_closed(
    session: Session, keyring: Keyring, client_of: ClientOf
) -> None:
    """Once the step to "closed" is written, no clock undoes it."""
    closes_at = now() + timedelta(days=1)
    where = opened(session, keyring, closes_at)
    person = make_actor(session, keyring)
    session.commit()
    with time_machine.travel(closes_at, tick=False):
        sweep()
    with time_machine.travel(closes_at - timedelta(minutes=10), tick=False):
        answers = {}
        for deed in ENDING:
            path, form = where.request(deed)
            answers[deed] = client_of(person).post(path, data=form).status_code
    assert answers == dict.fromkeys(ENDING, TOO_LATE)


def test_what_waits_beyond_the_instant_comes_too_late(
    servers: Servers, session: Session, keyring: Keyring, database: str, record: Record
) -> None:
    """Sent in time, but held up by a lock until after the instant: the time is read at the end."""
    where = opened(session, keyring, now() + timedelta(days=1))
    people = {deed: make_actor(session, keyring) for deed in DEEDS}
    session.commit()
    closes_at = now() + timedelta(seconds=2)
    with ThreadPoolExecutor(len(DEEDS)) as pool:
        # This closing transaction holds the consultation when the requests arrive.
        session.execute(
            update(Consultation)
            .where(Consultation.id == where.consultation_id)
            .values(closes_at=closes_at)
        )
        sent = {
            deed: pool.submit(servers.post, people[deed], *where.request(deed), number)
            for number, deed in enumerate(DEEDS)
        }
        time.sleep(max(0.0, (closes_at - now()).total_seconds() + 0.3))
        assert not any(sent[deed].done() for deed in ENDING)
        session.commit()
        got = {deed: future.result() for deed, future in sent.items()}
    record(f"held up beyond the instant, {database}", got=got)
    assert {deed: got[deed] for deed in ENDING} == dict.fromkeys(ENDING, TOO_LATE)
    assert got["flag"] == ACCEPTED


def rush(
    servers: Servers, where: Open, people: list[Actor], until: datetime
) -> list[tuple[str, datetime, datetime, int]]:
    """Let everybody do everything again and again to both servers; return deed, times, status."""
    found: list[tuple[str, datetime, datetime, int]] = []

    def act(place: int) -> None:
        for number in count():
            deed = ENDING[(place + number) % len(ENDING)]
            began = now()
            if began > until:
                return
            # Everybody acts once in each kind that allows no second time.
            status = servers.post(
                people[(place * 50 + number) % len(people)],
                *where.request(deed),
                place + number,
                address=place * 50 + number,
            )
            found.append((deed, began, now(), status))

    threads = [threading.Thread(target=act, args=(place,)) for place in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_two_servers_agree_about_the_instant(
    servers: Servers, session: Session, keyring: Keyring, database: str, record: Record
) -> None:
    people = [make_actor(session, keyring) for _ in range(300)]
    closes_at = now() + timedelta(seconds=4)
    where = opened(session, keyring, closes_at)
    done = rush(servers, where, people, closes_at + timedelta(seconds=1.5))
    late = [each for each in done if each[3] == ACCEPTED and each[1] >= closes_at]
    early = [each for each in done if each[3] == TOO_LATE and each[2] < closes_at]
    stamps = session.scalars(select(Contribution.created_at)).all()
    in_time = sum(each[3] == ACCEPTED for each in done)
    refused = sum(each[3] == TOO_LATE for each in done)
    record(
        f"two servers at the instant, {database}",
        accepted=in_time,
        refused=refused,
        wrong=len(late) + len(early),
    )
    assert (late, early) == ([], [])
    assert min(in_time, refused) > 0, (in_time, refused)
    assert max(stamps) < closes_at
    assert {each[3] for each in done} <= {ACCEPTED, TOO_LATE, 422}


def test_an_extension_holds_from_its_commit_on(
    servers: Servers, session: Session, keyring: Keyring, database: str, record: Record
) -> None:
    people = [make_actor(session, keyring) for _ in range(300)]
    first = now() + timedelta(seconds=4)
    where = opened(session, keyring, first)
    extended: list[datetime] = []

    def extend() -> None:
        time.sleep(max(0.0, (first - now()).total_seconds() - 1.5))
        engine = session.get_bind()
        assert isinstance(engine, Engine)
        with Session(engine) as own:
            longer = {"closes_at": first + timedelta(hours=1), "stage": Stage.EXTENDED}
            own.execute(update(Consultation).values(longer))
            own.commit()
        extended.append(now())

    thread = threading.Thread(target=extend)
    thread.start()
    done = rush(servers, where, people, first + timedelta(seconds=1))
    thread.join()
    refused = [each for each in done if each[3] == TOO_LATE]
    record(f"extension, {database}", requests=len(done), refused=len(refused))
    assert extended[0] < first, "this machine was too slow to extend in time"
    assert refused == []
    assert any(each[1] > first and each[3] == ACCEPTED for each in done)


def test_reading_the_time_before_the_lock_would_let_a_late_vote_in(
    session: Session, keyring: Keyring
) -> None:
    """The control: the order that the tests above forbid does accept what is too late."""
    closes_at = now() + timedelta(seconds=0.5)
    consultation = make_consultation(session, keyring, closes_at=closes_at)
    statement = make_statement(session, consultation)
    voter = make_participant(session, consultation)
    session.commit()
    is_open = now() < closes_at
    time.sleep(max(0.0, (closes_at - now()).total_seconds() + 0.05))
    if is_open:
        make_vote(session, statement, voter, Choice.AGREE)
        session.commit()
    assert now() > closes_at
    assert len(session.scalars(select(Vote)).all()) == 1
