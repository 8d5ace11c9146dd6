"""A short calculation that lets people go on whose internet address is crowded, by ALTCHA.

Nothing is asked of the person, nothing is fetched from elsewhere, and nothing is told about them.
The site signs a task; a browser solves it in some seconds. A solution counts once and for a while.
"""

import base64
import binascii
import json
from datetime import timedelta
from typing import Any, Final

import altcha

from core.clock import now
from core.throttle import Limit, Try

#: Name of the form field that carries a solution.
FIELD: Final = "altcha"
#: How long a task may be worked on, and longer than it counts: each solution counts once.
LASTS: Final = timedelta(minutes=20)
_ALGORITHM: Final = "PBKDF2/SHA-256"
#: Rounds of each of about 256 tries: one or two seconds of a desktop, some more of a cheap phone.
_ROUNDS: Final = 5_000
_LONGEST: Final = 4_000


def make(secret: bytes, purpose: str) -> dict[str, Any]:
    """Return a signed task for one kind of request, as the browser's script takes it."""
    task = altcha.create_challenge(
        _ALGORITHM,
        _ROUNDS,
        expires_at=now() + LASTS,
        data={"for": purpose},
        hmac_secret=secret,
    )
    return dict(task.to_dict())


def solved(payload: str, secret: bytes, purpose: str) -> Try | None:
    """Return the one use of a solution, to be counted; None if it is none, old or changed."""
    if not payload or len(payload) > _LONGEST:
        return None
    if not altcha.verify_solution(payload, secret).verified:
        return None
    try:
        parameters = json.loads(base64.b64decode(payload))["challenge"]["parameters"]
        if parameters["algorithm"] != _ALGORITHM or parameters["data"] != {"for": purpose}:
            return None
        nonce = str(parameters["nonce"])
    except (binascii.Error, ValueError, KeyError, TypeError):
        return None
    return Try(f"solution:{nonce[:64]}", Limit(1, 2 * LASTS), "challenge.used")
