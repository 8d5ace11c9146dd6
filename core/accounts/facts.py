"""Reads: all that is held about an account itself, as plain values for its owner."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.activity import AccountActivity
from core.accounts.models import Account, FormerAddress
from core.keyring import Keyring
from core.mailing import preferences


def account_facts(session: Session, keyring: Keyring, account_id: int) -> dict[str, Any]:
    """Return address, days, language, roles and settings; five queries at most."""
    account = session.get_one(Account, account_id)
    activity = session.get(AccountActivity, account_id)
    wish = preferences.of_account(session, account_id)
    former = session.scalars(
        select(FormerAddress.account_id).where(FormerAddress.account_id == account_id)
    ).all()
    confirmed = account.email_confirmed_on
    return {
        "email": keyring.open_email(account.email_sealed),
        "email_confirmed_on": confirmed.isoformat() if confirmed else None,
        "password": "kept as a hash only, which cannot be turned back",
        "language": account.locale,
        "created_on": account.created_on.isoformat(),
        "last_used_on": activity.seen_on.isoformat() if activity else None,
        "roles": sorted(entry.role.value for entry in account.grants),
        "former_addresses": f"{len(former)}, each as a code that cannot be read",
        "letters": {kind.value: channel.value for kind, channel in wish.channels.items()},
        "quiet_hours": {"from": wish.quiet.begin, "until": wish.quiet.end},
    }
