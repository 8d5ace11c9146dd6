"""Reads: what moderators decided in one consultation, for its results report. Counts only."""

from collections import Counter
from datetime import timedelta
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations.models import Contribution, Visibility
from consultations.reporting.deeds import ModerationFigures
from moderation.models import Decision, DecisionKind

_TAKEN_AWAY = frozenset({Visibility.HELD, Visibility.HIDDEN})


def of_consultation(session: Session, consultation_id: int) -> ModerationFigures:
    """Return the figures of all decisions so far; two queries."""
    rows = session.execute(
        select(
            Decision.kind,
            Decision.rule,
            Decision.visibility_before,
            Decision.waiting_since,
            Decision.decided_at,
        )
        .join(Contribution, Contribution.id == Decision.contribution_id)
        .where(Contribution.consultation_id == consultation_id)
    ).all()
    kinds = Counter(row.kind for row in rows)
    rules = Counter(row.rule for row in rows if row.rule)
    waits = [
        (row.decided_at - row.waiting_since).total_seconds() for row in rows if row.waiting_since
    ]
    waiting = select(func.count(Contribution.id)).where(
        Contribution.consultation_id == consultation_id,
        Contribution.visibility.in_((Visibility.PENDING, Visibility.HELD)),
    )
    return ModerationFigures(
        published=kinds[DecisionKind.PUBLISH],
        held=kinds[DecisionKind.HOLD],
        hidden=kinds[DecisionKind.HIDE],
        covered=kinds[DecisionKind.COVER],
        reversed=sum(
            row.kind is DecisionKind.PUBLISH and row.visibility_before in _TAKEN_AWAY
            for row in rows
        ),
        median_wait=timedelta(seconds=median(waits)) if waits else None,
        rules=tuple(sorted(rules.items())),
        waiting=session.scalar(waiting) or 0,
    )
