"""Service: reply once to the agency's answer to one's own words."""

from sqlalchemy.orm import Session

from consultations import commitments, participation, policy
from consultations.models import AnswerReply, Visibility
from consultations.queries import own_answer
from consultations.screening import Screen
from core import ledger, text
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError
from core.languages import language_of

#: Longest reply, in characters.
ANSWER_REPLY_LENGTH = 2_000


def reply(
    session: Session, actor: Actor, response_id: int, *, body: str, screen: Screen
) -> AnswerReply:
    """Reply to an answer that is about one's own words; once, and it stands beside the answer.

    Raises
    ------
    NotFoundError
        ``response.unknown``: there is none, or it is not published.
    NotAllowedError
        ``participation.sign_in``, ``participation.own_agency`` or ``participation.verified_only``;
        ``response.not_yours``.
    ConflictError
        ``consultation.wrong_stage``; ``response.replied``: also after one's reply was withdrawn or
        hidden.
    InvalidError
        ``text.empty``, ``text.too_long``.
    """
    consultation_id = own_answer.published(session, response_id).consultation_id
    consultation = participation.locked_consultation(session, consultation_id)
    policy.require_can_take_part(actor, consultation)
    policy.require_stage(consultation, now(), *policy.COMMITTING_STAGES)
    participant = own_answer.require_author(session, actor, consultation, response_id)
    words = text.plain_text(body, max_length=ANSWER_REPLY_LENGTH, field="body")
    # Locked, so that a form sent twice at the same moment finds what it sent first.
    session.refresh(participant, with_for_update={"key_share": True})
    if own_answer.own_voice(session, participant.id, response_id).reply is not None:
        raise ConflictError("response.replied")
    made = AnswerReply(
        consultation_id=consultation.id,
        participant_id=participant.id,
        response_id=response_id,
        body=words,
        language=language_of(words),
        visibility=screen(words, consultation.moderation_policy).visibility,
        created_at=now(),
    )
    session.add(made)
    session.flush()
    content = {"body": made.body, "clause": made.clause_key}
    ledger.record(
        session,
        actor,
        "answer_reply.submitted",
        consultation_id=consultation.id,
        subject=made.reference,
        detail={
            "digest": commitments.digest(made.salt, content),
            "revision": 1,
            "response": response_id,
        },
    )
    session.flush()
    return made


def withdraw(session: Session, actor: Actor, reference: str) -> AnswerReply:
    """Take back one's own reply; nobody else sees it any more, and there is no second one.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``.
    ConflictError
        ``consultation.wrong_stage``; ``comment.settled``: a moderator hid it, or it is withdrawn.
    """
    found = own_answer.own_reply(session, actor, reference)
    consultation = participation.locked_consultation(session, found.consultation_id)
    policy.require_stage(consultation, now(), *policy.COMMITTING_STAGES)
    session.refresh(found, with_for_update=True)
    if found.visibility in (Visibility.HIDDEN, Visibility.WITHDRAWN):
        raise ConflictError("comment.settled")
    found.visibility = Visibility.WITHDRAWN
    found.revision += 1
    ledger.record(
        session,
        actor,
        "answer_reply.withdrawn",
        consultation_id=consultation.id,
        subject=reference,
    )
    session.flush()
    return found
