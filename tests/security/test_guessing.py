"""Guessing a password: few guesses an hour count, from wherever, and the owner still gets in."""

import contextvars
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask

from app import create_app
from app.accounts.entering import check_password
from core.accounts import authenticating, passwords, registering
from core.clock import now
from core.errors import NotAllowedError, ThrottledError
from core.keyring import Keyring
from tests.databases import sqlite_copy
from tests.security.conftest import Record
from tests.sites import SeparateClient, make_config

TRIES, PER_HOUR, HOURS = 10_000, 30, 2
#: One of so many guesses is sent as a form; the others go straight to what checks a password.
BY_FORM = 25
EMAIL, PASSWORD = "somsri@example.org", "correct horse battery"


@pytest.fixture
def guessed(
    sqlite_template: Path, tmp_path: Path, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """A site whose hashes are quick, so that thousands of guesses fit into a test."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)
    monkeypatch.setattr(passwords, "_DECOY", quick.hash("nobody has this one"))
    with sqlite_copy(sqlite_template, tmp_path) as url:
        app = create_app(make_config(url, tmp_path, limits="memory"))
        app.config.update(WTF_CSRF_ENABLED=False)
        app.test_client_class = SeparateClient
        with app.app_context():
            session = app.extensions["sqlalchemy"].session()
            registering.register(session, keyring, email=EMAIL, password=PASSWORD)
            session.commit()
            session.close()
            yield app
            app.extensions["sqlalchemy"].session.remove()
            app.extensions["sqlalchemy"].engine.dispose()


def sent_by(number: int) -> dict[str, Any]:
    """Return what a guess comes with: an address that is changed now and then."""
    address = f"10.{number // 60 // 250 % 250}.{number // 60 % 250}.7"
    return {"method": "POST", "environ_overrides": {"REMOTE_ADDR": address}}


def over_http(app: Flask, number: int) -> None:
    form = {"email": EMAIL, "password": f"guess number {number}"}
    headers = {"Accept": "application/json"}
    client = app.test_client()
    answer = client.open("/accounts/sign-in", data=form, headers=headers, **sent_by(number))
    assert answer.status_code in (422, 429)


def by_the_service(app: Flask, number: int) -> None:
    with (
        app.test_request_context("/accounts/sign-in", **sent_by(number)),
        pytest.raises((NotAllowedError, ThrottledError)),
    ):
        check_password(EMAIL, f"guess number {number}")


def test_few_of_ten_thousand_guesses_are_looked_at(
    guessed: Flask, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = guessed.test_client()
    form = {"email": EMAIL, "password": PASSWORD}
    assert owner.post("/accounts/sign-in", data=form).status_code == 303
    owner.post("/accounts/sign-out")
    looked_at: list[float] = []
    check = authenticating.matches

    def counting(password: str, stored: str | None) -> bool:
        looked_at.append(now().timestamp())
        return check(password, stored)

    monkeypatch.setattr(authenticating, "matches", counting)
    with time_machine.travel(now(), tick=False) as clock:
        for number in range(TRIES):
            clock.shift(HOURS * 3600 / TRIES)
            guess = over_http if number % BY_FORM == 0 else by_the_service
            # As on a server: nothing of the test around it is in reach.
            contextvars.Context().run(guess, guessed, number)
        most = max(sum(0 <= other - one < 3600 for other in looked_at) for one in looked_at)
        in_all = len(looked_at)
        assert owner.post("/accounts/sign-in", data=form).status_code == 303
    record("guessing", tries=TRIES, most_in_an_hour=most, evaluated=in_all, owner_gets_in=True)
    assert 0 < most <= PER_HOUR
