"""Rendering of pages, with what every template may use."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import Flask, current_app, g, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import generate_csrf

from app import badge, i18n
from app.identity import AGENCY_STAFF, ANYONE, MODERATORS, SIGNED_IN
from app.security import csp_nonce
from app.words import name
from app.words.results import listed_name
from consultations.announcement import last_moment
from consultations.covering import MARK
from core.accounts.consents import WORDINGS, Purpose
from core.actor import ANONYMOUS, Actor, Role

if TYPE_CHECKING:
    from consultations.queries.answers import Answered

#: Characters of what a response answers that identify it beside the response.
_SHOWN = 140
#: Longer addresses, in characters, are not carried along by the links to the other language.
_LONGEST_RETURN = 2_000
#: Endpoints of the header's navigation, in order, with their names and who sees them.
NAVIGATION = (
    ("site.finder", _l("Consultations"), ANYONE),
    ("trails.mine", _l("My trail"), SIGNED_IN),
    ("authoring_consultations.dashboard", _l("Workspace"), AGENCY_STAFF),
    ("moderating.queue", _l("Moderation"), MODERATORS),
    ("moderating_reviews.fairness", _l("How moderators decide"), frozenset({Role.AUDITOR})),
    ("site.help", _l("How it works"), ANYONE),
)


class Words(NamedTuple):
    """A text and the language that it is in, for the ``lang`` attribute."""

    text: str
    lang: str


def init_app(app: Flask) -> None:
    """Give templates their filters and globals."""
    for function in (
        i18n.date_long,
        i18n.date_short,
        i18n.datetime_long,
        i18n.number,
        i18n.percent,
    ):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.filters["last_moment"] = last_moment
    app.jinja_env.filters["of_hundred"] = i18n.of_hundred
    app.jinja_env.filters["marked"] = marked
    app.jinja_env.globals.update(
        csp_nonce=csp_nonce,
        static_url=static_url,
        name=name,
        pick=pick,
        answered_words=answered_words,
        consent_words=consent_words,
        listed_name=listed_name,
        csrf_token=generate_csrf,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_page_context)


def render(template: str, /, **context: Any) -> str:
    """Render a page."""
    return render_template(template, **context)


def pick(row: object, field: str) -> Words:
    """Return a text that is kept in Thai and English, in the reader's language where there is one.

    ``pick(consultation, "title")`` reads ``title_th`` or ``title_en``; where the reader's is empty
    it gives the other, so that nobody is shown a blank.
    """
    first = i18n.current_language()
    languages = [first, *(code for code in i18n.LANGUAGES if code != first)]
    texts = [(getattr(row, f"{field}_{code}"), code) for code in languages]
    return next((Words(text, code) for text, code in texts if text), Words("", first))


def marked(text: str) -> list[tuple[str, str]]:
    """Split a text at its marks; a mark comes with its language, other words with none."""
    parts = MARK.split(text)
    return [
        (part, ("th" if _is_thai(part) else "en") if place % 2 else "")
        for place, part in enumerate(parts)
        if part
    ]


def _is_thai(text: str) -> bool:
    """Whether a short text begins with a Thai letter."""
    return "\u0e01" <= text[:1] <= "\u0e5b"


def consent_words(purpose: str) -> Words:
    """Return the words that people agree to for a purpose; the record keeps their digest."""
    return pick(WORDINGS[Purpose(purpose)], "text")


def answered_words(answered: "Answered") -> Words:
    """Return what a response answers, shortened: a sentence, a theme's name or a comment.

    Words that are no longer published are replaced by a sentence that says so.
    """
    language = i18n.current_language()
    if answered.finding is not None:
        withheld = gettext("A sentence that repeats words that are no longer published")
        words = Words(withheld, language) if answered.finding.withheld else None
        words = words or pick(answered.finding, "text")
    elif answered.theme is not None:
        label = pick(answered.theme, "label")
        words = label if label.text else Words(answered.theme.terms, answered.theme.language)
    elif answered.comment is not None:
        words = Words(answered.comment.text, answered.comment.language)
    else:
        words = Words(gettext("A comment that is no longer published"), language)
    is_short = len(words.text) <= _SHOWN
    return words if is_short else Words(f"{words.text[:_SHOWN].rstrip()}…", words.lang)


def static_url(filename: str) -> str:
    """Return the address of a static file that changes whenever the file does."""
    return url_for("static", filename=filename, v=_version(current_app.static_folder, filename))


@lru_cache(maxsize=512)
def _version(folder: str | None, filename: str) -> str:
    path = Path(folder or "") / filename
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else "0"


def _page_context() -> dict[str, object]:
    language, unread = i18n.current_language(), badge.unread()
    language = i18n.current_language()
    here = request.full_path if len(request.full_path) <= _LONGEST_RETURN else request.path
    return {
        "locale": language,
        "site_name": gettext("Sarn"),
        "actor": g.get("actor", ANONYMOUS),
        "signed_in_name": g.get("signed_in_name"),
        "sample_notice": g.get("sample_notice", False),
        "navigation": _navigation(unread),
        "unread": unread,
        "language_links": [
            {
                "code": code,
                "name": label,
                "href": url_for("site.choose_language", language=code, next=here),
                "current": code == language,
            }
            for code, label in i18n.LANGUAGES.items()
        ],
    }


def _navigation(unread: int) -> list[dict[str, object]]:
    actor: Actor = g.get("actor", ANONYMOUS)
    return [
        {
            "text": str(text),
            "href": url_for(endpoint),
            "current": request.endpoint == endpoint,
            "count": unread if endpoint == "trails.mine" else 0,
        }
        for endpoint, text, readers in NAVIGATION
        if not readers or actor.has(*readers)
    ]
