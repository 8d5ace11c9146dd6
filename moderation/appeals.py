"""What appealing and its pages share: which decision can be appealed, until when, and by whom."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import Consultation, Contribution, SealedWords, Visibility
from core.actor import Actor, Role
from core.errors import NotFoundError
from moderation import cases
from moderation.models import RESTRICTING, Appeal, Decision, DecisionKind

#: How long after a decision its author can appeal.
TIME_TO_APPEAL: Final = timedelta(days=30)
_TAKEN_AWAY = frozenset({Visibility.HELD, Visibility.HIDDEN})


def last_moment(decision: Decision) -> datetime:
    """Return until when a decision can be appealed."""
    return decision.decided_at + TIME_TO_APPEAL


def standing_decision(session: Session, contribution: Contribution) -> Decision | None:
    """Return the decision that an author can contradict: the newest that still takes something.

    That is the hold or hiding in force, else the newest decision that covers words. Two queries.
    """
    decisions = session.scalars(
        select(Decision)
        .where(Decision.contribution_id == contribution.id, Decision.kind.in_(RESTRICTING))
        .order_by(Decision.id.desc())
    ).all()
    sealed = session.get(SealedWords, contribution.id) if decisions else None
    return standing_among(contribution.visibility, decisions, sealed)


def standing_among(
    visibility: Visibility, decisions: Sequence[Decision], sealed: SealedWords | None
) -> Decision | None:
    """Return the same from rows at hand, the newest decision in front."""
    covering = {span[-1] for span in sealed.spans} if sealed else set()
    for decision in decisions:
        if decision.kind is DecisionKind.COVER:
            stands = decision.id in covering and visibility is not Visibility.WITHDRAWN
        else:
            stands = visibility in _TAKEN_AWAY and visibility is decision.visibility_after
        if stands:
            return decision
    return None


def locked_appeal(session: Session, appeal_id: int) -> Appeal:
    """Load an appeal for a change; raises NotFoundError ``appeal.unknown``."""
    found = session.get(Appeal, appeal_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFoundError("appeal.unknown")
    return found


def objection(
    session: Session,
    actor: Actor,
    contribution: Contribution,
    consultation: Consultation,
    decision: Decision,
) -> str:
    """Return why the actor must leave an appeal to someone else; empty if they need not.

    Returns
    -------
    str
        As ``cases.objection``, or ``appeal.senior_only``, or ``appeal.own_decision``.
    """
    found = cases.objection(session, actor, contribution, consultation)
    if found:
        return found
    if not actor.has(Role.SENIOR_MODERATOR):
        return "appeal.senior_only"
    return "appeal.own_decision" if decision.decided_by_id == actor.account_id else ""
