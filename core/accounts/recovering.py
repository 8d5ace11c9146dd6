"""Service: a new password for somebody who has forgotten theirs, by a link in a letter."""

import hashlib
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts import sessions
from core.accounts.models import Account, AccountStatus
from core.accounts.passwords import hash_password
from core.clock import BANGKOK, now
from core.errors import ConflictError, InvalidError
from core.keyring import Keyring, canonical_email
from core.mailing import outbox
from core.mailing.outbox import Letter, LetterKind

#: How long the link can be used.
RECOVER_WITHIN = timedelta(minutes=30)
_PURPOSE = "new-password"
#: Longer addresses belong to nobody.
_LONGEST = 254


def ask(session: Session, keyring: Keyring, email: str) -> None:
    """Put out a letter with a link; the same work whether or not the address is known.

    Only when the letter is written does anybody look whether an account has the address.
    """
    address = canonical_email(email)[:_LONGEST]
    outbox.post(session, keyring, Letter(LetterKind.RECOVER, 0, address))


def account_of(session: Session, keyring: Keyring, address: str) -> int | None:
    """Return the account whose present address this is; None if there is none."""
    return session.scalar(
        select(Account.id).where(
            Account.email_index == keyring.email_index(address),
            Account.status == AccountStatus.ACTIVE,
        )
    )


def token_for(session: Session, keyring: Keyring, account_id: int) -> str:
    """Return what the link of a letter holds."""
    account = session.get_one(Account, account_id)
    note = {"account": account.id, "state": _state(account)}
    return keyring.seal_note(_PURPOSE, note)


def is_valid(session: Session, keyring: Keyring, token: str) -> bool:
    """Whether a link can be used."""
    return _opened(session, keyring, token) is not None


def recover(session: Session, keyring: Keyring, token: str, new: str) -> Account:
    """Set a new password by a link, and sign every browser out; a letter tells the person.

    A second factor stays as it is, and is asked for at the next sign-in.

    Raises
    ------
    ConflictError
        ``account.recovery_old``: not ours, too old, used, or the account has changed since.
    InvalidError
        About the new password.
    """
    account = _opened(session, keyring, token, lock=True)
    if account is None:
        raise ConflictError("account.recovery_old")
    email = keyring.open_email(account.email_sealed)
    try:
        account.password_hash = hash_password(new, email=email)
    except InvalidError as error:
        raise InvalidError(error.code, field="new_password", **error.details) from error
    account.email_confirmed_on = account.email_confirmed_on or now().astimezone(BANGKOK).date()
    letter = Letter(LetterKind.SECURITY, account.id, details={"what": "password"})
    outbox.post(session, keyring, letter)
    return sessions.end_all(session, account.id)


def _opened(
    session: Session, keyring: Keyring, token: str, *, lock: bool = False
) -> Account | None:
    note = keyring.open_note(_PURPOSE, token, within=RECOVER_WITHIN)
    if note is None:
        return None
    account = session.get(
        Account, note["account"], with_for_update=True if lock else None, populate_existing=True
    )
    is_usable = account is not None and account.status is AccountStatus.ACTIVE
    return account if account and is_usable and _state(account) == note["state"] else None


def _state(account: Account) -> str:
    """Return a digest that changes with the password and with the address."""
    return hashlib.sha256(account.email_index + account.password_hash.encode()).hexdigest()[:32]
