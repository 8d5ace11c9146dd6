"""Reads: what was decided on contributions, for those who wrote them; never who decided it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from moderation.models import Decision
from moderation.queries.item import PastDecision


def decisions_on(
    session: Session, contribution_ids: Sequence[int]
) -> dict[int, list[PastDecision]]:
    """Return the decisions on some contributions, oldest first, by contribution. One query."""
    rows = session.execute(
        select(
            Decision.contribution_id,
            Decision.kind,
            Decision.rule,
            Decision.reason,
            Decision.visibility_before,
            Decision.visibility_after,
            Decision.decided_at,
        )
        .where(Decision.contribution_id.in_(contribution_ids))
        .order_by(Decision.id)
    )
    found: dict[int, list[PastDecision]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(PastDecision(*row[1:]))
    return found
