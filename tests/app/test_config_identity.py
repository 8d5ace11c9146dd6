"""Settings of identity that cannot be, or are weak, stop the start."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from app.config import Config, ConfigurationError

#: Settings that a site may start with; the folder is its user's alone.
PRODUCTION = {
    "SARN_ENV": "production",
    "SARN_SECRET_KEY": "q7RkM2vXw9LzT4bNc8HdJ5sGf3PyU6aE",
    "SARN_SITE_URL": "https://consult.example.org",
    "SARN_TRUSTED_PROXIES": "1",
    "SARN_INSTANCE": tempfile.mkdtemp(),
}
THAID: dict[str, Any] = {
    "slug": "thaid",
    "name_th": "ThaID",
    "name_en": "ThaID",
    "issuer": "https://imauth.bora.dopa.go.th",
    "client_id": "sarn",
    "client_secret": "not to be shown",
    "scope": "openid pid",
    "person_claim": "pid",
    "person_class": "th-citizen",
}


def read(entries: Any, **settings: str) -> Config:
    given = {**PRODUCTION, **settings, "SARN_OIDC_PROVIDERS": json.dumps(entries)}
    return Config.from_environment(given)


def test_staff_always_need_a_second_factor_in_production() -> None:
    assert Config.from_environment(PRODUCTION).staff_second_factor
    with pytest.raises(ConfigurationError):
        Config.from_environment({**PRODUCTION, "SARN_STAFF_SECOND_FACTOR": "off"})


def test_while_developing_it_is_a_choice(tmp_path: Path) -> None:
    given = {"SARN_INSTANCE": str(tmp_path)}
    assert not Config.from_environment(given).staff_second_factor
    assert Config.from_environment({**given, "SARN_STAFF_SECOND_FACTOR": "on"}).staff_second_factor
    with pytest.raises(ConfigurationError):
        Config.from_environment({**given, "SARN_STAFF_SECOND_FACTOR": "maybe"})


def test_providers_are_read_from_words_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "providers.json"
    file.write_text(json.dumps([THAID]))
    config = Config.from_environment({**PRODUCTION, "SARN_OIDC_PROVIDERS": str(file)})
    assert config.providers == read([THAID]).providers
    assert config.providers[0].person_class == "th-citizen"
    assert "not to be shown" not in repr(config)
    assert Config.from_environment(PRODUCTION).providers == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"slug": "Thai ID"},
        {"issuer": "http://imauth.bora.dopa.go.th"},
        {"issuer": "http://localhost:8080"},
        {"issuer": "https://id.example?x=1"},
        {"issuer": ""},
        {"client_id": None},
        {"client_secret": ""},
        {"scope": "profile"},
        {"person_claim": ""},
        {"unknown": 1},
        {"hosts": 7},
        {"levels": "high"},
    ],
)
def test_a_provider_that_cannot_be_stops_the_start(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read([{**THAID, **wrong}])
    assert "not to be shown" not in str(refused.value)


@pytest.mark.parametrize("entries", [{}, 7, [7], [THAID, THAID], [THAID, {**THAID, "slug": "b"}]])
def test_a_list_that_cannot_be_stops_the_start(entries: Any) -> None:
    with pytest.raises(ConfigurationError):
        read(entries)


def test_a_file_that_is_not_there_stops_the_start() -> None:
    with pytest.raises(ConfigurationError):
        Config.from_environment({**PRODUCTION, "SARN_OIDC_PROVIDERS": "/nowhere/providers.json"})
