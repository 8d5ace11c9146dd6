"""Reads: second opinions that are asked for. Nothing tells what was decided, or by whom."""

from dataclasses import dataclass

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from consultations.models import Clause, Comment, Consultation, Contribution, ContributionRevision
from core.actor import Actor
from core.errors import NotAllowedError, NotFoundError
from moderation import cases, covers
from moderation.covers import Original
from moderation.models import Decision, Review
from moderation.reviewing_parties import parties

#: Second opinions on the list.
SHOWN = 50


@dataclass(frozen=True)
class Question:
    """One contribution on which a second opinion is asked for."""

    review: Review
    contribution: Contribution
    consultation: Consultation


@dataclass(frozen=True)
class BlindPage:
    """What a second moderator sees: the words and what they are about, and no more."""

    question: Question
    original: Original
    clause: Clause | None
    #: Code of why this moderator must leave it to someone else; empty if they need not.
    objection: str


def waiting(session: Session, actor: Actor) -> list[Question]:
    """Return what this moderator can be asked, the oldest question first; one query.

    Left out is what they asked or decided themselves, and what its author has changed since.
    """
    changed = exists().where(
        ContributionRevision.contribution_id == Review.contribution_id,
        ContributionRevision.revision >= Review.revision,
    )
    rows = session.execute(
        _questions(actor)
        .outerjoin(Decision, Decision.id == Review.decision_id)
        .where(
            Review.answered_at.is_(None),
            or_(Review.asked_by_id.is_(None), Review.asked_by_id != actor.account_id),
            or_(Decision.id.is_(None), Decision.decided_by_id != actor.account_id),
            ~changed,
        )
        .order_by(Review.asked_at, Review.id)
        .limit(SHOWN)
    )
    return [Question(*row) for row in rows]


def one(session: Session, actor: Actor, review_id: int) -> BlindPage:
    """Return what a second moderator sees.

    Raises
    ------
    NotFoundError
        ``review.unknown``.
    NotAllowedError
        ``decision.moderators_only`` or ``decision.own_agency``.
    """
    row = session.execute(_questions(Actor()).where(Review.id == review_id)).first()
    if row is None:
        raise NotFoundError("review.unknown")
    question = Question(*row)
    objection = cases.objection(session, actor, question.contribution, question.consultation)
    if objection in {"decision.moderators_only", "decision.own_agency"}:
        raise NotAllowedError(objection)
    if not objection and actor.account_id in parties(session, question.review):
        objection = "review.own"
    original = covers.original_of(session, actor.keyring, question.contribution)
    return BlindPage(question, original, _clause(session, question.contribution), objection)


def _clause(session: Session, contribution: Contribution) -> Clause | None:
    if not isinstance(contribution, Comment) or not contribution.clause_key:
        return None
    return session.scalars(
        select(Clause).where(
            Clause.draft_id == contribution.draft_id, Clause.key == contribution.clause_key
        )
    ).first()


def _questions(actor: Actor) -> Select[Review, Contribution, Consultation]:
    statement = (
        select(Review, Contribution, Consultation)
        .join(Contribution, Contribution.id == Review.contribution_id)
        .join(Consultation, Consultation.id == Contribution.consultation_id)
    )
    if actor.agency_id is None:
        return statement
    return statement.where(Consultation.agency_id != actor.agency_id)
