"""Service: tell moderators, once a day, that contributions have waited long."""

from datetime import timedelta
from typing import Final

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from consultations import news
from consultations.models import Contribution, Visibility
from core.clock import BANGKOK, now
from core.mailing.kinds import NewsKind
from moderation.models import Flag

#: Waiting longer than this is long.
LONG: Final = timedelta(hours=24)


def remind(session: Session) -> bool:
    """Announce it if something has waited long and it was not announced today."""
    moment = now()
    unread = exists().where(
        Contribution.visibility == Visibility.PENDING, Contribution.created_at < moment - LONG
    )
    flagged = exists().where(Flag.settled_at.is_(None), Flag.flagged_at < moment - LONG)
    if not session.scalar(select(or_(unread, flagged))):
        return False
    today = moment.astimezone(BANGKOK).date()
    return news.announce(session, NewsKind.QUEUE, None, today) is not None
