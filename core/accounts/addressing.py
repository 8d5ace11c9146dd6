"""Reads: where and in which language letters to an account go."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from core.accounts.models import Account, AccountStatus
from core.keyring import Keyring


@dataclass(frozen=True)
class Addressee:
    """Whom a letter goes to."""

    account_id: int
    address: str = field(repr=False)
    language: str
    is_confirmed: bool


def addressee(session: Session, keyring: Keyring, account_id: int) -> Addressee | None:
    """Return where letters to an account go; None if it is closed."""
    account = session.get(Account, account_id)
    if account is None or account.status is not AccountStatus.ACTIVE:
        return None
    return Addressee(
        account_id,
        keyring.open_email(account.email_sealed),
        account.locale,
        account.email_confirmed_on is not None,
    )
