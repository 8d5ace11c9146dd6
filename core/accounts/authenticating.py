"""Service: check who signs in, and tell who acts when they do."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.models import Account, AccountStatus
from core.accounts.passwords import matches
from core.actor import Actor
from core.errors import NotAllowedError
from core.keyring import Keyring


def authenticate(session: Session, keyring: Keyring, *, email: str, password: str) -> Account:
    """Return the account whose address and password these are.

    Raises
    ------
    NotAllowedError
        ``sign_in.wrong``, the same for an unknown address and for a wrong password.
    """
    account = session.scalars(
        select(Account).where(Account.email_index == keyring.email_index(email))
    ).first()
    usable = account is not None and account.status is AccountStatus.ACTIVE
    if not matches(password, account.password_hash if account and usable else None):
        raise NotAllowedError("sign_in.wrong")
    if account is None:
        raise NotAllowedError("sign_in.wrong")
    return account


def actor_of(account: Account, keyring: Keyring, email: str) -> Actor:
    """Return who acts when an account's person does."""
    agencies = [entry.agency_id for entry in account.grants if entry.agency_id is not None]
    return Actor(
        account_id=account.id,
        roles=frozenset(entry.role for entry in account.grants),
        agency_id=agencies[0] if agencies else None,
        person_tag=person_tag(account, keyring, email),
        earlier_tags=earlier_tags(account, keyring),
        is_verified=account.is_verified,
        organisation=account.organisation,
        keyring=keyring,
    )


def person_tag(account: Account, keyring: Keyring, email: str) -> bytes:
    """Return the tag of an account's person: as verified, or of the account's first address."""
    if account.person_sealed is not None:
        return keyring.open_person_tag(account.person_sealed)
    return keyring.email_person_tag(email)


def earlier_tags(account: Account, keyring: Keyring) -> tuple[bytes, ...]:
    """Return the tags under which the person took part before they were verified."""
    return keyring.open_person_tags(account.earlier_sealed) if account.earlier_sealed else ()
