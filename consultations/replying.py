"""Service: reply to a comment: as a participant, for the agency, or as a facilitator."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import commitments, participation, policy
from consultations.models import (
    Comment,
    Consultation,
    Origin,
    Participant,
    Reply,
    Stage,
    Visibility,
)
from consultations.screening import Screen
from core import ledger, notices, text
from core.actor import Actor, Role
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.languages import language_of

#: Longest reply, in characters.
REPLY_LENGTH = 2_000
#: Stages at which the agency and facilitators may still speak in the discussion.
_SPEAKING_STAGES = policy.TAKING_STAGES | {
    Stage.CLOSED,
    Stage.SUMMARY,
    Stage.RATIFICATION,
    Stage.ANSWERING,
}


@dataclass(frozen=True)
class _Speaker:
    """As whom someone replies; without a participant it is as agency or facilitator."""

    origin: Origin
    participant: Participant | None = None


def speaks_as(actor: Actor, consultation: Consultation) -> Origin:
    """Return how a reply by this actor is labelled."""
    if policy.may_prepare(actor, consultation):
        return Origin.AGENCY
    return Origin.FACILITATOR if actor.has(Role.FACILITATOR) else Origin.PARTICIPANT


def may_reply(actor: Actor, consultation: Consultation) -> bool:
    """Whether the stage lets this actor reply now, once signed in."""
    if speaks_as(actor, consultation) is Origin.PARTICIPANT:
        return policy.is_taking_contributions(consultation, now())
    return policy.current_stage(consultation, now()) in _SPEAKING_STAGES


def reply(session: Session, actor: Actor, reference: str, *, body: str, screen: Screen) -> Reply:
    """Reply to a published comment; its author is told when the reply is published at once.

    Agency staff and facilitators are labelled as such and screened by nobody: they answer for
    their words by name of their office. A moderator can still hold or hide what they say.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``: there is none, or it is not published.
    ConflictError
        ``consultation.closed``, ``consultation.not_open_yet`` or ``consultation.wrong_stage``.
    NotAllowedError
        ``participation.sign_in``.
    InvalidError
        ``text.empty``, ``text.too_long``, or ``reply.repeated`` for a form that was sent twice.
    """
    comment = session.scalars(select(Comment).where(Comment.reference == reference)).first()
    if comment is None or comment.visibility is not Visibility.PUBLISHED:
        raise NotFoundError("contribution.unknown")
    consultation = participation.locked_consultation(session, comment.consultation_id)
    policy.require_visible(actor, consultation)
    words = text.plain_text(body, max_length=REPLY_LENGTH, field="body")
    moment = now()
    speaker = _speaker(session, actor, consultation, moment)
    _require_new(session, comment, speaker, words)
    visibility = Visibility.PUBLISHED
    if speaker.participant is not None:
        visibility = screen(words, consultation.moderation_policy).visibility
    made = Reply(
        consultation_id=consultation.id,
        participant_id=speaker.participant.id if speaker.participant else None,
        origin=speaker.origin,
        comment_id=comment.id,
        body=words,
        language=language_of(words),
        visibility=visibility,
        created_at=moment,
    )
    session.add(made)
    session.flush()
    _record(session, actor, made, comment)
    _tell(session, made, comment)
    return made


def withdraw(session: Session, actor: Actor, reference: str) -> Reply:
    """Take back one's own reply; others see that there was one. What an office said stays said.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``.
    ConflictError
        ``consultation.closed`` or ``comment.settled``.
    """
    found = session.scalars(select(Reply).where(Reply.reference == reference)).first()
    if found is None:
        raise NotFoundError("contribution.unknown")
    consultation = participation.locked_consultation(session, found.consultation_id)
    participant = participation.find_participant(session, actor, consultation)
    if participant is None or found.participant_id != participant.id:
        raise NotFoundError("contribution.unknown")
    policy.require_taking_contributions(consultation, now())
    session.refresh(found, with_for_update=True)
    if found.visibility in (Visibility.HIDDEN, Visibility.WITHDRAWN):
        raise ConflictError("comment.settled")
    found.visibility = Visibility.WITHDRAWN
    found.revision += 1
    ledger.record(
        session,
        actor,
        "reply.withdrawn",
        consultation_id=consultation.id,
        subject=reference,
    )
    session.flush()
    return found


def _speaker(
    session: Session, actor: Actor, consultation: Consultation, moment: datetime
) -> _Speaker:
    origin = speaks_as(actor, consultation)
    if origin is Origin.PARTICIPANT:
        policy.require_taking_contributions(consultation, moment)
        return _Speaker(origin, participation.join(session, actor, consultation))
    if actor.account_id is None:
        raise NotAllowedError("participation.sign_in")
    policy.require_stage(consultation, moment, *_SPEAKING_STAGES)
    return _Speaker(origin)


def _require_new(session: Session, comment: Comment, speaker: _Speaker, body: str) -> None:
    author = speaker.participant.id if speaker.participant else None
    repeated = session.scalar(
        select(Reply.reference)
        .where(
            Reply.comment_id == comment.id,
            Reply.participant_id == author,
            Reply.origin == speaker.origin,
            Reply.body == body,
            Reply.visibility != Visibility.WITHDRAWN,
        )
        .limit(1)
    )
    if repeated is not None:
        raise InvalidError("reply.repeated", field="body", reference=repeated)


def _record(session: Session, actor: Actor, made: Reply, comment: Comment) -> None:
    content = {"body": made.body, "comment": comment.reference}
    ledger.record(
        session,
        actor,
        "reply.submitted",
        consultation_id=made.consultation_id,
        subject=made.reference,
        detail={"digest": commitments.digest(made.salt, content), "revision": 1},
    )
    session.flush()


def _tell(session: Session, made: Reply, comment: Comment) -> None:
    author = comment.participant_id
    is_shown = made.visibility is Visibility.PUBLISHED
    if author is not None and author != made.participant_id and is_shown:
        code = "reply.official" if made.origin is Origin.AGENCY else "reply.published"
        notices.notify(session, author, code, reference=comment.reference)
        session.flush()
