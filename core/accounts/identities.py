"""Service: an identity provider says who an account's person is. Numbers are never stored."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.authenticating import earlier_tags, person_tag
from core.accounts.models import Account, AccountStatus, IdentityLink
from core.clock import BANGKOK, now
from core.errors import ConflictError
from core.keyring import Keyring
from core.mailing import outbox
from core.mailing.outbox import Letter, LetterKind


@dataclass(frozen=True)
class Identity:
    """Who a provider says that somebody is.

    Parameters
    ----------
    person : str
        Class and number of the person; the same at all providers of that class. Forgotten as soon
        as its keyed hashes are made.
    """

    issuer: str
    subject: str = field(repr=False)
    person: str = field(repr=False)
    level: str = ""


@dataclass(frozen=True)
class Linked:
    """A provider that has verified an account's person."""

    issuer: str
    verified_on: date


def of_account(session: Session, account_id: int) -> list[Linked]:
    """Return the providers that have verified an account's person."""
    rows = session.scalars(
        select(IdentityLink).where(IdentityLink.account_id == account_id).order_by(IdentityLink.id)
    )
    return [Linked(row.issuer, row.verified_on) for row in rows]


def find(session: Session, keyring: Keyring, identity: Identity) -> int | None:
    """Return the account that was first connected with an identity; never by its address."""
    return session.scalar(
        select(Account.id)
        .join(IdentityLink, IdentityLink.account_id == Account.id)
        .where(
            IdentityLink.issuer == identity.issuer,
            IdentityLink.subject_index == _subject(keyring, identity),
            Account.status == AccountStatus.ACTIVE,
        )
        .order_by(IdentityLink.id)
        .limit(1)
    )


def link(session: Session, keyring: Keyring, account_id: int, identity: Identity) -> None:
    """Verify the person of an account; a letter tells them.

    The person is one participant from now on, whichever of their accounts they use. Where they took
    part before, they go on as the participant they were.

    Raises
    ------
    ConflictError
        ``identity.linked_already``, or ``identity.other_person``: it was verified as another one.
    """
    account = session.get_one(Account, account_id, with_for_update=True)
    person = keyring.index("person", identity.person)
    _check_free(session, keyring, account, identity, person)
    if not account.is_verified:
        before = person_tag(account, keyring, keyring.open_email(account.email_sealed))
        account.earlier_sealed = keyring.seal_person_tags((before,))
    tag = keyring.seal_person_tag(keyring.identity_person_tag(identity.person))
    account.person_sealed, account.is_verified = tag, True
    session.add(
        IdentityLink(
            account_id=account.id,
            issuer=identity.issuer,
            subject_index=_subject(keyring, identity),
            person_index=person,
            level=identity.level,
            verified_on=now().astimezone(BANGKOK).date(),
        )
    )
    session.flush()
    _share_tags(session, keyring, person)
    letter = Letter(LetterKind.SECURITY, account.id, details={"what": "identity"})
    outbox.post(session, keyring, letter)
    session.flush()


def _check_free(
    session: Session, keyring: Keyring, account: Account, identity: Identity, person: bytes
) -> None:
    """Refuse a second person for one account, and a second link with one provider."""
    held = session.scalars(select(IdentityLink).where(IdentityLink.account_id == account.id)).all()
    if any(row.person_index != person for row in held):
        raise ConflictError("identity.other_person")
    for row in held:
        if row.issuer == identity.issuer:
            is_same = row.subject_index == _subject(keyring, identity)
            raise ConflictError("identity.linked_already" if is_same else "identity.other_person")


def _share_tags(session: Session, keyring: Keyring, person: bytes) -> None:
    """Let all accounts of one person find what the person did under any of them."""
    accounts = session.scalars(
        select(Account)
        .join(IdentityLink, IdentityLink.account_id == Account.id)
        .where(IdentityLink.person_index == person)
        .order_by(Account.id)
        .with_for_update(of=Account)
    ).unique()
    found = list(accounts)
    tags = tuple(dict.fromkeys(tag for each in found for tag in earlier_tags(each, keyring)))
    for account in found:
        account.earlier_sealed = keyring.seal_person_tags(tags)


def _subject(keyring: Keyring, identity: Identity) -> bytes:
    return keyring.index("subject", f"{identity.issuer}|{identity.subject}")
