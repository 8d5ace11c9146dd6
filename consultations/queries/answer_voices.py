"""Reads: what people whose words are answered say to the answers: replies, and ratings in sum."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from consultations.models import (
    AnswerReply,
    Origin,
    Participant,
    ResponseRating,
    Visibility,
)
from consultations.pseudonyms import pseudonym
from consultations.shares import ALL, LEAST, Share, wilson

#: What is asked about an answer, in the order in which it is asked.
QUESTIONS: Final = ("understood", "reasoned", "agrees")
#: Most replies that a page prints beside one answer; the others are counted.
MOST_PRINTED: Final = 50


@dataclass(frozen=True)
class ReplyRow:
    """A published reply to an answer."""

    reference: str
    body: str
    language: str
    created_at: datetime
    author: str
    organisation: str
    origin: Origin


@dataclass(frozen=True)
class Ratings:
    """What people made of an answer in sum.

    Attributes
    ----------
    total : int or None
        People who rated; None where they are fewer than ``shares.LEAST``, also nobody.
    shares : mapping of str to Share
        Who said yes to each question, with the interval; empty where too few to say.
    """

    total: int | None
    shares: Mapping[str, Share]


NOTHING: Final = Ratings(None, {})


def ratings(session: Session, response_ids: Collection[int]) -> dict[int, Ratings]:
    """Return what people made of each answer that at least ``shares.LEAST`` rated; one query."""
    rows = session.execute(
        select(
            ResponseRating.response_id,
            func.count(),
            *(func.sum(case((getattr(ResponseRating, name), 1), else_=0)) for name in QUESTIONS),
        )
        .where(ResponseRating.response_id.in_(response_ids))
        .group_by(ResponseRating.response_id)
    )
    return {
        number: Ratings(
            total,
            {
                name: _share(int(count), total)
                for name, count in zip(QUESTIONS, counts, strict=True)
            },
        )
        for number, total, *counts in rows
        if total >= LEAST
    }


def reply_counts(session: Session, response_ids: Collection[int]) -> dict[int, int]:
    """Return how many published replies stand beside each answer; one query."""
    rows = session.execute(
        select(AnswerReply.response_id, func.count())
        .where(
            AnswerReply.response_id.in_(response_ids),
            AnswerReply.visibility == Visibility.PUBLISHED,
        )
        .group_by(AnswerReply.response_id)
    )
    return {row[0]: row[1] for row in rows}


def replies(session: Session, response_id: int) -> Sequence[ReplyRow]:
    """Return the published replies to an answer, the first written first; one query."""
    rows = session.execute(
        select(AnswerReply, Participant.organisation)
        .outerjoin(Participant, Participant.id == AnswerReply.participant_id)
        .where(
            AnswerReply.response_id == response_id,
            AnswerReply.visibility == Visibility.PUBLISHED,
        )
        .order_by(AnswerReply.id)
        .limit(MOST_PRINTED)
    )
    return [
        ReplyRow(
            reply.reference,
            reply.body,
            reply.language,
            reply.created_at,
            pseudonym(reply.participant_id) if reply.participant_id else "",
            organisation or "",
            reply.origin,
        )
        for reply, organisation in rows
    ]


def _share(count: int, total: int) -> Share:
    return Share(
        ALL, total, {"yes": count, "no": total - count}, count / total, *wilson(count, total)
    )
