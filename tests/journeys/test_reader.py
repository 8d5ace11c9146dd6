"""Reading a draft, voting on a clause, commenting on it and keeping the receipt, as a citizen."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Open
from tests.journeys.site import Site

pytestmark = pytest.mark.browser

DRAFT = "/consultations/sample-pavements/draft"


def vote(page: Page, key: str, choice: str) -> None:
    page.goto(f"{DRAFT}?text=both")
    page.locator(f"#v-{key}-{choice}").click()
    expect(page.locator(f"#v-{key}-{choice}")).to_have_attribute("aria-pressed", "true")


def write(page: Page, words: str) -> None:
    page.locator("#clause-c7 [data-quote-link]").click()
    page.locator("[name=body]").fill(words)
    page.locator("[name=stance][value=support]").check()
    page.locator("details:has([name=proposed_wording]) > summary").click()
    wording = page.locator("[name=proposed_wording]")
    wording.fill(wording.input_value() + " และต้องมีแสงสว่างเพียงพอ")
    page.locator("button[value=send]").click()


@pytest.mark.parametrize(
    ("size", "language", "script"),
    [(PHONE, "th", True), (DESKTOP, "en", True), (PHONE, "en", False), (DESKTOP, "th", False)],
)
def test_a_citizen_reads_votes_writes_and_keeps_a_receipt(
    site: Site, open_as: Open, size: dict[str, int], language: str, script: bool
) -> None:
    page = open_as("participant", size=size, language=language, script=script)
    for choice in ("agree", "disagree"):
        vote(page, "c5", choice)
    page.locator("#clause-c5 button[value=withdraw]").click()
    expect(page.locator("#clause-c5 button[aria-pressed=true]")).to_have_count(0)
    page.locator("#clause-c5 .sarn-clause__talk summary").click()
    expect(page.locator("#clause-c5 .sarn-beside-comment").first).to_be_visible()
    words = f"เดินกลับบ้านตอนค่ำมืดมาก {time.time_ns()} โทร 081-234-5678"
    write(page, words)
    expect(page.locator("main strong", has_text="081-234-5678")).to_be_visible()
    page.locator("button[value=send]").click()
    expect(page).to_have_url(re.compile(r"/receipts/[0-9A-Z]{12}$"))
    expect(page.locator("main")).to_contain_text(words)
    stranger = open_as(size=size, language=language, script=script)
    stranger.goto(page.url)
    expect(stranger.locator(".sarn-receipt__hash").first).to_have_text(re.compile("[0-9a-f]{64}"))
    expect(stranger.locator("main")).not_to_contain_text(words)


def test_the_difference_and_the_place_follow_without_a_press(site: Site, open_as: Open) -> None:
    page = open_as("participant")
    page.goto(f"{DRAFT}#clause-c7")
    expect(page.locator(".sarn-contents__link[aria-current]")).to_have_attribute(
        "href", "#clause-c7"
    )
    page.goto("/consultations/sample-pavements/clauses/c7/comment")
    page.locator("details:has([name=proposed_wording]) > summary").click()
    page.locator("[name=proposed_wording]").press_sequentially(" ทุกวัน")
    expect(page.locator("#difference ins")).to_be_visible()
