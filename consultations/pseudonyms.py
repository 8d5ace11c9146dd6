"""The short code under which a participant's contributions stand together in one consultation."""

import hashlib

#: Crockford's base 32: no letter that can be mistaken for a digit.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 6


def pseudonym(participant_id: str) -> str:
    """Return the code (6 characters, 30 bits) that pages show instead of a name.

    Made from the participant's random number by a one-way function, so the number itself, which
    leads to votes, never reaches a page.
    """
    value = int.from_bytes(hashlib.sha256(b"pseudonym|" + participant_id.encode()).digest()[:8])
    letters = []
    for _ in range(LENGTH):
        value, place = divmod(value, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return "".join(letters)
