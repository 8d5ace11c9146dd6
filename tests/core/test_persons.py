"""Two accounts of one person are recognised, so that nobody approves their own work."""

import pytest
from sqlalchemy.orm import Session

from core.accounts import registering
from core.accounts.models import IdentityLink
from core.accounts.persons import mailbox, same_person
from core.clock import now
from core.keyring import Keyring

PASSWORD = "correct horse battery"


def register(session: Session, keyring: Keyring, email: str) -> int:
    return registering.register(session, keyring, email=email, password=PASSWORD).id


def link(session: Session, account_id: int, issuer: str, person: bytes) -> None:
    session.add(
        IdentityLink(
            account_id=account_id,
            issuer=issuer,
            subject_index=f"{issuer}{account_id}".encode().ljust(32),
            person_index=person.ljust(32),
            verified_on=now().date(),
        )
    )
    session.flush()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("somsri@example.org", "somsri+work@example.org", True),
        ("somsri@example.org", "somsri2@example.org", False),
        ("somsri@example.org", "somsri@example.com", False),
        ("som.sri@gmail.com", "somsri+x@googlemail.com", True),
        ("som.sri@example.org", "somsri@example.org", False),
    ],
)
def test_one_mailbox_is_one_person(
    session: Session, keyring: Keyring, one: str, other: str, *, expected: bool
) -> None:
    register(session, keyring, "noise@example.org")
    ids = [register(session, keyring, email) for email in (one, other)]
    assert same_person(session, keyring, ids[0], ids[1]) is expected
    assert same_person(session, keyring, ids[1], ids[0]) is expected


def test_one_identity_is_one_person_at_any_provider(session: Session, keyring: Keyring) -> None:
    one, other, noise = (register(session, keyring, f"{n}@example.org") for n in "abc")
    link(session, one, "https://one.example", b"somsri")
    link(session, other, "https://two.example", b"somsri")
    link(session, noise, "https://one.example", b"somchai")
    assert same_person(session, keyring, one, other)
    assert not same_person(session, keyring, one, noise)


def test_an_account_is_its_own_person_and_an_unknown_one_is_nobody(
    session: Session, keyring: Keyring
) -> None:
    account = register(session, keyring, "a@example.org")
    assert same_person(session, keyring, account, account)
    assert not same_person(session, keyring, account, account + 1000)


def test_a_mailbox_is_compared_whatever_its_capitals() -> None:
    assert mailbox(" Som.Sri+a+b@GMAIL.com ") == "somsri@gmail.com"
