"""Pure: the numbers on a printed form and on the slip that its writer keeps.

Both come from the consultation's random key, so that no list of them is kept anywhere, and both
lose their meaning when that key is destroyed.
"""

from typing import Final

from consultations.models import Consultation
from core.errors import ConflictError
from core.keyring import Keyring

#: Crockford's base 32, as in the references of contributions.
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 12
_MISREAD: Final = str.maketrans("OIL", "011", " -")


def form_label(number: int) -> str:
    """Return what the codes of a printed form are made from."""
    return f"form|{number}"


def entry_label(reference: str) -> str:
    """Return what the code of a response without a printed form is made from."""
    return f"entry|{reference}"


def receipt_number(keyring: Keyring, consultation: Consultation, number: int) -> str:
    """Return the receipt number (12 characters) of a printed form; raises as ``slip_code``."""
    return _code(keyring, consultation, f"receipt|{form_label(number)}")


def slip_code(keyring: Keyring, consultation: Consultation, label: str) -> str:
    """Return the secret (12 characters, 60 bits) that only the person's own slip bears.

    Raises
    ------
    ConflictError
        ``participation.ended``: the consultation's key is destroyed.
    """
    return _code(keyring, consultation, f"slip|{label}")


def slip_index(keyring: Keyring, code: str) -> bytes:
    """Keyed hash (32 bytes) by which a slip is found."""
    return keyring.index("offline-slip", normal_code(code))


def normal_code(code: str) -> str:
    """Return a code in capitals without gaps, with digits for the letters that look like them."""
    return code.upper().translate(_MISREAD)


def in_groups(code: str) -> str:
    """Return a code in groups of four, as it is printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _code(keyring: Keyring, consultation: Consultation, label: str) -> str:
    if consultation.sealed_key is None:
        raise ConflictError("participation.ended")
    drawn = keyring.consultation_code(consultation.sealed_key, label)
    return "".join(_ALPHABET[byte % 32] for byte in drawn[:_LENGTH])
