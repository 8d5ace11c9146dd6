"""Hashing and checking passwords with argon2id, a few at a time."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import InvalidError

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 256

#: RFC 9106, second recommended option scaled to one lane: 64 MiB, 3 passes.
_hasher = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=1)
#: Each check takes 64 MiB: more than this many at once would let sign-ins exhaust the memory.
_at_once = threading.BoundedSemaphore(4)
#: Checked when no account exists, so that the answer takes as long as for a known address.
_DECOY = _hasher.hash("no account has this password")


def hash_password(password: str) -> str:
    """Hash a password.

    Raises
    ------
    InvalidError
        ``password.too_short`` or ``password.too_long``.
    """
    if len(password) < MINIMUM_LENGTH:
        raise InvalidError("password.too_short", field="password", minimum=MINIMUM_LENGTH)
    if len(password) > MAXIMUM_LENGTH:
        raise InvalidError("password.too_long", field="password", maximum=MAXIMUM_LENGTH)
    with _at_once:
        return _hasher.hash(password)


def matches(password: str, stored: str | None) -> bool:
    """Tell whether the password is the stored one; takes the same time when nothing is stored."""
    with _at_once:
        try:
            return _hasher.verify(stored or _DECOY, password[:MAXIMUM_LENGTH]) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False
