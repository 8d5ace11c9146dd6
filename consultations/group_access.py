"""Who may act in a working group, and how its deeds are put on record."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import news, policy
from consultations.models import (
    CharterAgreement,
    Consultation,
    GroupCharter,
    GroupMember,
    GroupProposal,
    MemberState,
    Stage,
    WorkingGroup,
)
from core import ledger
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, NotAllowedError, NotFoundError
from core.mailing.kinds import NewsKind


def locked_group(
    session: Session, group_id: int, *, even_archived: bool = False
) -> tuple[WorkingGroup, Consultation]:
    """Load a group for a write, alone, with its consultation.

    Raises
    ------
    NotFoundError
        ``group.unknown``.
    ConflictError
        ``consultation.wrong_stage``: the consultation is archived.
    """
    group = session.get(WorkingGroup, group_id, populate_existing=True, with_for_update=True)
    if group is None:
        raise NotFoundError("group.unknown")
    consultation = session.get_one(Consultation, group.consultation_id)
    if not even_archived:
        require_living(consultation)
    return group, consultation


def require_living(consultation: Consultation) -> None:
    """Raise ConflictError ``consultation.wrong_stage`` if the consultation is archived."""
    if consultation.stage is Stage.ARCHIVED:
        raise ConflictError("consultation.wrong_stage", stage=consultation.stage.value, event="")


def active_members(session: Session, group_id: int) -> list[GroupMember]:
    """Return who sits in the group now, facilitators included; one query."""
    found = session.scalars(
        select(GroupMember)
        .where(GroupMember.group_id == group_id, GroupMember.state == MemberState.ACTIVE)
        .order_by(GroupMember.number)
    )
    return list(found)


def own_seat(session: Session, actor: Actor, group_id: int) -> GroupMember | None:
    """Return the seat that the actor holds now; None if there is none. One query."""
    if actor.account_id is None:
        return None
    return session.scalars(
        select(GroupMember).where(
            GroupMember.group_id == group_id,
            GroupMember.state == MemberState.ACTIVE,
            GroupMember.account_id == actor.account_id,
        )
    ).first()


def require_deciding(session: Session, actor: Actor, group_id: int) -> GroupMember:
    """Return the actor's seat.

    Raises
    ------
    NotAllowedError
        ``group.members_only``, or ``group.facilitator_decides_not``.
    """
    seat = own_seat(session, actor, group_id)
    if seat is None:
        raise NotAllowedError("group.members_only")
    if seat.is_facilitator:
        raise NotAllowedError("group.facilitator_decides_not")
    return seat


def owns_step(session: Session, actor: Actor, proposal_id: int) -> bool:
    """Whether the actor proposed what became a step of the joint plan. One query."""
    if actor.account_id is None:
        return False
    found = select(GroupProposal.id).join(GroupMember, GroupMember.id == GroupProposal.author_id)
    mine = found.where(GroupProposal.id == proposal_id, GroupMember.account_id == actor.account_id)
    return session.scalar(mine) is not None


def may_convene(actor: Actor, consultation: Consultation, seat: GroupMember | None) -> bool:
    """Whether the actor prepares the group's work: agency staff, or its facilitator."""
    return policy.may_prepare(actor, consultation) or (seat is not None and seat.is_facilitator)


def require_convener(
    session: Session, actor: Actor, consultation: Consultation, group_id: int
) -> None:
    """Raise NotAllowedError ``group.conveners_only`` unless the actor prepares its work."""
    if not may_convene(actor, consultation, own_seat(session, actor, group_id)):
        raise NotAllowedError("group.conveners_only")


def charter_in_force(session: Session, group_id: int) -> GroupCharter | None:
    """Return the newest version of the charter that every member has agreed to. One query."""
    return session.scalars(
        select(GroupCharter)
        .where(GroupCharter.group_id == group_id, GroupCharter.in_force_at.is_not(None))
        .order_by(GroupCharter.version.desc())
        .limit(1)
    ).first()


def put_in_force(session: Session, actor: Actor, group: WorkingGroup) -> None:
    """Put the newest charter in force if every member who decides has agreed to it."""
    charter = session.scalars(
        select(GroupCharter)
        .where(GroupCharter.group_id == group.id)
        .order_by(GroupCharter.version.desc())
        .limit(1)
    ).first()
    deciding = {each.id for each in active_members(session, group.id) if not each.is_facilitator}
    if charter is None or charter.in_force_at is not None or not deciding:
        return
    agreed = session.scalars(
        select(CharterAgreement.member_id).where(CharterAgreement.charter_id == charter.id)
    )
    if deciding <= set(agreed):
        charter.in_force_at = now()
        record(session, actor, group, "charter_in_force", f"/charter:{charter.version}")
        session.flush()


def sha256(text: str) -> str:
    """Return the hexadecimal SHA-256 of a public text, as the ledger keeps it."""
    return hashlib.sha256(text.encode()).hexdigest()


def record(
    session: Session,
    actor: Actor,
    group: WorkingGroup,
    action: str,
    place: str = "",
    **detail: object,
) -> None:
    """Write a deed of a group into the ledger; members appear by their number in the group."""
    ledger.record(
        session,
        actor,
        f"group.{action}",
        consultation_id=group.consultation_id,
        subject=f"group:{group.number}{place}",
        detail=detail,
    )


def tell(session: Session, consultation: Consultation, occasion: str) -> None:
    """Tell those who follow the consultation that its group met or decided."""
    if policy.is_public(consultation):
        news.announce(session, NewsKind.GROUP, consultation, occasion, code="group.changed")
