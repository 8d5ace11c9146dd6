"""The site as tests make it."""

import contextvars
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.config import Config

SECRET = "a secret that only the tests use, long enough"


class SeparateClient(FlaskClient):
    """A client whose requests share nothing with the test around them, as on a real server."""

    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        return contextvars.Context().run(super().open, *arguments, **options)


def make_config(url: str, folder: Path, *, limits: str = "off", redis_url: str = "") -> Config:
    """Configuration of a site for tests; most of them are faster than people."""
    return Config(
        *("development", SECRET, url, folder),
        log_level="CRITICAL",
        limits=limits,
        redis_url=redis_url,
    )
