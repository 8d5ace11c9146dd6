"""Reads: what was decided on contributions, for those who wrote them; never who decided it."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import Contribution
from core.clock import BANGKOK
from moderation.models import Decision, Flag
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


def flags_by(session: Session, participant_ids: Collection[str]) -> list[dict[str, str]]:
    """Return what somebody reported, with their own words; one query."""
    rows = session.execute(
        select(Contribution.reference, Flag.rule, Flag.note, Flag.flagged_at)
        .join(Flag, Flag.contribution_id == Contribution.id)
        .where(Flag.participant_id.in_(participant_ids))
        .order_by(Flag.id)
    )
    return [
        {
            "contribution": row.reference,
            "rule": row.rule,
            "note": row.note,
            "reported_at": row.flagged_at.astimezone(BANGKOK).isoformat(timespec="minutes"),
        }
        for row in rows
    ]
