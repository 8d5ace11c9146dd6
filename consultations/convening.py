"""Service: create, schedule, open and close a consultation."""

from sqlalchemy.orm import Session

from core.actor import Actor


def advance_due(session: Session, actor: Actor) -> int:
    """Take the steps of all life cycles that the clock asks for; return how many."""
    return 0
