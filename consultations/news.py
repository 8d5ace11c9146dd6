"""One way to tell people that something happened: a row, and a job that puts letters out."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import Consultation, News
from core import jobs
from core.clock import now
from core.mailing.kinds import NewsKind

#: Name of the job that puts out the letters of a piece of news.
FAN_OUT = "mail.fan_out"


def announce(
    session: Session,
    kind: NewsKind | None,
    consultation: Consultation | None,
    occasion: object,
    *,
    code: str = "",
    at: datetime | None = None,
    **details: object,
) -> News | None:
    """Tell those whom it concerns, in the transaction of what they are told.

    Parameters
    ----------
    kind : NewsKind or None
        Who gets a letter; nobody if None.
    occasion : object
        What sets this apart from an earlier time, such as the closing that comes near.
    code : str
        Which sentence feeds show; empty for what is not public.
    at : datetime or None
        When it happened; now by default.

    Returns
    -------
    News or None
        None if it was told already.
    """
    when = occasion.isoformat() if isinstance(occasion, datetime) else str(occasion)
    key = f"{code or kind}:{consultation.id if consultation else 0}:{when}"
    if session.scalar(select(News.id).where(News.key == key)) is not None:
        return None
    news = News(
        kind=kind,
        consultation_id=consultation.id if consultation else None,
        code=code,
        details=details,
        key=key,
        created_at=at or now(),
    )
    session.add(news)
    session.flush()
    if kind is not None:
        enqueue_fan_out(session, news.id, after=0)
    return news


def enqueue_fan_out(session: Session, news_id: int, *, after: int) -> None:
    """Plan the next batch of letters: those to accounts with numbers beyond ``after``."""
    payload = {"news": news_id, "after": after}
    jobs.enqueue(session, FAN_OUT, payload, key=f"{FAN_OUT}:{news_id}:{after}")
