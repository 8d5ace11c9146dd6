"""A forgotten password: one link, thirty minutes, no other flow, nobody told who has an account."""

from datetime import timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy.orm import Session

from core.accounts import (
    authenticating,
    changing,
    codes,
    factors,
    recovering,
    registering,
    sessions,
)
from core.accounts.models import Account, AccountStatus
from core.clock import now
from core.errors import ConflictError, InvalidError
from core.keyring import Keyring
from core.mailing import outbox
from core.mailing.models import OutgoingMail
from core.mailing.outbox import LetterKind

PASSWORD, NEW = "correct horse battery", "another good password"


@pytest.fixture
def account(session: Session, keyring: Keyring) -> Account:
    return registering.register(session, keyring, email="somsri@example.org", password=PASSWORD)


def test_a_link_sets_a_password_and_ends_every_session(
    session: Session, keyring: Keyring, account: Account
) -> None:
    key = sessions.begin(session, account.id)
    recovering.recover(session, keyring, recovering.token_for(session, keyring, account.id), NEW)
    assert sessions.find(session, keyring, key) is None
    found = authenticating.authenticate(session, keyring, email="somsri@example.org", password=NEW)
    assert found.id == account.id
    letters = outbox.claim(session, keyring, limit=9)
    assert [each.letter.kind for each in letters if each.letter] == [LetterKind.SECURITY]


def test_asking_leaves_the_same_for_known_and_unknown(
    session: Session, keyring: Keyring, account: Account
) -> None:
    for address in ("somsri@example.org", "nobody@example.org"):
        recovering.ask(session, keyring, address)
    session.flush()
    rows = session.query(OutgoingMail).all()
    assert len(rows) == 2
    assert len({len(row.sealed) for row in rows}) == 1


def test_a_link_is_used_once(session: Session, keyring: Keyring, account: Account) -> None:
    tokens = [recovering.token_for(session, keyring, account.id) for _ in range(2)]
    recovering.recover(session, keyring, tokens[0], NEW)
    for token in tokens:
        with pytest.raises(ConflictError, match=r"account\.recovery_old"):
            recovering.recover(session, keyring, token, NEW + " again")


def test_a_link_lasts_thirty_minutes(session: Session, keyring: Keyring, account: Account) -> None:
    token = recovering.token_for(session, keyring, account.id)
    with (
        time_machine.travel(now() + timedelta(minutes=31)),
        pytest.raises(ConflictError, match=r"account\.recovery_old"),
    ):
        recovering.recover(session, keyring, token, NEW)
    assert recovering.is_valid(session, keyring, token)


@pytest.mark.parametrize("change", ["password", "address", "closed"])
def test_a_link_dies_when_the_account_changes(
    session: Session, keyring: Keyring, account: Account, change: str
) -> None:
    token = recovering.token_for(session, keyring, account.id)
    if change == "password":
        changing.change_password(session, keyring, account.id, present=PASSWORD, new=NEW)
    elif change == "address":
        account.email_index = keyring.email_index("new@example.org")
    else:
        account.status = AccountStatus.CLOSED
    session.flush()
    with pytest.raises(ConflictError, match=r"account\.recovery_old"):
        recovering.recover(session, keyring, token, NEW)


@pytest.mark.parametrize("purpose", ["confirm-address", "unsubscribe", "second-step", "oidc"])
def test_a_link_of_another_flow_never_works(
    session: Session, keyring: Keyring, account: Account, purpose: str
) -> None:
    token = recovering.token_for(session, keyring, account.id)
    note = keyring.open_note("new-password", token)
    assert note is not None
    with pytest.raises(ConflictError):
        recovering.recover(session, keyring, keyring.seal_note(purpose, note), NEW)
    with pytest.raises(ConflictError):
        changing.confirm(session, keyring, token)


@pytest.mark.parametrize("token", ["", "x", "ไทย", "gAAAAA=="])
def test_a_made_up_link_is_refused(session: Session, keyring: Keyring, token: str) -> None:
    with pytest.raises(ConflictError, match=r"account\.recovery_old"):
        recovering.recover(session, keyring, token, NEW)


def test_a_weak_password_is_refused_and_the_link_stays(
    session: Session, keyring: Keyring, account: Account
) -> None:
    token = recovering.token_for(session, keyring, account.id)
    with pytest.raises(InvalidError) as refused:
        recovering.recover(session, keyring, token, "short")
    assert refused.value.field == "new_password"
    assert recovering.is_valid(session, keyring, token)


def test_the_second_step_is_not_skipped(
    session: Session, keyring: Keyring, account: Account
) -> None:
    secret = codes.new_secret()
    step = int(now().timestamp()) // codes.STEP
    code = pyotp.TOTP(secret).generate_otp(step)
    factors.add_app(session, keyring, account.id, secret=secret, code=code, name="")
    recovering.recover(session, keyring, recovering.token_for(session, keyring, account.id), NEW)
    assert factors.has_any(session, account.id)
