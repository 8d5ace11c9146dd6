"""An identity provider says who somebody is: one person is one participant with any account."""

import pytest
from sqlalchemy.orm import Session

from consultations.models import Consultation, Tier
from consultations.participation import find_participant, participants_of, taken_part_in
from core.accounts import authenticating, identities, registering
from core.accounts.identities import Identity
from core.accounts.models import Account
from core.accounts.persons import same_person
from core.actor import Actor
from core.errors import ConflictError
from core.keyring import Keyring
from tests.factories import joined, make_consultation

THAI_ID, NDID = "https://one.example", "https://two.example"


def register(session: Session, keyring: Keyring, email: str) -> Account:
    password = "correct horse battery"
    return registering.register(session, keyring, email=email, password=password)


def acting(session: Session, keyring: Keyring, account: Account) -> Actor:
    session.refresh(account)
    return authenticating.actor_of(account, keyring, keyring.open_email(account.email_sealed))


def somsri(issuer: str = THAI_ID, subject: str = "s1") -> Identity:
    return Identity(issuer, subject, "th-citizen|1101700230708")


def somchai(issuer: str = THAI_ID) -> Identity:
    return Identity(issuer, "s2", "th-citizen|3101700230701")


@pytest.fixture
def account(session: Session, keyring: Keyring) -> Account:
    return register(session, keyring, "somsri@example.org")


@pytest.fixture
def consultation(session: Session, keyring: Keyring) -> Consultation:
    return make_consultation(session, keyring)


def test_a_verified_person_is_counted_as_one(
    session: Session, keyring: Keyring, account: Account, consultation: Consultation
) -> None:
    identities.link(session, keyring, account.id, somsri())
    actor = acting(session, keyring, account)
    assert actor.is_verified
    assert joined(session, actor, consultation).tier is Tier.PERSON


def test_who_took_part_before_stays_the_participant_they_were(
    session: Session, keyring: Keyring, account: Account, consultation: Consultation
) -> None:
    before = joined(session, acting(session, keyring, account), consultation).id
    identities.link(session, keyring, account.id, somsri())
    actor = acting(session, keyring, account)
    found = find_participant(session, actor, consultation)
    assert found is not None
    assert found.id == before
    assert taken_part_in(session, actor, [consultation]) == {consultation.id}
    assert participants_of(session, actor) == {consultation.id: before}
    assert joined(session, actor, consultation).tier is Tier.PERSON


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("took_part", [None, 0, 1])
def test_two_accounts_of_one_person_are_one_participant(
    session: Session,
    keyring: Keyring,
    account: Account,
    consultation: Consultation,
    order: tuple[int, int],
    took_part: int | None,
) -> None:
    accounts = [account, register(session, keyring, "second@example.org")]
    if took_part is not None:
        joined(session, acting(session, keyring, accounts[took_part]), consultation)
    for place, issuer in zip(order, (THAI_ID, NDID), strict=True):
        identities.link(session, keyring, accounts[place].id, somsri(issuer))
    people = [joined(session, acting(session, keyring, each), consultation).id for each in accounts]
    assert people[0] == people[1]
    assert same_person(session, keyring, accounts[0].id, accounts[1].id)


def test_an_account_made_again_is_the_same_person(
    session: Session, keyring: Keyring, account: Account, consultation: Consultation
) -> None:
    identities.link(session, keyring, account.id, somsri())
    before = joined(session, acting(session, keyring, account), consultation).id
    session.delete(account)
    session.flush()
    again = register(session, keyring, "other@example.org")
    identities.link(session, keyring, again.id, somsri())
    assert joined(session, acting(session, keyring, again), consultation).id == before


def test_two_people_are_two_participants(
    session: Session, keyring: Keyring, account: Account, consultation: Consultation
) -> None:
    other = register(session, keyring, "somchai@example.org")
    identities.link(session, keyring, account.id, somsri())
    identities.link(session, keyring, other.id, somchai())
    people = {
        joined(session, acting(session, keyring, a), consultation).id for a in (account, other)
    }
    assert len(people) == 2
    assert not same_person(session, keyring, account.id, other.id)


def test_an_account_is_of_one_person(session: Session, keyring: Keyring, account: Account) -> None:
    identities.link(session, keyring, account.id, somsri())
    with pytest.raises(ConflictError, match=r"identity\.other_person"):
        identities.link(session, keyring, account.id, somchai(NDID))
    with pytest.raises(ConflictError, match=r"identity\.linked_already"):
        identities.link(session, keyring, account.id, somsri())
    with pytest.raises(ConflictError, match=r"identity\.other_person"):
        identities.link(session, keyring, account.id, somsri(subject="another"))
    assert len(identities.of_account(session, account.id)) == 1


def test_an_account_is_found_by_issuer_and_subject_together(
    session: Session, keyring: Keyring, account: Account
) -> None:
    register(session, keyring, "noise@example.org")
    identities.link(session, keyring, account.id, somsri())
    assert identities.find(session, keyring, somsri()) == account.id
    assert identities.find(session, keyring, somsri(NDID)) is None
    assert identities.find(session, keyring, somchai()) is None
