"""One frozen configuration, read from the environment; anything unknown or weak stops the start."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from app.production import weaknesses
from app.providers import Provider, read_providers
from core.outbound import is_host

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "SARN_"


class ConfigurationError(Exception):
    """The environment does not describe a site that can run safely."""


@dataclass(frozen=True)
class Config:
    """Settings of a running site. README.md has the table for operators."""

    environment: str
    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    instance_path: Path
    #: Addresses of proxies in front of the site, counted from the site outwards.
    trusted_proxies: int = 0
    log_level: str = "INFO"
    #: Mail server; empty for none.
    smtp_url: str = field(default="", repr=False)
    #: Address that letters come from.
    mail_from: str = ""
    #: The site's public address, for links in letters, feeds, calendars and QR codes.
    site_url: str = "http://127.0.0.1:8000"
    #: Whether staff must show a second factor; always in production.
    staff_second_factor: bool = True
    #: Who can confirm that somebody is a person.
    providers: tuple[Provider, ...] = ()
    #: Where attempts are counted: ``memory``, ``database``, or ``off`` for not at all.
    limits: str = "memory"
    #: Redis that counts instead of the database; empty for none.
    redis_url: str = field(default="", repr=False)
    #: Other hosts that the site may ask.
    outbound_hosts: frozenset[str] = frozenset()

    @property
    def is_production(self) -> bool:
        """Whether the site serves the public."""
        return self.environment == "production"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Config":
        """Read the settings.

        Raises
        ------
        ConfigurationError
            An unknown ``SARN_*`` name, a value that cannot be, or a weak setting in production.
        """
        given = os.environ if environment is None else environment
        settings = {key: value for key, value in given.items() if key.startswith(PREFIX)}
        unknown = sorted(set(settings) - _KNOWN)
        if unknown:
            raise ConfigurationError(
                f"unknown setting {', '.join(unknown)}; the README lists the known ones"
            )
        stage = settings.get("SARN_ENV", "development")
        if stage not in ("development", "production"):
            raise ConfigurationError("SARN_ENV must be development or production")
        instance = Path(settings.get("SARN_INSTANCE", str(ROOT / "instance"))).absolute()
        config = cls(
            environment=stage,
            secret_key=_secret(settings, stage, instance),
            database_url=_database_url(settings.get("SARN_DATABASE_URL"), instance),
            instance_path=instance,
            trusted_proxies=_number(settings, "SARN_TRUSTED_PROXIES", 0),
            log_level=settings.get("SARN_LOG_LEVEL", "INFO").upper(),
            staff_second_factor=_staff_second_factor(settings, stage),
            providers=_providers(settings.get("SARN_OIDC_PROVIDERS", ""), stage),
            limits=_limits(settings, stage),
            redis_url=_redis_url(settings.get("SARN_REDIS_URL", "")),
            outbound_hosts=_hosts(settings.get("SARN_OUTBOUND_HOSTS", ""), stage),
            **_mail(settings, given.get("PORT", "8000")),
        )
        weak = weaknesses(config, given) if config.is_production else []
        if weak:
            raise ConfigurationError("; ".join(weak))
        return config


_KNOWN = {
    "SARN_ENV",
    "SARN_SECRET_KEY",
    "SARN_SECRET_KEY_FILE",
    "SARN_DATABASE_URL",
    "SARN_INSTANCE",
    "SARN_TRUSTED_PROXIES",
    "SARN_LOG_LEVEL",
    "SARN_SMTP_URL",
    "SARN_MAIL_FROM",
    "SARN_SITE_URL",
    "SARN_STAFF_SECOND_FACTOR",
    "SARN_OIDC_PROVIDERS",
    "SARN_LIMITS",
    "SARN_REDIS_URL",
    "SARN_OUTBOUND_HOSTS",
    # Read by the tests and benchmarks only.
    "SARN_REFERENCE_DATA",
    "SARN_TEST_POSTGRESQL",
}


def _secret(settings: Mapping[str, str], stage: str, instance: Path) -> str:
    given, path = settings.get("SARN_SECRET_KEY"), settings.get("SARN_SECRET_KEY_FILE")
    if given is not None and path:
        raise ConfigurationError("give SARN_SECRET_KEY or SARN_SECRET_KEY_FILE, not both")
    if path:
        try:
            given = Path(path).read_text().strip()
        except (OSError, ValueError) as error:
            raise ConfigurationError("the file of SARN_SECRET_KEY_FILE cannot be read") from error
    if given is not None:
        if len(given) < 32:
            raise ConfigurationError("SARN_SECRET_KEY needs at least 32 characters")
        return given
    if stage == "production":
        raise ConfigurationError("production needs SARN_SECRET_KEY")
    return _kept_secret(instance / "secret.key")


def _kept_secret(path: Path) -> str:
    """Return the development secret of this machine, made at the first start."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _database_url(given: str | None, instance: Path) -> str:
    url = given or f"sqlite:///{instance / 'sarn.db'}"
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigurationError("SARN_DATABASE_URL must begin with sqlite:/// or postgresql://")
    return url


def _number(settings: Mapping[str, str], name: str, default: int) -> int:
    value = settings.get(name, str(default))
    if not value.isdecimal():
        raise ConfigurationError(f"{name} must be a whole number")
    return int(value)


def _staff_second_factor(settings: Mapping[str, str], stage: str) -> bool:
    is_production = stage == "production"
    given = settings.get("SARN_STAFF_SECOND_FACTOR", "on" if is_production else "off")
    if given not in ("on", "off"):
        raise ConfigurationError("SARN_STAFF_SECOND_FACTOR must be on or off")
    if is_production and given == "off":
        raise ConfigurationError("in production staff always need a second factor")
    return given == "on"


def _providers(given: str, stage: str) -> tuple[Provider, ...]:
    """Return the identity providers of a JSON file, or of JSON itself."""
    try:
        text = given if not given or given.lstrip()[:1] == "[" else Path(given).read_text("utf-8")
        return read_providers(text, is_production=stage == "production")
    except (OSError, ValueError, TypeError) as error:
        raise ConfigurationError(f"SARN_OIDC_PROVIDERS: {error}") from error


def _limits(settings: Mapping[str, str], stage: str) -> str:
    value = settings.get("SARN_LIMITS", "database" if stage == "production" else "memory")
    if value not in ("memory", "database", "off"):
        raise ConfigurationError("SARN_LIMITS must be memory, database or off")
    return value


def _redis_url(value: str) -> str:
    if value and not re.match(r"(?:rediss?|unix)://", value):
        raise ConfigurationError("SARN_REDIS_URL must look like rediss://:password@host:6379/0")
    return value


def _hosts(value: str, stage: str) -> frozenset[str]:
    hosts = frozenset(value.replace(",", " ").split())
    wrong = [host for host in hosts if not is_host(host, development=stage == "development")]
    if wrong:
        raise ConfigurationError(f"SARN_OUTBOUND_HOSTS: {wrong[0]} is no name of a host")
    return hosts


def _mail(settings: Mapping[str, str], port: str) -> dict[str, str]:
    """Return what concerns letters; where they are sent, all three settings are needed."""
    smtp, sender = settings.get("SARN_SMTP_URL", ""), settings.get("SARN_MAIL_FROM", "")
    site = settings.get("SARN_SITE_URL", "")
    if smtp and not (sender and site):
        raise ConfigurationError("SARN_SMTP_URL needs SARN_MAIL_FROM and SARN_SITE_URL")
    if smtp:
        _check_server(smtp)
    if sender and not re.fullmatch(r"[!#$%&'*+/=?^_`{|}~.\w-]+@[\w.-]+", sender, re.ASCII):
        raise ConfigurationError("SARN_MAIL_FROM must be one plain address: name@example.org")
    if site and not re.fullmatch(r"https?://[\w.:-]+/?", site, re.ASCII):
        raise ConfigurationError("SARN_SITE_URL must look like https://consult.example.org")
    return {
        "smtp_url": smtp,
        "mail_from": sender,
        "site_url": site or f"http://127.0.0.1:{port}",
    }


def _check_server(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ConfigurationError("SARN_SMTP_URL is no address") from error
    if parts.scheme not in ("smtp", "smtps", "smtp+plain") or not host or parts.path.strip("/"):
        raise ConfigurationError("SARN_SMTP_URL must look like smtp://user:password@host:587")
