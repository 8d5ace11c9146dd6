"""Asks a provider: bounded in time and size, never redirected, only at the provider's own hosts."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

from app.oidc.errors import ProviderError
from app.providers import Provider
from core.outbound import Destinations, guard

#: Seconds for the whole answer, and the largest one in bytes.
_WHOLE = 6.0
MOST_BYTES = 64 * 1024
#: Deepest nesting of JSON that is read.
_DEEPEST = 16


def get(provider: Provider, address: str, token: str = "") -> dict[str, Any]:
    """Return the JSON object at an address.

    Raises
    ------
    ProviderError
        The address may not be called, or its answer cannot be accepted.
    """
    headers = {"Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return _asked(
        provider,
        address,
        lambda session: session.get(address, headers=headers, withhold_token=True),
    )


def exchange(
    provider: Provider, address: str, *, code: str, verifier: str, redirect_uri: str
) -> dict[str, Any]:
    """Return the tokens for a code; raises like ``get``."""

    def ask(session: OAuth2Session) -> requests.Response:
        kept: list[requests.Response] = []

        def keep(response: requests.Response) -> requests.Response:
            kept.append(response)
            return response

        session.register_compliance_hook("access_token_response", keep)
        session.fetch_token(address, code=code, code_verifier=verifier, redirect_uri=redirect_uri)
        return kept[0]

    return _asked(provider, address, ask)


def session_for(provider: Provider) -> OAuth2Session:
    """Return an Authlib session that can only ask in bounds."""
    session = OAuth2Session(
        provider.client_id,
        provider.client_secret,
        scope=provider.scope,
        code_challenge_method="S256",
    )
    hosts = frozenset({urlsplit(provider.issuer).netloc, *provider.hosts})
    to = Destinations(hosts, development=provider.allows_plain, seconds=_WHOLE)
    return guard(session, to)


def strict_json(text: str | bytes) -> dict[str, Any]:
    """Read a JSON object; a name that stands twice, NaN or deep nesting make it invalid.

    Raises
    ------
    ProviderError
        It is none.
    """
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ProviderError("no valid JSON") from error
    if not isinstance(found, dict) or _depth(found) > _DEEPEST:
        raise ProviderError("no JSON object")
    return found


def _asked(
    provider: Provider, address: str, ask: Callable[[OAuth2Session], requests.Response]
) -> dict[str, Any]:
    if not provider.may_call(address):
        raise ProviderError("an address lies at another host")

    try:
        with session_for(provider) as session:
            response = ask(session)
    except (requests.RequestException, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
        raise ProviderError(f"not answered: {type(error).__name__}") from error
    if response.status_code != 200:
        raise ProviderError(f"answered with {response.status_code}")
    if len(response.content) > MOST_BYTES:
        raise ProviderError("the answer is too large")
    return strict_json(response.content)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, inner), default=0)
