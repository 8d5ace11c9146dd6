"""What flagging and deciding share: the contribution, its open flags, and who is a party to it."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from consultations import policy
from consultations.models import Consultation, Contribution, Visibility
from consultations.participation import find_participant
from core.actor import Actor, Role
from core.errors import NotFoundError
from moderation.models import DecisionKind, Flag

#: Where each kind of decision leads.
OUTCOMES = {
    DecisionKind.PUBLISH: Visibility.PUBLISHED,
    DecisionKind.HOLD: Visibility.HELD,
    DecisionKind.HIDE: Visibility.HIDDEN,
}


def locked_contribution(
    session: Session, reference: str, *, shared: bool = False
) -> tuple[Contribution, Consultation]:
    """Load a contribution for a write that depends on its visibility.

    Parameters
    ----------
    session : Session
    reference : str
    shared : bool
        Lock only against change, so that several can flag at the same time.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``.
    """
    contribution = session.scalars(
        select(Contribution)
        .where(Contribution.reference == reference)
        .with_for_update(read=shared, of=Contribution)
        .execution_options(populate_existing=True)
    ).first()
    if contribution is None:
        raise NotFoundError("contribution.unknown")
    return contribution, consultation_of(session, contribution)


def consultation_of(session: Session, contribution: Contribution) -> Consultation:
    """Return the consultation in which a contribution was written."""
    return session.get_one(Consultation, contribution.consultation_id)


def open_flags(session: Session, contribution_id: int) -> Sequence[Flag]:
    """Return the flags on a contribution that no decision has settled, oldest first."""
    return session.scalars(
        select(Flag)
        .where(Flag.contribution_id == contribution_id, Flag.settled_at.is_(None))
        .order_by(Flag.flagged_at, Flag.id)
    ).all()


def possible_kinds(visibility: Visibility, *, is_flagged: bool) -> tuple[DecisionKind, ...]:
    """Return the decisions that would change something.

    What its author has withdrawn is out of reach. A flagged contribution can be published once
    more: that settles the flags and tells everyone that it stays.
    """
    if visibility is Visibility.WITHDRAWN:
        return ()
    if visibility is Visibility.COUNTED:
        # As good as published: there is nothing more to allow.
        visibility = Visibility.PUBLISHED
    stays = is_flagged and visibility is Visibility.PUBLISHED
    return tuple(
        kind
        for kind, outcome in OUTCOMES.items()
        if outcome is not visibility or (stays and kind is DecisionKind.PUBLISH)
    )


def objection(
    session: Session, actor: Actor, contribution: Contribution, consultation: Consultation
) -> str:
    """Return why the actor must leave the decision to someone else; empty if they need not.

    Returns
    -------
    str
        ``decision.moderators_only``, ``decision.own_agency``, ``decision.own_contribution``,
        ``decision.own_flag`` or nothing.
    """
    if not actor.has(Role.MODERATOR, Role.SENIOR_MODERATOR) or actor.account_id is None:
        return "decision.moderators_only"
    if not policy.may_moderate(actor, consultation):
        return "decision.own_agency"
    participant = find_participant(session, actor, consultation)
    if participant is None:
        return ""
    if contribution.participant_id == participant.id:
        return "decision.own_contribution"
    has_flagged = exists().where(
        Flag.contribution_id == contribution.id, Flag.participant_id == participant.id
    )
    return "decision.own_flag" if session.scalar(select(has_flagged)) else ""
