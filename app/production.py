"""What a site that serves the public must not be started with: a table of checks."""

import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from core import redis_counters
from core.outbound import is_host

if TYPE_CHECKING:
    from app.config import Config

#: Words of secrets that stand in examples, in any case.
_EXAMPLES: Final = re.compile("change|example|secret|default|password|insecure|0123456789|qwerty")
_FALSE: Final = frozenset({"", "0", "false", "no", "off"})
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Check:
    """One weakness: its name, how to mend it, and whether a site has it."""

    name: str
    mend: str
    fails: Callable[["Config", Mapping[str, str]], bool]


def weaknesses(config: "Config", environment: Mapping[str, str]) -> list[str]:
    """Return how to mend what is weak in a site's settings; empty when nothing is."""
    return [check.mend for check in CHECKS if check.fails(config, environment)]


def is_this_machine(host: str) -> bool:
    """Whether a host is the machine that the site runs on."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _guessable(config: "Config", _given: Mapping[str, str]) -> bool:
    key = config.secret_key
    return len(set(key)) < 12 or bool(_EXAMPLES.search(key.casefold()))


def _debugs(_config: "Config", given: Mapping[str, str]) -> bool:
    return given.get("FLASK_DEBUG", "").casefold() not in _FALSE


def _no_public_address(config: "Config", given: Mapping[str, str]) -> bool:
    parts = urlsplit(config.site_url)
    return (
        not given.get("SARN_SITE_URL")
        or parts.scheme != "https"
        or not is_host(parts.hostname or "")
    )


def _unsaid_proxies(_config: "Config", given: Mapping[str, str]) -> bool:
    return "SARN_TRUSTED_PROXIES" not in given


def _open_secret(_config: "Config", given: Mapping[str, str]) -> bool:
    path = given.get("SARN_SECRET_KEY_FILE", "")
    return bool(path) and bool(Path(path).stat().st_mode & _OTHERS)


def _open_folder(config: "Config", _given: Mapping[str, str]) -> bool:
    path = config.instance_path
    return path.exists() and bool(path.stat().st_mode & stat.S_IRWXO)


def _counts_in_memory(config: "Config", _given: Mapping[str, str]) -> bool:
    return config.limits == "memory" and not config.redis_url


def _does_not_count(config: "Config", _given: Mapping[str, str]) -> bool:
    return config.limits == "off"


def _no_redis_library(config: "Config", _given: Mapping[str, str]) -> bool:
    return bool(config.redis_url) and not redis_counters.is_installed()


def _open_redis(config: "Config", _given: Mapping[str, str]) -> bool:
    parts = urlsplit(config.redis_url)
    return parts.scheme == "redis" and not (is_this_machine(parts.hostname or "") or parts.password)


def _open_issuer(_config: "Config", given: Mapping[str, str]) -> bool:
    return any(
        value.casefold().startswith("http:")
        for name, value in given.items()
        if name.startswith("SARN_") and re.search("OIDC|ISSUER|PROVIDER", name)
    )


def _open_mail(config: "Config", _given: Mapping[str, str]) -> bool:
    parts = urlsplit(config.smtp_url)
    return parts.scheme == "smtp+plain" and not is_this_machine(parts.hostname or "")


def _weak_database(config: "Config", _given: Mapping[str, str]) -> bool:
    return bool(re.search("synchronous|fsync|immutable=|mode=memory|:memory:", config.database_url))


def _open_database(config: "Config", _given: Mapping[str, str]) -> bool:
    parts = urlsplit(config.database_url)
    is_near = not parts.hostname or is_this_machine(parts.hostname)
    weak = re.search("sslmode=(?:disable|allow|prefer)", parts.query)
    return not is_near and (bool(weak) or "sslmode=" not in parts.query)


def _talks(config: "Config", _given: Mapping[str, str]) -> bool:
    return config.log_level in ("DEBUG", "NOTSET")


CHECKS: Final = (
    Check(
        "guessable secret",
        "SARN_SECRET_KEY can be guessed; make one with: "
        "python -c 'import secrets; print(secrets.token_urlsafe(48))'",
        _guessable,
    ),
    Check("debugger", "FLASK_DEBUG shows the inside of the site; leave it out", _debugs),
    Check(
        "no public address",
        "SARN_SITE_URL must be the public address, such as https://consult.example.org",
        _no_public_address,
    ),
    Check(
        "proxies not said",
        "say how many proxies stand in front of the site: SARN_TRUSTED_PROXIES=1, or 0 for none; "
        "with a wrong number the limits count the proxy or believe anybody",
        _unsaid_proxies,
    ),
    Check(
        "readable secret",
        "others can read the file of SARN_SECRET_KEY_FILE; chmod 600 it, owned by the site's user",
        _open_secret,
    ),
    Check(
        "readable instance folder",
        "others can read the folder of SARN_INSTANCE; chmod 700 it, owned by the site's user",
        _open_folder,
    ),
    Check(
        "limits in memory",
        "SARN_LIMITS=memory counts in each worker by itself; leave it out to count in the "
        "database, or give SARN_REDIS_URL",
        _counts_in_memory,
    ),
    Check("no limits", "SARN_LIMITS=off is for trying out; leave it out", _does_not_count),
    Check(
        "no library for Redis",
        "SARN_REDIS_URL needs the library redis: pip install -r requirements-production.txt",
        _no_redis_library,
    ),
    Check(
        "open Redis",
        "SARN_REDIS_URL leads to another machine without a password; use rediss://:password@host",
        _open_redis,
    ),
    Check(
        "identity provider by http",
        "name an identity provider by https://, or anybody on the way can sign in as anyone",
        _open_issuer,
    ),
    Check(
        "open mail",
        "in production smtp+plain is for a server on this machine only; use smtp:// or smtps://",
        _open_mail,
    ),
    Check(
        "weak database",
        "SARN_DATABASE_URL may not make the database less durable: leave synchronous, fsync and "
        "memory out of it",
        _weak_database,
    ),
    Check(
        "open database",
        "SARN_DATABASE_URL leads to another machine; add ?sslmode=verify-full (or require)",
        _open_database,
    ),
    Check("talkative log", "SARN_LOG_LEVEL=DEBUG is for developers; use INFO", _talks),
)
