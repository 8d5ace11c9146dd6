"""A served site and a real browser."""

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.journeys.site import ROOT, Site

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
PASSWORD = "a password only for tests"

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site as `make run` starts it, with its sample, and accounts for each role."""
    site = Site(tmp_path_factory.mktemp("site"))
    site.command("db", "upgrade")
    site.command("agencies", "create", "journey", "--name-th", "หน่วยงานทดสอบ", "--name-en", "Test")
    for role in ("officer", "approver", "moderator", "participant"):
        agency = ["--agency", "journey"] if role in ("officer", "approver") else []
        site.command(
            *("accounts", "create", f"{role}@example.org", "--role", role, "--password-stdin"),
            *agency,
            given=f"{PASSWORD}\n",
        )
    server = subprocess.Popen([sys.executable, "wsgi.py"], cwd=ROOT, env=site.environment)
    try:
        site.wait()
        yield site
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture
def open_as(browser: Browser, site: Site) -> Iterator[Open]:
    """Open a window signed in as a role; any complaint of the browser fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.text} {message.location}")

    def open_window(
        role: str | None = None,
        *,
        size: dict[str, int] = DESKTOP,
        language: str = "en",
        script: bool = True,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            locale=language,
            java_script_enabled=script,
            base_url=site.address,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if role:
            page.goto("/accounts/sign-in")
            page.get_by_label("E-mail address").or_(page.get_by_label("อีเมล")).fill(
                f"{role}@example.org"
            )
            page.get_by_label("Password").or_(page.get_by_label("รหัสผ่าน")).fill(PASSWORD)
            page.locator("main form button[type=submit]").click()
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []
