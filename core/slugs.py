"""Short names that stand in addresses."""

import re

from core.errors import InvalidError

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")


def checked_slug(value: str) -> str:
    """Return a short name if it can stand in an address.

    Raises
    ------
    InvalidError
        ``slug.invalid``.
    """
    if not _SLUG.fullmatch(value):
        raise InvalidError("slug.invalid", field="slug")
    return value
