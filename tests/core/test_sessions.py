"""Signing in, in one browser: a key of its own, ended on the server, never longer than allowed."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from core.accounts import registering, sessions
from core.accounts.models import Account, AccountStatus
from core.actor import Role, system_actor
from core.clock import now
from core.keyring import Keyring


@pytest.fixture
def account(session: Session, keyring: Keyring) -> Account:
    password = "correct horse battery"
    return registering.register(session, keyring, email="a@example.org", password=password)


def test_each_browser_is_ended_alone(session: Session, keyring: Keyring, account: Account) -> None:
    one, other = sessions.begin(session, account.id), sessions.begin(session, account.id)
    sessions.end(session, one)
    assert sessions.find(session, keyring, one) is None
    assert sessions.find(session, keyring, other) is not None


def test_all_browsers_can_be_ended_together(
    session: Session, keyring: Keyring, account: Account
) -> None:
    keys = [sessions.begin(session, account.id) for _ in range(2)]
    sessions.end_all(session, account.id)
    assert [sessions.find(session, keyring, key) for key in keys] == [None, None]


def test_a_key_is_dead_once_it_was_renewed_and_the_end_stays(
    session: Session, keyring: Keyring, account: Account
) -> None:
    former = sessions.begin(session, account.id)
    with time_machine.travel(now() + timedelta(hours=11)):
        key = sessions.renew(session, former, second_step=True)
        assert key is not None
        assert sessions.find(session, keyring, former) is None
        found = sessions.find(session, keyring, key)
        assert found is not None
        assert (found.second_step, found.is_fresh) == (True, True)
    with time_machine.travel(now() + timedelta(hours=12, minutes=1)):
        assert sessions.find(session, keyring, key) is None


def test_staff_are_signed_out_sooner(session: Session, keyring: Keyring, account: Account) -> None:
    registering.grant(session, system_actor(), account, Role.AUDITOR)
    key = sessions.begin(session, account.id)
    found = sessions.find(session, keyring, key)
    assert found is not None
    assert found.idle == timedelta(minutes=15)
    with time_machine.travel(now() + timedelta(hours=8, minutes=1)):
        assert sessions.find(session, keyring, key) is None


def test_a_confirmation_holds_for_ten_minutes(
    session: Session, keyring: Keyring, account: Account
) -> None:
    key = sessions.begin(session, account.id)
    with time_machine.travel(now() + timedelta(minutes=11)):
        found = sessions.find(session, keyring, key)
        assert found is not None
        assert not found.is_fresh


def test_a_closed_account_is_signed_in_nowhere(
    session: Session, keyring: Keyring, account: Account
) -> None:
    key = sessions.begin(session, account.id)
    account.status = AccountStatus.CLOSED
    assert sessions.find(session, keyring, key) is None


@pytest.mark.parametrize(
    "key", ["", "1", "1.", ".1", "x.1", "1.1.1", "-1.1.x", "999.1.x", "๑.๑.x", "1" * 40 + ".1.x"]
)
def test_a_made_up_key_stands_for_nobody(
    session: Session, keyring: Keyring, account: Account, key: str
) -> None:
    sessions.begin(session, account.id)
    assert sessions.find(session, keyring, key) is None


def test_the_table_holds_no_key(session: Session, account: Account) -> None:
    key = sessions.begin(session, account.id)
    token = key.rpartition(".")[2]
    row = session.connection().exec_driver_sql("SELECT token_hash FROM browser_session").one()
    assert token.encode() not in bytes(row[0])
    assert sessions.renew(session, f"{account.id + 1}.1.{token}") is None
