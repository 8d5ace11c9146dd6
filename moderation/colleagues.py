"""The code under which a moderator's decisions stand together in public."""

import hashlib
import hmac

from core.keyring import Keyring

#: Crockford's base 32: no letter that can be mistaken for a digit.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 6


def moderator_code(keyring: Keyring, account_id: int) -> str:
    """Return the code (6 characters) of a moderator: the same in every register.

    Keyed, because the numbers of accounts are few and could all be tried.
    """
    message = b"moderator|" + str(account_id).encode()
    value = int.from_bytes(hmac.new(keyring.secret, message, hashlib.sha256).digest()[:8])
    letters = []
    for _ in range(LENGTH):
        value, place = divmod(value, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return "M" + "".join(letters)
