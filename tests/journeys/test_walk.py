"""A large dialogue from 600 comments to a changed draft, walked both ways in a browser."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Page, expect
from sqlalchemy import select

from consultations.models import Comment, Contribution
from tests.journeys.conftest import DESKTOP, PASSWORD, PHONE, Open
from tests.journeys.site import Site
from tests.journeys.test_loop import second
from tests.journeys.walk_texts import COMMENTS, SUBJECTS
from tests.journeys.walk_world import (
    CHANGED,
    SLUG,
    Walk,
    answer_everything,
    check_the_summary,
    clause_key,
    consultation_of,
    lead_to_the_closing,
    open_walk,
    revise,
)

pytestmark = pytest.mark.browser

#: Where the pictures of the walk are kept; docs/walk.md shows them.
PICTURES = Path(os.environ.get("WALK_PICTURES", "reports/walk"))
PUBLIC, OFFICE = f"/consultations/{SLUG}", f"/workspace/consultations/{SLUG}"


def keep(page: Page, name: str) -> None:
    """Keep a picture of a page, as far as its first three phone screens."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.evaluate("() => document.fonts.ready")
    size = page.viewport_size or DESKTOP
    tall = min(page.evaluate("() => document.documentElement.scrollHeight"), 3 * PHONE["height"])
    area = FloatRect(x=0, y=0, width=size["width"], height=tall)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True, clip=area)


def take_step(page: Page, event: str) -> None:
    page.goto(f"{OFFICE}/step?event={event}")
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile(rf"{OFFICE}$"))


def analyse(officer: Page) -> None:
    officer.goto(f"{OFFICE}/analysis")
    officer.locator("main form button[type=submit]").first.click()
    for _ in range(240):
        officer.goto(f"{OFFICE}/analysis")
        if officer.locator("main button[name=run]").count():
            return
        officer.wait_for_timeout(500)
    raise TimeoutError("the analysis")


def summarise(officer: Page, approver: Page) -> None:
    analyse(officer)
    take_step(officer, "summarise")
    officer.goto(f"{OFFICE}/analysis")
    officer.locator("main button[name=run]").first.click()
    officer.goto(f"{OFFICE}/summary")
    keep(officer, "1-summary-prepared")
    approver.goto(f"{OFFICE}/summary")
    approver.get_by_role("button", name="Publish the summary", exact=True).first.click()
    take_step(approver, "ratify")


def publish_answers(officer: Page, approver: Page) -> None:
    officer.goto(f"{OFFICE}/answers")
    keep(officer, "3-answer-desk")
    officer.goto(f"{OFFICE}/motions/answers")
    officer.locator("[name=reason]").fill("ตอบครบทุกข้อแล้ว")
    officer.locator("main form button[type=submit]").first.click()
    second(approver, officer)


def publish_the_draft(approver: Page, number: int) -> None:
    approver.goto(f"{OFFICE}/drafts/{number}")
    keep(approver, "4-next-draft")
    approver.locator("form[action$='/publish'] button").click()
    expect(approver).to_have_url(re.compile(rf"{PUBLIC}/draft/{number}"))


def addresses(page: Page, inside: str, pattern: str) -> list[str]:
    """Return where the links inside an element lead that match a pattern, without doubles."""
    links = page.locator(f"{inside} a[href*='{pattern}']")
    return list(dict.fromkeys(link.get_attribute("href") or "" for link in links.all()))


@pytest.fixture
def walk(site: Site) -> Iterator[Walk]:
    made = open_walk(site, PASSWORD)
    yield made
    with made.app.app_context():
        made.app.extensions["sqlalchemy"].engine.dispose()


def test_a_large_dialogue_can_be_walked_both_ways(site: Site, walk: Walk, open_as: Open) -> None:
    lead_to_the_closing(walk)
    officer, approver = open_as("officer"), open_as("approver")
    summarise(officer, approver)
    reader = open_as(size=PHONE, language="th")
    reader.goto(f"{PUBLIC}/results")
    keep(reader, "0-results-phone")
    check_the_summary(walk)
    take_step(officer, "answer")
    reader.goto(f"{PUBLIC}/summary")
    keep(reader, "2-summary-phone")
    answer_everything(walk)
    publish_answers(officer, approver)
    publish_the_draft(approver, revise(walk))
    take_step(approver, "conclude")

    back_from_every_change(open_as(size=DESKTOP, language="th"), words(walk, Contribution))
    forward_from_comments(reader, words(walk, Comment))


def words(walk: Walk, kind: type[Contribution]) -> dict[str, str]:
    """Return what was written, verbatim, by its reference."""
    with walk.session() as session:
        own = kind.consultation_id == consultation_of(session).id
        rows = session.execute(select(kind.reference, kind.body).where(own)).all()
        return {row[0]: row[1] for row in rows}


def back_from_every_change(page: Page, written: dict[str, str]) -> None:
    """From each changed clause to the responses behind it, and to verbatim comments."""
    page.goto(f"{PUBLIC}/compare/1/2?show=comments")
    keep(page, "5-comparison")
    changes = {subject: f"#clause-{clause_key(subject)}" for subject in CHANGED}
    behind = {
        subject: addresses(page, place, "/contributions/") for subject, place in changes.items()
    }
    answers = {subject: addresses(page, place, "/responses") for subject, place in changes.items()}
    for subject in CHANGED:
        assert answers[subject], SUBJECTS[subject].clause
        page.goto(answers[subject][0])
        expect(page.locator("main")).to_contain_text(SUBJECTS[subject].clause)
        assert behind[subject], SUBJECTS[subject].clause
        for address in behind[subject][:2]:
            page.goto(address)
            reference = address.split("/contributions/")[1].split("?")[0].split("#")[0]
            expect(page.locator("main")).to_contain_text(written[reference])
    keep(page, "6-comment-behind-a-change")


def forward_from_comments(page: Page, written: dict[str, str]) -> None:
    """From comments to their fate: what was answered, what changed, or that nothing did."""
    assert len(written) == COMMENTS
    fates = {"changed": 0, "answered": 0, "neither": 0}
    for reference, body in list(written.items())[::20]:
        page.goto(f"{PUBLIC}/contributions/{reference}")
        main = page.locator("main")
        expect(main).to_contain_text(body)
        if addresses(page, "main", "/compare/") or addresses(page, "main", "/draft/2"):
            fates["changed"] += 1
        elif addresses(page, "main", "/responses"):
            fates["answered"] += 1
        else:
            expect(main.get_by_text(re.compile("ยังไม่|ไม่มี")).first).to_be_visible()
            fates["neither"] += 1
    keep(page, "7-fate-of-a-comment-phone")
    assert fates["changed"] > 0
    assert fates["answered"] > 0
