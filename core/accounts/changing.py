"""Service: change an account's password, address and language."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.accounts import sessions
from core.accounts.authenticating import person_tag
from core.accounts.models import Account, AccountStatus, FormerAddress
from core.accounts.passwords import hash_password, matches
from core.accounts.registering import checked_address
from core.clock import BANGKOK, now
from core.errors import ConflictError, InvalidError
from core.keyring import Keyring
from core.mailing import outbox, preferences
from core.mailing.outbox import Letter, LetterKind

#: How long the link that confirms an address can be used.
CONFIRM_WITHIN = timedelta(hours=24)
_PURPOSE = "confirm-address"


def change_password(
    session: Session, keyring: Keyring, account_id: int, *, present: str, new: str
) -> Account:
    """Change the password and end every session; a letter tells the person.

    Raises
    ------
    InvalidError
        ``password.wrong`` on the present one; or about the new one, as in ``hash_password``.
    """
    account = _checked(session, account_id, present)
    try:
        address = keyring.open_email(account.email_sealed)
        account.password_hash = hash_password(new, email=address)
    except InvalidError as error:
        raise InvalidError(error.code, field="new_password", **error.details) from error
    _tell(session, keyring, account, "password")
    return sessions.end_all(session, account_id)


def choose_language(session: Session, account_id: int, language: str) -> None:
    """Keep the language of an account's letters."""
    session.get_one(Account, account_id).locale = language
    session.flush()


def language(session: Session, account_id: int) -> str:
    """Return the language of an account's letters."""
    return session.get_one(Account, account_id).locale


def is_confirmed(session: Session, account_id: int) -> bool:
    """Whether the person has shown that the account's address is theirs."""
    return session.get_one(Account, account_id).email_confirmed_on is not None


def ask_to_confirm(session: Session, keyring: Keyring, account_id: int) -> None:
    """Send a link to the account's own address, to show that it is the person's."""
    account = session.get_one(Account, account_id)
    _post_link(session, keyring, account, keyring.open_email(account.email_sealed))


def ask_to_change(
    session: Session, keyring: Keyring, account_id: int, *, password: str, address: str
) -> None:
    """Send a link to a new address; the account keeps the present one until it is used.

    Says the same whether or not the new address belongs to another account; that one gets no link.

    Raises
    ------
    InvalidError
        ``password.wrong``, ``account.email_invalid`` or ``account.email_same``.
    """
    account = _checked(session, account_id, password, field="password")
    new = checked_address(address)
    index = keyring.email_index(new)
    if index == account.email_index:
        raise InvalidError("account.email_same", field="email")
    if not _is_taken(session, index, account_id):
        _post_link(session, keyring, account, new)


def confirm(session: Session, keyring: Keyring, token: str) -> Account:
    """Take the address that a link was sent to as the account's confirmed one.

    Raises
    ------
    ConflictError
        ``account.link_old``: not ours, too old, used already, or for an account that changed since.
    """
    note = keyring.open_note(_PURPOSE, token, within=CONFIRM_WITHIN) or {}
    account = session.get(Account, note.get("account", 0), with_for_update=True)
    if account is None or account.status is not AccountStatus.ACTIVE:
        raise ConflictError("account.link_old")
    if note["from"] != account.email_index.hex():
        raise ConflictError("account.link_old")
    if keyring.email_index(note["to"]) != account.email_index:
        _move(session, keyring, account, note["to"])
    account.email_confirmed_on = now().astimezone(BANGKOK).date()
    preferences.resume(session, account.id)
    session.flush()
    return account


def _move(session: Session, keyring: Keyring, account: Account, address: str) -> None:
    """Give an account another address; the person stays who they were in every consultation."""
    index = keyring.email_index(address)
    if _is_taken(session, index, account.id):
        raise ConflictError("account.link_old")
    former = keyring.open_email(account.email_sealed)
    _tell(session, keyring, account, "address", address=former)
    if account.person_sealed is None:
        tag = person_tag(account, keyring, former)
        account.person_sealed = keyring.seal_person_tag(tag)
    session.merge(FormerAddress(email_index=account.email_index, account_id=account.id))
    account.email_sealed, account.email_index = keyring.seal_email(address), index
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError as error:
        raise ConflictError("account.link_old") from error


def _is_taken(session: Session, index: bytes, account_id: int) -> bool:
    """Whether an address is, or was, another account's."""
    former = session.get(FormerAddress, index)
    if former is not None:
        return former.account_id != account_id
    return session.scalar(select(Account.id).where(Account.email_index == index)) is not None


def _checked(
    session: Session, account_id: int, password: str, field: str = "present_password"
) -> Account:
    account = session.get_one(Account, account_id, with_for_update=True)
    if not matches(password, account.password_hash):
        raise InvalidError("password.wrong", field=field)
    return account


def _post_link(session: Session, keyring: Keyring, account: Account, address: str) -> None:
    note = {"account": account.id, "from": account.email_index.hex(), "to": address}
    token = keyring.seal_note(_PURPOSE, note)
    letter = Letter(LetterKind.CONFIRM, account.id, address, details={"token": token})
    outbox.post(session, keyring, letter)


def _tell(
    session: Session, keyring: Keyring, account: Account, what: str, address: str | None = None
) -> None:
    letter = Letter(LetterKind.SECURITY, account.id, address, details={"what": what})
    outbox.post(session, keyring, letter)
