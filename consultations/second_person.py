"""What one person prepared is approved by another, not by the same one with a second account."""

from sqlalchemy.orm import Session

from core.accounts.persons import same_person
from core.actor import Actor
from core.errors import NotAllowedError


def require_other(session: Session, actor: Actor, author_id: int | None) -> None:
    """Raise NotAllowedError ``approval.own_work`` if the actor is the person of that account."""
    if author_id is None or actor.account_id is None or actor.keyring is None:
        return
    if same_person(session, actor.keyring, actor.account_id, author_id):
        raise NotAllowedError("approval.own_work")
