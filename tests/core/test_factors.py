"""The second step: codes that work once, recovery codes, and what staff may not remove."""

from datetime import timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy.orm import Session

from core.accounts import codes, factors, registering
from core.accounts.models import RecoveryCode, SecondFactor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotFoundError
from core.keyring import Keyring


@pytest.fixture
def account(session: Session, keyring: Keyring) -> int:
    password = "correct horse battery"
    return registering.register(session, keyring, email="a@example.org", password=password).id


def code(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(now().timestamp()) + steps * codes.STEP)


def with_app(session: Session, keyring: Keyring, account: int) -> str:
    """Add an app whose code of three steps ago set it up; return its secret."""
    secret = codes.new_secret()
    with time_machine.travel(now() - timedelta(seconds=3 * codes.STEP)):
        values = {"secret": secret, "code": code(secret), "name": "telephone"}
        factors.add_app(session, keyring, account, **values)
    return secret


@pytest.mark.parametrize(
    ("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_clocks_may_differ_by_one_step(
    session: Session, keyring: Keyring, account: int, steps: int, *, right: bool
) -> None:
    secret = with_app(session, keyring, account)
    assert factors.use_code(session, keyring, account, code(secret, steps)) is right


def test_a_code_works_once_and_no_earlier_one_afterwards(
    session: Session, keyring: Keyring, account: int
) -> None:
    secret = with_app(session, keyring, account)
    assert factors.use_code(session, keyring, account, code(secret))
    assert not factors.use_code(session, keyring, account, code(secret))
    assert not factors.use_code(session, keyring, account, code(secret, -1))


def test_the_code_that_set_an_app_up_is_used_up(
    session: Session, keyring: Keyring, account: int
) -> None:
    secret = codes.new_secret()
    shown = code(secret)
    factors.add_app(session, keyring, account, secret=secret, code=shown, name="")
    assert not factors.use_code(session, keyring, account, shown)


def test_codes_are_read_as_people_type_them(
    session: Session, keyring: Keyring, account: int
) -> None:
    shown = code(with_app(session, keyring, account))
    thai = shown.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    assert factors.use_code(session, keyring, account, f" {thai[:3]} {thai[3:]} ")


@pytest.mark.parametrize("wrong", ["", "000000", "12345", "1234567", "abcdef", "²²²²²²", "x" * 500])
def test_anything_else_is_refused(
    session: Session, keyring: Keyring, account: int, wrong: str
) -> None:
    with_app(session, keyring, account)
    factors.new_codes(session, keyring, account)
    assert not factors.use_code(session, keyring, account, wrong)


def test_a_code_of_another_account_is_refused(
    session: Session, keyring: Keyring, account: int
) -> None:
    password = "correct horse battery"
    other = registering.register(session, keyring, email="b@example.org", password=password).id
    secret = with_app(session, keyring, account)
    with_app(session, keyring, other)
    made = factors.new_codes(session, keyring, account)
    assert not factors.use_code(session, keyring, other, code(secret))
    assert not factors.use_code(session, keyring, other, made[0])


def test_recovery_codes_work_once_and_new_ones_void_the_old(
    session: Session, keyring: Keyring, account: int
) -> None:
    with_app(session, keyring, account)
    first = factors.new_codes(session, keyring, account)
    assert len(set(first)) == factors.CODES
    assert factors.use_code(session, keyring, account, first[0].upper().replace("-", " "))
    assert not factors.use_code(session, keyring, account, first[0])
    assert factors.codes_left(session, account) == factors.CODES - 1
    second = factors.new_codes(session, keyring, account)
    assert not factors.use_code(session, keyring, account, first[1])
    assert factors.use_code(session, keyring, account, second[1])


def test_nothing_stored_can_be_used(session: Session, keyring: Keyring, account: int) -> None:
    secret = with_app(session, keyring, account)
    made = factors.new_codes(session, keyring, account)
    [row] = session.query(SecondFactor).all()
    assert secret not in row.secret_sealed
    stored = b"".join(kept.code_hash for kept in session.query(RecoveryCode))
    assert all(each.encode() not in stored for each in made)


def test_a_wrong_code_sets_nothing_up(session: Session, keyring: Keyring, account: int) -> None:
    with pytest.raises(InvalidError, match=r"factor\.code_wrong"):
        factors.add_app(session, keyring, account, secret=codes.new_secret(), code="000", name="")
    assert not factors.has_any(session, account)
    with pytest.raises(ConflictError, match=r"factor\.none"):
        factors.new_codes(session, keyring, account)


def test_staff_keep_one_and_others_may_remove_all(
    session: Session, keyring: Keyring, account: int
) -> None:
    with_app(session, keyring, account)
    factors.new_codes(session, keyring, account)
    [only] = factors.of_account(session, account)
    with pytest.raises(ConflictError, match=r"factor\.last"):
        factors.remove(session, keyring, account, only.id, needs_one=True)
    with pytest.raises(NotFoundError):
        factors.remove(session, keyring, account, only.id + 1, needs_one=False)
    factors.remove(session, keyring, account, only.id, needs_one=False)
    assert not factors.has_any(session, account)
    assert factors.codes_left(session, account) == 0


def test_an_account_has_a_few_factors_at_most(
    session: Session, keyring: Keyring, account: int
) -> None:
    for _ in range(factors.MOST):
        with_app(session, keyring, account)
    with pytest.raises(ConflictError, match=r"factor\.too_many"):
        with_app(session, keyring, account)
