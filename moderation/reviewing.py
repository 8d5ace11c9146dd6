"""Service: a second moderator says what they would decide, without seeing the first one's word."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from consultations.models import Contribution
from core import ledger
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from moderation import cases, verdicts
from moderation.models import DecisionKind, Review, ReviewSource
from moderation.reasons import find_rule
from moderation.reviewing_parties import parties


def ask(session: Session, actor: Actor, reference: str) -> Review:
    """Ask for a second opinion on a contribution as it is now.

    Raises
    ------
    NotFoundError, NotAllowedError
        As ``deciding.decide``.
    ConflictError
        ``review.exists``: one is open already.
    """
    contribution, _consultation = cases.locked_contribution(session, reference)
    account_id = verdicts.require_may_decide(session, actor, contribution)
    is_open = exists().where(
        Review.contribution_id == contribution.id,
        Review.revision == contribution.revision,
        Review.answered_at.is_(None),
    )
    if session.scalar(select(is_open)):
        raise ConflictError("review.exists")
    made = Review(
        contribution_id=contribution.id,
        source=ReviewSource.ASKED,
        revision=contribution.revision,
        asked_by_id=account_id,
        asked_at=now(),
    )
    session.add(made)
    session.flush()
    return made


def give(session: Session, actor: Actor, review_id: int, *, kind: str, rule: str) -> Review:
    """Say what one would decide. It changes nothing; it is compared with what was decided.

    Raises
    ------
    NotFoundError
        ``review.unknown``.
    NotAllowedError
        As ``cases.objection``, or ``review.own``: one asked for it, or took the decision.
    ConflictError
        ``review.answered``.
    InvalidError
        ``decision.kind_unknown`` on ``kind``; ``rule.needed`` or ``rule.unknown`` on ``rule``.
    """
    found = session.get(Review, review_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFoundError("review.unknown")
    contribution = session.get_one(Contribution, found.contribution_id)
    account_id = verdicts.require_may_decide(session, actor, contribution)
    if account_id in parties(session, found):
        raise NotAllowedError("review.own")
    if found.answered_at is not None:
        raise ConflictError("review.answered")
    if kind not in cases.OUTCOMES:
        raise InvalidError("decision.kind_unknown", field="kind")
    found.kind = DecisionKind(kind)
    found.rule = "" if found.kind is DecisionKind.PUBLISH else find_rule(rule).code
    found.reviewer_id, found.answered_at = account_id, now()
    ledger.record(
        session,
        actor,
        "contribution.reviewed",
        consultation_id=contribution.consultation_id,
        subject=contribution.reference,
        detail={"source": found.source.value},
    )
    session.flush()
    return found
