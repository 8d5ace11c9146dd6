"""Every address answers with the headers that hold a browser back."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from app import create_app
from tests.architecture.test_access import addresses
from tests.security.conftest import As, Record
from tests.sites import SeparateClient

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
NONE_OF = {
    *("default-src", "base-uri", "object-src", "frame-ancestors"),
}
SELF_ONLY = {"script-src", "style-src", "font-src", "connect-src", "worker-src", "form-action"}
#: What is the same for everybody and may be kept; it is written as for a visitor.
SAME_FOR_ALL = ("/static/", "/feeds/", "/calendars/")
#: Pages of the sample in which every kind of content stands.
REAL = (
    "/",
    "/?q=water",
    "/help",
    "/accounts/sign-in",
    "/consultations/sample-waste",
    "/consultations/sample-waste/draft",
    "/consultations/sample-waste/discussion",
    "/consultations/sample-waste/results",
    "/open-data/",
    "/static/build/sarn.css",
    "/no-such-page",
)


def policy_of(header: str) -> dict[str, set[str]]:
    parts = (part.split() for part in header.split(";"))
    return {words[0]: set(words[1:]) for words in parts if words}


def faults(headers: dict[str, str], seen: set[str]) -> Iterator[str]:
    """Yield what is wrong with the headers of a response."""
    for name, value in FIXED.items():
        if headers.get(name) != value:
            yield f"{name}: {headers.get(name)}"
    yield from _policy_faults(policy_of(headers.get("Content-Security-Policy", "")), seen)
    if any(name.lower().startswith("access-control") for name in headers):
        yield "another origin is let in"
    if "Server" in headers and re.search(r"\d", headers["Server"]):
        yield "tells its version"


def _policy_faults(policy: dict[str, set[str]], seen: set[str]) -> Iterator[str]:
    words = set[str]().union(*policy.values()) - policy.get("img-src", set())
    if not policy or any(word.startswith(("'unsafe", "*", "http", "data:")) for word in words):
        yield f"policy {policy}"
    if any(policy.get(name) != {"'none'"} for name in NONE_OF):
        yield "not closed"
    nonces = {word for word in policy.get("script-src", ()) if word.startswith("'nonce-")}
    if len(nonces) != 1 or nonces & seen or any(len(word) < 30 for word in nonces):
        yield f"nonce {nonces}"
    seen |= nonces
    if any(policy.get(name, set()) - nonces != {"'self'"} for name in SELF_ONLY):
        yield "more than own files"


@pytest.mark.parametrize("who", ["", "citizen", "officer"])
def test_every_address_has_the_headers(
    attacked: Flask, client_as: As, record: Record, who: str
) -> None:
    client, wrong, seen = client_as(who), [], set[str]()
    tried = [*((path, "GET") for path in REAL), *_all(attacked)]
    for path, method in tried:
        answer = client.open(path, method=method, headers={"Origin": "https://evil.invalid"})
        answer.close()
        found = dict(answer.headers)
        wrong += [f"{method} {path}: {fault}" for fault in faults(found, seen)]
        if "evil.invalid" in str(answer.headers):
            wrong.append(f"{method} {path}: the origin is given back")
        kept = answer.headers.get("Cache-Control", "")
        if who and not path.startswith(SAME_FOR_ALL) and "no-store" not in kept:
            wrong.append(f"{method} {path}: may be kept: {kept}")
    record(f"headers as {who or 'visitor'}", addresses=len(tried), faults=len(wrong))
    assert wrong == [], "\n".join(wrong[:20])


def _all(app: Flask) -> list[tuple[str, str]]:
    left_out = {"accounts.sign_out", "settings.end_sessions"}
    return [(path, how) for name, how, path in addresses(app) if name not in left_out]


def test_the_faults_are_noticed() -> None:
    """The control."""
    good = {**FIXED, "Content-Security-Policy": _policy("")}
    assert list(faults(good, set())) == []
    for change in (
        {"Content-Security-Policy": _policy("'unsafe-inline'")},
        {"Content-Security-Policy": _policy("https://cdn.example")},
        {"Content-Security-Policy": ""},
        {"Access-Control-Allow-Origin": "*"},
        {"X-Content-Type-Options": ""},
    ):
        assert list(faults({**good, **change}, set()))
    seen: set[str] = set()
    assert not list(faults(good, seen))
    assert list(faults(good, seen)), "a nonce that comes twice is seen"


def _policy(more: str) -> str:
    closed = "; ".join(f"{name} 'none'" for name in sorted(NONE_OF))
    own = "; ".join(f"{name} 'self'" for name in sorted(SELF_ONLY - {"script-src"}))
    return f"{closed}; {own}; script-src 'self' 'nonce-{'x' * 22}' {more}"


def test_other_sites_get_no_answer_to_a_preflight(attacked: Flask, client_as: As) -> None:
    headers = {"Origin": "https://evil.invalid", "Access-Control-Request-Method": "POST"}
    for path in ("/", "/accounts/sign-in", "/open-data/sample-waste/votes.csv"):
        answer = client_as("citizen").options(path, headers=headers)
        assert not [name for name in dict(answer.headers) if name.startswith("Access-Control")]


def test_in_production_the_cookie_and_the_connection_are_bound(
    attacked: Flask, tmp_path_factory: pytest.TempPathFactory
) -> None:
    config = attacked.config["SARN"]
    changed = {**vars(config), "environment": "production"}
    app = create_app(type(config)(**changed))
    app.test_client_class = SeparateClient
    answer = app.test_client().get("/accounts/sign-in", base_url="https://consult.example.org")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-sarn=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie
    assert "max-age=31536000; includeSubDomains" in answer.headers["Strict-Transport-Security"]
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b'{"csp-report": 1}', b"[" * 9_000, b"x" * 99_999, b"\xff\xfe",
        b'{"csp-report": {"effective-directive": "script-src", "blocked-uri": "http://a/\\n"}}',
        b'[{"type": "csp-violation", "body": {"effectiveDirective": "img-src"}}]',
    ],
)  # fmt: skip
def test_any_report_is_taken_and_nothing_comes_of_it(attacked: Flask, body: bytes) -> None:
    client = attacked.test_client()
    answer = client.post("/security-reports", data=body, content_type="application/csp-report")
    assert (answer.status_code, answer.data) == (204, b"")
