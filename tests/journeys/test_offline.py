"""Without a connection: what was read can be read again, what was typed is not lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Open
from tests.journeys.site import Site
from tests.journeys.sweep import sample_account, sign_in

pytestmark = pytest.mark.browser

HOME = "/consultations/sample-pavements"
WORDS = "ทางเท้าหน้าโรงเรียนควรกว้างกว่านี้ เด็กต้องเดินบนถนน"


def wait_for_worker(page: Page) -> None:
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")


def kept_pages(page: Page) -> list[str]:
    kept: list[str] = page.evaluate(
        "async () => (await (await caches.open('sarn-pages-1')).keys()).map((one) => one.url)"
    )
    return kept


def wait_until_kept(page: Page, address: str) -> None:
    page.wait_for_function(
        "async (path) => Boolean(await caches.match(path, {cacheName: 'sarn-pages-1'}))",
        arg=address,
    )


def test_a_draft_that_was_read_can_be_read_without_a_connection(open_as: Open) -> None:
    page = open_as(size=PHONE, language="th")
    page.goto("/")
    wait_for_worker(page)
    page.goto(f"{HOME}/draft")
    clause = page.locator("main article").first.inner_text()
    wait_until_kept(page, f"{HOME}/draft")
    page.context.set_offline(True)

    page.goto(f"{HOME}/draft")

    expect(page.locator("main article").first).to_have_text(clause, use_inner_text=True)
    expect(page.locator("[data-connection]")).to_contain_text("ไม่มีการเชื่อมต่อ")


def test_a_page_that_was_not_read_says_so_in_both_languages(open_as: Open) -> None:
    page = open_as(size=PHONE, language="en")
    page.goto("/")
    wait_for_worker(page)
    page.context.set_offline(True)

    page.goto("/rules")

    expect(page.locator("h1")).to_have_text("ไม่มีการเชื่อมต่อ · No connection")
    expect(page.locator("main [lang=th]").last).to_contain_text("ข้อความไม่หาย")


def test_what_only_one_person_sees_is_not_kept_on_the_device(open_as: Open, site: Site) -> None:
    page = open_as(size=PHONE, language="th")
    account = sample_account(site, "citizen")
    sign_in(page, account)
    page.goto("/")
    wait_for_worker(page)
    page.goto(f"{HOME}/draft")
    page.goto(f"{HOME}/trail")
    wait_until_kept(page, f"{HOME}/draft")
    page.context.set_offline(True)

    page.goto(f"{HOME}/draft")

    expect(page.locator("header")).not_to_contain_text(account.email.partition("@")[0])
    expect(page.locator("form[data-sign-out]")).to_have_count(0)
    assert not any("trail" in address for address in kept_pages(page))


def test_a_comment_is_not_lost_when_the_connection_is(open_as: Open, site: Site) -> None:
    page = open_as(size=PHONE, language="th")
    sign_in(page, sample_account(site, "second-citizen"))
    page.goto(f"{HOME}/draft")
    page.locator("main a[href*='/comment']").first.click()
    page.locator("[name=body]").fill(WORDS)
    page.locator("[name=stance][value=support]").check()
    page.context.set_offline(True)

    page.locator("button[value=send]").click()

    expect(page.locator("[data-connection]")).to_contain_text("ยังไม่ได้ส่ง")
    expect(page.locator("[name=body]")).to_have_value(WORDS)
    page.context.set_offline(False)
    page.locator("button[value=send]").click()
    page.goto(f"{HOME}/trail")
    expect(page.locator("main")).to_contain_text(WORDS)


def test_a_comment_survives_a_window_that_was_closed(open_as: Open, site: Site) -> None:
    page = open_as(size=PHONE, language="th")
    sign_in(page, sample_account(site, "citizen"))
    page.goto(f"{HOME}/draft")
    page.locator("main a[href*='/comment']").first.click()
    address = page.url
    page.locator("[name=body]").fill(WORDS)
    page.wait_for_function(
        "() => Object.keys(localStorage).some((key) => key.startsWith('sarn-kept:'))"
    )
    page.goto("about:blank")

    page.goto(address)

    expect(page.locator("[name=body]")).to_have_value(WORDS)
