"""My trail over all consultations: news, and what became of everything that one wrote."""

from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import badge
from app.identity import SIGNED_IN, access, current_actor
from app.mail.wording import link, sentence, title
from app.participation.cards import parts
from app.participation.traces import shown_traces
from app.redirects import safe_target
from app.rendering import render
from app.transactions import session
from app.words.notices import notice
from consultations import participation
from consultations.queries.addressed import newest_news
from consultations.queries.own_places import OwnPlace, own_places
from consultations.queries.trail import PAGE_SIZE, traces_across
from consultations.telling import unread_kinds
from core import notices
from core.clock import now
from core.mailing import preferences

if TYPE_CHECKING:
    from core.notices import Notice

blueprint = Blueprint("trails", __name__, url_prefix="/trail")

#: Messages, and news, that the page shows; the trail of each consultation has all its messages.
SHOWN = 10
#: Parts beyond this one cannot be asked for.
_LAST_PAGE = 10_000


@blueprint.get("")
@access(SIGNED_IN)
def mine() -> str:
    """Show what is new, where one took part, and what became of what one wrote."""
    badge.forget()
    people = participation.participants_of(session(), current_actor())
    places = own_places(session(), people)
    chosen = _chosen(places)
    shown = [place for place in places if chosen in (None, place)]
    number = min(max(request.args.get("page", 1, type=int), 1), _LAST_PAGE)
    ids = [place.participant_id for place in shown]
    traces, total = traces_across(session(), ids, page=number)
    slugs = {place.consultation.id: place.consultation for place in shown}
    return render(
        "participation/trails.html",
        places=places,
        chosen=chosen,
        messages=_messages(shown),
        news=[] if chosen else _news(),
        traces=shown_traces(
            traces, lambda trace: slugs[trace.contribution.consultation_id].slug, is_own=True
        ),
        consultations=slugs,
        total=total,
        pages=parts(number, ceil(total / PAGE_SIZE), _page_address),
        seen=now().isoformat(),
    )


@blueprint.post("/read")
@access(SIGNED_IN)
def mark_read() -> Response:
    """Mark everything as read that came before the page was shown."""
    moment = _moment(request.form.get("seen", ""))
    people = participation.participants_of(session(), current_actor())
    notices.mark_read(session(), list(people.values()), up_to=moment)
    preferences.mark_news_read(session(), current_actor().account_id or 0, moment)
    badge.forget()
    flash(_("Everything is marked as read."), "success")
    return redirect(safe_target(request.form.get("next") or url_for("trails.mine")), 303)


def _chosen(places: list[OwnPlace]) -> OwnPlace | None:
    """Return the consultation that is asked for, if one took part in it."""
    slug = request.args.get("consultation")
    return next((place for place in places if place.consultation.slug == slug), None)


def _messages(places: list[OwnPlace]) -> list[tuple["Notice", str, OwnPlace]]:
    by_person = {place.participant_id: place for place in places}
    newest = notices.newest_notices(session(), list(by_person), limit=SHOWN)
    return [
        (each, notice(each.code, each.details), by_person[each.participant_id]) for each in newest
    ]


def _news() -> list[dict[str, object]]:
    account_id = current_actor().account_id or 0
    wish = preferences.of_account(session(), account_id)
    since = max(filter(None, (wish.news_read_at, now() - preferences.NEW_FOR)))
    return [
        {
            "day": item.created_at,
            "title": title(item.consultation),
            "sentence": sentence(item),
            "link": link(item),
            "is_new": item.created_at > since,
        }
        for item in newest_news(session(), account_id, unread_kinds(wish), limit=SHOWN)
    ]


def _moment(text: str) -> datetime:
    """Return when the page was shown, never later than now."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return now()
    return min(moment, now()) if moment.tzinfo else now()


def _page_address(number: int) -> str:
    return url_for("trails.mine", consultation=request.args.get("consultation"), page=number)
