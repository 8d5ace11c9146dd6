"""Accounts and roles."""

import pytest
from sqlalchemy.orm import Session

from core.accounts import authenticating, registering
from core.accounts.models import Account
from core.actor import Actor, Role, system_actor
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from tests.factories import make_agency

PASSWORD = "correct horse battery staple"


def register(session: Session, keyring: Keyring, email: str = "a@example.org") -> Account:
    return registering.register(session, keyring, email=email, password=PASSWORD)


def test_a_registered_person_can_sign_in(session: Session, keyring: Keyring) -> None:
    account = register(session, keyring)
    found = authenticating.authenticate(session, keyring, email="A@Example.org", password=PASSWORD)
    assert found.id == account.id


def test_the_table_holds_no_readable_address(session: Session, keyring: Keyring) -> None:
    account = register(session, keyring)
    assert b"example" not in account.email_sealed + account.email_index


def test_unknown_address_and_wrong_password_are_refused_alike(
    session: Session, keyring: Keyring
) -> None:
    register(session, keyring)
    codes = set()
    for email, password in (("a@example.org", "wrong password here"), ("b@example.org", PASSWORD)):
        with pytest.raises(NotAllowedError) as refused:
            authenticating.authenticate(session, keyring, email=email, password=password)
        codes.add(refused.value.code)
    assert codes == {"sign_in.wrong"}


def test_an_address_registers_once(session: Session, keyring: Keyring) -> None:
    register(session, keyring)
    with pytest.raises(ConflictError, match=r"account\.exists"):
        register(session, keyring, "A@EXAMPLE.ORG")


@pytest.mark.parametrize("email", ["", "a", "a@b", "a b@example.org", "a@@example.org"])
def test_what_is_no_address_is_refused(session: Session, keyring: Keyring, email: str) -> None:
    with pytest.raises(InvalidError, match=r"account\.email_invalid"):
        register(session, keyring, email)


@pytest.mark.parametrize(("password", "code"), [("x" * 11, "short"), ("x" * 257, "long")])
def test_passwords_have_bounds(
    session: Session, keyring: Keyring, password: str, code: str
) -> None:
    with pytest.raises(InvalidError, match=f"password.too_{code}"):
        registering.register(session, keyring, email="a@example.org", password=password)


def test_an_officer_belongs_to_an_agency(session: Session, keyring: Keyring) -> None:
    account, agency = register(session, keyring), make_agency(session)
    with pytest.raises(InvalidError, match=r"role\.agency_needed"):
        registering.grant(session, system_actor(), account, Role.OFFICER)
    with pytest.raises(NotFoundError):
        registering.grant(session, system_actor(), account, Role.OFFICER, "none")
    registering.grant(session, system_actor(), account, Role.OFFICER, agency.slug)
    actor = load(session, keyring, account)
    assert actor.serves(agency.id, Role.OFFICER)
    assert not actor.serves(agency.id + 1, Role.OFFICER)


def test_a_moderator_belongs_to_no_agency(session: Session, keyring: Keyring) -> None:
    account, agency = register(session, keyring), make_agency(session)
    with pytest.raises(InvalidError, match=r"role\.agency_not_allowed"):
        registering.grant(session, system_actor(), account, Role.MODERATOR, agency.slug)
    registering.grant(session, system_actor(), account, Role.MODERATOR)
    with pytest.raises(InvalidError, match=r"role\.conflict"):
        registering.grant(session, system_actor(), account, Role.OFFICER, agency.slug)


def test_an_account_works_for_one_agency(session: Session, keyring: Keyring) -> None:
    account, one, two = register(session, keyring), make_agency(session), make_agency(session)
    registering.grant(session, system_actor(), account, Role.OFFICER, one.slug)
    with pytest.raises(InvalidError, match=r"role\.one_agency"):
        registering.grant(session, system_actor(), account, Role.APPROVER, two.slug)


def load(session: Session, keyring: Keyring, account: Account) -> Actor:
    return authenticating.actor_of(account, keyring, "a@example.org")
