"""Every string of the site is in both catalogues, compiled, and keeps its named values."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
METHODS = [
    ("**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
]
LANGUAGES = ("th", "en")


def in_the_source() -> set[str]:
    """Message ids used in code and templates; plurals by their singular."""
    found = set()
    for _path, _line, message, _comments, _context in extract_from_dir(
        str(ROOT / "app"), METHODS, keywords=KEYWORDS
    ):
        found.add(message if isinstance(message, str) else message[0])
    return found - {""}


def catalogue(language: str) -> dict[str, Message]:
    path = ROOT / f"app/locales/{language}/LC_MESSAGES/messages.po"
    with path.open("rb") as file:
        messages = read_po(file, locale=language)
    return {
        message.id if isinstance(message.id, str) else message.id[0]: message
        for message in messages
        if message.id
    }


def strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated(language: str) -> None:
    known = catalogue(language)
    missing = {
        identifier
        for identifier in in_the_source()
        if identifier not in known or not all(strings(known[identifier]))
    }
    assert missing == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_string_is_left_over_or_doubtful(language: str) -> None:
    known = catalogue(language)
    assert set(known) - in_the_source() == set()
    assert [identifier for identifier, message in known.items() if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_named_values_are_kept(language: str) -> None:
    placeholder = re.compile(r"%\((\w+)\)")
    wrong = [
        identifier
        for identifier, message in catalogue(language).items()
        for string in strings(message)
        if not set(placeholder.findall(string)) <= set(placeholder.findall(identifier)) | {"num"}
        or (
            isinstance(message.id, str)
            and set(placeholder.findall(string)) != set(placeholder.findall(identifier))
        )
    ]
    assert wrong == []


def test_thai_is_in_thai_letters() -> None:
    latin_only = re.compile(r"[A-Za-z]{3}")
    suspicious = [
        identifier
        for identifier, message in catalogue("th").items()
        if not any("ก" <= letter <= "๛" for letter in strings(message)[0])
        and latin_only.search(re.sub(r"%\(\w+\)[sd]", "", identifier))
    ]
    assert suspicious == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_current(language: str) -> None:
    with (ROOT / f"app/locales/{language}/LC_MESSAGES/messages.mo").open("rb") as file:
        compiled = {
            message.id if isinstance(message.id, str) else message.id[0]: strings(message)
            for message in read_mo(file)
            if message.id
        }
    written = {identifier: strings(message) for identifier, message in catalogue(language).items()}
    assert compiled == written
