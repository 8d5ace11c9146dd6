"""Voting and discussing in a real browser: by keyboard, without scripts, without a connection."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import DESKTOP, PHONE, Open
from tests.journeys.site import ROOT, Site

pytestmark = pytest.mark.browser

#: Milliseconds in which a busy machine has answered.
SLOW = 20_000
CAST = re.compile(r"/vote/\w{12}$")
HERE = "/consultations/sample-pavements"
PICTURES = ROOT / "reports" / "pages"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def card(page: Page) -> str:
    return page.locator("#vote-card [data-vote-card]").get_attribute("data-vote-card") or ""


def without_complaints(page: Page) -> Page:
    """Open another window for the same person; a lost connection is bound to be complained of."""
    return page.context.new_page()


def counted(page: Page) -> int:
    """How many votes the server says that it has."""
    found = re.search(r"voted on (\d+) of", page.locator("#vote-progress").inner_text())
    return int(found.group(1)) if found else -1


def expect_counted(page: Page, votes: int) -> None:
    words = f"voted on {votes} of"
    expect(page.locator("#vote-progress")).to_contain_text(words, timeout=SLOW)


def test_the_keys_vote_and_the_numbers_are_the_servers(site: Site, open_as: Open) -> None:
    page = open_as("participant")
    page.goto(f"{HERE}/vote")
    before, seen = counted(page), []
    page.locator("#vote-card button[value=agree]").focus()
    for keys in (["1"], ["d"], ["u"], ["ArrowRight", "Enter"]):
        seen.append(card(page))
        for key in keys:
            page.keyboard.press(key)
        expect(page.locator("#vote-card [data-vote-card]")).to_be_focused()
        # Whoever is faster than the connection waits for the next statement.
        expect(page.locator("#vote-card button[value=agree]")).to_be_visible(timeout=SLOW)
    expect(page.locator("#vote-progress")).to_contain_text(
        f"voted on {before + 4} of", timeout=SLOW
    )
    expect(page.locator("[data-vote-state]")).to_be_hidden()
    assert len(set(seen)) == 4
    page.goto(f"{HERE}/vote/propose")
    page.get_by_label("Your statement").fill("a d u 1 2 3")
    page.goto(f"{HERE}/vote")
    assert counted(page) == before + 4


def test_a_vote_waits_for_the_connection_and_is_not_counted_before(
    site: Site, open_as: Open
) -> None:
    page = without_complaints(open_as("moderator"))
    page.goto(f"{HERE}/vote")
    before, first = counted(page), card(page)
    held: list[Route] = []
    page.route(CAST, lambda route: held.append(route))
    page.locator("#vote-card button[value=agree]").click()
    expect(page.locator("[data-vote-state]")).to_contain_text("Sending your vote", timeout=SLOW)
    assert card(page) != first  # the next one is there before the server has answered
    page.locator("#vote-card button[value=disagree]").click()
    assert counted(page) == before
    for route in held:
        route.abort()
    expect(page.locator("[data-vote-state]")).to_contain_text("Not sent yet", timeout=SLOW)
    page.unroute(CAST)
    page.get_by_role("button", name="Try again now").click()
    expect(page.locator("#vote-progress")).to_contain_text(
        f"voted on {before + 2} of", timeout=SLOW
    )
    page.reload()
    assert counted(page) == before + 2
    assert first != card(page)


def test_a_vote_survives_a_closed_window(site: Site, open_as: Open) -> None:
    page = without_complaints(open_as("officer"))
    page.goto(f"{HERE}/vote")
    before = counted(page)
    page.route(CAST, lambda route: route.abort())
    page.locator("#vote-card button[value=pass]").click()
    expect(page.locator("[data-vote-state]")).to_contain_text("Not sent yet", timeout=SLOW)
    page.goto("/help")
    page.unroute(CAST)
    page.goto(f"{HERE}/vote")
    expect(page.locator("#vote-progress")).to_contain_text(
        f"voted on {before + 1} of", timeout=SLOW
    )


def test_a_vote_that_cannot_be_counted_says_so(site: Site, open_as: Open) -> None:
    page = without_complaints(open_as("approver"))
    page.goto(f"{HERE}/vote")
    before = counted(page)
    page.route(CAST, lambda route: route.fulfill(status=404, body=""))
    page.locator("#vote-card button[value=agree]").click()
    expect(page.locator("[data-vote-state]")).to_contain_text("was not counted", timeout=SLOW)
    page.reload()
    assert counted(page) == before


def test_without_scripts_one_votes_supports_and_replies(site: Site, open_as: Open) -> None:
    page = open_as("participant", script=False, size=PHONE)
    page.goto(f"{HERE}/vote")
    before = counted(page)
    page.locator("#vote-card button[value=agree]").click()
    assert counted(page) == before + 1
    page.goto(f"{HERE}/discussion")
    page.get_by_role("button", name=re.compile("^.?Support")).first.click()
    expect(page.get_by_role("button", name=re.compile("Supported")).first).to_be_visible()
    page.get_by_role("link", name=re.compile("^Reply")).first.click()
    page.get_by_label("Your reply").fill("A reply without scripts")
    page.get_by_role("button", name="Send the reply").click()
    expect(page.get_by_text("A reply without scripts")).to_be_visible()


def test_support_changes_in_its_place_and_keeps_the_focus(site: Site, open_as: Open) -> None:
    page = open_as("moderator")
    page.goto(f"{HERE}/discussion?order=oldest")
    button = page.locator(".sarn-support-button__press").first
    name = button.get_attribute("id")
    button.focus()
    page.keyboard.press("Enter")
    pressed = page.locator(f"#{name}")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    expect(pressed).to_be_focused()


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_pages_hold_up_to_inspection(
    site: Site, open_as: Callable[..., Page], language: str, size: dict[str, int]
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    found = []
    for role in (None, "participant"):
        page = open_as(role, language=language, size=size)
        for place, path in enumerate(("vote", "vote/propose", "discussion?order=bridging&q=e")):
            page.goto(f"{HERE}/{path}")
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                found += [
                    (path, scheme, each["id"], each["nodes"][0]["html"][:120])
                    for each in Axe().run(page, options=RULES).response["violations"]
                ]
            wide = page.evaluate("document.scrollingElement.scrollWidth")
            if wide > size["width"]:
                found.append((path, "wide", str(wide), ""))
            page.screenshot(
                path=Path(PICTURES) / f"voting-{language}-{size['width']}-{role}-{place}.png"
            )
    assert found == []
