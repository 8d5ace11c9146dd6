"""Masks for what identifies a person."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.texts.personal_data import find_personal_data, is_national_number, mask_personal_data


def national_number(first_twelve: str) -> str:
    total = sum((13 - place) * int(digit) for place, digit in enumerate(first_twelve))
    return first_twelve + str((11 - total % 11) % 10)


def test_a_national_number_needs_its_checksum():
    number = national_number("110170123456")
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert is_national_number(number)
    assert not is_national_number(wrong)


def test_national_numbers_are_masked_in_every_notation():
    number = national_number("310250098765")
    dashed = f"{number[0]}-{number[1:5]}-{number[5:10]}-{number[10:12]}-{number[12]}"
    thai = number.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    for written in (number, dashed, thai):
        assert mask_personal_data(f"เลข {written} ครับ") == "เลข [national-id] ครับ"


@pytest.mark.parametrize(
    "phone", ["0812345678", "081-234-5678", "02 123 4567", "+66 81 234 5678", "๐๘๑-๒๓๔-๕๖๗๘"]
)
def test_phones_are_masked(phone):
    assert mask_personal_data(f"โทร {phone} นะ") == "โทร [phone] นะ"


def test_e_mail_addresses_are_masked():
    assert (
        mask_personal_data("write to somchai.k+x@mail.example.co.th now") == "write to [email] now"
    )


def test_bank_accounts_are_masked_by_shape_or_by_the_word_before():
    assert mask_personal_data("123-4-56789-0") == "[bank-account]"
    assert mask_personal_data("เลขบัญชี 1234567890") == "เลขบัญชี [bank-account]"


@pytest.mark.parametrize(
    "text", ["งบ 1,500,000 บาท", "มาตรา 112", "พ.ศ. 2567", "1234567890123", "ทะเบียน 9กก 1234"]
)
def test_other_numbers_stay(text):
    assert mask_personal_data(text) == text


@settings(deadline=None)
@given(st.text(alphabet="0123456789 -.@abก๐๑+", max_size=120))
def test_spans_are_in_order_apart_and_inside(text):
    last = 0
    for span in find_personal_data(text):
        assert last <= span.start < span.end <= len(text)
        last = span.end
