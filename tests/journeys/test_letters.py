"""Settings, the trail over all consultations and letters, as people see and use them."""

import re
import sqlite3
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app import create_app
from app.config import Config
from app.mail.message import Words
from app.mail.writing import UNSUBSCRIBE, write
from consultations.models import Consultation, News
from core.clock import now
from core.keyring import Keyring
from core.mailing.kinds import FOLLOWED, STAFF, NewsKind
from core.mailing.outbox import Letter, LetterKind
from tests.journeys.accessible import violations
from tests.journeys.conftest import DESKTOP, PHONE, Open
from tests.journeys.site import Site
from tests.sites import SECRET

pytestmark = pytest.mark.browser

WAYS = [
    (language, scheme, size)
    for language in ("th", "en")
    for scheme in ("light", "dark")
    for size in (PHONE, DESKTOP)
]


def the_account(site: Site) -> int:
    path = Path(site.environment["SARN_INSTANCE"]) / "sarn.db"
    with sqlite3.connect(path, timeout=20) as connection:
        index = Keyring(SECRET.encode()).email_index("participant@example.org")
        query = "SELECT id FROM account WHERE email_index = ?"
        return int(connection.execute(query, (index,)).fetchone()[0])


def unsubscribe_path(site: Site) -> str:
    note = {"account": the_account(site), "what": "digest"}
    return f"/letters/unsubscribe/{Keyring(SECRET.encode()).seal_note(UNSUBSCRIBE, note)}"


def newest_letter(site: Site, page: Page) -> str:
    """The plain text of the newest letter, once the job loop has sent one."""
    folder = Path(site.environment["SARN_INSTANCE"]) / "mail"
    for _ in range(80):
        files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime)
        if files:
            body = message_from_bytes(files[-1].read_bytes(), policy=default).get_body(("plain",))
            assert body is not None
            return str(body.get_content())
        page.wait_for_timeout(250)
    raise TimeoutError(folder)


def take_part(page: Page) -> None:
    page.goto("/consultations/sample-pavements/vote")
    page.locator("button[name=choice]").first.click()
    page.goto("/consultations/sample-pavements/comment")
    page.locator("[name=body]").fill("ทางเท้าควรกว้างกว่านี้สำหรับรถเข็น")
    page.locator("button[value=send]").click()


def look(page: Page, name: str, folder: Path) -> list[str]:
    """Keep a picture, and return what is wrong: broken rules, and pages wider than the window."""
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    overflow = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return violations(page) + ([f"{page.url} is too wide"] if overflow else [])


def test_an_address_is_confirmed_and_what_one_hears_of_is_chosen(site: Site, open_as: Open) -> None:
    page = open_as("participant", size=PHONE, script=False)
    page.goto("/accounts/settings")
    page.get_by_role("button", name="Send me the link").click()
    expect(page.locator("main")).to_contain_text("We have sent a link")
    text = newest_letter(site, page)
    link = re.search(r"/accounts/address/\S+", text)
    assert link is not None
    page.goto(link.group())
    page.get_by_role("button", name="Confirm the address").click()
    expect(page.locator("main")).to_contain_text("Your e-mail address is confirmed")
    expect(page.locator("main")).not_to_contain_text("Send me the link")
    page.get_by_label("The agency answers what I said").select_option("weekly")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("The agency answers what I said")).to_have_value("weekly")
    stranger = open_as(script=False)
    stranger.goto(unsubscribe_path(site))
    stranger.get_by_role("button", name="Stop them").click()
    expect(stranger.locator("h1")).to_contain_text("You will not get these e-mails any more")
    page.goto("/accounts/settings")
    expect(page.get_by_label("The agency answers what I said")).to_have_value("site")


def test_the_settings_can_be_used_by_keyboard_alone(open_as: Open) -> None:
    page = open_as("participant")
    page.goto("/accounts/settings")
    page.locator("#own_decided").focus()
    page.keyboard.press("ArrowDown")
    for _ in range(30):
        if page.evaluate("document.activeElement.textContent.trim()") == "Save":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#own_decided")).to_have_value("at_once")


def test_the_pages_hold_in_both_languages_and_schemes(
    site: Site, open_as: Open, tmp_path: Path
) -> None:
    found: list[str] = []
    first = open_as("participant")
    first.goto("/trail")
    found += look(first, "trail-empty", tmp_path)
    take_part(first)
    stop = unsubscribe_path(site)
    pages = {
        "trail": "/trail",
        "settings": "/accounts/settings",
        "password": "/accounts/password",
        "address": "/accounts/address",
        "confirm": "/accounts/address/x",
        "unsubscribe": stop,
        "account": "/accounts/",
    }
    for language, scheme, size in WAYS:
        page = open_as("participant", size=size, language=language)
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for name, path in pages.items():
            page.goto(path)
            expect(page.locator("html")).to_have_attribute("lang", language)
            found += look(page, f"{name}-{language}-{scheme}-{size['width']}", tmp_path)
        page.goto(stop)
        page.locator("main form button[type=submit]").click()
        found += look(page, f"unsubscribed-{language}-{scheme}-{size['width']}", tmp_path)
    assert found == []


def letters() -> dict[str, tuple[Letter, list[News]]]:
    """One letter of each kind, and of each kind of news."""
    consultation = Consultation(
        id=1,
        slug="water",
        title_th="ร่างพระราชบัญญัติทรัพยากรน้ำ พ.ศ. ....",
        title_en="Water Resources Bill",
        closes_at=now(),
        answers_due_on=now().date(),
    )
    other = Consultation(id=2, slug="x", title_th="ร่างเทศบัญญัติทางเท้า", title_en="")
    news = {
        kind: News(id=number, kind=kind, consultation_id=None if kind is NewsKind.QUEUE else 1)
        for number, kind in enumerate((*FOLLOWED, *STAFF), 1)
    }
    for item in news.values():
        item.consultation = consultation if item.consultation_id else None
    second = News(id=99, kind=NewsKind.RESULTS, consultation_id=2, consultation=other)
    made = {
        kind.value.replace(".", "-"): (Letter(LetterKind.NEWS, 1), [item])
        for kind, item in news.items()
    }
    digest = Letter(LetterKind.DIGEST, 1, details={"own": True})
    made["digest"] = (digest, [*news.values(), second])
    for kind in (LetterKind.OWN, LetterKind.CONFIRM, LetterKind.SECURITY):
        made[kind.value] = (Letter(kind, 1, details={"token": "x", "what": "password"}), [])
    return made


def test_letters_can_be_read_by_everybody(browser: object, open_as: Open, tmp_path: Path) -> None:
    app = create_app(
        Config("development", SECRET, "sqlite:///:memory:", tmp_path, log_level="CRITICAL")
    )
    page, found = open_as(), []
    for name, (letter, news) in letters().items():
        for language in ("th", "en"):
            with app.app_context():
                words, _stop = write(letter, news, language)
            found += draw(page, words, tmp_path / f"{name}-{language}")
            (tmp_path / f"{name}-{language}.txt").write_text(words.text, encoding="utf-8")
            assert not re.search(r"\n{4}", words.text)
    assert found == []


def draw(page: Page, words: Words, path: Path) -> list[str]:
    """Show a letter narrow and wide, light and dark."""
    found = []
    for scheme, size in (("light", PHONE), ("dark", PHONE), ("light", DESKTOP)):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_content(words.html)
        found += look(page, f"{path.name}-{scheme}-{size['width']}", path.parent)
    return found
