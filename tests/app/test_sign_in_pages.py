"""Signing in and out: sessions that end, guesses that are counted, a second step, confirming."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from html import unescape

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.mail import delivery
from core.accounts import codes, factors, registering
from core.actor import Role, system_actor
from core.clock import now
from core.keyring import Keyring
from tests.sites import enter

PASSWORD = "correct horse battery"
ENGLISH = {"Accept-Language": "en"}
EMAIL = "somsri@example.org"


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with Session(app.extensions["sqlalchemy"].engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def account(session: Session, keyring: Keyring) -> int:
    made = registering.register(session, keyring, email=EMAIL, password=PASSWORD)
    session.commit()
    return made.id


@pytest.fixture
def staff(app: Flask, session: Session, keyring: Keyring) -> int:
    """A moderator, on a site where staff need a second step."""
    app.config["SARN"] = replace(app.config["SARN"], staff_second_factor=True)
    made = registering.register(session, keyring, email=EMAIL, password=PASSWORD)
    registering.grant(session, system_actor(), made, Role.MODERATOR)
    session.commit()
    return made.id


def sign_in(client: FlaskClient, password: str = PASSWORD, **more: str) -> int:
    data = {"email": EMAIL, "password": password, **more}
    return client.post("/accounts/sign-in", data=data).status_code


def is_in(client: FlaskClient) -> bool:
    return client.get("/accounts/").status_code == 200


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("sarn")
    return found.value if found else ""


def code(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(now().timestamp()) + steps * codes.STEP)


def with_app(session: Session, keyring: Keyring, account: int) -> str:
    secret = codes.new_secret()
    with time_machine.travel(now() - timedelta(minutes=2)):
        factors.add_app(session, keyring, account, secret=secret, code=code(secret), name="")
    session.commit()
    return secret


@pytest.mark.usefixtures("account")
def test_a_cookie_from_before_is_dead_after_signing_out(app: Flask, client: FlaskClient) -> None:
    sign_in(client)
    kept = cookie(client)
    client.post("/accounts/sign-out")
    thief = app.test_client()
    thief.set_cookie("sarn", kept)
    assert not is_in(thief)


@pytest.mark.usefixtures("account")
def test_signing_in_gives_a_new_session(app: Flask, client: FlaskClient) -> None:
    sign_in(client)
    before = cookie(client)
    sign_in(client)
    thief = app.test_client()
    thief.set_cookie("sarn", before)
    assert not is_in(thief)
    assert is_in(client)


@pytest.mark.parametrize(("minutes", "stays"), [(59, True), (61, False)])
def test_who_stays_away_is_signed_out(
    client: FlaskClient, account: int, minutes: int, *, stays: bool
) -> None:
    enter(client, account)
    with time_machine.travel(now() + timedelta(minutes=minutes)):
        assert is_in(client) is stays


def test_staff_are_signed_out_after_a_quarter_of_an_hour(client: FlaskClient, staff: int) -> None:
    enter(client, staff)
    with time_machine.travel(now() + timedelta(minutes=16)):
        assert not is_in(client)


def test_using_the_site_keeps_one_signed_in_for_twelve_hours_at_most(
    client: FlaskClient, account: int
) -> None:
    enter(client, account)
    start, lasted = now(), 0
    while lasted < 15 * 60:
        with time_machine.travel(start + timedelta(minutes=lasted + 50)):
            if not is_in(client):
                break
        lasted += 50
    assert 11 * 60 < lasted < 12 * 60


@pytest.mark.limited
@pytest.mark.usefixtures("account")
def test_the_owner_gets_in_while_others_guess(app: Flask, client: FlaskClient) -> None:
    sign_in(client)
    client.post("/accounts/sign-out")
    stranger = app.test_client()
    assert [sign_in(stranger, "a wrong guess") for _ in range(8)][-1] == 429
    assert sign_in(stranger) == 429
    assert sign_in(client) == 303


@pytest.mark.limited
@pytest.mark.usefixtures("account")
def test_spelling_the_address_otherwise_gives_no_more_guesses(app: Flask) -> None:
    client = app.test_client()
    for email in (EMAIL, EMAIL.upper(), f" {EMAIL}", "Somsri@Example.org"):
        for _ in range(2):
            data = {"email": email, "password": "a wrong guess"}
            last = client.post("/accounts/sign-in", data=data).status_code
    assert last == 429


def test_a_forgotten_password_is_replaced_by_a_link(
    app: Flask, client: FlaskClient, account: int
) -> None:
    enter(client, account)
    stranger = app.test_client()
    pages = [
        stranger.post("/accounts/forgotten", data={"email": email}, headers=ENGLISH)
        for email in (EMAIL, "nobody@example.org")
    ]
    assert [page.status_code for page in pages] == [200, 200]
    assert len({re.sub(r"nonce=\"[^\"]+\"|value=\"[^\"]+\"", "", page.text) for page in pages}) == 1
    delivery.deliver()
    [letter] = list((app.config["SARN"].instance_path / "mail").glob("*.eml"))
    text = message_from_bytes(letter.read_bytes()).get_payload(0).get_payload(decode=True).decode()
    found = re.search(r"/accounts/forgotten/(\S+)", text)
    assert found
    link = found.group()
    assert stranger.get(link).status_code == 200
    assert is_in(client)
    assert stranger.post(link, data={"new_password": "short"}).status_code == 422
    done = stranger.post(link, data={"new_password": "another good password"})
    assert (done.status_code, done.location) == (303, "/accounts/sign-in")
    assert not is_in(client)
    assert not is_in(stranger)
    assert stranger.get(link).status_code == 409
    assert sign_in(stranger, "another good password") == 303


def test_staff_reach_no_page_of_theirs_before_a_second_step(
    client: FlaskClient, staff: int
) -> None:
    assert sign_in(client) == 303
    answer = client.get("/moderation/")
    assert (answer.status_code, answer.location) == (
        303,
        "/accounts/second-factor/?why=needed",
    )
    assert "/moderation/" not in client.get("/").text
    assert client.get("/accounts/second-factor/?why=needed").status_code == 200


def test_staff_set_an_app_up_and_go_on(client: FlaskClient, staff: int) -> None:
    sign_in(client)
    before = cookie(client)
    page = client.get("/accounts/second-factor/app", headers=ENGLISH).text
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert secret
    assert "data:image/svg+xml;base64," in page
    wrong = client.post("/accounts/second-factor/app", data={"code": "000000", "name": ""})
    assert wrong.status_code == 422
    assert secret[1] in wrong.text
    data = {"code": code(secret[1].replace(" ", "")), "name": "telephone"}
    done = client.post("/accounts/second-factor/app", data=data, headers=ENGLISH)
    assert len(re.findall(r"<code>[a-z2-9]{5}-[a-z2-9]{5}</code>", done.text)) == factors.CODES
    assert client.get("/moderation/").status_code == 200
    thief = client.application.test_client()
    thief.set_cookie("sarn", before)
    assert not is_in(thief)


def test_signing_in_asks_for_the_second_step(
    app: Flask, client: FlaskClient, session: Session, keyring: Keyring, staff: int
) -> None:
    secret = with_app(session, keyring, staff)
    answer = client.post(
        "/accounts/sign-in", data={"email": EMAIL, "password": PASSWORD, "next": "/moderation/"}
    )
    assert answer.location == "/accounts/second-step"
    assert not is_in(client)
    assert client.post("/accounts/second-step", data={"code": "000000"}).status_code == 422
    shown = code(secret)
    done = client.post("/accounts/second-step", data={"code": shown})
    assert (done.status_code, done.location) == (303, "/moderation/")
    assert client.get("/moderation/").status_code == 200
    other = app.test_client()
    sign_in(other)
    assert other.post("/accounts/second-step", data={"code": shown}).status_code == 422


@pytest.mark.limited
def test_the_second_step_is_guessed_a_few_times_at_most(
    client: FlaskClient, session: Session, keyring: Keyring, staff: int
) -> None:
    secret = with_app(session, keyring, staff)
    sign_in(client)
    answers = [
        client.post("/accounts/second-step", data={"code": f"{n:06}"}).status_code for n in range(9)
    ]
    assert answers[-1] == 429
    assert client.post("/accounts/second-step", data={"code": code(secret)}).status_code == 429


def test_the_second_step_needs_the_first(client: FlaskClient, staff: int) -> None:
    answer = client.post("/accounts/second-step", data={"code": "123456"})
    assert answer.location == "/accounts/sign-in"


@pytest.mark.parametrize("answer", ["", "{}", "[]", "7", '{"rawId": 7}', "x" * 9000, '{"id":"a"}'])
def test_a_made_up_passkey_is_refused(
    client: FlaskClient, session: Session, keyring: Keyring, staff: int, answer: str
) -> None:
    with_app(session, keyring, staff)
    sign_in(client)
    data = {"credential": answer, "code": ""}
    assert client.post("/accounts/second-step", data=data).status_code == 422


def test_what_matters_is_asked_for_once_more_and_keeps_what_was_typed(
    client: FlaskClient, account: int
) -> None:
    enter(client, account)
    with time_machine.travel(now() + timedelta(minutes=20)):
        assert (
            client.get("/accounts/address").location == "/accounts/confirm?next=/accounts/address?"
        )
        typed = {"email": 'new"><b>@example.org', "password": "not kept, this one"}
        asked = client.post("/accounts/address", data=typed)
        assert asked.status_code == 403
        assert "not kept" not in asked.text
        kept = re.search(r'name="kept"[^>]*value="([^"]+)"', asked.text)
        assert kept
        data = {"next": "/accounts/address", "kept": unescape(kept[1]), "password": "wrong"}
        assert client.post("/accounts/confirm", data=data).status_code == 422
        before = cookie(client)
        done = client.post("/accounts/confirm", data={**data, "password": PASSWORD})
        assert done.status_code == 200
        assert 'name="email" value="new&#34;&gt;&lt;b&gt;@example.org"' in done.text
        assert client.get("/accounts/address").status_code == 200
        thief = client.application.test_client()
        thief.set_cookie("sarn", before)
        assert not is_in(thief)


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org", "/\\example.org"])
def test_confirming_never_leads_to_another_site(
    client: FlaskClient, account: int, target: str
) -> None:
    enter(client, account)
    for kept in ("", '[["", ""], ["a", "b"]]'):
        data = {"next": target, "kept": kept, "password": PASSWORD}
        done = client.post("/accounts/confirm", data=data)
        assert "example.org" not in str(done.headers) + done.text


def test_only_administrators_name_organisations(
    client: FlaskClient, session: Session, keyring: Keyring, account: int
) -> None:
    enter(client, account)
    assert client.get("/accounts/organisations").status_code == 403
    boss = registering.register(session, keyring, email="boss@example.org", password=PASSWORD)
    registering.grant(session, system_actor(), boss, Role.ADMINISTRATOR)
    session.commit()
    enter(client, boss.id)
    page = "/accounts/organisations"
    assert client.post(page, data={"email": "no@example.org", "name": "x"}).status_code == 422
    assert client.post(page, data={"email": "boss@example.org", "name": "x"}).status_code == 422
    assert client.post(page, data={"email": EMAIL, "name": "สมาคมคนรักน้ำ"}).status_code == 303
    enter(client, account)
    assert "สมาคมคนรักน้ำ" in client.get("/accounts/identity/").text
