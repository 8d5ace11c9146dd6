"""Databases for tests: SQLite files, and a PostgreSQL server that is found or started."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

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
