"""Service: publish all answers together. One person proposes it, another one approves."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import commitments, news, policy, seconding
from consultations.models import (
    Consultation,
    Motion,
    MotionKind,
    OfficialResponse,
    ResponseState,
    places,
)
from consultations.participation import locked_consultation
from consultations.queries import answer_desk
from consultations.queries.answered_authors import answered_authors
from core import ledger, notices
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError
from core.mailing.kinds import NewsKind


def propose_publication(
    session: Session, actor: Actor, consultation_id: int, *, reason: str
) -> Motion:
    """Propose to publish all answers together; another person decides.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    InvalidError
        ``reason.needed``.
    ConflictError
        ``motion.waiting``, and as ``publish_all`` about answers that are not ready.
    """
    consultation = locked_consultation(session, consultation_id)
    policy.require_agency_staff(actor, consultation)
    responses = _ready(session, consultation)
    basis = _basis(responses)
    return seconding.propose(
        session, actor, consultation, MotionKind.PUBLISH_ANSWERS, reason=reason, basis=basis
    )


def publish_all(session: Session, actor: Actor, motion: Motion) -> list[OfficialResponse]:
    """Publish the answers as somebody else proposed, and tell those whom they answer.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``approval.approver_needed`` or ``approval.own_work``.
    ConflictError
        ``motion.decided``; ``motion.stale`` if an answer was changed since;
        ``consultation.wrong_stage``; ``response.unanswered`` or ``response.not_approved`` with
        their ``count``; ``response.nothing_new``.
    """
    consultation_id = motion.consultation_id
    consultation = locked_consultation(session, consultation_id)
    policy.require_approver(actor, consultation, motion.proposed_by_id)
    responses = _ready(session, consultation)
    seconding.approve(session, actor, consultation, motion, _basis(responses))
    moment = now()
    for response in responses:
        response.state, response.published_at = ResponseState.PUBLISHED, moment
    _notify(session, consultation, responses)
    places.recount_all(session, consultation_id)
    news.announce(
        session,
        NewsKind.ANSWERS,
        consultation,
        f"response {responses[0].id}",
        code="response.published",
        count=len(responses),
    )
    ledger.record(
        session,
        actor,
        "response.published",
        consultation_id=consultation_id,
        detail={"responses": [_entry(response) for response in responses]},
    )
    session.flush()
    return list(responses)


def _ready(session: Session, consultation: Consultation) -> Sequence[OfficialResponse]:
    """Return the answers to publish, once every item has an approved one."""
    policy.require_stage(consultation, now(), *policy.ANSWERING_STAGES)
    unanswered = answer_desk.unanswered_count(session, consultation.id)
    if unanswered:
        raise ConflictError("response.unanswered", count=unanswered)
    responses = session.scalars(
        select(OfficialResponse)
        .where(
            OfficialResponse.consultation_id == consultation.id,
            OfficialResponse.state != ResponseState.PUBLISHED,
        )
        .order_by(OfficialResponse.id)
    ).all()
    _require_ready(responses)
    return responses


def _basis(responses: Sequence[OfficialResponse]) -> str:
    """Return what a proposal to publish rests on: these answers in these words."""
    entries = [_entry(response) for response in responses]
    return hashlib.sha256(ledger.canonical_json(entries).encode()).hexdigest()


def _require_ready(responses: Sequence[OfficialResponse]) -> None:
    if not responses:
        raise ConflictError("response.nothing_new")
    waiting = sum(response.state is ResponseState.WORKING for response in responses)
    if waiting:
        raise ConflictError("response.not_approved", count=waiting)


def _notify(
    session: Session, consultation: Consultation, responses: Sequence[OfficialResponse]
) -> None:
    """Leave one message for each person whose published contributions are answered."""
    answered: dict[str, set[int]] = {}
    for response_id, participant_id in answered_authors(
        session, [response.id for response in responses]
    ):
        answered.setdefault(participant_id, set()).add(response_id)
    for participant_id, numbers in sorted(answered.items()):
        notices.notify(
            session,
            participant_id,
            "response.published",
            consultation=consultation.slug,
            responses=sorted(numbers),
        )


def _entry(response: OfficialResponse) -> dict[str, object]:
    """Return what the record keeps of a response: enough to tell later whether it was changed."""
    return {"id": response.id, "sha256": commitments.response_digest(response)}
