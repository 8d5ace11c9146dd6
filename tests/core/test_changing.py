"""Changing an account's password, address and sessions."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from core.accounts import authenticating, changing, registering, sessions
from core.accounts.models import Account
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError
from core.keyring import Keyring
from core.mailing import outbox
from core.mailing.outbox import Letter, LetterKind
from tests.factories import joined, make_consultation

PASSWORD = "correct horse battery"


@pytest.fixture
def account(session: Session, keyring: Keyring) -> Account:
    return registering.register(session, keyring, email="somsri@example.org", password=PASSWORD)


def letters(session: Session, keyring: Keyring) -> list[Letter]:
    return [mail.letter for mail in outbox.claim(session, keyring, limit=50) if mail.letter]


def token_for(session: Session, keyring: Keyring, account: Account, address: str) -> str:
    changing.ask_to_change(session, keyring, account.id, password=PASSWORD, address=address)
    [letter] = letters(session, keyring)
    assert (letter.kind, letter.address) == (LetterKind.CONFIRM, address)
    return str(letter.details["token"])


def test_a_new_password_ends_every_session_and_is_told(
    session: Session, keyring: Keyring, account: Account
) -> None:
    before = sessions.begin(session, account.id)
    changing.change_password(
        session, keyring, account.id, present=PASSWORD, new="another good password"
    )
    assert sessions.find(session, keyring, before) is None
    with pytest.raises(NotAllowedError):
        authenticating.authenticate(session, keyring, email="somsri@example.org", password=PASSWORD)
    assert [letter.kind for letter in letters(session, keyring)] == [LetterKind.SECURITY]


def test_a_wrong_present_password_changes_nothing(
    session: Session, keyring: Keyring, account: Account
) -> None:
    with pytest.raises(InvalidError) as refused:
        changing.change_password(
            session, keyring, account.id, present="wrong", new="another good password"
        )
    assert (refused.value.code, refused.value.field) == ("password.wrong", "present_password")
    assert letters(session, keyring) == []


def test_a_confirmed_new_address_keeps_the_person_who_they_were(
    session: Session, keyring: Keyring, account: Account
) -> None:
    consultation = make_consultation(session, keyring)
    actor = authenticating.actor_of(account, keyring, "somsri@example.org")
    before = joined(session, actor, consultation).id
    changing.confirm(session, keyring, token_for(session, keyring, account, "new@example.org"))
    found = sessions.find(session, keyring, sessions.begin(session, account.id))
    assert found is not None
    assert found.email == "new@example.org"
    assert joined(session, found.actor, consultation).id == before
    told = letters(session, keyring)
    assert [(each.kind, each.address) for each in told] == [
        (LetterKind.SECURITY, "somsri@example.org")
    ]


def test_nobody_can_register_an_address_that_was_given_up(
    session: Session, keyring: Keyring, account: Account
) -> None:
    changing.confirm(session, keyring, token_for(session, keyring, account, "new@example.org"))
    with pytest.raises(ConflictError):
        registering.register(session, keyring, email="Somsri@example.org", password=PASSWORD)
    other = registering.register(session, keyring, email="b@example.org", password=PASSWORD)
    letters(session, keyring)
    changing.ask_to_change(
        session, keyring, other.id, password=PASSWORD, address="somsri@example.org"
    )
    assert letters(session, keyring) == []


def test_the_owner_can_go_back_to_a_former_address(
    session: Session, keyring: Keyring, account: Account
) -> None:
    changing.confirm(session, keyring, token_for(session, keyring, account, "new@example.org"))
    letters(session, keyring)
    changing.confirm(session, keyring, token_for(session, keyring, account, "somsri@example.org"))
    assert keyring.open_email(account.email_sealed) == "somsri@example.org"


def test_an_address_of_another_account_gets_no_link_and_the_answer_does_not_tell(
    session: Session, keyring: Keyring, account: Account
) -> None:
    registering.register(session, keyring, email="other@example.org", password=PASSWORD)
    changing.ask_to_change(
        session, keyring, account.id, password=PASSWORD, address="other@example.org"
    )
    assert letters(session, keyring) == []


@pytest.mark.parametrize(
    ("address", "password", "code"),
    [
        ("new@example.org", "wrong", "password.wrong"),
        ("nobody", PASSWORD, "account.email_invalid"),
        ("SOMSRI@example.org", PASSWORD, "account.email_same"),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    session: Session, keyring: Keyring, account: Account, address: str, password: str, code: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        changing.ask_to_change(session, keyring, account.id, password=password, address=address)
    assert refused.value.code == code


def test_a_link_to_change_works_once_and_for_a_day(
    session: Session, keyring: Keyring, account: Account
) -> None:
    token = token_for(session, keyring, account, "new@example.org")
    with (
        time_machine.travel(now() + timedelta(hours=25)),
        pytest.raises(ConflictError, match=r"account\.link_old"),
    ):
        changing.confirm(session, keyring, token)
    changing.confirm(session, keyring, token)
    with pytest.raises(ConflictError, match=r"account\.link_old"):
        changing.confirm(session, keyring, token)


@pytest.mark.parametrize("token", ["", "x", "ไทย", "gAAAAA=="])
def test_a_made_up_link_is_refused(session: Session, keyring: Keyring, token: str) -> None:
    with pytest.raises(ConflictError, match=r"account\.link_old"):
        changing.confirm(session, keyring, token)


def test_a_link_of_another_purpose_is_refused(
    session: Session, keyring: Keyring, account: Account
) -> None:
    note = {"account": account.id, "from": account.email_index.hex(), "to": "evil@example.org"}
    with pytest.raises(ConflictError, match=r"account\.link_old"):
        changing.confirm(session, keyring, keyring.seal_note("unsubscribe", note))
