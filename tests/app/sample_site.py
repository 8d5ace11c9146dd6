"""What tests of the sample share: its pages, and what a reader sees of a page."""

import re
from html.parser import HTMLParser

OPEN, ANSWERED = "/consultations/sample-pavements", "/consultations/sample-waste"
PUBLIC = ["/", "/help", "/rules", "/privacy", "/accessibility", "/moderation/register"]
_EACH = ["", "/draft", "/draft/1", "/discussion", "/vote", "/results", "/summary", "/responses"]
_CONTRIBUTING = [f"{OPEN}/clauses/c5/comment", f"{OPEN}/comment", f"{OPEN}/vote/propose"]
_DESK = ["", "/statements", "/analysis", "/summary", "/check", "/answers", "/drafts/1"]
_WORKSPACE = [
    f"/workspace{consultation}{page}" for consultation in (OPEN, ANSWERED) for page in _DESK
]
#: Pages that anyone reads.
READING = [f"{consultation}{page}" for consultation in (OPEN, ANSWERED) for page in _EACH]
READING += [f"{ANSWERED}/draft/2", f"{ANSWERED}/compare/1/2"]
#: Pages of each account beside those that anyone reads.
OWN = {
    "citizen": [
        "/accounts/",
        f"{OPEN}/trail",
        f"{ANSWERED}/trail",
        f"{ANSWERED}/summary/check",
        *_CONTRIBUTING,
    ],
    "second-citizen": [f"{ANSWERED}/trail"],
    "officer": ["/workspace/", "/workspace/new", *_WORKSPACE, f"/workspace{ANSWERED}/drafts/2"],
    "approver": ["/workspace/", *_WORKSPACE],
    "moderator": ["/moderation/"],
    "senior-moderator": ["/moderation/"],
    "auditor": ["/accounts/"],
    "administrator": ["/accounts/"],
}
_EMPTY = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr", "col"})
_UNSEEN = frozenset({"script", "style", "svg", "code", "title", "template"})
#: Three words in a row: names of things and addresses are shorter.
_ENGLISH = re.compile(r"[A-Za-z][A-Za-z'’]+(?:[ ,]+[A-Za-z][A-Za-z'’]*){2,}")


class Reader(HTMLParser):
    """Collects a page's text that stands in the page's own language, and its links by place.

    Attributes
    ----------
    text : list of str
        Pieces outside elements of another language.
    links : dict of str to list of str
        Addresses inside each element with an ``id``; those of inner ones belong to the outer too.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.links: dict[str, list[str]] = {}
        self._open: list[tuple[str, str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in _EMPTY:
            language = given.get("lang") or (self._open[-1][1] if self._open else "")
            self._open.append((tag, language, given.get("id") or ""))
        if tag == "a":
            for _tag, _language, place in self._open:
                if place:
                    self.links.setdefault(place, []).append(given.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            closed = self._open.pop()
            if closed[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self._open or any(tag in _UNSEEN for tag, *_rest in self._open):
            return
        if self._open[-1][1] == self._open[0][1]:
            self.text.append(data)


def english_left_in(page: str) -> list[str]:
    """Return English phrases of a Thai page that are not marked as English."""
    read = " \n".join(Reader(page).text)
    return sorted({found.group() for found in _ENGLISH.finditer(read)})
