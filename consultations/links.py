"""Addresses that the agency gives and anyone may follow. Pure."""

from urllib.parse import urlsplit

from core.errors import InvalidError
from core.text import single_line

LONGEST_ADDRESS = 500


def web_link(value: str, *, field: str) -> str:
    """Return an address that may be linked to; empty stays empty.

    Raises
    ------
    InvalidError
        ``link.invalid`` unless it names a host over http or https and no password;
        ``text.too_long``.
    """
    if not value.strip():
        return ""
    address = single_line(value, max_length=LONGEST_ADDRESS, field=field)
    try:
        parts = urlsplit(address)
        known = parts.scheme in ("https", "http") and parts.hostname and "@" not in parts.netloc
    except ValueError:
        known = None
    if not known or any(character.isspace() for character in address):
        raise InvalidError("link.invalid", field=field)
    return address
