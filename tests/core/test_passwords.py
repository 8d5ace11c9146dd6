"""Which passwords are taken, and that checking them never exhausts the machine."""

import threading

import pytest

from core.accounts import passwords
from core.accounts.passwords import hash_password, matches
from core.errors import BusyError, InvalidError

GOOD = [
    "correct horse battery",
    "another good password",
    "ม้าแข็งแรงกินกล้วยหอม",
    "x7-Kq2_vB9!mZ4",
    "a" * 20 + "horse staple",
    "สวัสดีช้างกินกล้วย",
    "horse" * 30,
]
COMMON = [
    "passwordpassword",
    "Password1234!",
    "P@ssw0rd2569",
    "qwertyuiop12",
    "qwertyuiop[]",
    "1234567890123",
    "0987654321098",
    "aaaaaaaaaaaaaa",
    "abababababab",
    "iloveyou2024!",
    "admin-admin-admin",
    "ThailandThailand1",
    "รหัสผ่านรหัสผ่าน",
    "ๆไำพะัีรนยบล",
    "ฟหกดเ้่าสว12",
    "๑๒๓๔๕๖๗๘๙๐๑๒",
    "asdfghjkl;'12",
]


@pytest.mark.parametrize("password", GOOD)
def test_a_good_password_is_taken(password: str) -> None:
    assert matches(password, hash_password(password, email="somsri@example.org"))


@pytest.mark.parametrize("password", COMMON)
def test_what_very_many_people_use_is_refused(password: str) -> None:
    with pytest.raises(InvalidError, match=r"password\.common"):
        hash_password(password)


@pytest.mark.parametrize("password", ["somsri and her dog", "my SOMSRI password"])
def test_a_password_holds_no_address(password: str) -> None:
    with pytest.raises(InvalidError, match=r"password\.holds_address"):
        hash_password(password, email="Somsri@example.org")


def test_one_password_is_spelt_in_several_ways() -> None:
    stored = hash_password("กำลังใจดีมากครับ café")
    assert matches("กําลังใจดีมากครับ cafe\u0301", stored)


def test_checking_uses_argon2id_with_enough_memory() -> None:
    assert hash_password("correct horse battery").startswith("$argon2id$v=19$m=65536,t=3,p=1$")


def test_a_busy_site_says_so_instead_of_taking_more_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(passwords, "_at_once", threading.BoundedSemaphore(1))
    monkeypatch.setattr(passwords, "_PATIENCE", 0.01)
    with passwords._place(), pytest.raises(BusyError) as refused:
        matches("correct horse battery", None)
    assert refused.value.retry_after.total_seconds() > 0
    assert not matches("correct horse battery", None)


def test_a_long_wrong_password_costs_no_more() -> None:
    stored = hash_password("correct horse battery")
    assert not matches("x" * 1_000_000, stored)
    assert not matches("", stored)
