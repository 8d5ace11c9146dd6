"""Service: close one's account, so that nothing of it is left."""

import secrets

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import erasures, ledger
from core.accounts.models import Account, AccountStatus, FormerAddress
from core.accounts.passwords import matches
from core.actor import Actor, Role
from core.clock import now
from core.erasures import ErasedKind
from core.errors import ConflictError, InvalidError
from core.keyring import Keyring


def require_can_close(session: Session, account_id: int, *, password: str) -> None:
    """Raise unless the person may close the account.

    Raises
    ------
    InvalidError
        ``password.wrong``.
    ConflictError
        ``account.has_roles``: work for the site is given up first.
    """
    account = session.get_one(Account, account_id, with_for_update=True)
    if any(entry.role is not Role.PARTICIPANT for entry in account.grants):
        raise ConflictError("account.has_roles")
    if not matches(password, account.password_hash):
        raise InvalidError("password.wrong", field="password")


def close(session: Session, actor: Actor, keyring: Keyring, account_id: int) -> None:
    """Erase an account with its settings, and put it on the list of what is erased.

    Deeds that it did for the site are on record by its number; then an empty row stays.
    """
    account = session.get(Account, account_id)
    if account is None:
        return
    erasures.note(session, ErasedKind.ACCOUNT, keyring.account_mark(account_id))
    ledger.record(session, actor, "account.erased")
    session.flush()
    try:
        with session.begin_nested():
            session.delete(account)
    except IntegrityError:
        _empty(session, session.get_one(Account, account_id, populate_existing=True))
    session.flush()


def account_marked(session: Session, keyring: Keyring, mark: str) -> int | None:
    """Return the account that a line of the list names; None if there is none."""
    numbers = session.scalars(select(Account.id).where(Account.status == AccountStatus.ACTIVE))
    return next((number for number in numbers if keyring.account_mark(number) == mark), None)


def _empty(session: Session, account: Account) -> None:
    account.status, account.grants = AccountStatus.CLOSED, []
    account.email_sealed, account.email_index = b"", secrets.token_bytes(32)
    account.person_sealed, account.password_hash = None, ""
    account.email_confirmed_on, account.created_on = None, now().date()
    account.session_version += 1
    session.flush()
    for former in session.scalars(
        select(FormerAddress).where(FormerAddress.account_id == account.id)
    ):
        session.delete(former)
