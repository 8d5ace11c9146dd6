"""Service: an account that speaks for an organisation; what it says is labelled so."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ledger
from core.accounts.models import Account
from core.actor import Actor, Role
from core.errors import InvalidError, NotAllowedError
from core.keyring import Keyring
from core.text import plain_text

#: Longest name, in characters.
LONGEST = 200


def name_organisation(
    session: Session, actor: Actor, keyring: Keyring, *, email: str, name: str
) -> None:
    """Say whom an account speaks for; an empty name makes it a person's again.

    Raises
    ------
    NotAllowedError
        ``page.not_allowed``: only administrators do this.
    InvalidError
        ``account.unknown``, ``text.too_long``, or ``organisation.staff``.
    """
    if not actor.has(Role.ADMINISTRATOR):
        raise NotAllowedError("page.not_allowed")
    account = session.scalars(
        select(Account).where(Account.email_index == keyring.email_index(email))
    ).first()
    if account is None:
        raise InvalidError("account.unknown", field="email")
    if any(entry.role is not Role.PARTICIPANT for entry in account.grants):
        raise InvalidError("organisation.staff", field="email")
    words = " ".join(plain_text(name, max_length=4 * LONGEST).split())
    if len(words) > LONGEST:
        raise InvalidError("text.too_long", field="name", maximum=LONGEST)
    account.organisation = words
    ledger.record(
        session,
        actor,
        "organisation.named",
        subject=f"account:{account.id}",
        detail={"name": words},
    )
    session.flush()
