"""Choice of language, and dates and numbers as people in it write them."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from flask import Flask, Response, g, request
from flask_babel import get_locale, get_translations

from app.extensions import babel
from core.clock import BANGKOK

LANGUAGES = {"th": "ไทย", "en": "English"}
DEFAULT_LANGUAGE = "th"
LANGUAGE_COOKIE = "lang"
#: Years between the Buddhist and the common era.
BUDDHIST_ERA = 543


def init_app(app: Flask) -> None:
    """Let Flask-Babel use our choice of language and the Bangkok zone."""
    app.config.update(
        BABEL_DEFAULT_LOCALE=DEFAULT_LANGUAGE,
        BABEL_TRANSLATION_DIRECTORIES="locales",
        BABEL_DEFAULT_TIMEZONE=str(BANGKOK),
    )
    babel.init_app(app, locale_selector=current_language)
    app.after_request(_name_language)
    # As Flask-Babel does, but looking for the catalogue once for a page, not once for a word.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda words: _catalogue().ugettext(words),
        lambda one, many, count: _catalogue().ungettext(one, many, count),
        newstyle=True,
    )


def current_language() -> str:
    """Return the reader's language: their choice, else what the browser asks for, else Thai."""
    if "language" not in g:
        chosen = request.cookies.get(LANGUAGE_COOKIE, "") if request else DEFAULT_LANGUAGE
        if chosen not in LANGUAGES:
            asked = request.accept_languages.best_match(list(LANGUAGES)) if request else None
            chosen = asked or DEFAULT_LANGUAGE
        g.language = chosen
    return str(g.language)


def _name_language(response: Response) -> Response:
    """Say which language a page is in."""
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = current_language()
    return response


def _catalogue() -> Any:
    """Return the catalogue of the language of this page, or of the part that is in another."""
    catalogues = g.setdefault("catalogues", {})
    language = str(get_locale())
    if language not in catalogues:
        catalogues[language] = get_translations()
    return catalogues[language]


def local_day(moment: date | datetime) -> date:
    """Return the day in Bangkok."""
    return moment.astimezone(BANGKOK).date() if isinstance(moment, datetime) else moment


def date_long(moment: date | datetime, language: str | None = None) -> str:
    """Write a day in full: 20 พฤศจิกายน พ.ศ. 2569, or 20 November 2026."""
    return _day_long(local_day(moment), language or current_language())


def date_short(moment: date | datetime, language: str | None = None) -> str:
    """Write a day briefly: 20 พ.ย. 2569, or 20 Nov 2026."""
    return _day_short(local_day(moment), language or current_language())


def datetime_long(moment: datetime, language: str | None = None) -> str:
    """Write a moment in full, in Bangkok time."""
    language = language or current_language()
    local = moment.astimezone(BANGKOK)
    time = format_time(local.time(), "HH:mm", locale=language)
    if language == "th":
        return f"{date_long(local, 'th')} เวลา {time} น."
    return f"{date_long(local, 'en')} at {time}"


@lru_cache(maxsize=1024)
def _day_long(day: date, language: str) -> str:
    if language == "th":
        return f"{format_date(day, 'd MMMM', 'th')} พ.ศ. {day.year + BUDDHIST_ERA}"
    return format_date(day, "d MMMM y", "en")


@lru_cache(maxsize=1024)
def _day_short(day: date, language: str) -> str:
    if language == "th":
        return f"{format_date(day, 'd MMM', 'th')} {day.year + BUDDHIST_ERA}"
    return format_date(day, "d MMM y", "en")


def number(value: float) -> str:
    """Write a number with the reader's separators."""
    return _decimal(value, current_language())


def percent(share: float) -> str:
    """Write a share in [0, 1] as whole per cent."""
    return f"{_decimal(round(share * 100), current_language())}%"


def of_hundred(share: float) -> int:
    """Turn a share in [0, 1] into a whole number of a hundred."""
    return round(share * 100)


@lru_cache(maxsize=20_000)
def _decimal(value: float, language: str) -> str:
    """Format a number; remembered, because a page of results writes hundreds of small ones."""
    return str(format_decimal(value, locale=language))
