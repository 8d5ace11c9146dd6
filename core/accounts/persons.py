"""Whether two accounts belong to one person, as far as the site can know."""

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from core.accounts.models import Account, IdentityLink
from core.keyring import Keyring, canonical_email

#: Hosts that ignore dots in the name of a mailbox, with the host that all of them are.
_DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


def mailbox(address: str) -> str:
    """Return the mailbox behind an address.

    What follows a plus sign names no other mailbox, nor do dots at hosts that ignore them.
    """
    name, _, host = canonical_email(address).rpartition("@")
    name = name.partition("+")[0]
    if host in _DOTLESS:
        name, host = name.replace(".", ""), _DOTLESS[host]
    return f"{name}@{host}"


def same_person(session: Session, keyring: Keyring, account_id: int, other_id: int) -> bool:
    """Whether two accounts are known to be one person's.

    They are when they are one account, when an identity provider says so of both, or when letters
    to both reach one mailbox.
    """
    if account_id == other_id:
        return True
    return _same_identity(session, account_id, other_id) or _same_mailbox(
        session, keyring, account_id, other_id
    )


def _same_identity(session: Session, account_id: int, other_id: int) -> bool:
    other = aliased(IdentityLink)
    found = session.scalar(
        select(IdentityLink.id)
        .join(other, other.person_index == IdentityLink.person_index)
        .where(IdentityLink.account_id == account_id, other.account_id == other_id)
        .limit(1)
    )
    return found is not None


def _same_mailbox(session: Session, keyring: Keyring, account_id: int, other_id: int) -> bool:
    sealed = session.scalars(
        select(Account.email_sealed).where(Account.id.in_((account_id, other_id)))
    ).all()
    boxes = {mailbox(keyring.open_email(each)) for each in sealed}
    return len(sealed) == 2 and len(boxes) == 1
