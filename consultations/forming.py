"""Service: found a working group, and fill its seats with people who accept in person."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from consultations import group_access, policy
from consultations.models import (
    CharterAgreement,
    Consultation,
    GroupMember,
    MemberState,
    Sector,
    WorkingGroup,
)
from consultations.participation import Hold, locked_consultation
from core.accounts import persons
from core.accounts.registering import checked_address
from core.actor import Actor, Role
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.mailing import outbox
from core.mailing.outbox import Letter, LetterKind
from core.text import plain_text, single_line

LONGEST_TITLE: Final = 200
LONGEST_PURPOSE: Final = 3000
#: An invitation can be accepted for so long.
ACCEPTED_WITHIN: Final = timedelta(days=60)
_PURPOSE = "group.invitation"


@dataclass(frozen=True)
class Founding:
    """What a group is to do, and what the agency does with its decisions."""

    title_th: str
    purpose_th: str
    title_en: str = ""
    purpose_en: str = ""


@dataclass(frozen=True)
class Seat:
    """A seat to fill; the address is used for one letter and kept nowhere else."""

    email: str
    sector: str
    seat: str
    is_facilitator: bool = False


def found(session: Session, actor: Actor, consultation_id: int, *, given: Founding) -> WorkingGroup:
    """Begin a working group; it is public with its consultation.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage``.
    InvalidError
        ``text.empty`` or ``text.too_long``.
    """
    consultation = locked_consultation(session, consultation_id, Hold.ALONE)
    policy.require_agency_staff(actor, consultation)
    group_access.require_living(consultation)
    latest = select(func.max(WorkingGroup.number)).where(
        WorkingGroup.consultation_id == consultation.id
    )
    group = WorkingGroup(
        consultation_id=consultation.id,
        number=(session.scalar(latest) or 0) + 1,
        title_th=single_line(given.title_th, max_length=LONGEST_TITLE, field="title_th"),
        title_en=single_line(given.title_en, max_length=LONGEST_TITLE, field="title_en")
        if given.title_en.strip()
        else "",
        purpose_th=plain_text(given.purpose_th, max_length=LONGEST_PURPOSE, field="purpose_th"),
        purpose_en=plain_text(given.purpose_en, max_length=LONGEST_PURPOSE, field="purpose_en")
        if given.purpose_en.strip()
        else "",
        founded_by_id=actor.account_id,
        founded_at=now(),
    )
    session.add(group)
    session.flush()
    group_access.record(session, actor, group, "founded")
    group_access.tell(session, consultation, f"group {group.id}")
    return group


def invite(
    session: Session,
    actor: Actor,
    keyring: Keyring,
    group_id: int,
    *,
    given: Seat,
    by_letter: bool = True,
) -> tuple[GroupMember, str]:
    """Offer a seat to whoever reads a mailbox, or gets the token otherwise.

    Returns
    -------
    tuple of GroupMember and str
        The seat, and the token that accepts it.

    Raises
    ------
    NotFoundError
        ``group.unknown``.
    NotAllowedError
        ``group.conveners_only``.
    InvalidError
        ``group.sector_unknown`` on ``sector``; ``account.email_invalid`` on ``email``;
        ``text.empty`` or ``text.too_long`` on ``seat``.
    """
    group, consultation = group_access.locked_group(session, group_id)
    group_access.require_convener(session, actor, consultation, group.id)
    address = checked_address(given.email)
    if given.sector not in set(Sector):
        raise InvalidError("group.sector_unknown", field="sector")
    latest = select(func.max(GroupMember.number)).where(GroupMember.group_id == group.id)
    member = GroupMember(
        group_id=group.id,
        number=(session.scalar(latest) or 0) + 1,
        is_facilitator=given.is_facilitator,
        sector=Sector(given.sector),
        seat=single_line(given.seat, max_length=LONGEST_TITLE, field="seat"),
        state=MemberState.INVITED,
        invited_by_id=actor.account_id,
        invited_at=now(),
    )
    session.add(member)
    session.flush()
    token = keyring.seal_note(_PURPOSE, {"member": member.id})
    if by_letter:
        letter = Letter(LetterKind.INVITATION, 0, address=address, details={"token": token})
        outbox.post(session, keyring, letter)
    group_access.record(
        session, actor, group, "invited", f"/member:{member.number}", sector=member.sector.value
    )
    session.flush()
    return member, token


def withdraw(session: Session, actor: Actor, member_id: int) -> GroupMember:
    """Take an invitation back that nobody has accepted; who sits in a group is never put out.

    Raises
    ------
    NotFoundError
        ``group.unknown``.
    NotAllowedError
        ``group.conveners_only``.
    ConflictError
        ``group.invitation_answered``.
    """
    member, group, consultation = _seat(session, member_id)
    group_access.require_convener(session, actor, consultation, group.id)
    _require_open(member)
    member.state = MemberState.WITHDRAWN
    group_access.record(session, actor, group, "withdrawn", f"/member:{member.number}")
    session.flush()
    return member


def invitation(session: Session, keyring: Keyring, token: str) -> tuple[GroupMember, WorkingGroup]:
    """Return the seat that an invitation offers.

    Raises
    ------
    NotFoundError
        ``group.invitation_unknown``: it is not ours, too old, answered, or taken back.
    """
    note = keyring.open_note(_PURPOSE, token, within=ACCEPTED_WITHIN)
    member = session.get(GroupMember, int(note["member"])) if note else None
    if member is None or member.state is not MemberState.INVITED:
        raise NotFoundError("group.invitation_unknown")
    return member, session.get_one(WorkingGroup, member.group_id)


def accept(
    session: Session, actor: Actor, token: str, *, shown_name: str, shown_organisation: str
) -> GroupMember:
    """Take a seat under the name that is shown to everyone, and agree to the charter in force.

    Raises
    ------
    NotFoundError
        As ``invitation``.
    NotAllowedError
        ``participation.sign_in``; ``group.facilitator_role``: only people whom the site has made
        facilitators lead a group; ``group.agency_seat``: who works for the agency sits for it.
    ConflictError
        ``group.one_seat``: the person sits in the group already.
    InvalidError
        ``text.empty`` or ``text.too_long``.
    """
    if actor.account_id is None or actor.keyring is None:
        raise NotAllowedError("participation.sign_in")
    member, _ = invitation(session, actor.keyring, token)
    member, group, consultation = _seat(session, member.id)
    _require_open(member)
    _require_fit(actor, consultation, member)
    for other in group_access.active_members(session, group.id):
        if other.account_id is not None and persons.same_person(
            session, actor.keyring, actor.account_id, other.account_id
        ):
            raise ConflictError("group.one_seat")
    member.shown_name = single_line(shown_name, max_length=LONGEST_TITLE, field="shown_name")
    if shown_organisation.strip():
        member.shown_organisation = single_line(
            shown_organisation, max_length=LONGEST_TITLE, field="shown_organisation"
        )
    member.account_id, member.state, member.joined_at = actor.account_id, MemberState.ACTIVE, now()
    charter = group_access.charter_in_force(session, group.id)
    if charter is not None and not member.is_facilitator:
        session.add(CharterAgreement(charter_id=charter.id, member_id=member.id, agreed_at=now()))
    sector = member.sector.value
    group_access.record(session, actor, group, "joined", f"/member:{member.number}", sector=sector)
    session.flush()
    return member


def decline(session: Session, actor: Actor, keyring: Keyring, token: str) -> None:
    """Refuse a seat; raises as ``invitation``."""
    member, _ = invitation(session, keyring, token)
    member, group, _ = _seat(session, member.id)
    _require_open(member)
    member.state = MemberState.DECLINED
    group_access.record(session, actor, group, "declined", f"/member:{member.number}")
    session.flush()


def leave(session: Session, actor: Actor, group_id: int) -> None:
    """Give one's seat up; positions that were taken stay on record.

    Raises
    ------
    NotFoundError
        ``group.unknown``.
    NotAllowedError
        ``group.members_only``.
    """
    group, _ = group_access.locked_group(session, group_id)
    seat = group_access.own_seat(session, actor, group.id)
    if seat is None:
        raise NotAllowedError("group.members_only")
    seat.state, seat.left_at = MemberState.LEFT, now()
    session.flush()
    group_access.record(session, actor, group, "left", f"/member:{seat.number}")
    group_access.put_in_force(session, actor, group)


def forget_names(session: Session, account_id: int) -> None:
    """Take the shown names of an account away, and its seats: the account is being closed."""
    mine = GroupMember.account_id == account_id
    session.execute(
        update(GroupMember)
        .where(mine, GroupMember.state == MemberState.ACTIVE)
        .values(state=MemberState.LEFT, left_at=now())
    )
    session.execute(
        update(GroupMember)
        .where(mine)
        .values(shown_name="", shown_organisation="", account_id=None)
    )
    session.flush()


def _seat(session: Session, member_id: int) -> tuple[GroupMember, WorkingGroup, Consultation]:
    group_id = session.scalar(select(GroupMember.group_id).where(GroupMember.id == member_id))
    if group_id is None:
        raise NotFoundError("group.unknown")
    group, consultation = group_access.locked_group(session, group_id)
    member = session.get_one(GroupMember, member_id, populate_existing=True)
    return member, group, consultation


def _require_open(member: GroupMember) -> None:
    if member.state is not MemberState.INVITED:
        raise ConflictError("group.invitation_answered")


def _require_fit(actor: Actor, consultation: Consultation, member: GroupMember) -> None:
    if member.is_facilitator:
        if not actor.has(Role.FACILITATOR):
            raise NotAllowedError("group.facilitator_role")
    elif actor.agency_id == consultation.agency_id and member.sector is not Sector.AGENCY:
        raise NotAllowedError("group.agency_seat")
