"""Service: create agencies and accounts, and grant roles."""

import re

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import ledger
from core.accounts.models import Account, Agency, FormerAddress, RoleGrant
from core.accounts.passwords import hash_password
from core.actor import AGENCY_ROLES, Actor, Role
from core.clock import BANGKOK, now
from core.errors import ConflictError, InvalidError, NotFoundError
from core.keyring import Keyring, canonical_email
from core.slugs import checked_slug

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def register(
    session: Session, keyring: Keyring, *, email: str, password: str, locale: str = "th"
) -> Account:
    """Create an account that may take part.

    Raises
    ------
    InvalidError
        ``account.email_invalid``, or about the password as in ``hash_password``.
    ConflictError
        ``account.exists``: the address is taken. The page must not tell a stranger so.
    """
    address = checked_address(email)
    index = keyring.email_index(address)
    if session.get(FormerAddress, index) is not None:
        raise ConflictError("account.exists")
    account = Account(
        email_sealed=keyring.seal_email(address),
        email_index=index,
        password_hash=hash_password(password, email=address),
        locale=locale,
        created_on=now().astimezone(BANGKOK).date(),
        grants=[RoleGrant(role=Role.PARTICIPANT)],
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        raise ConflictError("account.exists") from error
    return account


def checked_address(email: str) -> str:
    """Return the one spelling of an address.

    Raises
    ------
    InvalidError
        ``account.email_invalid``.
    """
    address = canonical_email(email)
    if not _EMAIL.fullmatch(address) or len(address) > 254:
        raise InvalidError("account.email_invalid", field="email")
    return address


def grant(
    session: Session, actor: Actor, account: Account, role: Role, agency_slug: str | None = None
) -> None:
    """Give an account a role; officers and approvers get it in one agency.

    Raises
    ------
    InvalidError
        ``role.agency_needed``, ``role.agency_not_allowed`` (a moderator belongs to no agency) or
        ``role.conflict`` (moderation and agency work exclude each other).
    NotFoundError
        ``agency.unknown``.
    """
    agency = _agency_for(session, role, agency_slug)
    held = {entry.role for entry in account.grants}
    moderating = {Role.MODERATOR, Role.SENIOR_MODERATOR}
    if (role in moderating and held & AGENCY_ROLES) or (role in AGENCY_ROLES and held & moderating):
        raise InvalidError("role.conflict", field="role")
    if agency and any(entry.agency_id not in (None, agency.id) for entry in account.grants):
        raise InvalidError("role.one_agency", field="agency")
    if role in held:
        return
    account.grants.append(RoleGrant(role=role, agency_id=agency.id if agency else None))
    ledger.record(
        session,
        actor,
        "role.granted",
        subject=f"account:{account.id}",
        detail={"role": role, "agency": agency_slug},
    )
    session.flush()


def create_agency(
    session: Session, actor: Actor, *, slug: str, name_th: str, name_en: str
) -> Agency:
    """Create an agency.

    Raises
    ------
    InvalidError
        ``slug.invalid``.
    ConflictError
        ``agency.exists``.
    """
    slug = checked_slug(slug)
    if session.scalar(select(Agency.id).where(Agency.slug == slug)) is not None:
        raise ConflictError("agency.exists")
    agency = Agency(slug=slug, name_th=name_th, name_en=name_en)
    session.add(agency)
    ledger.record(session, actor, "agency.created", subject=f"agency:{slug}")
    session.flush()
    return agency


def agency_by_slug(session: Session, slug: str) -> Agency:
    """Return an agency.

    Raises
    ------
    NotFoundError
        ``agency.unknown``.
    """
    agency = session.scalars(select(Agency).where(Agency.slug == slug)).first()
    if agency is None:
        raise NotFoundError("agency.unknown", slug=slug)
    return agency


def _agency_for(session: Session, role: Role, slug: str | None) -> Agency | None:
    if role in AGENCY_ROLES:
        if not slug:
            raise InvalidError("role.agency_needed", field="agency")
        return agency_by_slug(session, slug)
    if slug:
        raise InvalidError("role.agency_not_allowed", field="agency")
    return None
