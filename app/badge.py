"""How much is new for the person who is signed in, shown on every page; looked up now and then."""

import time

from flask import session as browser
from sqlalchemy.exc import SQLAlchemyError

from app.identity import current_actor
from app.transactions import session
from consultations.queries import own_places
from consultations.queries.addressed import unread_news
from core.clock import now
from core.mailing.preferences import NEW_FOR

#: Seconds for which the browser's session keeps the number. A number tells nobody what it is of.
KEPT = 300
_KEY = "unread"


def unread() -> int:
    """Return how many messages are new; without any query for visitors."""
    actor = current_actor()
    if actor.account_id is None:
        return 0
    kept = browser.get(_KEY)
    if isinstance(kept, list) and len(kept) == 3 and _holds(kept, actor.account_id):
        return int(kept[2])
    try:
        number = _counted()
    except SQLAlchemyError:
        # A page that says what went wrong is worth more than the number.
        return 0
    browser[_KEY] = [actor.account_id, int(time.time()), number]
    return number


def forget() -> None:
    """Look the number up again at the next page."""
    browser.pop(_KEY, None)


def _holds(kept: list[int], account_id: int) -> bool:
    return kept[0] == account_id and 0 <= time.time() - kept[1] < KEPT


def _counted() -> int:
    actor = current_actor()
    messages = own_places.unread_messages(session(), actor)
    return messages + unread_news(session(), actor.account_id or 0, now() - NEW_FOR)
