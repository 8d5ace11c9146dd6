"""Reads: who else of an agency can approve, for what waits for a second person."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations.models import Motion, MotionState
from core.accounts.models import Account, AccountStatus, RoleGrant
from core.actor import Actor, Role


def approvers_besides(session: Session, actor: Actor, author_id: int | None = None) -> int:
    """Return how many approvers of the actor's agency did not prepare something; one query.

    Parameters
    ----------
    author_id : int or None
        Who prepared it; the actor when None.
    """
    author = actor.account_id if author_id is None else author_id
    found = session.scalar(
        select(func.count(func.distinct(RoleGrant.account_id)))
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            RoleGrant.agency_id == actor.agency_id,
            RoleGrant.role == Role.APPROVER,
            RoleGrant.account_id != author,
            Account.status == AccountStatus.ACTIVE,
        )
    )
    return found or 0


def open_motions(session: Session, consultation_ids: Sequence[int]) -> list[Motion]:
    """Return what waits for a second person, oldest first; one query."""
    rows = session.scalars(
        select(Motion)
        .where(Motion.consultation_id.in_(consultation_ids), Motion.state == MotionState.OPEN)
        .order_by(Motion.id)
    )
    return list(rows)
