"""Reads: which answers promised a change of which clause, and the wordings that they accept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from consultations.models import (
    ChangeCause,
    Comment,
    DiscussionPlace,
    Disposition,
    OfficialResponse,
    Participant,
    Visibility,
)
from consultations.pseudonyms import pseudonym
from consultations.queries.answers import Answered, answered_items
from consultations.queries.behind import paths

#: Answers after which people expect the text to change.
PROMISING: Final = (Disposition.ACCEPTED, Disposition.PARTLY)
#: Most answers and most wordings that are shown beside one clause.
SHOWN: Final = 20


@dataclass(frozen=True)
class Wording:
    """A published wording for a clause that an answer accepts, wholly or in part.

    Attributes
    ----------
    author : str
        Pseudonym or organisation, as everybody reads it.
    supports : int
    """

    reference: str
    text: str
    language: str
    author: str
    organisation: str
    supports: int


@dataclass(frozen=True)
class Promises:
    """What stands beside one clause while its next text is written."""

    responses: Sequence[tuple[OfficialResponse, Answered]]
    wordings: Sequence[Wording]
    #: Reference of the comment whose wording the draft has taken over; empty when none.
    taken: str = ""


def promised_counts(session: Session, consultation_id: int) -> Mapping[str, int]:
    """Return how many answers promise a change of each clause, by its key; one query."""
    rows = session.execute(
        select(OfficialResponse.clause_key, func.count())
        .where(
            OfficialResponse.consultation_id == consultation_id,
            OfficialResponse.disposition.in_(PROMISING),
            OfficialResponse.clause_key != "",
        )
        .group_by(OfficialResponse.clause_key)
    )
    return {row[0]: row[1] for row in rows}


def promises(session: Session, consultation_id: int, draft_id: int, key: str) -> Promises:
    """Return the answers that promise a change of a clause, with wordings; eight queries."""
    responses = session.scalars(
        select(OfficialResponse)
        .where(
            OfficialResponse.consultation_id == consultation_id,
            OfficialResponse.disposition.in_(PROMISING),
            OfficialResponse.clause_key == key,
        )
        .order_by(OfficialResponse.id)
        .limit(SHOWN)
    ).all()
    answered = answered_items(session, responses)
    taken = session.scalar(
        select(Comment.reference)
        .join(ChangeCause, ChangeCause.taken_from_id == Comment.id)
        .where(ChangeCause.draft_id == draft_id, ChangeCause.clause_key == key)
    )
    return Promises(
        [(response, answered[response.id]) for response in responses],
        _wordings(session, consultation_id, key),
        taken or "",
    )


def promising_responses(session: Session, consultation_id: int, comment_id: int) -> list[int]:
    """Return the answers that accept a comment, wholly or in part; its own answer first."""
    ways = paths(_promising(session, consultation_id))
    rows = session.scalars(
        select(OfficialResponse.id)
        .join(ways, ways.c.response_id == OfficialResponse.id)
        .where(ways.c.contribution_id == comment_id)
        .order_by(
            case(
                (OfficialResponse.comment_id.is_not(None), 0),
                (OfficialResponse.theme_id.is_not(None), 1),
                else_=2,
            ),
            OfficialResponse.id,
        )
    )
    return list(rows)


def _promising(session: Session, consultation_id: int) -> Sequence[int]:
    return session.scalars(
        select(OfficialResponse.id).where(
            OfficialResponse.consultation_id == consultation_id,
            OfficialResponse.disposition.in_(PROMISING),
        )
    ).all()


def _wordings(session: Session, consultation_id: int, key: str) -> list[Wording]:
    """Return what can be taken over, the most supported first."""
    ways = paths(_promising(session, consultation_id))
    accepted = select(ways.c.contribution_id)
    rows = session.execute(
        select(Comment, Participant.organisation, DiscussionPlace.supports)
        .join(DiscussionPlace, DiscussionPlace.comment_id == Comment.id)
        .outerjoin(Participant, Participant.id == Comment.participant_id)
        .where(
            Comment.consultation_id == consultation_id,
            Comment.clause_key == key,
            Comment.visibility == Visibility.PUBLISHED,
            Comment.proposed_wording != "",
            Comment.id.in_(accepted),
        )
        .order_by(DiscussionPlace.supports.desc(), Comment.id)
        .limit(SHOWN)
    )
    return [
        Wording(
            reference=comment.reference,
            text=comment.proposed_wording,
            language=comment.language,
            author=pseudonym(comment.participant_id) if comment.participant_id else "",
            organisation=organisation or "",
            supports=supports,
        )
        for comment, organisation, supports in rows
    ]
