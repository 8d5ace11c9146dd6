"""Headers, languages, errors, configuration: what every page has in common."""

import gzip
import re
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import i18n
from app.config import Config, ConfigurationError
from app.redirects import safe_target

STRONG = {"SARN_SECRET_KEY": "x" * 40}


def test_every_response_carries_a_strict_policy_with_a_fresh_nonce(client: FlaskClient) -> None:
    policies = [client.get("/help").headers["Content-Security-Policy"] for _ in range(2)]
    nonces = [re.findall(r"'nonce-([^']+)'", policy) for policy in policies]
    assert nonces[0] != nonces[1]
    for policy in policies:
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy


def test_the_language_is_the_browsers_until_chosen(client: FlaskClient) -> None:
    assert '<html lang="en"' in client.get("/", headers={"Accept-Language": "en"}).text
    assert '<html lang="th"' in client.get("/", headers={"Accept-Language": "de"}).text
    client.get("/lang/en?next=/help")
    assert '<html lang="en"' in client.get("/", headers={"Accept-Language": "th"}).text


def test_choosing_a_language_returns_to_the_page(client: FlaskClient) -> None:
    assert client.get("/lang/th?next=/help").headers["Location"] == "/help"
    assert client.get("/lang/xx").status_code == 404


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/%0d%0a\r\nX: y",
        "",
        None,
    ],
)
def test_a_request_cannot_lead_away_from_the_site(target: str | None) -> None:
    assert safe_target(target) == "/"


def test_own_paths_are_kept() -> None:
    assert safe_target("/consultations/x?page=2#c-1") == "/consultations/x?page=2#c-1"


def test_an_unknown_address_is_a_page_or_json(client: FlaskClient) -> None:
    page = client.get("/no-such-page")
    assert (page.status_code, page.mimetype) == (404, "text/html")
    data = client.get("/no-such-page", headers={"Accept": "application/json"})
    assert (data.status_code, data.mimetype) == (404, "application/problem+json")
    assert data.json is not None
    assert data.json["type"] == "page.unknown"


def test_health_and_readiness(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok", "jobs_waiting": 0}


def test_thai_dates_are_in_the_buddhist_era(app: Flask) -> None:
    moment = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
    assert i18n.date_long(moment, "th") == "21 พฤศจิกายน พ.ศ. 2569"
    assert i18n.date_short(moment, "th") == "21 พ.ย. 2569"
    assert i18n.datetime_long(moment, "th") == "21 พฤศจิกายน พ.ศ. 2569 เวลา 00:30 น."
    assert i18n.datetime_long(moment, "en") == "21 November 2026 at 00:30"


@pytest.mark.parametrize(
    "environment",
    [
        {"SARN_TYPO": "1"},
        {"SARN_ENV": "staging"},
        {"SARN_SECRET_KEY": "short"},
        {"SARN_ENV": "production"},
        {**STRONG, "SARN_DATABASE_URL": "mysql://x"},
        {**STRONG, "SARN_TRUSTED_PROXIES": "many"},
    ],
)
def test_a_wrong_environment_stops_the_start(environment: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError):
        Config.from_environment(environment)


def test_a_development_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    environment = {"SARN_INSTANCE": str(tmp_path)}
    first, second = (Config.from_environment(environment) for _ in range(2))
    assert first.secret_key == second.secret_key
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0
    assert first.secret_key not in repr(first)


def test_postgresql_addresses_name_their_driver() -> None:
    config = Config.from_environment({**STRONG, "SARN_DATABASE_URL": "postgresql://u@h/d"})
    assert config.database_url == "postgresql+psycopg://u@h/d"


@pytest.mark.parametrize(("accepted", "packed"), [("gzip, br", "br"), ("gzip", "gzip"), ("", None)])
def test_a_packed_file_goes_to_browsers_that_read_it(
    client: FlaskClient, accepted: str, packed: str | None
) -> None:
    answer = client.get("/static/build/sarn.css", headers={"Accept-Encoding": accepted})
    body = answer.data
    answer.close()
    assert answer.headers.get("Content-Encoding") == packed
    assert answer.mimetype == "text/css"
    assert "Accept-Encoding" in answer.headers["Vary"]
    if packed:
        body = brotli.decompress(body) if packed == "br" else gzip.decompress(body)
    styles = Path(client.application.static_folder or "") / "build/sarn.css"
    assert body == styles.read_bytes()
    assert client.get("/static/../../wsgi.py").status_code == 404
