"""Fixtures that every part of the tests shares: a migrated database of each kind, and the site."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app import create_app
from core.actor import Actor
from core.database import prepare_engine
from core.keyring import Keyring
from tests.databases import database_address, missing, postgresql_server, run_on_server
from tests.sites import SECRET, SeparateClient, make_config

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    return Keyring(SECRET.encode())


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    _migrate(f"sqlite:///{path}", path.parent)
    return path


@pytest.fixture(scope="session")
def postgresql_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str | None]:
    """Server with a migrated, empty database named sarn_template; None without a server."""
    with postgresql_server() as server:
        if server is not None:
            run_on_server(server, "DROP DATABASE IF EXISTS sarn_template")
            run_on_server(server, "CREATE DATABASE sarn_template TEMPLATE template0")
            _migrate(database_address(server, "sarn_template"), tmp_path_factory.mktemp("pg"))
        yield server


def _migrate(url: str, folder: Path) -> None:
    app = create_app(make_config(url, folder))
    with app.app_context():
        upgrade()
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a fresh, migrated database; every test that uses it runs on both kinds."""
    if request.param == "sqlite":
        copy = tmp_path / "site.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), copy)
        yield f"sqlite:///{copy}"
        return
    server = request.getfixturevalue("postgresql_template")
    if server is None:
        missing("PostgreSQL")
    name = f"sarn_test_{next(_numbers)}"
    run_on_server(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    run_on_server(server, f"CREATE DATABASE {name} TEMPLATE sarn_template")
    yield database_address(server, name)
    run_on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """Session on a fresh database, without Flask."""
    engine = prepare_engine(create_engine(database_url))
    with Session(engine, expire_on_commit=False) as session:
        yield session
        session.rollback()
    engine.dispose()


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The site on a fresh database."""
    app = create_app(make_config(database_url, tmp_path))
    app.config.update(WTF_CSRF_ENABLED=False)
    app.test_client_class = SeparateClient
    with app.app_context():
        yield app
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def client_of(app: Flask) -> Callable[[Actor], FlaskClient]:
    """Make a client that is signed in as the account of an actor."""

    def signed_in(actor: Actor) -> FlaskClient:
        client = app.test_client()
        with client.session_transaction() as browser:
            browser["_user_id"], browser["_fresh"] = f"{actor.account_id}.1", True
        return client

    return signed_in
