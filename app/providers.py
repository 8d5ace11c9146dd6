"""Identity providers (OpenID Connect) as the operator describes them; docs/identity.md has all."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_SLUG = re.compile(r"[a-z][a-z0-9-]{0,39}")
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Provider:
    """Who can confirm that somebody is a person.

    Parameters
    ----------
    slug : str
        Short name in addresses.
    issuer : str
        As the provider's own metadata gives it, to the letter.
    person_claim : str
        Claim with the citizen's number; empty where the provider tells apart by ``sub`` alone.
    person_class : str
        Same at all providers whose ``person_claim`` is the same number.
    hosts : frozenset of str
        Further hosts beside the issuer's on which its addresses may lie.
    levels : frozenset of str
        Values of ``acr`` that are sure enough; empty for any.
    """

    slug: str
    name_th: str
    name_en: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = "openid"
    person_claim: str = ""
    person_class: str = ""
    hosts: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    allows_plain: bool = False

    def may_call(self, address: str) -> bool:
        """Whether an address of the provider's metadata may be called."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return False
        if not (address.isascii() and address.isprintable()) or " " in address:
            return False
        own = {urlsplit(self.issuer).netloc, *self.hosts}
        schemes = ("https", "http") if self.allows_plain else ("https",)
        return parts.scheme in schemes and parts.netloc in own and "@" not in parts.netloc


def read_providers(text: str, *, is_production: bool) -> tuple[Provider, ...]:
    """Read a JSON list of providers.

    Raises
    ------
    ValueError
        Something is missing, unknown or unsafe; the message names it and no secret.
    """
    if not text.strip():
        return ()
    found = json.loads(text)
    entries = found if isinstance(found, list) else [None]
    providers = tuple(_provider(entry, is_production=is_production) for entry in entries)
    if len({each.slug for each in providers}) < len(providers):
        raise ValueError("two providers have one slug")
    if len({each.issuer for each in providers}) < len(providers):
        raise ValueError("two providers have one issuer")
    return providers


def _provider(entry: Any, *, is_production: bool) -> Provider:
    known = set(Provider.__dataclass_fields__) - {"allows_plain"}
    if not isinstance(entry, dict) or set(entry) - known:
        raise ValueError(f"a provider has only {', '.join(sorted(known))}")
    values: dict[str, Any] = {
        key: frozenset(value) if isinstance(value, list) else value for key, value in entry.items()
    }
    for name in ("slug", "name_th", "name_en", "issuer", "client_id", "client_secret"):
        if not isinstance(values.get(name), str) or not values[name]:
            raise ValueError(f"a provider needs {name}")
    is_local = _check(values, is_production=is_production)
    return Provider(**values, allows_plain=is_local)


def _check(values: dict[str, Any], *, is_production: bool) -> bool:
    """Refuse what cannot be; return whether the provider is on this machine, for trying out."""
    parts = urlsplit(values["issuer"])
    is_local = parts.scheme == "http" and parts.hostname in _LOCAL and not is_production
    if not _SLUG.fullmatch(values["slug"]):
        raise ValueError("a slug has small letters, digits and hyphens")
    if not (parts.scheme == "https" or is_local) or not parts.netloc or parts.query:
        raise ValueError("an issuer begins with https://")
    if bool(values.get("person_claim")) != bool(values.get("person_class")):
        raise ValueError("person_claim and person_class come together")
    if any(isinstance(values.get(name, []), int | str | dict) for name in ("hosts", "levels")):
        raise ValueError("hosts and levels are lists")
    if "openid" not in str(values.get("scope", "openid")).split():
        raise ValueError("a scope holds openid")
    return is_local
