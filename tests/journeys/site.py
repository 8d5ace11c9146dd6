"""A site that runs in processes of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.sites import SECRET

ROOT = Path(__file__).resolve().parents[2]


class Site:
    """A site in processes of its own: a web server with the job loop, and commands."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("SARN_")},
            "SARN_INSTANCE": str(folder),
            "SARN_SECRET_KEY": SECRET,
            "SARN_LOG_LEVEL": "ERROR",
            "SARN_LIMITS": "off",  # a browser under a test is faster than people
            "PORT": str(port),
        }

    def command(self, *words: str, given: str = "") -> str:
        """Run ``flask --app wsgi ...`` and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *words],
            cwd=ROOT,
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def wait(self) -> None:
        """Wait until the site answers."""
        for _ in range(240):
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=2):  # noqa: S310
                    return
            except OSError:
                time.sleep(0.25)
        raise TimeoutError(self.address)
