"""Hashing and checking passwords with argon2id, a few at a time."""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.accounts import weak_passwords
from core.errors import BusyError, InvalidError

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 256

#: RFC 9106, second recommended option scaled to one lane: 64 MiB, 3 passes.
_hasher = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=1)
#: Each check takes 64 MiB: more than this many at once would let sign-ins exhaust the memory.
_at_once = threading.BoundedSemaphore(4)
#: Seconds to wait for a place; then the site says that it is busy.
_PATIENCE = 3.0
#: Checked when no account exists, so that the answer takes as long as for a known address.
_DECOY = _hasher.hash("no account has this password")


def hash_password(password: str, *, email: str = "") -> str:
    """Hash a new password.

    Raises
    ------
    InvalidError
        ``password.too_short``, ``password.too_long``, ``password.common`` or
        ``password.holds_address``.
    BusyError
        ``page.busy``: too many are being checked.
    """
    text = _normal(password)
    if len(text) < MINIMUM_LENGTH:
        raise InvalidError("password.too_short", field="password", minimum=MINIMUM_LENGTH)
    if len(text) > MAXIMUM_LENGTH:
        raise InvalidError("password.too_long", field="password", maximum=MAXIMUM_LENGTH)
    if weak_passwords.is_common(text):
        raise InvalidError("password.common", field="password")
    if weak_passwords.holds_address(text, email):
        raise InvalidError("password.holds_address", field="password")
    with _place():
        return _hasher.hash(text)


def matches(password: str, stored: str | None) -> bool:
    """Tell whether the password is the stored one; takes the same time when nothing is stored.

    Raises
    ------
    BusyError
        ``page.busy``: too many are being checked.
    """
    with _place():
        try:
            return _hasher.verify(stored or _DECOY, _normal(password)) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False


def _normal(password: str) -> str:
    """Return the one spelling of a password that keyboards write in several ways."""
    return unicodedata.normalize("NFKC", password[: 4 * MAXIMUM_LENGTH])


@contextmanager
def _place() -> Iterator[None]:
    if not _at_once.acquire(timeout=_PATIENCE):
        raise BusyError("page.busy", retry_after=timedelta(seconds=5))
    try:
        yield
    finally:
        _at_once.release()
