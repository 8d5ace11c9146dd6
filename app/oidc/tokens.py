"""Whether an ID token was made by the provider, for us, now, and in answer to our question."""

import base64
import hmac
from collections.abc import Sequence
from typing import Any

from joserfc import jwk, jws
from joserfc.errors import JoseError

from app.oidc.errors import ProviderError
from app.oidc.fetching import strict_json
from app.providers import Provider
from core.clock import now

#: Signatures that are accepted, with the kind of key that each needs.
ALGORITHMS = {"RS256": "RSA", "ES256": "EC"}
#: Longest token, in characters; shortest RSA key, in bits.
MOST_CHARACTERS, SHORTEST_RSA = 16 * 1024, 2048
#: Longest subject, nonce or level, in characters.
_LONGEST = 255
#: Seconds by which clocks may differ; oldest token.
_SKEW, _OLDEST = 60, 600
#: Members of a public key that count; anything else that a provider sends is dropped.
_PUBLIC = frozenset({"kty", "n", "e", "crv", "x", "y"})
#: Names of a header that would let the token choose its own key.
_FOREIGN = frozenset({"jku", "x5u", "jwk", "x5c", "crit", "b64", "zip", "enc"})


class UnknownKeyError(ProviderError):
    """The token names a key that is not among those known; there may be newer ones."""


def verify(
    token: object, keys: Sequence[dict[str, Any]], provider: Provider, nonce: str
) -> dict[str, Any]:
    """Return the claims of an ID token.

    Raises
    ------
    ProviderError
        The token cannot be accepted.
    """
    if not isinstance(token, str) or not token.isascii() or len(token) > MOST_CHARACTERS:
        raise ProviderError("no token, or one too long")
    parts = token.split(".")
    if len(parts) != 3 or not all(parts):
        raise ProviderError("no signed token")
    header, claims = (strict_json(_decoded(part)) for part in parts[:2])
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS or _FOREIGN & set(header):
        raise ProviderError("the header is not accepted")
    key = _key(keys, algorithm, header.get("kid"))
    try:
        jws.deserialize_compact(token, key, algorithms=[algorithm])
    except (JoseError, ValueError, TypeError) as error:
        raise ProviderError("the signature does not hold") from error
    _check_claims(claims, provider, nonce)
    return claims


def is_plain(value: object) -> bool:
    """Whether a value is a text of visible ASCII characters, as numbers of people are."""
    return isinstance(value, str) and bool(value.strip()) and _is_visible(value)


def _is_visible(text: str) -> bool:
    return text.isascii() and text.isprintable() and len(text) <= _LONGEST


def _key(keys: Sequence[dict[str, Any]], algorithm: str, kid: object) -> Any:
    """Return the one public key that a token may be signed with."""
    fitting = [
        key
        for key in keys
        if key.get("kty") == ALGORITHMS[algorithm]
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (kid is None or key.get("kid") == kid)
    ]
    if len(fitting) != 1:
        raise UnknownKeyError("no single key fits")
    public = {name: str(value) for name, value in fitting[0].items() if name in _PUBLIC}
    if algorithm == "RS256" and 8 * len(_decoded(public.get("n", ""))) < SHORTEST_RSA:
        raise ProviderError("a key is too short")
    if algorithm == "ES256" and public.get("crv") != "P-256":
        raise ProviderError("a key is on another curve")
    try:
        return jwk.import_key({**public})
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ProviderError("a key cannot be read") from error


def _check_claims(claims: dict[str, Any], provider: Provider, nonce: str) -> None:
    if claims.get("iss") != provider.issuer:
        raise ProviderError("another issuer")
    _check_audience(claims, provider)
    _check_times(claims)
    given = claims.get("nonce")
    if not is_plain(given) or not hmac.compare_digest(str(given), nonce):
        raise ProviderError("another nonce")
    subject = claims.get("sub")
    if not is_plain(subject):
        raise ProviderError("no subject")
    level = claims.get("acr")
    if provider.levels and not (is_plain(level) and level in provider.levels):
        raise ProviderError("not sure enough")


def _check_audience(claims: dict[str, Any], provider: Provider) -> None:
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    if provider.client_id not in several or not all(isinstance(each, str) for each in several):
        raise ProviderError("for another client")
    if (len(several) > 1 or "azp" in claims) and claims.get("azp") != provider.client_id:
        raise ProviderError("authorised another client")


def _check_times(claims: dict[str, Any]) -> None:
    moment = now().timestamp()
    expires, issued, begins = (_moment(claims, name) for name in ("exp", "iat", "nbf"))
    if expires is None or expires <= moment - _SKEW:
        raise ProviderError("expired")
    if issued is None or not moment - _OLDEST <= issued <= moment + _SKEW:
        raise ProviderError("issued at another time")
    if begins is not None and begins > moment + _SKEW:
        raise ProviderError("not valid yet")


def _moment(claims: dict[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e11:
        raise ProviderError("a time is no number")
    return float(value)


def _decoded(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise ProviderError("not encoded rightly") from error
