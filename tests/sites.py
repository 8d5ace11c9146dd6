"""The site as tests make it."""

import contextvars
import time
from pathlib import Path
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.config import Config
from core.accounts import sessions

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
        staff_second_factor=False,
    )


def enter(client: FlaskClient, account_id: int, *, second_step: bool = False) -> None:
    """Sign a client in, as by the form; what the test around has written is committed first."""
    database = client.application.extensions["sqlalchemy"]
    if has_app_context():
        database.session.commit()
    with Session(database.engine) as session:
        key = sessions.begin(session, account_id, second_step=second_step)
        session.commit()
    with client.session_transaction() as browser:
        browser["_user_id"], browser["_fresh"], browser["seen"] = key, True, int(time.time())
