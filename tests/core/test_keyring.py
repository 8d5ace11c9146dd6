"""Keys keep names apart from words."""

import pytest

from core.keyring import Keyring, canonical_email

ONE = Keyring(b"one secret that is long enough to be used")
TWO = Keyring(b"another secret that is long enough for use")


def test_an_address_can_be_opened_only_with_the_secret() -> None:
    sealed = ONE.seal_email("somchai@example.org")
    assert b"somchai" not in sealed
    assert ONE.open_email(sealed) == "somchai@example.org"


def test_spellings_of_one_address_have_one_index() -> None:
    assert ONE.email_index(" Somchai@Example.org ") == ONE.email_index("somchai@example.org")
    assert canonical_email("ＳＯＭ@example.org") == "som@example.org"


def test_another_site_has_other_indexes() -> None:
    assert ONE.email_index("a@example.org") != TWO.email_index("a@example.org")


def test_a_person_has_one_key_in_a_consultation_and_unrelated_ones_in_two() -> None:
    tag = ONE.email_person_tag("a@example.org")
    first, second = ONE.new_consultation_key(), ONE.new_consultation_key()
    assert ONE.person_key(first, tag) == ONE.person_key(first, tag)
    assert ONE.person_key(first, tag) != ONE.person_key(second, tag)


def test_two_people_have_two_keys() -> None:
    sealed = ONE.new_consultation_key()
    tags = [ONE.email_person_tag(f"{name}@example.org") for name in "ab"]
    assert ONE.person_key(sealed, tags[0]) != ONE.person_key(sealed, tags[1])


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Keyring(b"short")


def test_the_secret_is_not_printed() -> None:
    assert "secret" not in repr(ONE)
