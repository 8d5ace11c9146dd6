"""Fixtures that every part of the tests shares: keys, the site and its clients."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from consultations.reporting import pdf_file
from core.actor import Actor
from core.keyring import Keyring
from tests.databases import missing
from tests.sites import SECRET, SeparateClient, enter, make_config

ROOT = Path(__file__).parent
pytest_plugins = ["tests.database_fixtures", "tests.browser_fixtures"]
# How long an example takes depends on the machine; benchmarks measure speed.
hypothesis.settings.register_profile("sarn", deadline=None, derandomize=True)
hypothesis.settings.load_profile("sarn")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests, so that no process ends long after the others."""

    def place(item: pytest.Item) -> tuple[bool, bool]:
        is_sweep = getattr(item, "originalname", "") == "test_every_page_holds"
        return not is_sweep, not item.path.is_relative_to(ROOT / "security")

    items.sort(key=place)


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    return Keyring(SECRET.encode())


@pytest.fixture
def app(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The site on a fresh database; it counts attempts for tests marked ``limited``."""
    counts = request.node.get_closest_marker("limited") is not None
    app = create_app(make_config(database_url, tmp_path, limits="memory" if counts else "off"))
    app.config.update(WTF_CSRF_ENABLED=False)
    app.test_client_class = SeparateClient
    with app.app_context():
        yield app
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def pango() -> None:
    """What draws the letters of a PDF is on this machine."""
    if not pdf_file.is_possible():
        missing("Pango")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def client_of(app: Flask) -> Callable[[Actor], FlaskClient]:
    """Make a client in the middle of a visit, signed in as the account of an actor.

    How much is new was looked up a moment ago, as it is once in some minutes.
    """

    def signed_in(actor: Actor) -> FlaskClient:
        client = app.test_client()
        enter(client, actor.account_id or 0)
        with client.session_transaction() as browser:
            browser["unread"] = [actor.account_id, int(time.time()), 0]
        return client

    return signed_in
