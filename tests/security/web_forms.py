"""Every form that the site shows, found by walking it: the registry of what can be written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RoutingException

#: Text that is no text, such as half a character, goes out as well.
BYTES = ("utf-8", "surrogatepass")
#: Kinds of input that hold free text.
TEXTUAL = frozenset({"text", "search", "email", "url", "tel", "password", "date", "number"})
#: Pages read of each kind of address; enough to see each state of it in the sample.
_MOST_OF_A_KIND = 6


@dataclass
class WebForm:
    """A form as a page shows it.

    Attributes
    ----------
    values : dict
        What would be sent if nothing were changed.
    texts : list of str
        Names of the fields that take any text.
    buttons : list of dict
        What each button adds to what is sent.
    """

    page: str
    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    buttons: list[dict[str, str]] = field(default_factory=list)

    def sent(self, changed: dict[str, str], press: int = 0) -> str:
        """Return the body that is sent when one of the buttons is pressed, byte by byte."""
        button = self.buttons[press % len(self.buttons)] if self.buttons else {}
        values = {**self.values, **button, **changed}
        return urlencode({name: value.encode(*BYTES) for name, value in values.items()})


class _Page(HTMLParser):
    """Collects a page's forms and links."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[WebForm] = []
        self.links: list[str] = []
        self._by_id: dict[str, WebForm] = {}
        self._form: WebForm | None = None
        self._select: tuple[WebForm, str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.append(urldefrag(urljoin(self.address, given["href"])).url)
        elif tag == "form":
            self._form = self._form_of(given)
        elif tag == "option" and self._select:
            form, name = self._select
            if "selected" in given or name not in form.values:
                form.values[name] = given.get("value", "")
        elif given.get("name"):
            form = self._by_id.get(given.get("form", "")) or self._form
            if form:
                self._add(form, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None

    def _form_of(self, given: dict[str, str]) -> WebForm:
        action = urljoin(self.address, given.get("action") or self.address)
        form = WebForm(self.address, action, given.get("method", "get").upper())
        self.forms.append(form)
        if given.get("id"):
            self._by_id[given["id"]] = form
        return form

    def _add(self, form: WebForm, tag: str, given: dict[str, str]) -> None:
        name, kind = given["name"], given.get("type", "text")
        if tag == "select":
            self._select = (form, name)
        elif tag == "textarea" or (tag == "input" and kind in TEXTUAL):
            form.texts.append(name)
            form.values[name] = given.get("value", "")
        elif kind == "file":
            form.files.append(name)
        elif tag == "button":
            form.buttons.append({name: given.get("value", "")})
        elif kind in ("radio", "checkbox"):
            form.values.setdefault(name, given.get("value", "on"))
        elif tag == "input":
            form.values[name] = given.get("value", "")


def walk(
    client: FlaskClient, starts: Iterable[str], kind_of: "Kinds", most: int = _MOST_OF_A_KIND
) -> Iterator[tuple[str, str]]:
    """Yield (address, page) of what the client reaches by links, so many of a kind at most."""
    ahead, seen, read = list(starts), set(starts), dict[str, int]()
    for address in ahead:
        kind = kind_of(address)
        if kind is None or read.get(kind, 0) >= most:
            continue
        read[kind] = read.get(kind, 0) + 1
        answer = client.get(address)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        yield address, answer.text
        for link in _Page(address, answer.text).links:
            if link not in seen and not urlsplit(link).netloc:
                seen.add(link)
                ahead.append(link)


class Kinds:
    """Tells which kind of page an address is: its endpoint and consultation."""

    def __init__(self, url_map: Map, left_out: frozenset[str]) -> None:
        self._adapter = url_map.bind("localhost")
        self._left_out = left_out

    def __call__(self, address: str) -> str | None:
        """Return the kind, or None if the address is no page to walk to."""
        try:
            endpoint, values = self._adapter.match(urlsplit(address).path)
        except (HTTPException, RoutingException):
            return None
        return None if endpoint in self._left_out else f"{endpoint} {values.get('slug', '')}"


def forms_of(address: str, text: str) -> list[WebForm]:
    """Return the forms of a page."""
    return _Page(address, text).forms
