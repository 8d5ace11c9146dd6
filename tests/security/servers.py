"""The site in two server processes on one database, and people who use both at once."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.accounts import sessions
from core.actor import Actor
from tests.security.corpora import ROOT
from tests.sites import SECRET

Got = TypeVar("Got")
THREADS = 8


@dataclass
class Servers:
    """Ports of the server processes, and the means to speak to them as somebody."""

    app: Flask
    ports: tuple[int, ...]
    engine: Engine
    _keys: dict[int, str] = field(default_factory=dict)
    _one_by_one: threading.Lock = field(default_factory=threading.Lock)

    def _key(self, account_id: int) -> str:
        """Sign somebody in, once."""
        with self._one_by_one:
            if account_id not in self._keys:
                with Session(self.engine) as session:
                    self._keys[account_id] = sessions.begin(session, account_id, second_step=True)
                    session.commit()
            return self._keys[account_id]

    def cookie(self, actor: Actor) -> tuple[str, str]:
        """Return the session's cookie and the token of its forms, as sign-in would make them."""
        raw = "0" * 40
        values: dict[str, Any] = {"csrf_token": raw}
        if actor.account_id is not None:
            values |= {"_user_id": self._key(actor.account_id), "_fresh": True}
            values["seen"] = int(time.time())
        interface: Any = self.app.session_interface
        signed = interface.get_signing_serializer(self.app).dumps(values)
        token = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(raw)
        name = interface.get_cookie_name(self.app)
        return f"{name}={signed}", token

    def post(
        self, actor: Actor, path: str, form: dict[str, str], server: int = 0, *, address: int = 0
    ) -> int:
        """Send a form to one of the servers; return the status, and 401 for "sign in"."""
        cookie, token = self.cookie(actor)
        headers = {
            "Cookie": cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "text/html",
            # Everybody has an address of their own, or all of them together would be too many.
            "X-Forwarded-For": f"10.{address // 250}.{address % 250}.{1 + server % 200}",
        }
        port = self.ports[server % len(self.ports)]
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("POST", path, urlencode({**form, "csrf_token": token}), headers)
            answer = connection.getresponse()
            answer.read()
            to = answer.getheader("Location") or ""
            return 401 if to.startswith("/accounts/sign-in") else answer.status
        finally:
            connection.close()


@contextlib.contextmanager
def two_servers(app: Flask, url: str, folder: Path) -> Iterator[Servers]:
    """Serve a database by two processes until the block ends."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("SARN_")},
        "SARN_INSTANCE": str(folder),
        "SARN_SECRET_KEY": SECRET,
        "SARN_DATABASE_URL": url,
        "SARN_LOG_LEVEL": "CRITICAL",
        "SARN_TRUSTED_PROXIES": "1",
        "SARN_LIMITS": "off",  # races are run as fast as they go
    }
    ports = tuple(_free_port() for _ in range(2))
    started = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "waitress", "--host=127.0.0.1", f"--port={port}"),
                *(f"--threads={THREADS}", "--no-clear-untrusted-proxy-headers", "wsgi:app"),
            ],
            cwd=ROOT,
            env=environment,
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        for port in ports
    ]
    try:
        for port in ports:
            _wait_for(port)
        yield Servers(app, ports, app.extensions["sqlalchemy"].engine)
    finally:
        for each in started:
            each.terminate()
        for each in started:
            each.wait(timeout=20)


def at_once(deeds: Sequence[Callable[[], Got]]) -> list[Got]:
    """Do all of it at the same moment, each in a thread; return what came of each."""
    barrier = threading.Barrier(len(deeds))

    def run(deed: Callable[[], Got]) -> Got:
        barrier.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    for _ in range(240):
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2),
        ):
            return
        time.sleep(0.25)
    raise TimeoutError(port)
