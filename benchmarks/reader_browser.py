"""Chromium throttled as an old phone: first paint, requests, weight, and how soon a vote shows.

First paint is the first contentful one, counted from the start of the navigation: it holds the time
of the server, which is warm, and every window has an empty cache.
"""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

#: Times that each page is opened; the median counts.
OPENINGS = 5
CPU = 4
#: Milliseconds of a round trip, and bytes a second, of the slow phone.
ROUND_TRIP, BYTES = 400, 400_000 // 8
_PAINT = """() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return paint ? paint.startTime : null;
}"""
_SHIFT = """() => new Promise((done) => {
  let total = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) { total += entry.value; }
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(total), 300);
})"""
_VOTE = """() => new Promise((done) => {
  const button = document.querySelector("button[name=choice][value=agree][aria-pressed=false]");
  const started = performance.now();
  const look = () => {
    const now = document.getElementById(button.id);
    if (now && now.getAttribute("aria-pressed") === "true") {
      done(performance.now() - started);
    } else {
      requestAnimationFrame(look);
    }
  };
  button.click();
  look();
})"""


def measure(path: str, site: str, plain: str, slug: str, cookie: tuple[str, str]) -> dict[str, Any]:
    """Measure the draft page against the bare page in the same browser."""
    page, bare = f"{site}/consultations/{slug}/draft", f"{plain}/{slug}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        fast, fast_bare = _first(browser, page, slow=False), _first(browser, bare, slow=False)
        known = _first(browser, page, slow=False, cookie=cookie)
        slow, slow_bare = _first(browser, page, slow=True), _first(browser, bare, slow=True)
        vote = _vote(browser, site, page, cookie)
        browser.close()
    for name, found, base in (
        ("4x CPU", fast, fast_bare),
        ("4x CPU, signed in", known, fast_bare),
        ("slow phone", slow, slow_bare),
    ):
        print(
            f"   Chromium, {name}: first paint {found['paint_ms']:.0f} ms, {found['requests']} "
            f"requests, {found['bytes'] / 1000:.1f} kB, layout shift {found['shift']:.3f}, "
            f"{found['paint_ms'] / base['paint_ms']:.1f} times bare Flask "
            f"({base['paint_ms']:.0f} ms)"
        )
    print(
        f"   Chromium, slow phone: a vote shows {vote:.0f} ms after the press, "
        f"{vote - ROUND_TRIP:.0f} ms after the round trip"
    )
    return {
        "fast": fast,
        "signed_in": known,
        "fast_bare": fast_bare,
        "slow": slow,
        "slow_bare": slow_bare,
        "vote": vote,
    }


def _first(
    browser: Browser, address: str, *, slow: bool, cookie: tuple[str, str] | None = None
) -> dict[str, float]:
    """Open a page in fresh windows; return the medians."""
    rounds = [_open(browser, address, slow=slow, cookie=cookie) for _ in range(OPENINGS)]
    middle = OPENINGS // 2
    return {name: sorted(each[name] for each in rounds)[middle] for name in rounds[0]}


def _open(
    browser: Browser, address: str, *, slow: bool, cookie: tuple[str, str] | None
) -> dict[str, float]:
    context, page, control = _window(browser, slow=slow)
    if cookie:
        context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": address}])
    sizes: list[float] = []
    control.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    page.wait_for_function(_PAINT)
    found = {
        "paint_ms": page.evaluate(_PAINT),
        "shift": page.evaluate(_SHIFT),
        "requests": len(sizes),
        "bytes": sum(sizes),
    }
    context.close()
    return found


def _vote(browser: Browser, site: str, address: str, cookie: tuple[str, str]) -> float:
    """Return the milliseconds from a press to the vote that is shown as counted; the median."""
    context, page, _control = _window(browser, slow=True)
    context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": site}])
    page.goto(address, wait_until="networkidle")
    times = sorted(page.evaluate(_VOTE) for _ in range(OPENINGS))
    context.close()
    return float(times[OPENINGS // 2])


def _window(browser: Browser, *, slow: bool) -> tuple[BrowserContext, Page, CDPSession]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="th")
    page = context.new_page()
    control = context.new_cdp_session(page)
    control.send("Network.enable")
    control.send("Emulation.setCPUThrottlingRate", {"rate": CPU})
    if slow:
        limits = {"latency": ROUND_TRIP, "downloadThroughput": BYTES, "uploadThroughput": BYTES}
        control.send("Network.emulateNetworkConditions", {"offline": False, **limits})
    return context, page, control
