"""Each limit holds to the last request, says when to come back, and keeps what was typed."""

import base64
import dataclasses
import html
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import altcha
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import create_app
from app.limits import LIMITS
from consultations.models import Comment, Statement
from core.keyring import Keyring
from core.throttle import Limit
from tests.factories import make_actor, make_consultation, make_draft, make_statement
from tests.queries import count_queries
from tests.sites import SeparateClient, enter, make_config

ENGLISH = {"Accept-Language": "en"}
START = "2026-11-20 10:01:00+00:00"
COMMENT = "/consultations/water/comment"


@pytest.fixture(params=["memory", "database"])
def limited(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A site that counts, in memory or in the database."""
    app = create_app(make_config(database_url, tmp_path, limits=request.param))
    app.config.update(WTF_CSRF_ENABLED=False)
    app.test_client_class = SeparateClient
    with app.app_context(), time_machine.travel(START, tick=False):
        yield app
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def session(limited: Flask) -> Iterator[Session]:
    with Session(limited.extensions["sqlalchemy"].engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def statement(session: Session, keyring: Keyring) -> Statement:
    consultation = make_consultation(session, keyring, slug="water")
    make_draft(session, consultation)
    made = make_statement(session, consultation)
    session.commit()
    return made


@pytest.fixture
def person(limited: Flask, session: Session, keyring: Keyring) -> Callable[[], FlaskClient]:
    """Make a client signed in as somebody new, from an address that everybody here shares."""

    def signed_in() -> FlaskClient:
        actor = make_actor(session, keyring)
        session.commit()
        client = limited.test_client()
        enter(client, actor.account_id or 0)
        return client

    return signed_in


def within(send: Callable[[int], TestResponse], most: int) -> int:
    """Send until refused; return how many were let through. The refusal must be a whole one."""
    for number in range(most):
        answer = send(number)
        if answer.status_code == 429:
            assert 1 <= int(answer.headers["Retry-After"]) <= 90_000
            return number
        assert answer.status_code < 500, answer.text
    return most


def test_votes_are_limited_per_person(
    person: Callable[[], FlaskClient], statement: Statement
) -> None:
    voter, other = person(), person()
    address = f"/consultations/water/vote/{statement.reference}"
    choices = ("agree", "disagree")
    send = lambda n: voter.post(address, data={"choice": choices[n % 2]})  # noqa: E731
    assert within(send, 70) == LIMITS["vote"].person[0].times == 60
    assert other.post(address, data={"choice": "agree"}).status_code == 303


def test_comments_are_limited_by_pause_and_by_day(
    person: Callable[[], FlaskClient], statement: Statement
) -> None:
    writer = person()
    written = 0
    with time_machine.travel(START, tick=False) as clock:
        send = lambda n: writer.post(COMMENT, data={"body": f"Comment number {n}"})  # noqa: E731
        assert within(send, 5) == 1
        for number in range(12):
            clock.shift(timedelta(seconds=31))
            written += send(number + 10).status_code == 303
    assert written + 1 == LIMITS["contribute"].person[1].times == 10


def test_what_a_form_refused_may_be_mended_at_once(
    person: Callable[[], FlaskClient], statement: Statement
) -> None:
    writer = person()
    for _ in range(4):
        assert writer.post(COMMENT, data={"body": " "}).status_code == 422
    assert writer.post(COMMENT, data={"body": "Preview", "action": "preview"}).status_code != 429
    assert writer.post(COMMENT, data={"body": "Now with words"}).status_code == 303


def test_the_same_words_go_once_in_five_minutes(
    person: Callable[[], FlaskClient], statement: Statement, session: Session
) -> None:
    writer = person()
    with time_machine.travel(START, tick=False) as clock:
        assert writer.post(COMMENT, data={"body": "I agree"}).status_code == 303
        clock.shift(timedelta(seconds=40))
        again = writer.post(COMMENT, data={"body": " i  AGREE"}, headers=ENGLISH)
        assert again.status_code == 429
        assert "exactly these words" in again.text
        assert writer.post(COMMENT, data={"body": "And more"}).status_code == 303
    assert len(session.scalars(select(Comment)).all()) == 2


def test_what_was_typed_is_kept_on_the_page_and_can_be_sent_again(
    person: Callable[[], FlaskClient], statement: Statement, session: Session
) -> None:
    writer = person()
    typed = 'Second <b>comment</b> & "quotes"\nwith two lines'
    with time_machine.travel(START, tick=False) as clock:
        writer.post(COMMENT, data={"body": "First comment"})
        refused = writer.post(COMMENT, data={"body": typed, "stance": "support"}, headers=ENGLISH)
        assert refused.status_code == 429
        assert html.escape(typed, quote=False) in refused.text.replace("&#34;", '"')
        assert "<b>comment" not in refused.text
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', refused.text))
        clock.shift(timedelta(seconds=int(refused.headers["Retry-After"])))
        again = {name: html.unescape(value) for name, value in fields.items()}
        assert writer.post(COMMENT, data=again).status_code == 303
    bodies = [comment.body for comment in session.scalars(select(Comment).order_by(Comment.id))]
    assert bodies == ["First comment", typed]


def test_guessing_a_password_is_limited_where_it_is_guessed(limited: Flask) -> None:
    def guess(number: int, client: FlaskClient, address: str = "127.0.0.1") -> TestResponse:
        form = {"email": "owner@example.org", "password": f"guess {number}"}
        return client.post(
            "/accounts/sign-in", data=form, environ_overrides={"REMOTE_ADDR": address}
        )

    client = limited.test_client()
    assert within(lambda n: guess(n, client), 9) == 5
    assert guess(0, client, "203.0.113.9").status_code == 422, "elsewhere it goes on"
    from_many = [guess(n, client, f"198.51.100.{n}").status_code for n in range(40)]
    assert from_many.count(422) + 6 == LIMITS["sign_in"].person[0].times == 30


def test_a_right_password_is_no_guess(limited: Flask) -> None:
    form = {"email": "owner@example.org", "password": "four words for a password"}
    client = limited.test_client()
    assert client.post("/accounts/register", data=form).status_code == 303
    for _ in range(12):
        assert client.post("/accounts/sign-in", data=form).status_code == 303


def test_a_forwarded_address_is_believed_of_a_known_proxy_only(
    limited: Flask, tmp_path: Path
) -> None:
    def guesses(app: Flask) -> int:
        client = app.test_client()
        return within(
            lambda n: client.post(
                "/accounts/sign-in",
                data={"email": "x@example.org", "password": "wrong"},
                headers={"X-Forwarded-For": f"192.0.2.{n}, 10.0.0.{n}"},
            ),
            20,
        )

    assert guesses(limited) == 5
    config = limited.config["SARN"]
    behind = create_app(dataclasses.replace(config, trusted_proxies=1, limits="memory"))
    behind.config.update(WTF_CSRF_ENABLED=False)
    assert guesses(behind) == 20
    with behind.app_context():
        behind.extensions["sqlalchemy"].engine.dispose()


def test_reading_is_limited_where_it_is_heavy(limited: Flask, statement: Statement) -> None:
    client = limited.test_client()
    assert within(lambda n: client.get(f"/?q=water{n}"), 99) == 60
    assert client.get("/").status_code == 200
    assert within(lambda n: client.get(f"/receipts/ABCDEF12345{n}"), 99) == 30
    assert within(lambda n: client.get(f"/open-data/water/votes{n}.csv"), 99) == 60
    other = {"User-Agent": "another browser"}
    assert client.get("/?q=water", headers=other).status_code == 200


def test_programs_are_told_in_their_form(limited: Flask) -> None:
    client = limited.test_client()
    within(lambda n: client.get(f"/receipts/ABCDEF12345{n}"), 99)
    answer = client.get("/receipts/ABCDEF123456", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
    assert answer.json["type"] == "throttle.too_many"
    assert int(answer.headers["Retry-After"]) > 0


def test_ordinary_pages_ask_the_database_nothing_more(
    limited: Flask, statement: Statement, person: Callable[[], FlaskClient]
) -> None:
    reader = person()
    engine = limited.extensions["sqlalchemy"].engine
    for address in ("/", "/consultations/water", "/consultations/water/discussion"):
        reader.get(address)
        with count_queries(engine) as statements:
            reader.get(address)
        assert not [line for line in statements if "attempt" in line]


# --- a way through for people on a crowded address -------------------------------------------


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses that are full soon, and calculations that a test can wait for."""
    monkeypatch.setattr("app.challenge._ROUNDS", 10)
    for name in ("contribute", "register"):
        narrow = dataclasses.replace(
            LIMITS[name], address=(Limit(2, timedelta(minutes=10)),), once=()
        )
        monkeypatch.setitem(LIMITS, name, narrow)


def solution_in(page: str) -> str:
    """Solve the calculation of a page as the browser's script does."""
    found = re.search(r'data-challenge="([^"]*)"', page)
    assert found, page
    task = json.loads(html.unescape(found[1]))
    solved = altcha.solve_challenge(altcha.Challenge.from_dict(task))
    assert solved
    answer = {"challenge": task, "solution": solved.to_dict()}
    return base64.b64encode(json.dumps(answer).encode()).decode()


@pytest.fixture
def refused(
    crowded: None, person: Callable[[], FlaskClient], statement: Statement
) -> tuple[FlaskClient, str]:
    """Somebody whose address is over its limit, and the page that says so."""
    for number in range(2):
        assert person().post(COMMENT, data={"body": f"Number {number}"}).status_code == 303
    client = person()
    answer = client.post(COMMENT, data={"body": "From the same bus"}, headers=ENGLISH)
    assert answer.status_code == 429
    assert "share your internet connection" in answer.text
    return client, answer.text


def test_a_calculation_lets_one_request_through(refused: tuple[FlaskClient, str]) -> None:
    client, page = refused
    form = {"body": "From the same bus", "altcha": solution_in(page)}
    assert client.post(COMMENT, data=form).status_code == 303
    with time_machine.travel(START, tick=False) as clock:
        clock.shift(timedelta(seconds=40))
        again = client.post(COMMENT, data={**form, "body": "Once more"}, headers=ENGLISH)
    assert again.status_code == 429
    assert "counted already" in again.text
    assert "data-challenge=" in again.text


def test_old_changed_and_foreign_solutions_are_refused(refused: tuple[FlaskClient, str]) -> None:
    client, page = refused
    good = json.loads(base64.b64decode(solution_in(page)))

    def send(payload: object) -> int:
        packed = base64.b64encode(json.dumps(payload).encode()).decode()
        return client.post(COMMENT, data={"body": "Words", "altcha": packed}).status_code

    wrong_sum = {**good, "solution": {**good["solution"], "derivedKey": "00" * 32}}
    task = good["challenge"]
    easier = {**task, "parameters": {**task["parameters"], "keyPrefix": ""}}
    longer = {**task, "parameters": {**task["parameters"], "expiresAt": 9_999_999_999}}
    foreign = {**task, "parameters": {**task["parameters"], "data": {"for": "register"}}}
    for payload in (wrong_sum, *({**good, "challenge": c} for c in (easier, longer, foreign))):
        assert send(payload) == 429
    for payload in ({}, [], "x", {"challenge": 1, "solution": None}, {**good, "solution": {}}):
        assert send(payload) == 429
    assert client.post(COMMENT, data={"body": "Words", "altcha": "€" * 9}).status_code == 429
    with time_machine.travel(START, tick=False) as clock:
        clock.shift(timedelta(minutes=21))
        assert client.post(COMMENT, data={"body": "Later"}).status_code == 303, "waiting helps too"
    assert send(good) in (303, 429)


def test_without_scripts_the_page_says_when_to_come_back(refused: tuple[FlaskClient, str]) -> None:
    page = refused[1]
    assert "Without it, please wait until the time above" in page
    assert "You can try again at 20 November 2026" in page
    assert re.search(r'<script type="module" src="[^"]*js/pages/challenge.js[^"]*" nonce="', page)


def test_registering_on_a_crowded_address_asks_for_the_password_again(
    crowded: None, limited: Flask
) -> None:
    def form(number: int) -> dict[str, str]:
        return {"email": f"p{number}@example.org", "password": "four words for a password"}

    for number in range(2):
        limited.test_client().post("/accounts/register", data=form(number))
    client = limited.test_client()
    refused = client.post("/accounts/register", data=form(3), headers=ENGLISH)
    assert refused.status_code == 429
    assert "four words" not in refused.text
    assert 'name="password" type="password" autocomplete="new-password"' in refused.text
    answer = client.post(
        "/accounts/register", data={**form(3), "altcha": solution_in(refused.text)}
    )
    assert answer.status_code == 303


# --- several processes -----------------------------------------------------------------------

WORKER = """
import sys
from pathlib import Path
from app import create_app
from tests.sites import make_config
app = create_app(make_config(sys.argv[1], Path(sys.argv[2]), limits="database"))
app.config.update(WTF_CSRF_ENABLED=False)
form = {"email": "owner@example.org", "password": "wrong"}
client = app.test_client()
print(sum(client.post("/accounts/sign-in", data=form).status_code == 422 for _ in range(8)))
"""


def test_two_processes_share_a_limit(database_url: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", WORKER, database_url, str(tmp_path)]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
        for _ in range(2)
    ]
    counts = [int(process.communicate(timeout=120)[0]) for process in running]
    assert 5 <= sum(counts) <= 6


def test_the_counters_hold_neither_addresses_nor_words(
    limited: Flask, person: Callable[[], FlaskClient], statement: Statement, session: Session
) -> None:
    person().post(COMMENT, data={"body": "Words of somebody"})
    form = {"email": "owner@example.org", "password": "wrong"}
    limited.test_client().post("/accounts/sign-in", data=form)
    kept = str(session.execute(text("SELECT * FROM attempt")).all())
    kept += str(getattr(limited.extensions["counters"][0], "_kept"))  # noqa: B009
    for private in ("127.0.0.1", "owner", "Words", "words"):
        assert private not in kept
