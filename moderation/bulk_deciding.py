"""Service: take one decision on several contributions; each is decided, or it is said why not."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from consultations.models import Contribution
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, PlatformError
from moderation import decisions
from moderation.decisions import Wish
from moderation.models import Claim

#: Most contributions of one go: a page of the queue.
MOST = 20


@dataclass(frozen=True)
class NotDecided:
    """A contribution on which nothing was decided, and the code of why."""

    reference: str
    code: str


@dataclass(frozen=True)
class Outcome:
    """What became of each contribution."""

    decided: tuple[str, ...]
    not_decided: tuple[NotDecided, ...]


def decide_all(
    session: Session, actor: Actor, seen: Mapping[str, int], *, kind: str, rule: str, reason: str
) -> Outcome:
    """Decide on each of several contributions as ``deciding.decide`` would on it alone.

    Parameters
    ----------
    session : Session
    actor : Actor
    seen : mapping of str to int
        The revision that the moderator had before them, by reference.
    kind, rule, reason : str
        As for one decision; the same for all.

    Raises
    ------
    InvalidError
        ``bulk.nothing`` or ``bulk.too_many`` on ``chosen``; what is wrong with kind, rule or
        reason themselves. Nothing is decided then.
    """
    if not seen:
        raise InvalidError("bulk.nothing", field="chosen")
    if len(seen) > MOST:
        raise InvalidError("bulk.too_many", field="chosen", maximum=MOST)
    decisions.require_grounds(kind, rule, reason)
    decided: list[str] = []
    not_decided: list[NotDecided] = []
    for reference in sorted(seen):
        wish = Wish(kind, rule, reason, seen[reference])
        try:
            with session.begin_nested():
                _require_unclaimed(session, actor, reference)
                decisions.decide_one(session, actor, reference, wish)
        except PlatformError as error:
            not_decided.append(NotDecided(reference, error.code))
        else:
            decided.append(reference)
    return Outcome(tuple(decided), tuple(not_decided))


def _require_unclaimed(session: Session, actor: Actor, reference: str) -> None:
    """Raise ConflictError ``claim.taken`` while somebody else works on a contribution."""
    claimed = (
        exists()
        .where(Claim.contribution_id == Contribution.id)
        .where(Claim.account_id != actor.account_id, Claim.expires_at > now())
    )
    taken = select(Contribution.id).where(Contribution.reference == reference, claimed)
    if session.scalar(taken) is not None:
        raise ConflictError("claim.taken")
