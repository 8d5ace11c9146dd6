"""Feeds of news (Atom) and calendar files: of all consultations, and of one."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, request
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app import atom, icalendar
from app.addresses import public_url
from app.i18n import LANGUAGES, datetime_long
from app.identity import ANYONE, access
from app.rendering import pick
from app.transactions import session
from app.words import news as words
from consultations import policy
from consultations.announcement import last_moment
from consultations.queries import catalogue, news
from core.clock import now
from core.errors import NotFoundError

if TYPE_CHECKING:
    from consultations.models import Consultation
    from consultations.queries.news import Told

blueprint = Blueprint("feeds", __name__)

#: Seconds for which a copy may be shown without asking.
_FRESH = 300


@blueprint.get("/feeds/<language>.atom")
@access(ANYONE)
def everything(language: str) -> BaseResponse:
    """Give the news of all consultations as a feed."""
    with _spoken(language):
        told = news.public_news(session())
        title = _("News of all consultations")
        here = public_url(".everything", language=language)
        home = public_url("site.finder")
        return _feed("all", title, told, language, here, home)


@blueprint.get("/consultations/<slug>/feeds/<language>.atom")
@access(ANYONE)
def consultation(slug: str, language: str) -> BaseResponse:
    """Give the news of one consultation as a feed."""
    with _spoken(language):
        found = _public(slug)
        told = news.public_news(session(), found.id)
        here = public_url(".consultation", slug=slug, language=language)
        home = public_url("consultations.home", slug=slug)
        return _feed(slug, pick(found, "title").text, told, language, here, home)


@blueprint.get("/calendars/<language>.ics")
@access(ANYONE)
def calendar(language: str) -> BaseResponse:
    """Give the opening and closing of all consultations that are open or will be."""
    with _spoken(language):
        found = news.still_to_close(session(), now())
        return _calendar(_("Public consultations"), language, found)


@blueprint.get("/consultations/<slug>/calendars/<language>.ics")
@access(ANYONE)
def consultation_calendar(slug: str, language: str) -> BaseResponse:
    """Give the opening and closing of one consultation."""
    with _spoken(language):
        found = _public(slug)
        return _calendar(pick(found, "title").text, language, [found])


def _spoken(language: str) -> AbstractContextManager[None]:
    """Speak the language of the address, so that every copy of an answer is in one language."""
    if language not in LANGUAGES:
        raise NotFoundError("page.unknown")
    g.language = language
    return force_locale(language)


def _public(slug: str) -> "Consultation":
    """Return a consultation that everyone can see, whoever asks: copies may be shared."""
    found = catalogue.consultation_at(session(), slug)
    if not policy.is_public(found):
        raise NotFoundError("consultation.unknown")
    return found


def _feed(
    key: str, title: str, told: "Sequence[Told]", language: str, here: str, home: str
) -> BaseResponse:
    feed = atom.Feed(
        key=f"feed/{key}/{language}",
        title=title,
        subtitle=_("Openings, summaries, answers and new drafts"),
        language=language,
        href=home,
        own_href=here,
        entries=[_entry(each, language) for each in told],
        since=datetime.fromisoformat("2026-01-01T00:00:00+00:00"),
    )
    return _kept(atom.written(feed), "application/atom+xml", feed.updated)


def _entry(told: "Told", language: str) -> atom.Entry:
    happened, about = told
    return atom.Entry(
        key=f"news/{about.slug}/{happened.id}/{language}",
        title=words.headline(happened.code, pick(about, "title").text),
        text=words.sentence(happened.code),
        href=_page_of(told),
        author=pick(about.agency, "name").text,
        updated=happened.created_at,
    )


def _page_of(told: "Told") -> str:
    """Return the page that a piece of news is about."""
    slug, code = told.consultation.slug, told.news.code
    if code == "response.published":
        return public_url("results.responses", slug=slug)
    if code == "report.published":
        return public_url("report.show", slug=slug)
    if code == "consultation.results_out":
        return public_url("results.summary", slug=slug)
    if code == "draft.published" and "draft" in told.news.details:
        number = told.news.details["draft"]
        return public_url("drafts.read_number", slug=slug, number=number)
    return public_url("consultations.home", slug=slug)


def _calendar(title: str, language: str, found: "Sequence[Consultation]") -> BaseResponse:
    events = [event for each in found for event in _events(each)]
    body = icalendar.written(title, language, events)
    changed = max((event.changed for event in events), default=None)
    response = _kept(body, "text/calendar", changed)
    response.headers["Content-Disposition"] = "attachment; filename=consultations.ics"
    return response


def _events(about: "Consultation") -> list[icalendar.Event]:
    title, agency = pick(about, "title").text, pick(about.agency, "name").text
    href = public_url("consultations.home", slug=about.slug)
    found: list[icalendar.Event] = []
    for name, moment, words_ in (
        ("opens", about.opens_at, _("Opens: %(title)s", title=title)),
        ("closes", about.closes_at, _("Last chance to take part: %(title)s", title=title)),
    ):
        if moment is None:
            continue
        at = last_moment(moment) if name == "closes" else moment
        key = f"{about.slug}-{name}@sarn"
        text = f"{agency}\n{datetime_long(at)}\n{href}"
        found.append(icalendar.Event(key, at, words_, text, href, about.created_at))
    return found


def _kept(body: bytes, kind: str, changed: datetime | None) -> BaseResponse:
    """Return an answer that may be kept a while, and asked for again only if it changed."""
    response = Response(body, content_type=f"{kind}; charset=utf-8")
    response.cache_control.public = True
    response.cache_control.max_age = _FRESH
    if changed is not None:
        response.last_modified = changed
    response.add_etag()
    return response.make_conditional(request)
