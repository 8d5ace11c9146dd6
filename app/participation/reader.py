"""What the draft reader shows beside the text itself: its languages and the addresses in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import request, url_for
from flask_babel import gettext as _

from app.i18n import current_language
from core.languages import language_of

if TYPE_CHECKING:
    from consultations.queries.reading import DraftPage

#: Which text the reader shows: the Thai original, its English translation, or both.
VIEWS = ("th", "en", "both")
#: Stands for a clause's key while addresses are made once for all clauses.
_ANY_KEY = "any-key"
#: Characters of a text that tell its language.
_TELLING = 80


@dataclass(frozen=True)
class ClauseAddress:
    """Where one can act on a clause."""

    vote: str
    comment: str
    discussion: str
    beside: str
    sign_in: str


def reading_view() -> tuple[str, bool]:
    """Return the text that the reader shows, and whether it was asked for in the address.

    Thai readers get the original; others get it with the translation beside it.
    """
    asked = request.args.get("text", "")
    if asked in VIEWS:
        return asked, True
    return "th" if current_language() == "th" else "both", False


def language_at_start(text: str) -> str:
    """Return the language of a text by its beginning: a page of hundreds of clauses asks often."""
    return _language(text[:_TELLING])


@lru_cache(maxsize=4096)
def _language(beginning: str) -> str:
    return language_of(beginning)


def text_views(slug: str, page: "DraftPage", shown: str) -> list[dict[str, object]]:
    """Return links to the texts of a draft; none when no clause of it has a translation."""
    if not any(clause.body_en or clause.heading_en for clause in page.clauses):
        return []
    names = {"th": _("Thai"), "en": _("English"), "both": _("Both side by side")}
    number = page.version.number
    return [
        {
            "text": names[view],
            "href": url_for("drafts.read_number", slug=slug, number=number, text=view),
            "current": view == shown,
        }
        for view in VIEWS
    ]


def clause_addresses(slug: str, number: int, keys: Iterable[str]) -> dict[str, ClauseAddress]:
    """Return where one can act on each clause of a draft, by its key."""
    key, (shown, is_chosen) = _ANY_KEY, reading_view()
    text = shown if is_chosen else None
    here = url_for("drafts.read_number", slug=slug, number=number, text=text)
    patterns = ClauseAddress(
        vote=url_for("drafts.vote", slug=slug, number=number, key=key, text=text),
        comment=url_for("comments.write", slug=slug, key=key),
        discussion=url_for("comments.discussion", slug=slug, clause=key),
        beside=url_for("drafts.comments_beside", slug=slug, key=key),
        sign_in=url_for("accounts.sign_in", next=f"{here}#clause-{key}"),
    )
    return {each: _filled(patterns, each) for each in keys}


def _filled(patterns: ClauseAddress, key: str) -> ClauseAddress:
    written = quote(key, safe="")
    filled = {name: value.replace(_ANY_KEY, written) for name, value in vars(patterns).items()}
    return ClauseAddress(**filled)
