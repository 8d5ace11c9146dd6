"""Service: tell owners of accounts that nobody has used for long, and close them afterwards."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from core.accounts import closing
from core.accounts.activity import AccountActivity
from core.accounts.models import Account, AccountStatus, RoleGrant
from core.actor import Actor, Role
from core.clock import BANGKOK, now
from core.keyring import Keyring
from core.mailing import outbox
from core.mailing.outbox import Letter, LetterKind

#: Days without use after which the owner is told, and days from then until the account goes.
IDLE_DAYS, NOTICE_DAYS = 730, 30


def warn(session: Session, keyring: Keyring) -> int:
    """Send a letter to the owners of idle accounts; return how many."""
    numbers = session.scalars(_idle(_today() - timedelta(days=IDLE_DAYS))).all()
    for number in numbers:
        activity = session.get(AccountActivity, number)
        if activity is None:
            created = session.get_one(Account, number).created_on
            activity = AccountActivity(account_id=number, seen_on=created)
            session.add(activity)
        activity.warned_on = _today()
        letter = Letter(LetterKind.SECURITY, number, details={"what": "idle"})
        outbox.post(session, keyring, letter)
    session.flush()
    return len(numbers)


def close_idle(session: Session, actor: Actor, keyring: Keyring) -> int:
    """Close the accounts whose owners were told in time; return how many.

    What was said in consultations stays under its pseudonym: nothing leads there any more.
    """
    numbers = session.scalars(_told(_today() - timedelta(days=NOTICE_DAYS))).all()
    for number in numbers:
        closing.close(session, actor, keyring, number)
    return len(numbers)


def overdue(session: Session) -> int:
    """Return how many accounts should have been warned or closed by today; two queries."""
    unwarned = _idle(_today() - timedelta(days=IDLE_DAYS)).subquery()
    unclosed = _told(_today() - timedelta(days=NOTICE_DAYS)).subquery()
    return sum(
        session.scalar(select(func.count()).select_from(each)) or 0 for each in (unwarned, unclosed)
    )


def _idle(before: date) -> Select[int]:
    seen = func.coalesce(AccountActivity.seen_on, Account.created_on)
    return (
        select(Account.id)
        .outerjoin(AccountActivity, AccountActivity.account_id == Account.id)
        .where(_ends_by_itself(), seen <= before, AccountActivity.warned_on.is_(None))
        .order_by(Account.id)
    )


def _told(before: date) -> Select[int]:
    return (
        select(Account.id)
        .join(AccountActivity, AccountActivity.account_id == Account.id)
        .where(_ends_by_itself(), AccountActivity.warned_on <= before)
        .order_by(Account.id)
    )


def _ends_by_itself() -> ColumnElement[bool]:
    """Accounts that work for the site are ended by those who gave them their roles."""
    has_work = exists().where(
        RoleGrant.account_id == Account.id, RoleGrant.role != Role.PARTICIPANT
    )
    return (Account.status == AccountStatus.ACTIVE) & ~has_work


def _today() -> date:
    return now().astimezone(BANGKOK).date()
