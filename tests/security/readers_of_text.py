"""Every function that a stranger's text reaches, with the longest text that reaches it."""

import base64
import json
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from app.redirects import safe_target
from consultations.anchoring import find_in
from consultations.outline import Line, parse_outline
from consultations.personal_data import personal_details
from consultations.search_words import pieces, terms_of
from consultations.similarity import content_words, most_similar
from consultations.word_difference import difference
from core import text
from core.accounts.registering import checked_address
from core.languages import language_of
from core.slugs import checked_slug
from moderation.rules import ModerationPolicy, screen
from tests.security.corpora import FOLDER, payloads


class Reader(NamedTuple):
    """A function and the most characters that it is given."""

    read: Callable[[str], object]
    most: int


READERS = {
    "plain text": Reader(lambda value: text.plain_text(value, max_length=20_000), 20_000),
    "single line": Reader(lambda value: text.single_line(value, max_length=300), 300),
    "clean HTML": Reader(text.clean_html, 20_000),
    "matching key": Reader(text.matching_key, 20_000),
    "words": Reader(text.words, 20_000),
    "language": Reader(language_of, 20_000),
    "personal details": Reader(personal_details, 20_000),
    "screening": Reader(lambda value: screen(value, ModerationPolicy.AFTER), 20_000),
    "search terms": Reader(terms_of, 200),
    "search marks": Reader(lambda value: pieces(value, ("ab", "คำ")), 20_000),
    "similarity": Reader(lambda value: most_similar(value, [(value[::-1], 1)], limit=3), 300),
    "content words": Reader(content_words, 300),
    "difference": Reader(lambda value: difference(value, value[::-1]), 20_000),
    "outline": Reader(
        lambda value: parse_outline([Line(one) for one in value.split("\n")]), 20_000
    ),
    "quotation": Reader(lambda value: find_in(value, value[5:205], "", ""), 20_000),
    "redirect": Reader(safe_target, 2_000),
    "short name": Reader(checked_slug, 80),
    "e-mail address": Reader(checked_address, 254),
}
#: Repeated parts of our own that bring bad patterns to their knees.
OWN = (
    ("a", "!"), ("aA1 ", ""), ("(", ""), ("[a](", ""), ("> ", ""), ("`", "x"), ("*a ", ""),
    ("ก็", ""), ("เ", "ก"), ("\u0e4d\u0e48", "\u0e32"), ("08", "x"), ("1-", ""), ("a@", ""),
    ("a.", "@"), ("<a ", ""), ("&#x", ""), ("\u2067", ""), ("\n", "x"), (" ", "x"), ("|-", "\n"),
    ("\ufdfa", ""), ("\u0344", ""), ("http://", ""), ("- ", "x"), ("1. ", "\n"), ("มาตรา ", "1"),
)  # fmt: skip


def hostile_texts(length: int) -> Iterator[str]:
    """Yield texts of about a length, each made of a part that is repeated."""
    for unit, end in OWN:
        yield _filled("", unit, end, length)
    path = FOLDER / "redos.jsonl"
    for line in path.read_text("utf-8").splitlines() if path.is_file() else ():
        entry = json.loads(line)
        if "payload_z" in entry:
            packed = zlib.decompress(base64.b64decode(entry["payload_z"]))
            entry["payload"] = packed.decode("utf-8", "surrogatepass")
        made = json.loads(entry["payload"])
        yield _filled(made["prefix"], made["unit"], made["suffix"], length)
    for value in payloads("unicode"):
        if value:
            yield _filled("", value, "", length)


def _filled(start: str, unit: str, end: str, length: int) -> str:
    room = max(length - len(start) - len(end), 0)
    return (start + unit * (room // max(len(unit), 1)) + end)[:length]
