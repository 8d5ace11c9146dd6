"""Settings of mail that cannot be, or are weak, stop the start."""

import pytest

from app.config import Config, ConfigurationError

PRODUCTION = {
    "SARN_ENV": "production",
    "SARN_SECRET_KEY": "q7RkM2vXw9LzT4bNc8HdJ5sGf3PyU6aE",
    "SARN_SITE_URL": "https://consult.example.org",
    "SARN_TRUSTED_PROXIES": "1",
    "SARN_INSTANCE": "/nonexistent/instance",
}
GOOD = {
    "SARN_SMTP_URL": "smtp://user:p%40ss@mail.example.org:587",
    "SARN_MAIL_FROM": "sarn@example.org",
    "SARN_SITE_URL": "https://consult.example.org",
}


def test_good_settings_are_taken() -> None:
    config = Config.from_environment({**PRODUCTION, **GOOD})
    assert (config.mail_from, config.site_url) == (GOOD["SARN_MAIL_FROM"], GOOD["SARN_SITE_URL"])
    assert "p%40ss" not in repr(config)


def test_mail_is_optional() -> None:
    assert Config.from_environment(PRODUCTION).smtp_url == ""
    assert Config.from_environment({"PORT": "9000"}).site_url == "http://127.0.0.1:9000"


@pytest.mark.parametrize(
    "wrong",
    [
        {"SARN_MAIL_FROM": ""},
        {"SARN_SITE_URL": ""},
        {"SARN_SITE_URL": "http://consult.example.org"},
        {"SARN_SITE_URL": "javascript:alert(1)"},
        {"SARN_SITE_URL": "https://consult.example.org/path"},
        {"SARN_MAIL_FROM": "Sarn <sarn@example.org>"},
        {"SARN_MAIL_FROM": "a@example.org\nBcc: b@example.org"},
        {"SARN_SMTP_URL": "http://mail.example.org"},
        {"SARN_SMTP_URL": "smtp://"},
        {"SARN_SMTP_URL": "smtp://mail.example.org:port"},
        {"SARN_SMTP_URL": "smtp+plain://mail.example.org"},
    ],
)
def test_settings_that_cannot_be_stop_the_start(wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError):
        Config.from_environment({**PRODUCTION, **GOOD, **wrong})


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_an_unencrypted_server_may_be_on_this_machine(host: str) -> None:
    given = {**PRODUCTION, **GOOD, "SARN_SMTP_URL": f"smtp+plain://{host}:25"}
    assert Config.from_environment(given).smtp_url
