"""One frozen configuration, read from the environment; anything unknown or weak stops the start."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

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
        return cls(
            environment=stage,
            secret_key=_secret(settings.get("SARN_SECRET_KEY"), stage, instance),
            database_url=_database_url(settings.get("SARN_DATABASE_URL"), instance),
            instance_path=instance,
            trusted_proxies=_number(settings, "SARN_TRUSTED_PROXIES", 0),
            log_level=settings.get("SARN_LOG_LEVEL", "INFO").upper(),
        )


_KNOWN = {
    "SARN_ENV",
    "SARN_SECRET_KEY",
    "SARN_DATABASE_URL",
    "SARN_INSTANCE",
    "SARN_TRUSTED_PROXIES",
    "SARN_LOG_LEVEL",
    # Read by the tests and benchmarks only.
    "SARN_REFERENCE_DATA",
    "SARN_TEST_POSTGRESQL",
}


def _secret(given: str | None, stage: str, instance: Path) -> str:
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
