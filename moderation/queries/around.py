"""Reads: what moderators have noted beside a contribution."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import Contribution
from core.actor import Actor
from moderation import covers
from moderation.covers import Original
from moderation.models import Claim, Escalation, Label, Review
from moderation.queries import signals
from moderation.queries.signals import Signals


@dataclass(frozen=True)
class Around:
    """What stands beside one contribution; no colleague is named."""

    #: Until when somebody works on it; None when nobody does.
    claimed_until: datetime | None
    is_own_claim: bool
    labels: tuple[str, ...]
    #: The note of who left it to a senior moderator; empty when nobody did.
    escalated: str
    #: Whether a second opinion is asked for and not yet given.
    awaits_opinion: bool
    #: The author's words with nothing covered.
    original: Original
    signals: Signals


def load(session: Session, actor: Actor, contribution: Contribution, at: datetime) -> Around:
    """Return what stands beside a contribution; at most 12 queries, whatever there is."""
    claim = session.get(Claim, contribution.id)
    holds = claim is not None and claim.expires_at > at
    labels = session.scalars(
        select(Label.code).where(Label.contribution_id == contribution.id).order_by(Label.code)
    )
    escalated = session.scalars(
        select(Escalation.note).where(
            Escalation.contribution_id == contribution.id, Escalation.settled_at.is_(None)
        )
    ).first()
    awaited = session.scalars(
        select(Review.id).where(
            Review.contribution_id == contribution.id,
            Review.revision == contribution.revision,
            Review.answered_at.is_(None),
        )
    ).first()
    return Around(
        claimed_until=claim.expires_at if claim is not None and holds else None,
        is_own_claim=claim is not None and holds and claim.account_id == actor.account_id,
        labels=tuple(code.value for code in labels),
        escalated=escalated or "",
        awaits_opinion=awaited is not None,
        original=covers.original_of(session, actor.keyring, contribution),
        signals=signals.load(session, contribution),
    )


def labels_of(session: Session, contribution_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the labels of some contributions by their number; one query, none for none."""
    found: dict[int, list[str]] = {}
    if not contribution_ids:
        return found
    rows = session.execute(
        select(Label.contribution_id, Label.code)
        .where(Label.contribution_id.in_(contribution_ids))
        .order_by(Label.code)
    )
    for number, code in rows:
        found.setdefault(number, []).append(code.value)
    return found


def claimed_by_others(
    session: Session, actor: Actor, contribution_ids: Sequence[int], at: datetime
) -> set[int]:
    """Return which contributions somebody else works on; one query."""
    rows = session.scalars(
        select(Claim.contribution_id).where(
            Claim.contribution_id.in_(contribution_ids),
            Claim.account_id != actor.account_id,
            Claim.expires_at > at,
        )
    )
    return set(rows)
