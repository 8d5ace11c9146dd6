"""Somebody on a crowded address goes on after a calculation, or is told when to come back."""

import dataclasses
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from app import create_app
from app.limits import LIMITS
from core.throttle import Limit
from tests.databases import sqlite_copy
from tests.journeys.accessible import violations
from tests.sites import make_config

pytestmark = pytest.mark.browser
PASSWORD = "four words for a password"


@pytest.fixture
def address(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A site whose address is crowded after one registration."""
    crowded = dataclasses.replace(LIMITS["register"], address=(Limit(1, timedelta(hours=1)),))
    monkeypatch.setitem(LIMITS, "register", crowded)
    with sqlite_copy(sqlite_template, tmp_path) as url:
        app = create_app(make_config(url, tmp_path, limits="memory"))
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        client = app.test_client()
        page = client.get("/accounts/register").text
        token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
        form = {"csrf_token": token, "email": "first@example.org", "password": PASSWORD}
        assert client.post("/accounts/register", data=form).status_code == 303
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        with app.app_context():
            app.extensions["sqlalchemy"].engine.dispose()


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_calculation_takes_the_place_of_waiting(
    browser: Browser, address: str, language: str
) -> None:
    page = browser.new_page(locale=language, viewport={"width": 360, "height": 740})
    broken: list[str] = []
    page.on("console", lambda message: broken.append(message.text))
    page.goto(f"{address}/accounts/register")
    page.fill("[name=email]", "second@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    status = page.locator("[data-challenge-status]")
    assert status.is_visible()
    assert violations(page) == []
    page.wait_for_function(
        "() => document.querySelector('[name=altcha]').value !== ''", timeout=120_000
    )
    assert status.inner_text() == status.get_attribute("data-done")
    page.fill("input[type=password]", PASSWORD)
    page.click("form[data-challenge] button")
    page.wait_for_url(lambda url: "register" not in url)
    assert not [line for line in broken if "429" not in line]
    page.close()


def test_without_scripts_the_page_says_when(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto(f"{address}/accounts/register")
    page.fill("[name=email]", "second@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    assert "You can try again at" in page.inner_text("main")
    assert "Without it, please wait" in page.inner_text("[data-challenge-status]")
    context.close()
