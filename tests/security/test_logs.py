"""Logs are events with codes and times; nobody can write into them, and nobody is named."""

import io
import itertools
import json
import logging
from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import logs
from tests.security.conftest import As, Record
from tests.security.corpora import payloads

#: All that a line may hold.
KEYS = {"event", "level", "logger", "timestamp", "request", "method", "route", "status"}
KEYS |= {"milliseconds", "limit", "reason", "directive"}
PRIVATE = ("owner@example.org", "203.0.113.77", "Secret words of a citizen", "Mozilla/CANARY")


@pytest.fixture
def written(attacked: Flask) -> Iterator[io.StringIO]:
    """What is logged, as the site logs it."""
    logs.configure("INFO")
    handler = logging.getLogger("sarn").handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    kept = io.StringIO()
    handler.setStream(kept)
    yield kept
    logs.configure(attacked.config["SARN"].log_level)


def lines_of(written: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def attack(client: FlaskClient, value: str, number: int) -> None:
    """Put a value wherever a request carries text."""
    clean = value.replace("\r", "%0d").replace("\n", "%0a").encode("utf-8", "replace").decode()
    header = clean.encode("ascii", "ignore").decode()
    paths = ("/", "/receipts/x", "/accounts/sign-in", "/no-such-page")
    client.open(
        paths[number % len(paths)],
        method="POST" if number % 4 == 2 else "GET",
        query_string={"q": clean, clean[:30]: "1"},
        data={"email": clean, "password": clean} if number % 4 == 2 else None,
        headers={"User-Agent": header, "Referer": header, "X-Request-Id": header},
    )


def test_nobody_can_write_into_the_log(
    attacked: Flask, written: io.StringIO, record: Record
) -> None:
    client, tries = attacked.test_client(), 0
    for value in itertools.chain(payloads("crlf"), payloads("ssti"), payloads("naughty")[:80]):
        attack(client, value, tries)
        tries += 1
    lines = lines_of(written)
    record("log injection", tries=tries, lines=len(lines))
    assert sum(line["event"] == "request" for line in lines) == tries
    for line in lines:
        assert set(line) <= KEYS
        moment = datetime.fromisoformat(str(line["timestamp"]))
        assert moment.utcoffset() is not None
        assert moment.utcoffset().total_seconds() == 0  # type: ignore[union-attr]


def test_nobody_is_named_in_the_log(attacked: Flask, written: io.StringIO) -> None:
    client = attacked.test_client()
    headers = {"User-Agent": PRIVATE[3]}
    there = {"REMOTE_ADDR": PRIVATE[1]}
    sent = {"headers": headers, "environ_overrides": there}
    form = {"email": PRIVATE[0], "password": PRIVATE[2]}
    for path in ("/accounts/sign-in", "/accounts/register", "/consultations/sample-waste/comment"):
        client.post(
            path, data={**form, "body": PRIVATE[2]}, headers=headers, environ_overrides=there
        )
        client.get(path, query_string=form, **sent)
    assert len(lines_of(written)) >= 6
    for private in PRIVATE:
        assert private not in written.getvalue()


def test_what_guards_want_to_see_is_an_event(
    attacked: Flask, client_as: As, written: io.StringIO
) -> None:
    form = {"email": PRIVATE[0], "password": "wrong"}
    attacked.test_client().post("/accounts/sign-in", data=form)
    client_as("citizen").get("/workspace/")
    report = '{"csp-report": {"effective-directive": "script-src"}}'
    attacked.test_client().post("/security-reports", data=report)
    events = [line for line in lines_of(written) if line["logger"] == "sarn.security"]
    assert [line["event"] for line in events] == ["attempt failed", "refused", "policy broken"]
    assert (events[0]["limit"], events[1]["reason"]) == ("sign_in", "page.not_allowed")


def test_a_failure_says_nothing_to_the_visitor(
    attacked: Flask, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        raise RuntimeError("SELECT secret FROM account")

    monkeypatch.setitem(attacked.view_functions, "site.help", fail)
    fail.access = frozenset()  # type: ignore[attr-defined]
    for accept in ("text/html", "application/json"):
        answer = attacked.test_client().get("/help", headers={"Accept": accept})
        assert answer.status_code == 500
        for inside in ("SELECT", "RuntimeError", "Traceback", "site-packages"):
            assert inside not in answer.text
    failed = [line for line in lines_of(written) if line["event"] == "request failed"]
    assert len(failed) == 2
    assert "RuntimeError" in str(failed[0]["exception"])
