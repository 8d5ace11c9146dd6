"""Databases for tests: SQLite files, and a PostgreSQL server that is found or started."""

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, create_engine

from core.database import prepare_engine

#: Makes a migrated database that is gone at the end of the block.
Make = Callable[[], AbstractContextManager[str]]
_numbers = itertools.count(1)

#: Turkish and other odd places: the locale must know that Thai letters are letters.
_INITDB = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres"]


def missing(what: str) -> None:
    """Skip on a laptop; fail where everything has to be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is required when CI=true", pytrace=False)
    pytest.skip(f"{what} is not available here")


@contextmanager
def postgresql_server() -> Iterator[str | None]:
    """Address of a PostgreSQL server (without database name), or None if there is none."""
    given = os.environ.get("SARN_TEST_POSTGRESQL")
    if given:
        yield given.rstrip("/")
        return
    binaries = _binaries()
    if binaries is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="sarn-pg-") as folder:
        yield from _started(binaries, Path(folder))


def _started(binaries: Path, folder: Path) -> Iterator[str]:
    data, port = folder / "data", "54399"
    options = f"-p {port} -k {folder} -c listen_addresses= -c fsync=off -c full_page_writes=off"
    owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if owner:
        shutil.chown(folder, "postgres")
    subprocess.run(
        [*owner, binaries / "initdb", "-D", data, *_INITDB], check=True, capture_output=True
    )
    control = [*owner, binaries / "pg_ctl", "-w", "-D", data]
    log = folder / "log"
    subprocess.run([*control, "-l", log, "-o", options, "start"], check=True, capture_output=True)
    try:
        yield f"postgresql+psycopg://postgres@/{{}}?host={folder}&port={port}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True)


def _binaries() -> Path | None:
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("pg_ctl")
    if found:
        candidates.append(Path(found).resolve().parent)
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


def database_address(server: str, name: str) -> str:
    """Address of one database on the server."""
    return server.format(name) if "{}" in server else f"{server}/{name}"


def run_on_server(server: str, statement: str) -> None:
    """Run a statement such as CREATE DATABASE."""
    address = database_address(server, "postgres").replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)


@contextmanager
def sqlite_copy(template: Path, folder: Path) -> Iterator[str]:
    """Address of a copy of a migrated SQLite file."""
    copy = folder / "site.db"
    shutil.copy(template, copy)
    yield f"sqlite:///{copy}"


@contextmanager
def postgresql_copy(server: str) -> Iterator[str]:
    """Address of a copy of the migrated database on the server."""
    name = f"sarn_test_{os.getpid()}_{next(_numbers)}"
    run_on_server(server, f"CREATE DATABASE {name} TEMPLATE sarn_template STRATEGY FILE_COPY")
    try:
        yield database_address(server, name)
    finally:
        # At the end of a run the server may be gone already, with all it held.
        with suppress(psycopg.OperationalError):
            run_on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


class SharedConnections:
    """One connection for each kind of database, made when it is first needed."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._made: dict[str, Connection] = {}

    def get(self, kind: str, make: Make) -> Connection:
        """Return the connection to the shared database of a kind."""
        if kind not in self._made:
            engine = prepare_engine(create_engine(self._stack.enter_context(make())))
            self._stack.callback(engine.dispose)
            self._made[kind] = self._stack.enter_context(engine.connect())
        return self._made[kind]
