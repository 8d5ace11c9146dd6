"""Addresses that a request may ask to be sent to: own pages only."""

from urllib.parse import urlsplit

FALLBACK = "/"


def safe_target(target: str | None) -> str:
    """Return the target if it is a path of this site, else the front page.

    Browsers read backslashes as slashes and drop tabs and line ends, so an address that looks like
    a path can lead away.
    """
    if not target or not target.startswith("/") or target[1:2] in ("/", "\\"):
        return FALLBACK
    if "\\" in target or any(
        ord(character) < 0x21 or ord(character) == 0x7F for character in target
    ):
        return FALLBACK
    try:
        parts = urlsplit(target)
    except ValueError:
        return FALLBACK
    return target.removesuffix("?") if not parts.scheme and not parts.netloc else FALLBACK
