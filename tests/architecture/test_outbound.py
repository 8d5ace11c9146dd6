"""Nothing but the one way out opens an address of another host."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "moderation", "consultations", "core", "analysis")
#: Modules that open connections, and of those with many names the names that do.
OPENERS = frozenset(
    {"socket", "ssl", "http.client", "urllib.request", "urllib3", "httpx", "aiohttp", "pycurl"}
) | {"smtplib", "ftplib", "imaplib", "poplib", "telnetlib", "xmlrpc.client", "asyncio", "ldap3"}
REQUESTS = frozenset({"get", "post", "put", "patch", "delete", "head", "request", "Session"})
#: Who may, and why: the way out itself; letters to the mail server that the operator names; and an
#: embedder that only a caller of the engine's own functions can choose, with consent.
ALLOWED = {
    "core/outbound.py": {"socket", "ssl", "http.client", "requests.Session"},
    "app/mail/transport.py": {"smtplib", "ssl"},
    "analysis/texts/embedders.py": {"urllib.request", "http.client"},
}


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def opened_by(source: str) -> set[str]:
    """Return what a module's text can open connections with."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            names = [f"{node.value.id}.{node.attr}"]
        found |= {name for name in names if name in OPENERS or _is_request(name)}
    return found


def _is_request(name: str) -> bool:
    return name.partition(".")[0] == "requests" and name.partition(".")[2] in REQUESTS


def test_only_named_modules_open_connections() -> None:
    found = {str(path.relative_to(ROOT)): opened_by(path.read_text("utf-8")) for path in modules()}
    assert {path: names for path, names in found.items() if names} == ALLOWED


def test_every_kind_of_opening_would_be_found() -> None:
    """The control."""
    for source in (
        "import socket",
        "from urllib import request",
        "from urllib.request import urlopen",
        "import http.client as web",
        "def f():\n    import httpx",
        "import requests\nrequests.get('x')",
        "from requests import Session",
    ):
        assert opened_by(source), source
    assert not opened_by("from urllib.parse import urlsplit\nimport requests.exceptions")


def test_sessions_of_libraries_are_guarded() -> None:
    for path in modules():
        source = path.read_text("utf-8")
        if "authlib.integrations" in source:
            assert "guard(" in source, path


def test_the_site_never_makes_the_embedder_that_asks_a_service() -> None:
    for path in modules():
        if path.relative_to(ROOT).parts[0] != "analysis":
            assert "embedders" not in path.read_text("utf-8"), path
