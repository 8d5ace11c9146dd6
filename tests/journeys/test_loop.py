"""The whole loop once, in a real browser, by the people who walk it."""

import re
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.clock import BANGKOK, now
from tests.journeys.conftest import DESKTOP, PHONE, Open
from tests.journeys.site import Site

pytestmark = pytest.mark.browser

SLUG = "footpaths"
DRAFT = """ร่างเทศบัญญัติว่าด้วยทางเท้า
หมวด ๑ บททั่วไป
ข้อ ๑ ทางเท้าต้องกว้างอย่างน้อยหนึ่งเมตร
ข้อ ๒ ห้ามจอดรถบนทางเท้า
หมวด ๒ การดูแล
ข้อ ๓ ให้ซ่อมทางเท้าภายในหกสิบวัน
"""
WISH = "ข้อ ๑ ควรกว้างอย่างน้อยหนึ่งเมตรครึ่ง เพราะรถเข็นผู้พิการผ่านไม่ได้"
Press = Callable[[Page, str], None]


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).first.click()


def day(days: int) -> str:
    return (now().astimezone(BANGKOK) + timedelta(days=days)).strftime("%Y-%m-%d")


def pass_time(site: Site, **moments: timedelta) -> None:
    """Let announced moments come: move them to where the clock has passed them."""
    path = Path(site.environment["SARN_INSTANCE"]) / "sarn.db"
    connection = sqlite3.connect(path, timeout=20)
    for column, distance in moments.items():
        moment = (now() + distance).strftime("%Y-%m-%d %H:%M:%S.%f")
        connection.execute(
            f"UPDATE consultation SET {column} = ? WHERE slug = ?",  # noqa: S608
            (moment, SLUG),
        )
    connection.commit()
    connection.close()


def take_step(page: Page, event: str) -> None:
    page.goto(f"/workspace/consultations/{SLUG}/step?event={event}")
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile(rf"/workspace/consultations/{SLUG}$"))


def fill_in_hearing(officer: Page) -> None:
    """Fill in the law-hearing form, and plan a notice to a group."""
    for words in officer.locator("main textarea[name$=_th]").all():
        words.fill("ทางเท้าแคบ")
    for box in officer.locator("main [name=confirmed]").all():
        box.check()
    press(officer, "Save the form")
    officer.goto(f"/workspace/consultations/{SLUG}/stakeholders")
    officer.locator("[name=name]").fill("ชุมชนริมทาง")
    press(officer, "Add to the register")
    officer.get_by_role("link", name="ชุมชนริมทาง").click()
    officer.locator("[name=channel]").select_option("poster")
    officer.locator("[name=notified_on]").fill(day(0))
    press(officer, "Note the notice")
    officer.goto(f"/workspace/consultations/{SLUG}/hearing/checklist")
    expect(officer.get_by_text("Nothing that is required is missing")).to_be_visible()


def prepare(officer: Page) -> None:
    officer.goto("/workspace/new")
    officer.get_by_label("Bill", exact=True).check()
    officer.get_by_label("Title in Thai").fill("ร่างเทศบัญญัติทางเท้า")
    officer.get_by_label("Title in English").fill("Draft ordinance on footpaths")
    officer.locator("[name=slug]").fill(SLUG)
    press(officer, "Save and continue")
    officer.get_by_role("link", name="Go on: What people should know").click()
    officer.get_by_label("Plain summary in Thai").fill("เรื่องทางเท้าในเขตเทศบาล")
    officer.get_by_label("What can change and what cannot, in Thai").fill("เปลี่ยนได้ทุกข้อ")
    officer.get_by_label("Who is affected and how, in Thai").fill("ผู้ใช้ทางเท้า")
    press(officer, "Save and continue")
    officer.locator("[name=opens_on]").fill(day(1))
    officer.locator("[name=closes_on]").fill(day(20))
    officer.locator("[name=answers_due_on]").fill(day(50))
    press(officer, "Save and continue")
    officer.get_by_role("link", name="Import a document").click()
    officer.locator("[name=text]").fill(DRAFT)
    press(officer, "Split the document")
    expect(officer.locator("#unit-c1")).to_contain_text("ทางเท้าต้องกว้าง")
    press(officer, "Take it over into the draft")
    expect(officer.locator("#clause-c1")).to_contain_text("ทางเท้าต้องกว้าง")
    officer.goto(f"/workspace/consultations/{SLUG}/prepare/participation")
    officer.locator("[name=contact_th]").fill("กองช่าง")
    press(officer, "Save and continue")
    fill_in_hearing(officer)
    officer.goto(f"/workspace/consultations/{SLUG}/statements")
    officer.locator("main form textarea").first.fill("ทางเท้าควรกว้างกว่านี้")
    officer.locator("main form button[type=submit]").first.click()
    take_step(officer, "submit")


def take_part(citizen: Page) -> str:
    """Comment on a clause and vote; return the comment's reference."""
    citizen.goto(f"/consultations/{SLUG}/draft")
    expect(citizen.locator("#clause-c1")).to_contain_text("หนึ่งเมตร")
    citizen.locator("#clause-c1 [data-quote-link]").click()
    citizen.locator("[name=body]").fill(WISH)
    citizen.locator("[name=stance][value=support]").check()
    citizen.locator("details:has([name=proposed_wording]) > summary").click()
    citizen.locator("[name=proposed_wording]").fill("ทางเท้าต้องกว้างอย่างน้อยหนึ่งเมตรครึ่ง")
    citizen.locator("button[value=send]").click()
    citizen.goto(f"/consultations/{SLUG}/trail")
    link = citizen.locator("a[href*='/contributions/']").first.get_attribute("href") or ""
    citizen.goto(f"/consultations/{SLUG}/vote")
    expect(citizen.locator("main")).to_contain_text("ทางเท้าควรกว้างกว่านี้")
    citizen.locator("button[name=choice][value=agree]").first.click()
    expect(citizen.locator("main")).not_to_contain_text("0 / 1")
    return link.split("/contributions/")[1].split("/")[0].split("?")[0]


def moderate(moderator: Page, reference: str) -> None:
    moderator.goto(f"/moderation/items/{reference}")
    expect(moderator.locator("main")).to_contain_text(WISH)
    moderator.goto("/moderation/")
    expect(moderator.locator("main h1")).to_be_visible()


def second(approver: Page, proposal: Page) -> None:
    """Let another person approve what somebody has just proposed."""
    expect(proposal).to_have_url(re.compile(r"/motions/\d+$"))
    approver.goto(proposal.url)
    approver.locator("form[action$='/approve'] button").click()
    expect(approver.locator("form[action$='/approve']")).to_have_count(0)


def extend(officer: Page, approver: Page) -> None:
    officer.goto(f"/workspace/consultations/{SLUG}/step?event=extend")
    officer.locator("[name=closes_on]").fill(day(25))
    officer.locator("[name=reason]").fill("มีผู้ขอเวลาเพิ่ม")
    officer.locator("main form button[type=submit]").first.click()
    second(approver, officer)


def check(citizen: Page) -> None:
    citizen.goto(f"/consultations/{SLUG}/summary/check")
    answers = citizen.locator("#check-whole button[value=reflects]")
    answers.click()
    expect(answers).to_have_attribute("aria-pressed", "true")


def summarise(officer: Page, approver: Page) -> None:
    officer.goto(f"/workspace/consultations/{SLUG}/analysis")
    officer.locator("main form button[type=submit]").first.click()
    for _ in range(120):
        officer.goto(f"/workspace/consultations/{SLUG}/analysis")
        if officer.locator("main button[name=run]").count():
            break
        officer.wait_for_timeout(500)
    take_step(officer, "summarise")
    officer.goto(f"/workspace/consultations/{SLUG}/analysis")
    officer.locator("main button[name=run]").first.click()
    approver.goto(f"/workspace/consultations/{SLUG}/summary")
    press(approver, "Publish the summary")
    take_step(approver, "ratify")


def answer(officer: Page, approver: Page) -> None:
    addresses = []
    for show in ("required", "offered"):
        officer.goto(f"/workspace/consultations/{SLUG}/answers?show={show}")
        links = officer.locator("main table a[href*='/answers/']").all()
        addresses += [link.get_attribute("href") or "" for link in links]
    assert any("/comment/" in address for address in addresses)
    for address in addresses:
        officer.goto(address)
        officer.locator("[name=disposition][value=accepted]").check()
        officer.locator("[name=ground]").select_option("citizen_interest")
        officer.locator("[name=reason_th]").fill("เห็นด้วย รถเข็นต้องผ่านได้")
        officer.locator("main form button[type=submit]").first.click()
    for _ in addresses:
        approver.goto(f"/workspace/consultations/{SLUG}/answers?show=waiting")
        approver.locator("main form[action*='/approve'] button").first.click()
    officer.goto(f"/workspace/consultations/{SLUG}/motions/answers")
    officer.locator("[name=reason]").fill("ตอบครบทุกข้อแล้ว")
    officer.locator("main form button[type=submit]").first.click()
    second(approver, officer)


def change_the_draft(officer: Page, approver: Page) -> None:
    officer.goto(f"/workspace/consultations/{SLUG}/drafts/1")
    officer.locator("form[action$='/drafts/next'] button").click()
    officer.goto(f"/workspace/consultations/{SLUG}/drafts/2/clauses/c1")
    officer.locator("[name=body]").fill("ทางเท้าต้องกว้างอย่างน้อยหนึ่งเมตรครึ่ง")
    officer.locator("main form button[type=submit]").first.click()
    officer.goto(f"/workspace/consultations/{SLUG}/drafts/2/clauses/c1/why")
    officer.locator("[name=responses]").first.check()
    officer.locator("main form button[type=submit]").first.click()
    approver.goto(f"/workspace/consultations/{SLUG}/drafts/2")
    approver.locator("form[action$='/publish'] button").click()
    expect(approver).to_have_url(re.compile(rf"/consultations/{SLUG}/draft/2"))


def test_the_loop_from_a_draft_to_what_it_changed(site: Site, open_as: Open) -> None:
    officer, approver = open_as("officer"), open_as("approver")
    prepare(officer)
    take_step(approver, "approve")
    pass_time(site, opens_at=-timedelta(hours=1))

    citizen = open_as("participant", size=PHONE, language="th")
    reference = take_part(citizen)
    moderate(open_as("moderator"), reference)
    extend(officer, approver)

    pass_time(site, closes_at=-timedelta(minutes=1))
    site.command("jobs", "work")
    summarise(officer, approver)
    check(citizen)
    pass_time(site, check_ends_at=-timedelta(minutes=1))
    take_step(approver, "answer")
    answer(officer, approver)
    change_the_draft(officer, approver)

    visitor = open_as(size=DESKTOP, language="th")
    visitor.goto(f"/consultations/{SLUG}/compare/1/2")
    expect(visitor.locator("#clause-c1 ins")).to_have_text("ครึ่ง")
    expect(visitor.locator("#clause-c1")).to_contain_text("รถเข็นต้องผ่านได้")
    citizen.goto(f"/consultations/{SLUG}/trail")
    expect(citizen.locator("main")).to_contain_text("รถเข็นต้องผ่านได้")
    expect(citizen.locator("main a[href*='/draft/2']").first).to_be_visible()
    take_step(approver, "conclude")
    visitor.goto(f"/consultations/{SLUG}")
    expect(visitor.locator("main")).to_contain_text("สิ้นสุดแล้ว")
