"""Who may not give a second opinion, because the first one is theirs."""

from sqlalchemy.orm import Session

from moderation.models import Decision, Review


def parties(session: Session, review: Review) -> set[int | None]:
    """Return the accounts that asked for a review or took the decision in question."""
    decision = session.get(Decision, review.decision_id) if review.decision_id else None
    return {review.asked_by_id, decision.decided_by_id if decision else None}
