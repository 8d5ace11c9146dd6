from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.models import ModerationPolicy, Visibility
from moderation.rules import MAX_LINKS, SIGNALS, is_national_number, screen

THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def signals(text: str) -> tuple[str, ...]:
    return screen(text, ModerationPolicy.AFTER).signals


def with_check_digit(first_twelve: str) -> str:
    """The published rule, written differently: weights 13 to 2, modulo 11."""
    total = sum((13 - place) * int(digit) for place, digit in enumerate(first_twelve))
    return first_twelve + str((11 - total % 11) % 10)


@pytest.mark.parametrize("text", ["", "เห็นด้วยกับมาตรา ๕", "มี 5 ปัญหา ใน 10 จังหวัด"])
def test_an_ordinary_text_appears_at_once_under_the_policy_after(text: str) -> None:
    screening = screen(text, ModerationPolicy.AFTER)

    assert screening.visibility is Visibility.PUBLISHED
    assert screening.signals == ()


def test_every_text_waits_under_the_policy_before() -> None:
    assert screen("เห็นด้วย", ModerationPolicy.BEFORE).visibility is Visibility.PENDING


def test_a_text_with_a_signal_waits_under_both_policies() -> None:
    for policy in ModerationPolicy:
        screening = screen("โทร 081-234-5678", policy)
        assert screening.visibility is Visibility.PENDING
        assert screening.signals == ("phone",)


@pytest.mark.parametrize(
    "text",
    [
        "1101700230708",
        "1-1017-00230-70-8",
        "1 1017 00230 70 8",
        "๑๑๐๑๗๐๐๒๓๐๗๐๘",
        "１１０１７００２３０７０８",
        "110170\u200b0230708",
        "เลขประจำตัว1101700230708ของผม",
        "ข้อ 5 1101700230708",
    ],
)
def test_a_national_number_is_seen_however_it_is_written(text: str) -> None:
    assert signals(text) == ("national_number",)


@pytest.mark.parametrize(
    "text", ["5555555555555", "1101700230709", "11017002307080", "0105536000315", "9101700230704"]
)
def test_thirteen_digits_that_are_no_persons_number_are_not_reported(text: str) -> None:
    assert "national_number" not in signals(text)


def test_the_number_of_a_person_without_nationality_counts() -> None:
    assert is_national_number(with_check_digit("050018900001"))
    assert not is_national_number(with_check_digit("050018800001"))


@given(st.integers(10**11, 9 * 10**11 - 1).map(str))
def test_only_the_right_check_digit_makes_a_national_number(first_twelve: str) -> None:
    right = with_check_digit(first_twelve)

    valid = [first_twelve + str(digit) for digit in range(10)]
    assert [number for number in valid if is_national_number(number)] == [right]
    assert signals(right.translate(THAI)) == signals(right)
    assert "national_number" in signals(right)


@pytest.mark.parametrize(
    "text",
    [
        "0812345678",
        "081-234-5678",
        "08 1234 5678",
        "๐๘๑-๒๓๔-๕๖๗๘",
        "โทร.0812345678",
        "02-123-4567",
        "(02) 123 4567",
        "053-123456",
        "+66 81 234 5678",
        "+66 (0)81-234-5678",
        "0066812345678",
        "+4915112345678",
    ],
)
def test_a_telephone_number_is_seen(text: str) -> None:
    assert signals(f"ติดต่อ {text} ครับ") == ("phone",)


@pytest.mark.parametrize(
    "text",
    [
        "พ.ศ. 2562-2570",
        "งบประมาณ 1,250,000,000 บาท",
        "0.081234567",
        "ที่ นร 0503/2345",
        "มาตรา 77 วรรค 2",
        "20/11/2569",
        "+10 000 000 บาท",
    ],
)
def test_other_numbers_give_no_signal(text: str) -> None:
    assert signals(text) == ()


@pytest.mark.parametrize(
    "text", ["somchai@example.go.th", "เขียนถึงa.b+c@mail.example.com", "ｘ＠ｅｘａｍｐｌｅ．ｃｏｍ"]
)
def test_an_email_address_is_seen(text: str) -> None:
    assert signals(text) == ("email",)


@pytest.mark.parametrize("text", ["@somchai", "5 @ 100 บาท", "a@b", "พบกัน@หน้าศาลา"])
def test_a_sign_at_alone_is_no_email_address(text: str) -> None:
    assert signals(text) == ()


@pytest.mark.parametrize(
    "text",
    ["123-4-56789-0", "บัญชีกรุงไทย 9876543210", "โอนเข้าบัญชี ๙๘๗-๖๕๔๓๒๑-๐", "account no. 987654321098"],
)
def test_a_bank_account_is_seen(text: str) -> None:
    assert signals(text) == ("bank_account",)


@pytest.mark.parametrize("text", ["9876543210", "บัญชีท้ายพระราชบัญญัติ ลำดับที่ 12"])
def test_a_number_that_nothing_announces_is_no_bank_account(text: str) -> None:
    assert signals(text) == ()


@pytest.mark.parametrize(
    "link", ["https://example.com/a", "http://www.example.com", "www.example.com", "bit.ly/x"]
)
def test_only_more_links_than_allowed_give_a_signal(link: str) -> None:
    assert signals(f"ดู{link} " * MAX_LINKS) == ()
    assert signals(f"ดู{link} " * (MAX_LINKS + 1)) == ("links",)


def test_signals_come_in_a_fixed_order() -> None:
    text = "https://a.th " * 3 + "123-4-56789-0 a@b.co 0812345678 1101700230708"

    assert signals(text) == SIGNALS


@given(st.text())
def test_any_text_is_screened_without_an_error(text: str) -> None:
    seen = signals(text)

    assert set(seen) <= set(SIGNALS)
    assert all(SIGNALS.index(one) < SIGNALS.index(next_one) for one, next_one in pairwise(seen))
