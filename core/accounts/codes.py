"""Pure: codes of authenticator apps (RFC 6238) and for recovery, as people read and type them."""

import hmac
import secrets
import unicodedata

import pyotp

from core.clock import now

#: A code holds for so many seconds; clocks may differ by one such step.
STEP = 30
_NEIGHBOURS = (0, -1, 1)
#: Letters and digits that cannot be mistaken for one another: 50 bits in ten.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """Make the secret of an authenticator app (160 bits, base 32)."""
    return pyotp.random_base32()


def app_address(secret: str, email: str, site: str) -> str:
    """Return the address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=site)


def step_of(secret: str, digits: str) -> int | None:
    """Return the time step that a code is of; None if it is of none near now."""
    present = int(now().timestamp()) // STEP
    found = None
    for offset in _NEIGHBOURS:
        right = pyotp.TOTP(secret).generate_otp(present + offset)
        if hmac.compare_digest(right, digits):
            found = present + offset
    return found


def digits_of(code: str) -> str:
    """Return six digits in ASCII, also from Thai ones and with spaces; empty for anything else."""
    text = "".join(letter for letter in code if not letter.isspace() and letter != "-")
    if len(text) != 6 or not text.isdecimal():
        return ""
    return "".join(str(unicodedata.decimal(letter)) for letter in text)


def new_code() -> str:
    """Make a recovery code."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"
