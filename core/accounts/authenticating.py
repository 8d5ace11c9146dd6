"""Service: check who signs in, and load who is acting."""

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


def session_key(account: Account) -> str:
    """Return what a browser's session holds of an account: its number and session version."""
    return f"{account.id}.{account.session_version}"


def load_actor(session: Session, keyring: Keyring, key: str) -> tuple[Actor, str] | None:
    """Return who a browser's session stands for, and their address; None if no longer valid."""
    number, _, version = key.partition(".")
    if not (number.isdecimal() and version.isdecimal()):
        return None
    account = session.get(Account, int(number))
    if (
        account is None
        or account.status is not AccountStatus.ACTIVE
        or account.session_version != int(version)
    ):
        return None
    email = keyring.open_email(account.email_sealed)
    return actor_of(account, keyring, email), email


def actor_of(account: Account, keyring: Keyring, email: str) -> Actor:
    """Return who acts when an account's person does."""
    agencies = [entry.agency_id for entry in account.grants if entry.agency_id is not None]
    return Actor(
        account_id=account.id,
        roles=frozenset(entry.role for entry in account.grants),
        agency_id=agencies[0] if agencies else None,
        person_tag=person_tag(account, keyring, email),
        keyring=keyring,
    )


def person_tag(account: Account, keyring: Keyring, email: str) -> bytes:
    """Return the tag of an account's person: of the first address that the account had."""
    if account.person_sealed is not None:
        return keyring.open_person_tag(account.person_sealed)
    return keyring.email_person_tag(email)
