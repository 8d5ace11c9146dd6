"""Find the pages that a person can reach by links, and look at each as a browser shows it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import APIRequestContext, BrowserContext, Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from app import create_app
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.site import ROOT, Site
from tests.sites import make_config

#: Read while following links: of each kind of page, in each consultation.
MOST_FOLLOWED = 4
LEFT_ALONE = ("static", "site.choose_language")
AXE = Axe()
AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
}
#: A desktop window magnified to 400 % and to 200 %, where nothing may be lost or stick out.
MAGNIFIED = ({"width": 320, "height": 256}, {"width": 640, "height": 450})
#: Pictures of what was looked at, for people to look at.
PICTURES = ROOT / "reports" / "pages"
#: The innermost elements that stick out at the right, outside boxes that scroll by themselves.
STICKING_OUT = """() => {
  const wide = document.scrollingElement.scrollWidth;
  if (wide <= window.innerWidth) return "";
  const out = [...document.body.querySelectorAll("*")].filter(
    (one) => one.getBoundingClientRect().right > window.innerWidth + 1);
  const ends = out.filter((one) => !out.some((other) => other !== one && one.contains(other)));
  const names = ends.slice(0, 3).map((one) => one.outerHTML.slice(0, 120));
  return `${wide} wide: ${names.join(" | ")}`;
}"""


@dataclass(frozen=True)
class Account:
    email: str
    password: str


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.found.append(urldefrag(href).url)


def sample_account(site: Site, name: str) -> Account:
    path = Path(site.environment["SARN_INSTANCE"]) / "sample-accounts.txt"
    accounts = [Account(*line.split("\t")) for line in path.read_text().splitlines()]
    return next(account for account in accounts if account.email.startswith(f"{name}@"))


def sign_in(page: Page, account: Account) -> None:
    page.goto("/accounts/sign-in")
    page.locator("[name=email]").fill(account.email)
    page.locator("[name=password]").fill(account.password)
    page.locator("main form button[type=submit]").click()
    page.locator("form[data-sign-out]").wait_for()


def follow_links(
    request: APIRequestContext,
    site: Site,
    starts: Iterable[str],
    kinds: tuple[str, ...],
    most_shown: int,
) -> tuple[list[str], list[str]]:
    """Read page after page; return addresses of those kinds to look at, and what went wrong.

    Parameters
    ----------
    kinds : tuple of str
        How names of endpoints begin; links to others are not followed.
    most_shown : int
        Addresses of each kind of page to look at.
    """
    ahead, seen, read = list(starts), set(starts), Counter[tuple[str, str]]()
    pages: list[tuple[str, str, str]] = []
    problems = []
    for address in ahead:
        endpoint, slug = route(address)
        if not endpoint.startswith(kinds) or endpoint in LEFT_ALONE:
            continue
        if read[endpoint, slug] >= MOST_FOLLOWED:
            continue
        read[endpoint, slug] += 1
        response = request.get(address)
        if response.status != 200:
            problems.append(f"{address}: status {response.status}")
            continue
        if not response.headers["content-type"].startswith("text/html"):
            continue
        pages.append((endpoint, slug, address))
        for link in _links(response.text(), site.address + address):
            if link not in seen:
                seen.add(link)
                ahead.append(link)
    return [address for _, _, address in _shown(pages, most_shown)], problems


def look_at(page: Page, address: str, language: str, picture: str) -> Iterator[str]:
    """Yield what is wrong with a page at all sizes, and what axe finds in light and dark.

    In the dark only the colours differ, which no language changes: one language is looked at.

    Parameters
    ----------
    picture : str
        How the names of the pictures that are kept begin.
    """
    response = page.goto(address)
    if response is None or response.status != 200:
        yield f"status {response and response.status}"
    shown = page.locator("html").get_attribute("lang")
    if shown != language:
        yield f"html lang is {shown}"
    headings = page.locator("h1").count()
    if headings != 1:
        yield f"{headings} first-level headings"
    for size in (*MAGNIFIED, DESKTOP, PHONE):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        page.evaluate("() => document.fonts.ready.then(() => true)")
        if wide := page.evaluate(STICKING_OUT):
            yield f"at {size['width']}x{size['height']}: {wide}"
        if size in (DESKTOP, PHONE):
            page.screenshot(path=PICTURES / f"{picture}-{size['width']}.png", full_page=True)
    yield from broken_rules(page)
    if language == "th":
        page.emulate_media(color_scheme="dark")
        yield from (f"in the dark: {problem}" for problem in broken_rules(page))
        page.emulate_media(color_scheme="light")


def broken_rules(page: Page) -> Iterator[str]:
    """Yield the rules of WCAG 2.2 A and AA that axe finds broken."""
    for rule in AXE.run(page, options=AXE_OPTIONS).response["violations"]:
        first = rule["nodes"][0]
        why = " ".join(first.get("failureSummary", "").split())
        yield f"axe {rule['id']}, {len(rule['nodes'])} times: {first['html'][:160]} {why[:220]}"


def complaints_of(context: BrowserContext) -> list[str]:
    """Return the list to which what a context's console complains of will be added."""
    complaints: list[str] = []
    context.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
    )
    context.on("weberror", lambda raised: complaints.append(str(raised.error)))
    return complaints


def route(address: str) -> tuple[str, str]:
    """Return what kind of page an address has, and the consultation it is about if any.

    The kind is the endpoint, and the part that it shows where it has several.
    """
    try:
        endpoint, values = _routes().match(urlsplit(address).path)
    except HTTPException:
        return "nowhere", ""
    kind = f"{endpoint}.{values['part']}" if endpoint == "results.part" else endpoint
    return kind, str(values.get("slug", ""))


@cache
def _routes() -> MapAdapter:
    return create_app(make_config("sqlite://", ROOT)).url_map.bind("localhost")


def _links(text: str, address: str) -> Iterator[str]:
    parser = _Links()
    parser.feed(text)
    for href in parser.found:
        whole = urlsplit(urljoin(address, href))
        if whole.netloc == urlsplit(address).netloc:
            yield whole.path + (f"?{whole.query}" if whole.query else "")


def _shown(pages: list[tuple[str, str, str]], most: int) -> list[tuple[str, str, str]]:
    """Choose some of each kind, of different consultations where there are."""
    chosen: list[tuple[str, str, str]] = []
    for page in pages:
        of_kind = [other for other in pages if other[0] == page[0]]
        firsts = [one for n, one in enumerate(of_kind) if one[1] not in {o[1] for o in of_kind[:n]}]
        ranked = [*firsts, *(one for one in of_kind if one not in firsts)]
        if page in ranked[:most]:
            chosen.append(page)
    return chosen
