"""What a real browser makes of pages: scripts that ran, and markup that could run one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, Page
from werkzeug.serving import WSGIRequestHandler, make_server

#: Runs before a page's own scripts: whatever a hostile text calls is noted instead.
HOOK = """(() => {
  window.fired = [];
  for (const name of ["alert", "confirm", "prompt", "print"]) {
    window[name] = (...words) => { (window.top.fired ?? window.fired).push(`${name} ${words}`); };
  }
  document.addEventListener("securitypolicyviolation", (event) =>
    window.fired.push(`refused ${event.violatedDirective} ${event.blockedURI}`));
})()"""
#: Sets off what waits for somebody's hand: every event that an element listens to, every link.
TOUCH = """() => {
  for (const one of document.querySelectorAll("*")) {
    for (const {name} of [...one.attributes]) {
      if (/^on/i.test(name)) {
        one.dispatchEvent(new Event(name.slice(2).toLowerCase(), {bubbles: true}));
      }
    }
    if (/^\\s*(javascript|data)/i.test(one.getAttribute("href") ?? "")) {
      one.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}));
    }
  }
}"""
#: Markup that none of our pages uses, so that it can only come from somebody's text.
SUSPECT = """() => [...document.querySelectorAll("*")].filter((one) =>
  [...one.attributes].some(({name, value}) =>
    /^on/i.test(name) || name === "srcdoc" || name === "style" ||
    (/^(href|src|action|formaction|xlink:href|data)$/i.test(name) &&
      /^[\\s\\x00-\\x20]*(javascript|vbscript|data:text)/i.test(value))) ||
  /^(iframe|object|embed|applet|base|marquee|math|frame)$/i.test(one.tagName) ||
  (one.tagName === "SCRIPT" && !one.src)
).map((one) => one.outerHTML.slice(0, 160))"""


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object, **__: object) -> None:
        """Write nothing."""


@contextmanager
def served(application: object) -> Iterator[str]:
    """Serve a WSGI application on a port of this machine; give its address."""
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Quiet)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def open_hooked(context: BrowserContext) -> Page:
    """Open a window in which hostile scripts only leave a note."""
    context.add_init_script(HOOK)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.dismiss())
    return page


def fired(page: Page) -> list[str]:
    """Return what ran or tried to run on the page, and markup that no page of ours has."""
    ran: list[str] = page.evaluate("() => window.fired ?? []")
    suspect: list[str] = page.evaluate(SUSPECT)
    return [*ran, *suspect]
