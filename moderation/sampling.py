"""Pure: which decisions a second moderator reads as well."""

import hashlib
from typing import Final

#: Share of decisions that are read by a second moderator.
SHARE: Final = 0.05


def is_drawn(salt: bytes, revision: int, share: float = SHARE) -> bool:
    """Whether a decision is in the sample: always the same answer, known to nobody beforehand.

    Parameters
    ----------
    salt : bytes
        Random bytes that are stored with the contribution and shown to nobody.
    revision : int
        Revision of the contribution that was decided on.
    share : float
        In [0, 1]: how many of very many decisions are drawn.
    """
    drawn = hashlib.sha256(b"review|" + salt + revision.to_bytes(8, "big")).digest()
    return int.from_bytes(drawn[:8], "big") < share * 2**64
