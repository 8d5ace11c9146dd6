"""Service: say that one is working on a contribution, so that two do not do the same work."""

from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.errors import ConflictError
from moderation import cases, verdicts
from moderation.models import Claim

#: How long a claim holds.
CLAIM_TIME: Final = timedelta(minutes=30)


def claim(session: Session, actor: Actor, reference: str) -> Claim:
    """Claim a contribution for a while, or claim it for longer.

    Raises
    ------
    NotFoundError, NotAllowedError
        As ``deciding.decide``.
    ConflictError
        ``claim.taken``: someone else's claim still holds.
    """
    contribution, _consultation = cases.locked_contribution(session, reference)
    account_id = verdicts.require_may_decide(session, actor, contribution)
    moment = now()
    found = session.get(Claim, contribution.id, with_for_update=True)
    if found is not None and found.account_id != account_id and found.expires_at > moment:
        raise ConflictError("claim.taken")
    if found is None:
        found = Claim(contribution_id=contribution.id)
        session.add(found)
    found.account_id, found.claimed_at = account_id, moment
    found.expires_at = moment + CLAIM_TIME
    session.flush()
    return found


def release(session: Session, actor: Actor, reference: str) -> None:
    """Give up one's own claim; does nothing where there is none.

    Raises
    ------
    NotFoundError, NotAllowedError
        As ``deciding.decide``.
    """
    contribution, _consultation = cases.locked_contribution(session, reference)
    account_id = verdicts.require_may_decide(session, actor, contribution)
    found = session.get(Claim, contribution.id)
    if found is not None and found.account_id == account_id:
        session.delete(found)
        session.flush()
