"""Hostile identity providers: nothing they say but the truth is accepted, and nothing breaks."""

import hashlib
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from app import create_app
from app.oidc import fetching
from app.providers import Provider
from core.accounts.models import Account, RoleGrant
from core.actor import Role
from core.clock import now
from core.keyring import Keyring
from core.throttle import Memory
from tests.databases import sqlite_copy
from tests.security.conftest import Record
from tests.security.oidc_cases import ANSWERS, TOKENS, Prepare, changed
from tests.security.oidc_provider import CLIENT, SECRET, HostileProvider, Key, served
from tests.sites import SeparateClient, enter, make_config

NUMBER = "1101700230708"


def provider_at(address: str, slug: str = "one", **values: Any) -> Provider:
    return Provider(slug, "หนึ่ง", "One", address, CLIENT, SECRET, allows_plain=True, **values)


@pytest.fixture
def hostile() -> Iterator[HostileProvider]:
    with served(HostileProvider()) as provider:
        yield provider


@pytest.fixture(scope="module")
def served_site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("oidc")
    with sqlite_copy(sqlite_template, folder) as url:
        app = create_app(make_config(url, folder, limits="memory"))
        app.config.update(WTF_CSRF_ENABLED=False)
        app.test_client_class = SeparateClient
        with app.app_context():
            yield app
            app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def site(
    served_site: Flask, hostile: HostileProvider, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """The site with the provider of this test, nobody verified, and nothing known of providers."""
    monkeypatch.setattr(fetching, "_WHOLE", 1.5)
    present = served_site.config["SARN"]
    other = provider_at("http://127.0.0.1:9", "other")
    configured = replace(present, providers=(provider_at(hostile.address), other))
    monkeypatch.setitem(served_site.config, "SARN", configured)
    monkeypatch.setitem(served_site.extensions, "counters", (Memory(),))
    served_site.extensions.pop("oidc", None)
    with served_site.extensions["sqlalchemy"].engine.begin() as connection:
        for table in ("identity_link", "attempt", "browser_session", "role_grant", "account"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
    yield served_site
    served_site.extensions["sqlalchemy"].session.remove()


def person(app: Flask, keyring: Keyring, email: str) -> FlaskClient:
    """Make an account, and a client signed in with it."""
    session = app.extensions["sqlalchemy"].session()
    account = Account(
        email_sealed=keyring.seal_email(email),
        email_index=keyring.email_index(email),
        password_hash="not a hash",
        created_on=now().date(),
        grants=[RoleGrant(role=Role.PARTICIPANT)],
    )
    session.add(account)
    session.flush()
    number = account.id
    session.commit()
    client = app.test_client()
    enter(client, number)
    return client


@pytest.fixture
def client(site: Flask, keyring: Keyring) -> FlaskClient:
    return person(site, keyring, "somsri@example.org")


def begin(client: FlaskClient, slug: str = "one", way: str = "verify") -> dict[str, str]:
    """Go to the provider; return what the browser brings there."""
    answer = client.get(f"/accounts/identity/{slug}/{way}")
    assert answer.status_code == 303, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def come_back(client: FlaskClient, slug: str = "one", **given: str) -> TestResponse:
    """Come back from the provider, and press the button if there is one."""
    address = f"/accounts/identity/{slug}/return"
    first = client.get(address, query_string=given)
    if first.status_code != 200:
        return first
    return client.post(address, data=given)


def go(
    client: FlaskClient, hostile: HostileProvider, way: str = "verify", **more: str
) -> TestResponse:
    """Walk the whole way."""
    query = begin(client, way=way)
    code = hostile.authorise(query)
    return come_back(client, **{"code": code, "state": query["state"], **more})


def links(app: Flask) -> int:
    with app.extensions["sqlalchemy"].engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM identity_link")).scalar_one())


@pytest.mark.parametrize("curve", [False, True])
def test_an_honest_provider_is_accepted(
    site: Flask, hostile: HostileProvider, client: FlaskClient, record: Record, *, curve: bool
) -> None:
    hostile.keys = [Key("k1", curve=curve)]
    done = go(client, hostile)
    assert (done.status_code, done.location) == (303, "/accounts/identity/")
    assert links(site) == 1
    record("oidc", honest_flows_accepted=True)


@pytest.fixture(scope="session")
def accepted() -> list[int]:
    """How many links each hostile answer has led to."""
    return []


def attempt(site: Flask, hostile: HostileProvider, client: FlaskClient, prepare: Prepare) -> int:
    """Try one attack; return the status of the last answer."""
    prepare(hostile)
    first = client.get("/accounts/identity/one/verify")
    if first.status_code != 303:
        return first.status_code
    query = dict(parse_qsl(urlsplit(first.headers["Location"]).query))
    return come_back(client, code=hostile.authorise(query), state=query["state"]).status_code


@pytest.mark.parametrize("case", [*TOKENS, *ANSWERS])
def test_a_hostile_answer_is_refused(
    site: Flask,
    hostile: HostileProvider,
    client: FlaskClient,
    record: Record,
    accepted: list[int],
    case: str,
) -> None:
    began = time.monotonic()
    status = attempt(site, hostile, client, {**TOKENS, **ANSWERS}[case])
    accepted.append(links(site))
    tried = len(TOKENS) + len(ANSWERS)
    record("oidc", hostile_answers=tried, accepted=sum(accepted), run=len(accepted))
    assert status == 409
    assert links(site) == 0
    assert time.monotonic() - began < 8
    assert not re.search("jku|evil", " ".join(hostile.calls))


def test_a_state_of_another_browser_or_none_is_refused(
    site: Flask, hostile: HostileProvider, client: FlaskClient, keyring: Keyring, record: Record
) -> None:
    victim = person(site, keyring, "somchai@example.org")
    mine, theirs = begin(client), begin(victim)
    code = hostile.authorise(mine)
    tries = [
        {"code": code, "state": mine["state"]},
        {"code": code, "state": theirs["state"] + "x"},
        {"code": code, "state": ""},
        {"code": code},
        {"state": theirs["state"]},
        {"state": theirs["state"], "error": "access_denied"},
        {"code": code, "state": theirs["state"], "iss": "https://other.example"},
        {"code": "ก" * 5000, "state": theirs["state"]},
    ]
    for given in tries:
        assert come_back(victim, **given).status_code == 409, given
    stranger = site.test_client()
    assert come_back(stranger, code=code, state=mine["state"]).status_code == 409
    assert links(site) == 0
    record("oidc", foreign_states_tried=len(tries) + 1, foreign_states_accepted=0)


def test_an_answer_for_one_provider_is_not_taken_by_another(
    site: Flask, hostile: HostileProvider, client: FlaskClient
) -> None:
    query = begin(client)
    code = hostile.authorise(query)
    assert come_back(client, "other", code=code, state=query["state"]).status_code == 409
    assert links(site) == 0


def test_a_code_of_another_flow_does_not_fit_its_proof(
    site: Flask, hostile: HostileProvider, client: FlaskClient, keyring: Keyring
) -> None:
    attacker = person(site, keyring, "evil@example.org")
    stolen = hostile.authorise(begin(attacker))
    query = begin(client)
    assert come_back(client, code=stolen, state=query["state"]).status_code == 409
    assert links(site) == 0


def test_an_answer_counts_once(site: Flask, hostile: HostileProvider, client: FlaskClient) -> None:
    query = begin(client)
    given = {"code": hostile.authorise(query), "state": query["state"]}
    with client.session_transaction() as browser:
        pending = browser["oidc"]
    assert come_back(client, **given).status_code == 303
    assert come_back(client, **given).status_code == 409
    with client.session_transaction() as browser:
        browser["oidc"] = pending
    hostile.asked[given["code"]] = query
    assert come_back(client, **given).status_code == 409
    assert hostile.calls.count("/token") == 1
    assert links(site) == 1


def test_what_one_account_began_cannot_be_finished_by_another(
    site: Flask, hostile: HostileProvider, client: FlaskClient, keyring: Keyring
) -> None:
    query = begin(client)
    given = {"code": hostile.authorise(query), "state": query["state"]}
    cookie = client.get_cookie("sarn")
    assert cookie
    other = person(site, keyring, "somchai@example.org")
    with client.session_transaction() as browser:
        pending = browser["oidc"]
    with other.session_transaction() as browser:
        browser["oidc"] = pending
    assert come_back(other, **given).status_code == 403
    assert links(site) == 0


def test_opening_the_address_alone_does_nothing(
    site: Flask, hostile: HostileProvider, client: FlaskClient
) -> None:
    query = begin(client)
    given = {"code": hostile.authorise(query), "state": query["state"]}
    page = client.get("/accounts/identity/one/return", query_string=given)
    assert page.status_code == 200
    assert "/token" not in hostile.calls
    assert links(site) == 0


def test_the_number_counts_and_never_the_address(
    site: Flask, hostile: HostileProvider, client: FlaskClient
) -> None:
    assert go(client, hostile).status_code == 303
    hostile.subject = "somebody else"
    changed(email="somsri@example.org", email_verified=True)(hostile)
    stranger = site.test_client()
    assert go(stranger, hostile, "sign-in").status_code == 409
    hostile.subject = "subject-1"
    assert go(stranger, hostile, "sign-in").status_code == 303
    assert "somsri" in stranger.get("/accounts/").text


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"sub": "subject-1", "pid": NUMBER}, 303),
        ({"sub": "somebody else", "pid": NUMBER}, 409),
        ({"pid": NUMBER}, 409),
        ({"sub": "subject-1"}, 409),
        ({"sub": "subject-1", "pid": "1101700230709"}, 409),
        ({"sub": "subject-1", "pid": [NUMBER]}, 409),
        ({"sub": "subject-1", "pid": "x" * 5000}, 409),
    ],
)
def test_what_is_told_of_the_person_must_be_about_them(
    site: Flask, hostile: HostileProvider, client: FlaskClient, told: dict[str, Any], status: int
) -> None:
    config = site.config["SARN"]
    citizen = provider_at(hostile.address, person_claim="pid", person_class="th-citizen")
    site.config["SARN"] = replace(config, providers=(citizen,))
    hostile.userinfo = told
    assert go(client, hostile).status_code == status
    assert links(site) == (status == 303)


@pytest.mark.parametrize(
    ("level", "status"),
    [("high", 303), ("low", 409), (None, 409), (["high"], 409), ("\ud800", 409)],
)
def test_a_level_that_is_asked_for_is_checked(
    site: Flask, hostile: HostileProvider, client: FlaskClient, level: Any, status: int
) -> None:
    config = site.config["SARN"]
    sure = provider_at(hostile.address, levels=frozenset({"high"}))
    site.config["SARN"] = replace(config, providers=(sure,))
    changed(acr=level)(hostile)
    assert go(client, hostile).status_code == status


def test_nothing_of_the_person_is_stored_or_shown(
    site: Flask, hostile: HostileProvider, client: FlaskClient
) -> None:
    config = site.config["SARN"]
    citizen = provider_at(hostile.address, person_claim="pid", person_class="th-citizen")
    site.config["SARN"] = replace(config, providers=(citizen,))
    hostile.subject = "a-subject-to-look-for"
    changed(pid=NUMBER, name="สมศรี ใจดี")(hostile)
    assert go(client, hostile).status_code == 303
    connection = site.extensions["sqlalchemy"].engine.raw_connection()
    dump = "\n".join(connection.driver_connection.iterdump())
    connection.close()
    pages = "".join(client.get(f"/accounts/{page}").text for page in ("", "settings", "identity/"))
    for secret in (
        NUMBER,
        "a-subject-to-look-for",
        "สมศรี",
        hashlib.sha256(NUMBER.encode()).hexdigest(),
    ):
        assert secret not in dump + pages
