"""Every page in a real browser, and the way to a vote without script and by keyboard alone."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.journeys.conftest import DESKTOP, PHONE, Open
from tests.journeys.site import Site
from tests.journeys.sweep import (
    complaints_of,
    follow_links,
    look_at,
    route,
    sample_account,
    sign_in,
)

pytestmark = pytest.mark.browser

OPEN, ANSWERED = "sample-pavements", "sample-waste"
HOMES = tuple(f"/consultations/{slug}" for slug in (OPEN, ANSWERED))
TRAILS = tuple(f"{home}/trail" for home in HOMES)
STANDINGS = tuple(f"{home}/results/me" for home in HOMES)
DESKS = tuple(f"/workspace/consultations/{slug}" for slug in (OPEN, ANSWERED))
PUBLIC = ("consultations.", "drafts.read", "comments.", "discussion.", "statements.", "trail.")
#: Who walks: where they begin, which kinds of pages they look at, and kinds they must come by.
WALKS: dict[str, tuple[tuple[str, ...], tuple[str, ...], set[str]]] = {
    "visitor": (
        ("/", "/offline", *HOMES),
        (
            *(*PUBLIC, "site.", "offline.page", "accounts.", "recovery."),
            *("drafts.compare", "results."),
            *("receipts.", "moderating_register.page", "report.show", "commitments.page"),
            *("scorecards.", "open_data.", "slips.", "hearing."),
            *("groups.", "panels.results"),
        ),
        {
            *("slips.look", "site.help", "accounts.register", "recovery.ask", "discussion.thread"),
            *("drafts.compare", "results.responses", "results.part.groups", "results.part.people"),
            *("receipts.look_up", "report.show", "commitments.page", "open_data.files"),
            *("scorecards.agencies", "scorecards.consultation", "scorecards.behind"),
            *("groups.show", "groups.proposal", "panels.results"),
            "hearing.page",
        },
    ),
    "citizen": (
        ("/accounts/", "/accounts/confirm", *HOMES, *TRAILS, *STANDINGS),
        (
            *(*PUBLIC, "accounts.", "confirming.", "checking.", "standing.", "trails."),
            *("receipts.show", "groups.", "group_proposals."),
            *("settings.", "rights.", "factors.", "identities.overview", "organisations."),
        ),
        {
            *("accounts.overview", "comments.write", "comments.flag", "comments.edit"),
            *("checking.check", "settings.overview", "rights.overview", "trails.mine"),
            *("factors.overview", "standing.mine", "group_proposals.propose"),
        },
    ),
    "administrator": (
        ("/administration/retention", "/administration/templates"),
        ("keeping.", "templates."),
        {"keeping.retention", "templates.show", "templates.field"},
    ),
    "officer": (
        ("/workspace/", *DESKS),
        ("authoring_",),
        {
            "authoring_responses.answer",
            "authoring_summaries.runs",
            "authoring_drafts.edit",
            "authoring_checks.desk",
            "authoring_checks.answer",
            *("authoring_hearing.fill", "authoring_hearing.check", "authoring_hearing.portal_page"),
            *("authoring_stakeholders.register", "authoring_stakeholders.group"),
        },
    ),
    "approver": (
        ("/workspace/", *DESKS),
        ("authoring_responses.desk", "authoring_consultations.", "authoring_summaries.build"),
        {"authoring_responses.desk", "authoring_consultations.step"},
    ),
    "moderator": (
        ("/moderation/",),
        ("moderating.", "moderating_"),
        {
            "moderating.item",
            "moderating_acts.cover",
            "moderating_appeals.waiting",
            "moderating_register.page",
            "moderating_reviews.waiting",
        },
    ),
}
#: What holds the focus, and whether an outline or a shadow shows it, on it or on a neighbour.
FOCUS = """() => {
  const one = document.activeElement;
  const parts = [one, ...one.querySelectorAll("*"), one.nextElementSibling].filter(Boolean);
  const styles = () => parts.flatMap((part) => ["", "::before", "::after"].map((which) => {
    const style = getComputedStyle(part, which);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return [outlined ? style.outline : "none", style.boxShadow].join();
  })).join(" ");
  const held = styles();
  one.blur();
  const left = styles();
  one.focus();
  return {
    place: one.outerHTML.slice(0, 160),
    href: one.getAttribute("href") || "",
    name: `${one.getAttribute("name") || ""}=${one.getAttribute("value") || ""}`,
    seen: one === document.body || held !== left,
  };
}"""


@dataclass(frozen=True)
class Walk:
    """Who walked, the addresses to look at, what went wrong, and the cookies of who walked."""

    walker: str
    addresses: list[str]
    problems: list[str]
    cookies: StorageState


@pytest.fixture(scope="module", params=WALKS)
def walk(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Walk:
    """What one person reaches by following links."""
    starts, kinds, _ = WALKS[request.param]
    context = browser.new_context(base_url=site.address)
    if request.param != "visitor":
        sign_in(context.new_page(), sample_account(site, request.param))
    # Everybody else sees the visitors' pages too, and the same parts in others.
    shown = 2 if request.param == "visitor" else 1
    addresses, problems = follow_links(context.request, site, starts, kinds, shown)
    found = Walk(request.param, addresses, problems, context.storage_state())
    context.close()
    return found


def test_every_link_leads_to_a_page(walk: Walk) -> None:
    assert walk.problems == [], "\n".join(walk.problems)
    assert WALKS[walk.walker][2] - {route(address)[0] for address in walk.addresses} == set()


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_page_holds(browser: Browser, site: Site, walk: Walk, language: str) -> None:
    context = browser.new_context(
        locale=language, base_url=site.address, storage_state=walk.cookies
    )
    page, complaints = context.new_page(), complaints_of(context)

    problems = []
    # In English one of each kind is looked at.
    kinds = {route(address)[0]: address for address in reversed(walk.addresses)}
    addresses = walk.addresses if language == "th" else list(kinds.values())[::-1]
    for number, address in enumerate(addresses):
        picture = f"{walk.walker}-{language}-{number:02}-{route(address)[0]}"
        for problem in (*look_at(page, address, language, picture), *complaints):
            problems.append(f"{walk.walker} {language} {address}: {problem}")
        complaints.clear()
    context.close()

    assert problems == [], "\n".join(problems)


def test_taking_part_works_without_script(site: Site, open_as: Open) -> None:
    page = open_as(size=PHONE, language="th", script=False)
    sign_in(page, sample_account(site, "second-citizen"))
    vote_and_change_it(page)
    comment(page)
    propose(page)


def vote_and_change_it(page: Page) -> None:
    page.goto(f"{HOMES[0]}/vote")
    article = page.locator("main article").first
    statement = article.locator("h2").inner_text()
    article.locator("button[name=choice][value=agree]").click()
    row = page.locator("main dl > div").filter(has_text=statement)
    page.goto(TRAILS[0])
    expect(row.locator("dd").first).to_have_text("เห็นด้วย")
    row.get_by_role("link").first.click()
    expect(page.locator("#vote-card h2")).to_have_text(statement)
    page.locator("#vote-card button[name=choice][value=disagree]").click()
    page.goto(TRAILS[0])
    expect(row.locator("dd").first).to_have_text("ไม่เห็นด้วย")


def comment(page: Page) -> None:
    words = "ทางลาดควรมีทุกหัวมุมถนน เพื่อให้รถเข็นขึ้นลงทางเท้าได้เอง"
    page.goto(f"{HOMES[0]}/draft")
    page.locator("main a[href*='/comment']").first.click()
    page.locator("[name=body]").fill(words)
    page.locator("[name=stance][value=support]").check()
    page.locator("button[value=send]").click()
    page.goto(TRAILS[0])
    expect(page.locator("main")).to_contain_text(words)


def propose(page: Page) -> None:
    words = "ควรมีม้านั่งใต้ร่มไม้ทุกสองร้อยเมตรสำหรับผู้สูงอายุ"
    page.goto(f"{HOMES[0]}/vote/propose")
    page.locator("[name=body]").fill(words)
    page.locator("main form[data-keep] button[type=submit]").click()
    if page.url.endswith("/propose"):
        page.locator("main form[data-keep] button[type=submit]").click()
    page.goto(TRAILS[0])
    expect(page.locator("main")).to_contain_text(words)


def press_tab(page: Page) -> Iterator[dict[str, str]]:
    """Press Tab on and on; yield what holds the focus, which must be visible."""
    for _ in range(120):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus["seen"], f"{page.url}: the focus cannot be seen on {focus['place']}"
        yield focus
    raise AssertionError(f"{page.url}: not reached by Tab")


def follow_by_key(page: Page, address: str) -> None:
    """Move to a link by Tab, and follow it by Enter."""
    next(focus for focus in press_tab(page) if focus["href"].startswith(address))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_vote_is_cast_by_keyboard_alone(site: Site, open_as: Open) -> None:
    account = sample_account(site, "citizen")
    page = open_as(size=DESKTOP, language="th")
    page.goto("/")
    follow_by_key(page, HOMES[0])
    follow_by_key(page, f"{HOMES[0]}/vote")
    follow_by_key(page, "/accounts/sign-in?next=")
    next(focus for focus in press_tab(page) if focus["name"].startswith("email="))
    page.keyboard.type(account.email)
    page.keyboard.press("Tab")
    page.keyboard.type(account.password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    statement = page.locator("#vote-card h2").inner_text()
    next(focus for focus in press_tab(page) if focus["name"] == "choice=pass")
    with page.expect_response("**/vote/*"):
        page.keyboard.press("Space")
    expect(page.locator("#vote-card h2")).not_to_have_text(statement)
    page.goto(f"{TRAILS[0]}#votes")
    cast = page.locator("main dl > div").filter(has_text=statement)
    expect(cast.locator("dd").first).to_have_text("ไม่แน่ใจ")
