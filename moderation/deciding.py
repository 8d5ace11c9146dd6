"""Service: publish, hold or hide a contribution, with a rule and a reason."""

from sqlalchemy.orm import Session

from core.actor import Actor
from moderation import decisions
from moderation.decisions import Wish
from moderation.models import Decision


def decide(
    session: Session,
    actor: Actor,
    reference: str,
    *,
    kind: str,
    rule: str = "",
    reason: str = "",
    expected_revision: int,
) -> Decision:
    """Decide on a contribution. The author and those who flagged it are told.

    A decision is never changed, only followed by another, which may reverse it. Nothing is deleted:
    a contribution that is published again has its votes and its place as before.

    Parameters
    ----------
    session : Session
    actor : Actor
        A moderator who neither works for the agency, nor wrote the contribution, nor flagged it.
    reference : str
        Public code of the contribution.
    kind : str
        A value of ``DecisionKind``.
    rule : str
        Code of the broken rule; needed to hold and to hide, ignored to publish.
    reason : str
        Words to the author; needed to hold and to hide.
    expected_revision : int
        Revision of the contribution that the moderator had before them.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``.
    NotAllowedError
        As ``moderation.cases.objection``.
    ConflictError
        ``contribution.withdrawn``, ``contribution.decided_meanwhile``: it changed since, or
        ``appeal.open``: a senior moderator decides on it.
    InvalidError
        ``decision.kind_unknown`` or ``decision.no_change`` on ``kind``; ``rule.needed``,
        ``rule.unknown`` or ``rule.holds_only`` on ``rule``; ``text.empty`` or ``text.too_long`` on
        ``reason``.
    """
    return decisions.decide_one(
        session, actor, reference, Wish(kind, rule, reason, expected_revision)
    )
