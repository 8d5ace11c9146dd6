"""Reads: a published answer, and whether it is about somebody's own words."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from consultations import participation
from consultations.models import (
    COUNTING,
    AnswerReply,
    Consultation,
    Contribution,
    Evidence,
    OfficialResponse,
    Participant,
    ResponseRating,
    ResponseState,
    ThemeComment,
)
from core.actor import Actor
from core.errors import NotAllowedError, NotFoundError


@dataclass(frozen=True)
class OwnVoice:
    """What somebody whose words are answered said to the answer so far."""

    reply: AnswerReply | None
    rating: ResponseRating | None


NOTHING: Final = OwnVoice(None, None)


def published(session: Session, number: int) -> OfficialResponse:
    """Return a published answer; raises NotFoundError ``response.unknown``."""
    found = session.get(OfficialResponse, number)
    if found is None or found.state is not ResponseState.PUBLISHED:
        raise NotFoundError("response.unknown")
    return found


def require_author(
    session: Session, actor: Actor, consultation: Consultation, response_id: int
) -> Participant:
    """Return the actor's participant, whose words the answer is about.

    Raises
    ------
    NotAllowedError
        ``response.not_yours``.
    """
    participant = participation.find_participant(session, actor, consultation)
    if participant is None or not answers_to(session, participant.id, [response_id]):
        raise NotAllowedError("response.not_yours")
    return participant


def answers_to(session: Session, participant_id: str, response_ids: Collection[int]) -> set[int]:
    """Return which of the answers are about something that a participant wrote; one query.

    Through the answered theme, as evidence of the answered finding, or directly; only
    contributions that count do.
    """
    own = (
        select(Contribution.id)
        .where(Contribution.participant_id == participant_id, Contribution.visibility.in_(COUNTING))
        .scalar_subquery()
    )
    found = session.scalars(
        select(OfficialResponse.id).where(
            OfficialResponse.id.in_(response_ids),
            or_(
                OfficialResponse.comment_id.in_(own),
                exists().where(
                    ThemeComment.theme_id == OfficialResponse.theme_id,
                    ThemeComment.comment_id.in_(own),
                ),
                exists().where(
                    Evidence.finding_id == OfficialResponse.finding_id,
                    Evidence.contribution_id.in_(own),
                ),
            ),
        )
    )
    return set(found)


def own_voice(session: Session, participant_id: str, response_id: int) -> OwnVoice:
    """Return what a participant said to an answer; two queries."""
    reply = session.scalars(
        select(AnswerReply).where(
            AnswerReply.response_id == response_id, AnswerReply.participant_id == participant_id
        )
    ).first()
    return OwnVoice(reply, session.get(ResponseRating, (response_id, participant_id)))


def own_reply(session: Session, actor: Actor, reference: str) -> AnswerReply:
    """Return one's own reply to an answer; raises NotFoundError ``contribution.unknown``."""
    found = session.scalars(select(AnswerReply).where(AnswerReply.reference == reference)).first()
    if found is None:
        raise NotFoundError("contribution.unknown")
    consultation = session.get_one(Consultation, found.consultation_id)
    participant = participation.find_participant(session, actor, consultation)
    if participant is None or found.participant_id != participant.id:
        raise NotFoundError("contribution.unknown")
    return found
