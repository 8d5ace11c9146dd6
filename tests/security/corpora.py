"""Hostile inputs: a few of our own, and the collections in a folder that a tester names."""

import base64
import json
import os
import zlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: Collections of hostile inputs; one JSON object a line, `payload` or `payload_z`.
FOLDER = Path(os.environ.get("HOSTILE_DATA") or ROOT.parent / "shared" / "data" / "hostile")

#: Inputs of our own, so that every attack is tried where the folder is not there.
OWN: dict[str, tuple[str, ...]] = {
    "xss": (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '"><svg onload=alert(1)>',
        "'-alert(1)-'",
        "javascript:alert(1)",
        "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
        "<details open ontoggle=alert(1)>",
        "<math><mtext></form><form><mglyph><style></math><img src=x onerror=alert(1)>",
    ),
    "sqli": (
        "' OR '1'='1",
        "'; DROP TABLE vote; --",
        "1 UNION SELECT email FROM account",
        "%' AND randomblob(900000000) AND '%'='",
        "1); SELECT pg_sleep(5); --",
    ),
    "open_redirect": (
        "//evil.invalid",
        "/\\evil.invalid",
        "https:evil.invalid",
        "/\t/evil.invalid",
        "///evil.invalid/..",
        "javascript:alert(1)",
        "/%0d%0aLocation:%20//evil.invalid",
    ),
    "crlf": (
        "x\r\nSet-Cookie: stolen=1",
        "x%0d%0aSet-Cookie:stolen=1",
        "x\nLocation: //evil.invalid",
    ),
    "ssti": (
        "{{7*7191}}",
        "${7*7191}",
        "#{7*7191}",
        "<%= 7*7191 %>",
        "{% print(7*7191) %}",
        "%(x)s",
    ),
    "traversal": (
        "../../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "....//etc/passwd",
        "/etc/passwd",
    ),
    "csv_formula": ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝1+1", "=cmd|' /C calc'!A0"),
    "email_header": (
        "a@example.org\r\nBcc: victim@example.org",
        "a@example.org, b@example.org",
        "=?utf-8?q?x=0D=0ABcc:_victim=40example.org?=",
        "a@example.org",
        "<a@example.org> b@example.org",
    ),
    "mass_assignment": (
        *("id", "role", "roles", "agency_id", "account_id", "participant_id", "consultation_id"),
        *("visibility", "stage", "state", "origin", "tier", "created_at", "revision", "weight"),
    ),
    "unicode": ("กำ", "ก\u0e4d\u0e32", "a\u202eb", "\u2066x", "e\u0301", "ﬁ", "a\u200bb"),
    "naughty": (
        "\x00",
        "\u202e",
        "𝒯",
        "\ufffe",
        "ก" + "็" * 200,
        "\ud83d",
        "NULL",
        "１２",
        "\u200b",
    ),
}


@cache
def payloads(name: str) -> tuple[str, ...]:
    """Return the inputs of a kind: our own first, then the folder's, without repeats."""
    found = list(OWN.get(name, ()))
    for path in sorted(FOLDER.glob(f"{name}.jsonl")):
        found += [_payload(json.loads(line)) for line in path.read_text("utf-8").splitlines()]
    return tuple(dict.fromkeys(found))


def is_there() -> bool:
    """Whether the folder of collections is on this machine."""
    return FOLDER.is_dir()


def _payload(entry: dict[str, str]) -> str:
    if "payload" in entry:
        return entry["payload"]
    packed = zlib.decompress(base64.b64decode(entry["payload_z"]))
    return packed.decode("utf-8", "surrogatepass")
