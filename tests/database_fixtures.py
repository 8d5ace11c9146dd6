"""Fixtures of databases: a migrated one of each kind, shared or of one's own."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app import create_app
from core.database import prepare_engine
from tests.databases import (
    Make,
    SharedConnections,
    database_address,
    missing,
    postgresql_copy,
    postgresql_server,
    run_on_server,
    sqlite_copy,
)
from tests.sites import make_config


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
def new_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Makes migrated databases; every test that needs one runs on both kinds."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        return lambda: sqlite_copy(template, tmp_path_factory.mktemp("site"))
    server = request.getfixturevalue("postgresql_template")
    if server is None:
        missing("PostgreSQL")
    return lambda: postgresql_copy(server)


@pytest.fixture
def database_url(new_database: Make) -> Iterator[str]:
    """Address of a fresh, migrated database."""
    with new_database() as url:
        yield url


@pytest.fixture
def fresh_session(database_url: str) -> Iterator[Session]:
    """Session on a database of its own, for tests that use several connections."""
    engine = prepare_engine(create_engine(database_url))
    with Session(engine, expire_on_commit=False) as session:
        yield session
        session.rollback()
    engine.dispose()


@pytest.fixture(scope="session")
def shared_connections() -> Iterator[SharedConnections]:
    """One connection for each kind of database, for tests whose changes are taken back."""
    with ExitStack() as stack:
        yield SharedConnections(stack)


@pytest.fixture
def session(
    request: pytest.FixtureRequest, new_database: Make, shared_connections: SharedConnections
) -> Iterator[Session]:
    """Session without Flask; whatever the test writes is taken back, commits included."""
    kind = request.node.callspec.params["new_database"]
    connection = shared_connections.get(kind, new_database)
    outer = connection.begin()
    with Session(
        connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    ) as session:
        yield session
    outer.rollback()
