"""A visitor finds a consultation, on a phone and at a desk, in both languages, light and dark."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Open

pytestmark = pytest.mark.browser

PAGES = ("/", "/?q=ทางเท้า", "/?q=zzzz&topic=city", "/?mine=following",
         "/consultations/sample-pavements", "/consultations/sample-waste")  # fmt: skip
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def violations(page: Page) -> list[Any]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["th", "en"])
def test_at_first_sight_one_sees_what_it_is_what_is_open_and_how_to_take_part(
    open_as: Open, size: dict[str, int], language: str
) -> None:
    page = open_as(size=size, language=language, script=False)
    page.goto("/")

    for part in ("title", "text", "steps", "heading"):
        expect(page.locator(f".sarn-welcome__{part}")).to_be_in_viewport(ratio=1)
    expect(page.locator(".sarn-welcome__link").first).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["th", "en"])
def test_the_pages_hold_no_barrier(open_as: Open, language: str, scheme: Any) -> None:
    page = open_as(size=PHONE, language=language)
    page.emulate_media(color_scheme=scheme)
    for address in PAGES:
        page.goto(address)
        for folded in page.locator("details").all():
            folded.evaluate("element => element.open = true")
        assert violations(page) == [], address


def test_no_page_is_wider_than_a_narrow_phone(open_as: Open) -> None:
    page = open_as(size={"width": 320, "height": 640}, language="th")
    for address in PAGES:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address


def test_a_word_of_the_draft_is_found_by_keyboard_and_leads_to_its_clause(open_as: Open) -> None:
    page = open_as(size=PHONE, language="th", script=False)
    page.goto("/")
    page.locator("[name=q]").focus()
    page.keyboard.type("ทางเดินโล่ง")
    page.keyboard.press("Enter")
    expect(page.locator(".sarn-consultation-card mark").first).to_be_visible()
    page.locator(".sarn-consultation-card__clause").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/draft#clause-"))
    expect(page.locator(":target")).to_contain_text("ทางเดินโล่ง")


def test_a_participant_follows_without_script_and_finds_it_again(open_as: Open) -> None:
    page = open_as("participant", language="en", script=False)
    page.goto("/consultations/sample-pavements")
    page.get_by_role("button", name="Follow", exact=True).click()
    page.goto("/?mine=following")
    expect(page.locator(".sarn-consultation-card")).to_have_count(1)


def test_the_address_is_copied_with_one_press(open_as: Open) -> None:
    page = open_as(language="en")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/consultations/sample-pavements")
    page.get_by_text("Share", exact=True).click()
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("The link is copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("/consultations/sample-pavements")
