"""What a hostile provider may answer: tokens to be refused, and answers that do harm."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

from tests.security.oidc_provider import CLIENT, SECRET, HostileProvider, Key, encoded

Prepare = Callable[[HostileProvider], None]


def changed(**values: Any) -> Prepare:
    """Change claims; None leaves one out."""

    def prepare(hostile: HostileProvider) -> None:
        hostile.claims = lambda claims: {
            key: value for key, value in {**claims, **values}.items() if value is not None
        }

    return prepare


def header(**values: Any) -> Prepare:
    """Change the header of a token that is signed rightly."""

    def prepare(hostile: HostileProvider) -> None:
        hostile.token = lambda made, claims: made.signed(claims, **values)

    return prepare


def token(make: Callable[[HostileProvider, dict[str, Any]], Any]) -> Prepare:
    def prepare(hostile: HostileProvider) -> None:
        hostile.token = make

    return prepare


def answer(path: str, status: int, body: bytes | str = b"", **headers: str) -> Prepare:
    def prepare(hostile: HostileProvider) -> None:
        content = body.encode() if isinstance(body, str) else body
        hostile.answers[path] = (status, content, headers)

    return prepare


def unsigned(_hostile: HostileProvider, claims: dict[str, Any]) -> str:
    return f"{encoded({'alg': 'none'})}.{encoded(claims)}."


def by_public_key(hostile: HostileProvider, claims: dict[str, Any]) -> str:
    """Sign with the public key as if it were a shared secret."""
    content = f"{encoded({'alg': 'HS256', 'kid': 'k1'})}.{encoded(claims)}"
    secret = json.dumps(hostile.keys[0].public()).encode()
    return f"{content}.{encoded(hmac.new(secret, content.encode(), hashlib.sha256).digest())}"


def by_client_secret(_hostile: HostileProvider, claims: dict[str, Any]) -> str:
    content = f"{encoded({'alg': 'HS256'})}.{encoded(claims)}"
    return f"{content}.{encoded(hmac.new(SECRET.encode(), content.encode(), 'sha256').digest())}"


def twice(name: str) -> Callable[[HostileProvider, dict[str, Any]], str]:
    """A token in which a claim stands twice, first as it should."""

    def make(hostile: HostileProvider, claims: dict[str, Any]) -> str:
        words = json.dumps(claims)[:-1] + f', "{name}": "another"}}'
        return hostile.keys[0].sign(encoded({"alg": "RS256", "kid": "k1"}), encoded(words))

    return make


def altered(hostile: HostileProvider, claims: dict[str, Any]) -> str:
    head, _payload, signature = hostile.signed(claims).split(".")
    return f"{head}.{encoded({**claims, 'sub': 'somebody else'})}.{signature}"


def small_key(hostile: HostileProvider) -> None:
    hostile.keys = [Key("k1", bits=1024)]


def retired_key(hostile: HostileProvider) -> None:
    old = Key("old")
    hostile.token = lambda made, claims: made.signed(claims, old)


def dripping(path: str) -> Prepare:
    def prepare(hostile: HostileProvider) -> None:
        hostile.drip[path] = 0.2

    return prepare


def document(**values: Any) -> Prepare:
    def prepare(hostile: HostileProvider) -> None:
        hostile.document = values

    return prepare


NOW = int(time.time())
HUGE = encoded("x" * 200_000)
TOKENS: dict[str, Prepare] = {
    "another issuer": changed(iss="https://other.example"),
    "the issuer with a slash": lambda h: changed(iss=h.address + "/")(h),
    "no issuer": changed(iss=None),
    "for another client": changed(aud="another client"),
    "for nobody": changed(aud=None),
    "for an empty list": changed(aud=[]),
    "for several without azp": changed(aud=[CLIENT, "another"]),
    "for several, azp another": changed(aud=[CLIENT, "another"], azp="another"),
    "azp another": changed(azp="another"),
    "audience that is no text": changed(aud=[CLIENT, 7], azp=CLIENT),
    "another nonce": changed(nonce="guessed"),
    "no nonce": changed(nonce=None),
    "a nonce that is a list": changed(nonce=["x"]),
    "expired": changed(exp=NOW - 3600),
    "without an end": changed(exp=None),
    "an end in words": changed(exp="tomorrow"),
    "an end that is true": changed(exp=True),
    "an endless end": changed(exp=1e300),
    "not valid yet": changed(nbf=NOW + 86_400),
    "issued tomorrow": changed(iat=NOW + 86_400),
    "issued long ago": changed(iat=NOW - 86_400),
    "not issued": changed(iat=None),
    "no subject": changed(sub=None),
    "an empty subject": changed(sub=""),
    "a blank subject": changed(sub="  "),
    "a subject that is a number": changed(sub=7),
    "a huge subject": changed(sub="x" * 300),
    "a subject that is half a character": changed(sub="\ud800"),
    "a subject with a line end": changed(sub="a\nb"),
    "a nonce that is half a character": changed(nonce="\ud800"),
    "unsigned": token(unsigned),
    "alg None in capitals": header(alg="NONE"),
    "HS256 with the public key": token(by_public_key),
    "HS256 with the client's secret": token(by_client_secret),
    "alg PS256": header(alg="PS256"),
    "alg is a list": header(alg=["RS256"]),
    "alg ES256 with an RSA key": header(alg="ES256"),
    "kid leads out of a folder": header(kid="../../../../dev/null"),
    "kid is SQL": header(kid="k1' OR '1'='1"),
    "kid is a list": header(kid=["k1"]),
    "jku": header(jku="https://evil.example/jwks"),
    "x5u": header(x5u="https://evil.example/cert"),
    "x5c": header(x5c=["MIIB"]),
    "own key in the header": header(jwk=Key("own").public()),
    "crit": header(crit=["exp"]),
    "subject twice": token(twice("sub")),
    "issuer twice": token(twice("iss")),
    "claims altered": token(altered),
    "signature missing": token(lambda h, c: h.signed(c).rpartition(".")[0] + "."),
    "two parts": token(lambda h, c: h.signed(c).rpartition(".")[0]),
    "encrypted (five parts)": token(lambda h, c: h.signed(c) + ".a.b"),
    "token is a number": token(lambda _h, _c: 7),
    "token is nothing": token(lambda _h, _c: None),
    "token is not ASCII": token(lambda _h, _c: "ก.ข.ค"),
    "a huge token": token(lambda h, c: h.signed({**c, "x": "x" * 20_000})),
    "claims are a list": token(
        lambda h, _c: h.keys[0].sign(encoded({"alg": "RS256", "kid": "k1"}), encoded("[1]"))
    ),
    "nested very deep": token(
        lambda h, _c: h.keys[0].sign(encoded({"alg": "RS256"}), encoded('{"a":' + "[" * 9000))
    ),
    "a retired key": retired_key,
    "a short key": small_key,
}
ANSWERS: dict[str, Prepare] = {
    "keys elsewhere": document(jwks_uri="http://127.0.0.1:1/jwks"),
    "keys in a file": document(jwks_uri="file:///etc/passwd"),
    "token page elsewhere": document(token_endpoint="http://evil.example/token"),
    "user in the address": document(token_endpoint="http://x@evil.example/token"),
    "keys at no address": document(jwks_uri="http://[::1/jwks"),
    "a line end in an address": lambda h: document(
        authorization_endpoint=h.address + "/a\r\nSet-Cookie: a=b"
    )(h),
    "describes another issuer": document(issuer="https://other.example"),
    "knows plain PKCE only": document(code_challenge_methods_supported=["plain"]),
    "issuer missing in the answer": document(authorization_response_iss_parameter_supported=True),
    "keys redirected": answer("/jwks", 302, Location="http://127.0.0.1:1/"),
    "token page redirected": answer("/token", 307, Location="http://127.0.0.1:1/"),
    "description redirected": answer(
        "/.well-known/openid-configuration", 301, Location="http://127.0.0.1:1/"
    ),
    "huge keys": answer("/jwks", 200, '{"keys": ["' + HUGE + '"]}'),
    "huge answer": answer("/token", 200, '{"id_token": "' + HUGE + '"}'),
    "keys that are no JSON": answer("/jwks", 200, "<html>"),
    "keys that are a list": answer("/jwks", 200, "[]"),
    "keys that are words": answer("/jwks", 200, '{"keys": "k1"}'),
    "broken key": answer("/jwks", 200, '{"keys": [{"kty": "RSA", "kid": "k1", "n": "", "e": ""}]}'),
    "no keys": answer("/jwks", 200, '{"keys": []}'),
    "keys fail": answer("/jwks", 500, "{}"),
    "token page fails": answer("/token", 500, "oops"),
    "token page refuses": answer("/token", 400, '{"error": "invalid_grant"}'),
    "token page is no JSON": answer("/token", 200, "access_token=a&id_token=b"),
    "token page gives a list": answer("/token", 200, "[1, 2]"),
    "slow keys": dripping("/jwks"),
    "slow token page": dripping("/token"),
    "slow description": dripping("/.well-known/openid-configuration"),
}
