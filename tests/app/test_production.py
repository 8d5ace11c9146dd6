"""A site that serves the public does not start with a weak setting, and says how to mend it."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text

from app import create_app, production
from app.config import Config, ConfigurationError
from core import redis_counters
from core.database import prepare_engine, require_durable
from tests.databases import Make

SECRET = "q7RkM2vXw9LzT4bNc8HdJ5sGf3PyU6aE"


@pytest.fixture
def strong(tmp_path: Path) -> dict[str, str]:
    """Settings that a site may start with."""
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    return {
        "SARN_ENV": "production",
        "SARN_SECRET_KEY": SECRET,
        "SARN_SITE_URL": "https://consult.example.org",
        "SARN_TRUSTED_PROXIES": "1",
        "SARN_INSTANCE": str(folder),
    }


#: For each row of the table: what to change (None takes a setting away), and a part of the message.
WEAK: dict[str, tuple[dict[str, str | None], str]] = {
    "guessable secret": ({"SARN_SECRET_KEY": "please-change-me-" * 3}, "token_urlsafe"),
    "debugger": ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
    "no public address": ({"SARN_SITE_URL": "http://consult.example.org"}, "SARN_SITE_URL"),
    "proxies not said": ({"SARN_TRUSTED_PROXIES": None}, "SARN_TRUSTED_PROXIES=1"),
    "readable secret": (
        {"SARN_SECRET_KEY": None, "SARN_SECRET_KEY_FILE": "{tmp}/key"},
        "chmod 600",
    ),
    "readable instance folder": ({"SARN_INSTANCE": "{tmp}/open"}, "chmod 700"),
    "limits in memory": ({"SARN_LIMITS": "memory"}, "SARN_REDIS_URL"),
    "no limits": ({"SARN_LIMITS": "off"}, "leave it out"),
    "no library for Redis": ({"SARN_REDIS_URL": "redis://localhost"}, "pip install"),
    "open Redis": ({"SARN_REDIS_URL": "redis://cache.example.org"}, "rediss://"),
    "identity provider by http": ({"SARN_OIDC_ISSUER": "http://login.example.org"}, "https://"),
    "open mail": (
        {"SARN_SMTP_URL": "smtp+plain://mail.example.org", "SARN_MAIL_FROM": "a@example.org"},
        "smtps://",
    ),
    "weak database": (
        {"SARN_DATABASE_URL": "postgresql://localhost/d?options=-csynchronous_commit%3Doff"},
        "durable",
    ),
    "open database": ({"SARN_DATABASE_URL": "postgresql://db.example.org/d"}, "sslmode"),
    "talkative log": ({"SARN_LOG_LEVEL": "debug"}, "INFO"),
}


def start(strong: dict[str, str], changed: dict[str, str | None], folder: Path) -> Config:
    merged = {**strong, **changed}
    return Config.from_environment(
        {name: value.format(tmp=folder) for name, value in merged.items() if value is not None}
    )


def test_a_strong_site_starts(strong: dict[str, str], tmp_path: Path) -> None:
    """The control: each test below changes one thing of these settings."""
    config = start(strong, {}, tmp_path)
    assert (config.limits, config.is_production) == ("database", True)
    app = create_app(config)
    assert app.config["SESSION_COOKIE_SECURE"]
    assert len(app.extensions["counters"]) == 2


def test_every_row_of_the_table_is_tried() -> None:
    assert {check.name for check in production.CHECKS} == set(WEAK)


@pytest.mark.parametrize("name", sorted(WEAK))
def test_one_weak_setting_stops_the_start(
    strong: dict[str, str], tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text(SECRET)
    (tmp_path / "key").chmod(0o644)
    (tmp_path / "open").mkdir(mode=0o755)
    monkeypatch.setattr("app.config._KNOWN", {*strong, *WEAK[name][0]})
    if name == "no library for Redis":
        monkeypatch.setattr(redis_counters, "redis", None)
    with pytest.raises(ConfigurationError) as refused:
        start(strong, WEAK[name][0], tmp_path)
    assert WEAK[name][1] in str(refused.value)
    assert str(refused.value).count(";") <= 2, "other rows speak as well"
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"SARN_SECRET_KEY": None}, "needs SARN_SECRET_KEY"),
        ({"SARN_SECRET_KEY": "short"}, "32 characters"),
        ({"SARN_SECRET_KEY_FILE": "/nonexistent"}, "not both"),
        ({"SARN_REDIS_URL": "http://x"}, "rediss://"),
        ({"SARN_LIMITS": "none"}, "SARN_LIMITS"),
        ({"SARN_OUTBOUND_HOSTS": "127.0.0.1"}, "SARN_OUTBOUND_HOSTS"),
        ({"SARN_SITE_URL": "https://127.0.0.1"}, "SARN_SITE_URL"),
    ],
)
def test_settings_that_cannot_be_stop_the_start(
    strong: dict[str, str], tmp_path: Path, changed: dict[str, str | None], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        start(strong, changed, tmp_path)


def test_a_private_secret_file_is_taken(strong: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(f"{SECRET}\n")
    path.chmod(0o600)
    changed = {"SARN_SECRET_KEY": None, "SARN_SECRET_KEY_FILE": str(path)}
    assert start(strong, changed, tmp_path).secret_key == SECRET


def test_all_that_is_weak_is_said_at_once(strong: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        start(strong, {"SARN_LIMITS": "off", "FLASK_DEBUG": "1"}, tmp_path)
    assert "FLASK_DEBUG" in str(refused.value)
    assert "SARN_LIMITS" in str(refused.value)


def test_a_database_that_may_forget_is_refused(new_database: Make) -> None:
    with new_database() as address:
        engine = create_engine(address)
        require_durable(prepare_engine(engine))
        if address.startswith("sqlite"):
            with engine.connect() as connection:
                assert connection.scalar(text("PRAGMA synchronous")) == 2
        else:  # the server of the tests runs without fsync
            with pytest.raises(RuntimeError, match="set fsync = on"):
                engine.connect()
        engine.dispose()


def test_a_weak_sqlite_connection_is_refused(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/weak.db")
    require_durable(engine)
    with engine.connect():
        pass  # SQLite alone starts with FULL
    engine.dispose()
    weak = create_engine(f"sqlite:///{tmp_path}/weak.db")
    event.listen(weak, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=NORMAL"))
    require_durable(weak)
    with pytest.raises(RuntimeError, match="synchronous=FULL"):
        weak.connect()
