"""Whether two accounts belong to one person, as far as the site can know."""

from sqlalchemy.orm import Session

from core.accounts.models import Account
from core.keyring import Keyring, canonical_email


def mailbox(address: str) -> str:
    """Return the mailbox behind an address: what follows a plus sign names no other one."""
    name, _, host = canonical_email(address).rpartition("@")
    return f"{name.partition('+')[0]}@{host}"


def use_keys(session: Session, keyring: Keyring) -> None:
    """Let this session read addresses, to compare them."""
    session.info["keyring"] = keyring


def same_person(session: Session, account_id: int, other_id: int) -> bool:
    """Whether two accounts are known to be one person's: equal, or with one mailbox."""
    if account_id == other_id:
        return True
    keyring: Keyring | None = session.info.get("keyring")
    accounts = [session.get(Account, number) for number in (account_id, other_id)]
    if keyring is None or None in accounts:
        return False
    boxes = {mailbox(keyring.open_email(each.email_sealed)) for each in accounts if each}
    return len(boxes) == 1
