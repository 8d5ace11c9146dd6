"""Service: browsers in which an account is signed in; each can be ended on the server."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.accounts.authenticating import actor_of
from core.accounts.models import Account, AccountStatus, BrowserSession
from core.actor import Actor, Role
from core.clock import now
from core.keyring import Keyring

#: How long somebody may stay away, and how long a sign-in lasts at most.
IDLE, LIFETIME = timedelta(minutes=60), timedelta(hours=12)
STAFF_IDLE, STAFF_LIFETIME = timedelta(minutes=15), timedelta(hours=8)
#: For so long after a password, code or passkey no other is asked for.
FRESH = timedelta(minutes=10)


@dataclass(frozen=True)
class Visit:
    """Who is signed in in one browser, and how surely."""

    key: str = field(repr=False)
    actor: Actor
    email: str = field(repr=False)
    #: Roles beside taking part, whether or not they are open in this visit.
    staff_roles: frozenset[Role]
    second_step: bool
    confirmed_at: datetime

    @property
    def account_id(self) -> int:
        """The account that is signed in."""
        return int(self.key.partition(".")[0])

    @property
    def idle(self) -> timedelta:
        """How long the person may stay away."""
        return STAFF_IDLE if self.staff_roles else IDLE

    @property
    def lifetime(self) -> timedelta:
        """How long the sign-in lasts at most."""
        return STAFF_LIFETIME if self.staff_roles else LIFETIME

    @property
    def is_fresh(self) -> bool:
        """Whether the person has shown a moment ago that it is they."""
        return now() - self.confirmed_at < FRESH


def begin(session: Session, account_id: int, *, second_step: bool = False) -> str:
    """Sign an account in, in one browser; return the key that the browser holds."""
    account = session.get_one(Account, account_id)
    _forget_old(session)
    return _add(session, account, now(), second_step=second_step)


def find(session: Session, keyring: Keyring, key: str) -> Visit | None:
    """Return who is signed in with a key; None if it was ended, is too old, or never was."""
    number, version, token = _parts(key)
    row = session.execute(
        select(BrowserSession, Account)
        .join(Account, Account.id == BrowserSession.account_id)
        .where(BrowserSession.token_hash == _hash(token), Account.id == number)
    ).first()
    if row is None:
        return None
    kept, account = row
    staff = frozenset(entry.role for entry in account.grants) - {Role.PARTICIPANT}
    lifetime = STAFF_LIFETIME if staff else LIFETIME
    is_current = account.session_version == version and account.status is AccountStatus.ACTIVE
    if not is_current or now() - kept.began_at >= lifetime:
        return None
    email = keyring.open_email(account.email_sealed)
    actor = actor_of(account, keyring, email)
    return Visit(key, actor, email, staff, kept.second_step, kept.confirmed_at)


def renew(session: Session, key: str, *, second_step: bool = False) -> str | None:
    """Give a browser another key once its person has shown more; the former one is dead.

    Its end stays when it was. None if the former key is not valid.
    """
    number, _version, token = _parts(key)
    kept = session.get(BrowserSession, _hash(token), with_for_update=True)
    if kept is None or kept.account_id != number:
        return None
    account = session.get_one(Account, number)
    began_at, second_step = kept.began_at, second_step or kept.second_step
    session.delete(kept)
    return _add(session, account, began_at, second_step=second_step)


def end(session: Session, key: str) -> None:
    """Sign one browser out."""
    _number, _version, token = _parts(key)
    session.execute(delete(BrowserSession).where(BrowserSession.token_hash == _hash(token)))


def end_all(session: Session, account_id: int) -> Account:
    """Sign every browser of an account out."""
    account = session.get_one(Account, account_id, with_for_update=True)
    account.session_version += 1
    session.execute(delete(BrowserSession).where(BrowserSession.account_id == account_id))
    session.flush()
    return account


def _add(session: Session, account: Account, began_at: datetime, *, second_step: bool) -> str:
    token = secrets.token_urlsafe(32)
    session.add(
        BrowserSession(
            token_hash=_hash(token),
            account_id=account.id,
            began_at=began_at,
            confirmed_at=now(),
            second_step=second_step,
        )
    )
    session.flush()
    return f"{account.id}.{account.session_version}.{token}"


def _forget_old(session: Session) -> None:
    session.execute(delete(BrowserSession).where(BrowserSession.began_at < now() - LIFETIME))


def _parts(key: str) -> tuple[int, int, str]:
    """Return account, version and random part of a key; zeros for what is no key."""
    number, version, token = [*key.split("."), "", "", ""][:3]
    if not (number.isascii() and number.isdecimal() and version.isascii() and version.isdecimal()):
        return 0, 0, ""
    if len(number) > 18 or len(version) > 9:
        return 0, 0, ""
    return int(number), int(version), token


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
