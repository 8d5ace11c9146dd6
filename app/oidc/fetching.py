"""Asks a provider: bounded in time and size, never redirected, only at the provider's own hosts."""

import json
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from requests.adapters import HTTPAdapter

from app.oidc.errors import ProviderError
from app.providers import Provider

#: Seconds for connecting and between two bytes; seconds for the whole answer.
_WAIT, _WHOLE = 3.0, 6.0
#: Largest answer, in bytes, and the pieces in which it is read.
MOST_BYTES = 64 * 1024
_PIECE = 8 * 1024
#: Providers that do not answer may keep so many of the site's threads waiting.
_at_once = threading.BoundedSemaphore(8)
#: Deepest nesting of JSON that is read.
_DEEPEST = 16

Found = TypeVar("Found")


class BoundedAdapter(HTTPAdapter):
    """Reads an answer up to a size, and refuses one that leads elsewhere."""

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        """Send a request and read its answer whole."""
        options.update(stream=True, timeout=(_WAIT, _WAIT), proxies={})
        response = super().send(request, **options)
        if 300 <= response.status_code < 400:
            response.close()
            raise ProviderError("the answer leads elsewhere")
        response._content = _read(response)
        return response


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
    session.trust_env = False
    session.headers.update({"Accept-Encoding": "identity"})
    for scheme in ("https://", "http://"):
        session.mount(scheme, BoundedAdapter())
    return session


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

    def deed() -> requests.Response:
        with session_for(provider) as session:
            return ask(session)

    try:
        response = _within(_WHOLE, deed)
    except (requests.RequestException, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
        raise ProviderError(f"not answered: {type(error).__name__}") from error
    if response.status_code != 200:
        raise ProviderError(f"answered with {response.status_code}")
    return strict_json(response.content)


def _within(seconds: float, deed: Callable[[], Found]) -> Found:
    """Do something in a thread of its own, and give up waiting for it after some seconds."""
    done: list[Found] = []
    failed: list[Exception] = []

    def run() -> None:
        try:
            done.append(deed())
        except Exception as error:
            failed.append(error)
        finally:
            _at_once.release()

    if not _at_once.acquire(blocking=False):
        raise ProviderError("too many wait for providers")
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if not done:
        raise ProviderError("not answered in time")
    return done[0]


def _read(response: requests.Response) -> bytes:
    content = b""
    while piece := response.raw.read1(_PIECE):
        content += piece
        if len(content) > MOST_BYTES:
            response.close()
            raise ProviderError("the answer is too large")
    return content


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
