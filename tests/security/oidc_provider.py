"""A provider that answers as a test tells it to, on a port of its own."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.hashes import SHA256

CLIENT, SECRET = "sarn", "a secret between the two"
Claims = dict[str, Any]


def encoded(content: bytes | str | dict[str, Any]) -> str:
    if isinstance(content, dict):
        content = json.dumps(content)
    raw = content.encode() if isinstance(content, str) else content
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def number(value: int, size: int | None = None) -> str:
    return encoded(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


class Key:
    """An RSA or EC key that signs tokens."""

    def __init__(self, kid: str, *, curve: bool = False, bits: int = 2048) -> None:
        self.kid = kid
        self.private: Any = (
            ec.generate_private_key(ec.SECP256R1())
            if curve
            else rsa.generate_private_key(public_exponent=65537, key_size=bits)
        )
        self.alg = "ES256" if curve else "RS256"

    def public(self) -> dict[str, str]:
        numbers = self.private.public_key().public_numbers()
        if self.alg == "ES256":
            point = {
                "kty": "EC",
                "crv": "P-256",
                "x": number(numbers.x, 32),
                "y": number(numbers.y, 32),
            }
            return {**point, "kid": self.kid, "use": "sig"}
        return {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e), "kid": self.kid}

    def sign(self, header: str, payload: str) -> str:
        content = f"{header}.{payload}".encode()
        if self.alg == "ES256":
            r, s = utils.decode_dss_signature(self.private.sign(content, ec.ECDSA(SHA256())))
            signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        else:
            signature = self.private.sign(content, padding.PKCS1v15(), SHA256())
        return f"{header}.{payload}.{encoded(signature)}"


@lru_cache(maxsize=1)
def usual_key() -> Key:
    return Key("k1")


def unchanged(claims: Claims) -> Claims:
    return claims


@dataclass
class HostileProvider:
    """What the provider answers; the defaults are those of an honest one."""

    address: str = ""
    keys: list[Key] = field(default_factory=lambda: [usual_key()])
    claims: Callable[[Claims], Claims] = unchanged
    #: Makes the token from header and claims; None signs honestly with the first key.
    token: Callable[["HostileProvider", Claims], Any] | None = None
    #: Whole answers in place of the honest ones, by path: status, body, further headers.
    answers: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)
    #: Seconds between two bytes of an answer, by path.
    drip: dict[str, float] = field(default_factory=dict)
    document: Claims = field(default_factory=dict)
    userinfo: Claims = field(default_factory=dict)
    #: What browsers brought to the authorisation page, by code; a code is used once.
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    subject: str = "subject-1"

    def authorise(self, query: dict[str, str]) -> str:
        """Let the person sign in at the provider; return the code."""
        code = f"code-{len(self.asked) + 1}"
        self.asked[code] = query
        return code

    def honest_claims(self, query: dict[str, str]) -> Claims:
        moment = int(time.time())
        times = {"iat": moment, "exp": moment + 300}
        who = {"iss": self.address, "aud": CLIENT, "sub": self.subject}
        return {**who, **times, "nonce": query.get("nonce", "")}

    def signed(self, claims: Claims, key: Key | None = None, **header: Any) -> str:
        key = key or self.keys[0]
        full = {"alg": key.alg, "kid": key.kid, "typ": "JWT", **header}
        return key.sign(encoded({k: v for k, v in full.items() if v is not None}), encoded(claims))

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        self.calls.append(path)
        if path in self.answers:
            return self.answers[path]
        made = {
            "/.well-known/openid-configuration": self._document,
            "/jwks": lambda _form: {"keys": [key.public() for key in self.keys]},
            "/userinfo": lambda _form: self.userinfo,
            "/token": self._token,
        }.get(path)
        found = made(form) if made else None
        return (200 if found is not None else 404), json.dumps(found).encode(), {}

    def _document(self, _form: dict[str, str]) -> Claims:
        names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint")
        paths = ("authorize", "token", "userinfo")
        found = {name: f"{self.address}/{path}" for name, path in zip(names, paths, strict=True)}
        return {
            "issuer": self.address,
            **found,
            "jwks_uri": f"{self.address}/jwks",
            **self.document,
        }

    def _token(self, form: dict[str, str]) -> Claims:
        query = self.asked.pop(form.get("code", ""), None)
        if query is None or not _proves(form.get("code_verifier", ""), query):
            return {"error": "invalid_grant"}
        claims = self.claims(self.honest_claims(query))
        token = self.token(self, claims) if self.token else self.signed(claims)
        return {"access_token": "a", "token_type": "Bearer", "id_token": token}


def _proves(verifier: str, query: dict[str, str]) -> bool:
    challenge = encoded(hashlib.sha256(verifier.encode()).digest())
    return query.get("code_challenge_method") == "S256" and query["code_challenge"] == challenge


def _pieces(body: bytes, pause: float | None) -> Iterator[bytes]:
    if pause is None:
        yield body
        return
    for start in range(len(body)):
        time.sleep(pause)
        yield body[start : start + 1]


@contextmanager
def served(provider: HostileProvider) -> Iterator[HostileProvider]:
    """Serve a provider while a test runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply({})

        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            self._reply(dict(parse_qsl(self.rfile.read(size).decode())))

        def _reply(self, form: dict[str, str]) -> None:
            status, body, headers = provider.answer(self.path, form)
            pause = provider.drip.get(self.path)
            try:
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                for piece in _pieces(body, pause):
                    self.wfile.write(piece)
                    self.wfile.flush()
            except OSError:
                self.close_connection = True

        def log_message(self, *_arguments: Any) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.address = provider.address or f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
