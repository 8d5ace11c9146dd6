"""An officer prepares a consultation with the keyboard alone, and without script."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Open

pytestmark = pytest.mark.browser

TEXT = "หมวด ๑ บททั่วไป\nข้อ ๑ ทางเท้าต้องกว้าง\nห้ามตั้งของขวาง\nข้อ ๒ ห้ามจอดรถ\n"


def reach(page: Page, selector: str) -> None:
    """Press Tab until what is looked for has the focus, and the focus can be seen."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached on {page.url}")


def type_into(page: Page, name: str, words: str) -> None:
    reach(page, f"[name={name}]")
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


def send(page: Page, selector: str = "main form button:not([name])") -> None:
    reach(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_steps_are_walked_by_keyboard_alone(open_as: Open) -> None:
    page = open_as("officer", size=PHONE, language="th")
    page.goto("/workspace/new")
    reach(page, "[name=kind]")
    page.keyboard.press("Space")
    type_into(page, "title_th", "ร่างเทศบัญญัติสวน")
    type_into(page, "slug", "by-keyboard")
    send(page)
    expect(page).to_have_url(re.compile("/prepare$"))
    send(page, "a[href$='/prepare/basics']")
    for name in ("summary_th", "scope_th", "affected_th"):
        type_into(page, name, "เรื่องสวน")
    send(page)
    expect(page).to_have_url(re.compile("/prepare/dates$"))
    send(page)
    expect(page).to_have_url(re.compile("/prepare/draft$"))
    send(page, "a[href$='/drafts/import']")
    type_into(page, "text", TEXT)
    send(page)
    expect(page.locator("#unit-c2")).to_contain_text("ห้ามจอดรถ")
    send(page, "form[action$='/confirm'] button")
    expect(page.locator("#clause-c1")).to_contain_text("ทางเท้าต้องกว้าง")
    page.goto("/workspace/consultations/by-keyboard/prepare/participation")
    type_into(page, "contact_th", "กองช่าง")
    send(page)
    expect(page).to_have_url(re.compile("/hearing$"))
    page.goto("/workspace/consultations/by-keyboard/prepare/check")
    send(page, "main a[href$='/by-keyboard/hearing']")
    expect(page).to_have_url(re.compile("/hearing$"))


def test_an_import_is_mended_and_the_mend_taken_back_without_script(open_as: Open) -> None:
    page = open_as("officer", language="en", script=False)
    page.goto("/workspace/new")
    page.get_by_label("Bill", exact=True).check()
    page.locator("[name=title_th]").fill("ร่างไม่ใช้สคริปต์")
    page.locator("[name=slug]").fill("without-script")
    page.get_by_role("button", name="Save and continue").click()
    page.goto("/workspace/consultations/without-script/drafts/import")
    page.locator("[name=text]").fill(TEXT)
    page.get_by_role("button", name="Split the document").click()
    page.locator("#unit-c1 summary").click()
    page.locator("#unit-c1").get_by_role("button", name="Split here").click()
    expect(page.locator("#unit-para1")).to_contain_text("ห้ามตั้งของขวาง")
    page.get_by_role("button", name="Undo the last mend").first.click()
    expect(page.locator("#unit-para1")).to_have_count(0)
    page.get_by_role("button", name="Take it over into the draft").first.click()
    expect(page.locator("#clause-c2")).to_contain_text("ห้ามจอดรถ")
