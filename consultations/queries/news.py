"""Reads: what happened to public consultations, and what is announced for which day."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.lifecycle import PRIVATE_STAGES
from consultations.models import Consultation, News

#: News that a feed holds.
MOST: int = 50


class Told(NamedTuple):
    """A piece of news with the consultation that it is about."""

    news: News
    consultation: Consultation


def public_news(session: Session, consultation_id: int | None = None) -> Sequence[Told]:
    """Return the latest news of one public consultation or of all, newest first. One query."""
    query = (
        select(News, Consultation)
        .join(Consultation, Consultation.id == News.consultation_id)
        .where(Consultation.stage.not_in(PRIVATE_STAGES), News.code != "")
        .order_by(News.created_at.desc(), News.id.desc())
        .limit(MOST)
    )
    if consultation_id is not None:
        query = query.where(News.consultation_id == consultation_id)
    return [Told(news, consultation) for news, consultation in session.execute(query)]


def still_to_close(session: Session, at: datetime) -> Sequence[Consultation]:
    """Return the public consultations that are open or will be, by their closing. One query."""
    return session.scalars(
        select(Consultation)
        .where(Consultation.stage.not_in(PRIVATE_STAGES), Consultation.closes_at > at)
        .order_by(Consultation.closes_at, Consultation.id)
    ).all()
