"""Guessing a password: few guesses an hour count, from wherever, and the owner still gets in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask

from app import create_app
from core.accounts import authenticating, passwords, registering
from core.clock import now
from core.keyring import Keyring
from tests.databases import sqlite_copy
from tests.security.conftest import Record
from tests.sites import SeparateClient, make_config

TRIES, PER_HOUR = 10_000, 30
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
        app = create_app(make_config(url, tmp_path))
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
    hours, client = 2, guessed.test_client()
    with time_machine.travel(now(), tick=False) as clock:
        for number in range(TRIES):
            clock.shift(hours * 3600 / TRIES)
            if number % 20 == 0:
                client = guessed.test_client()
            wrong = {"email": EMAIL, "password": f"guess number {number}"}
            address = f"10.{number // 60 // 250 % 250}.{number // 60 % 250}.7"
            answer = client.post(
                "/accounts/sign-in",
                data=wrong,
                headers={"Accept": "application/json"},
                environ_overrides={"REMOTE_ADDR": address},
            )
            assert answer.status_code in (422, 429)
        most = max(sum(0 <= other - one < 3600 for other in looked_at) for one in looked_at)
        in_all = len(looked_at)
        assert owner.post("/accounts/sign-in", data=form).status_code == 303
    record("guessing", tries=TRIES, most_in_an_hour=most, evaluated=in_all, owner_gets_in=True)
    assert 0 < most <= PER_HOUR
