"""What a provider tells of itself and its keys, kept for a while."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from flask import current_app

from app.oidc import fetching
from app.oidc.errors import ProviderError
from app.providers import Provider

#: Seconds for which an answer is kept, for which a failure is, and between two looks for new keys.
_KEPT, _FAILED_FOR, _PAUSE = 3600.0, 15.0, 60.0
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass
class Known:
    """What is known of one provider."""

    document: dict[str, Any] = field(default_factory=dict)
    keys: list[dict[str, Any]] = field(default_factory=list)
    read_at: float = -_KEPT
    keys_read_at: float = -_KEPT
    failed_at: float = -_KEPT
    lock: threading.Lock = field(default_factory=threading.Lock)


def document(provider: Provider) -> dict[str, Any]:
    """Return the provider's own description.

    Raises
    ------
    ProviderError
        It cannot be had, or is not about this issuer.
    """
    known = _known(provider)
    with known.lock:
        if time.monotonic() - known.read_at < _KEPT:
            return known.document
        if time.monotonic() - known.failed_at < _FAILED_FOR:
            raise ProviderError("did not answer a moment ago")
        try:
            known.document = _read(provider)
        except ProviderError:
            known.failed_at = time.monotonic()
            raise
        known.read_at = time.monotonic()
        return known.document


def keys(provider: Provider, *, newer: bool = False) -> list[dict[str, Any]]:
    """Return the provider's public keys; asks again, though not often, for newer ones."""
    address = str(document(provider)["jwks_uri"])
    known = _known(provider)
    with known.lock:
        if time.monotonic() - known.keys_read_at < (_PAUSE if newer else _KEPT):
            return known.keys
        # Kept first: a provider that fails is not asked again at once either.
        known.keys_read_at, known.keys = time.monotonic(), []
        found = fetching.get(provider, address).get("keys")
        if not isinstance(found, list) or not all(isinstance(key, dict) for key in found):
            raise ProviderError("no list of keys")
        known.keys = found
        return found


def _read(provider: Provider) -> dict[str, Any]:
    address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    found = fetching.get(provider, address)
    if found.get("issuer") != provider.issuer:
        raise ProviderError("describes another issuer")
    for name in _NEEDED:
        if not isinstance(found.get(name), str) or not provider.may_call(found[name]):
            raise ProviderError(f"{name} lies at another host")
    methods = found.get("code_challenge_methods_supported", ["S256"])
    if not isinstance(methods, list) or "S256" not in methods:
        raise ProviderError("does not know S256")
    return found


def _known(provider: Provider) -> Known:
    kept: dict[str, Known] = current_app.extensions.setdefault("oidc", {})
    return kept.setdefault(provider.slug, Known())
