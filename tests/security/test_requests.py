"""Requests that ask for more than a form offers, and bodies that are no forms at all."""

import base64
import json
import math
import random
import re
import tomllib
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from consultations.models import Comment, Contribution
from core.actor import Actor
from core.keyring import Keyring
from tests.factories import make_actor, make_comment, make_consultation, make_draft
from tests.security.conftest import As, Record, lift_limits
from tests.security.corpora import FOLDER, is_there, payloads
from tests.security.matrix_world import ACTORS, World, made_world
from tests.security.test_authorisation import (
    TABLE,
    Table,
    ask,
    cells,
    expectation,
    routes,
    variants,
)
from tests.security.web_forms import forms_of

ClientOf = Callable[[Actor], FlaskClient]
#: Names of our own, tried where the collection is not there.
OWN_NAMES = ("id", "role", "roles", "agency_id", "account_id", "visibility", "stage", "origin")
#: Columns that chance or the clock fills, and texts that hold such.
VOLATILE = re.compile(
    r".*(_at|_on|salt|digest|hash|sealed|_key|key|token|participant_id|reference|content|payload)"
    r"|.*(_until|_csv|_json)|units|lines|source|before|subject|message_id|details"
)
RANDOM = re.compile("[0-9a-f]{32}")
TAKEN = (200, 303)


@pytest.fixture(scope="module")
def table() -> Table:
    return tomllib.loads(TABLE.read_text("utf-8"))


@pytest.fixture(scope="module")
def world(with_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with made_world(with_sample / "site.db", tmp_path_factory.mktemp("requests")) as made:
        yield made


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with Session(app.extensions["sqlalchemy"].engine, expire_on_commit=False) as made:
        yield made


def rows_of(world: World) -> set[tuple[object, ...]]:
    """Return all that is stored, but for what chance and the clock fill."""
    found: set[tuple[object, ...]] = set()
    with world.app.extensions["sqlalchemy"].engine.connect() as connection:
        names = text("SELECT name FROM sqlite_master WHERE type = 'table'")
        for name in connection.scalars(names).all():
            if name.startswith(("passage_words", "sqlite", "attempt")):
                continue
            for place, row in enumerate(connection.execute(text(f'SELECT * FROM "{name}"'))):  # noqa: S608
                kept = (pair for pair in row._mapping.items() if not VOLATILE.fullmatch(pair[0]))
                cells = (f"{key}={RANDOM.sub('', str(value))}" for key, value in kept)
                found.add((name, place, *cells))
        connection.rollback()
    return found


def values_for(world: World, names: list[str]) -> dict[str, str]:
    """Return a value for each name that would do harm if it were taken."""
    account = str(world.actors["administrator"].account_id)
    wanted = {"role": "administrator", "roles": "administrator", "visibility": "published"}
    wanted |= {"stage": "open", "origin": "agency", "state": "published", "tier": "person"}
    return {name: wanted.get(name, account if name.endswith("_id") else "1") for name in names}


def test_names_that_no_form_has_change_nothing(world: World, table: Table, record: Record) -> None:
    names = sorted({*OWN_NAMES, *payloads("mass_assignment")})
    changed, tried = [], 0
    every = (
        cell
        for route, rule in routes(world.app)
        if route.startswith("POST")
        for entry in variants(table, route)
        for cell in cells(world, table, entry, rule)
    )
    seen: set[str] = set()
    for cell in every:
        allowed = expectation(table, cell) or set()
        who = next((each for each in ACTORS if each in allowed), None)
        if who is None or cell.route in seen:
            continue
        world.refresh(cell.stage)
        answer = ask(world, world.client(who), cell, "html")
        # A form that is shown again names its fields; what it has is no surplus name.
        if answer.status_code not in TAKEN:
            continue
        seen.add(cell.route)
        plain = rows_of(world)
        page = world.client(who).get(cell.address)
        known = {n for form in forms_of(cell.address, page.text) for n in form.values}
        more = values_for(world, [name for name in names if name not in {*known, *cell.body}])
        world.touched = True
        world.refresh(cell.stage)
        cell.body.update(more)
        ask(world, world.client(who), cell, "html")
        tried += len(more)
        surplus = rows_of(world) ^ plain
        changed += [f"{cell.route}: {each}" for each in list(surplus)[:2]]
        world.touched = True
    record("mass assignment", writes=len(seen), names=len(names), tried=tried, changed=len(changed))
    assert changed == [], "\n".join(map(str, changed[:20]))
    assert len(seen) > 25


def test_the_control_a_changed_column_is_noticed(world: World) -> None:
    world.refresh("open")
    before = rows_of(world)
    with world.app.extensions["sqlalchemy"].engine.begin() as connection:
        connection.execute(text("UPDATE contribution SET language = 'xx' WHERE id = 1"))
    world.touched = True
    assert rows_of(world) != before


# Guessing


def test_codes_cannot_be_guessed(app: Flask, session: Session, keyring: Keyring) -> None:
    """No code is near another one, and trying them at random finds none."""
    consultation = make_consultation(session, keyring)
    draft = make_draft(session, consultation)
    made = [make_comment(session, draft).reference for _ in range(200)]
    session.commit()
    alphabet = sorted({letter for code in made for letter in code})
    bits = len(made[0]) * math.log2(len(alphabet))
    draw = random.Random(7)  # noqa: S311
    guesses = {"".join(draw.choices(alphabet, k=12)) for _ in range(20_000)}
    guesses |= {code[:-1] + letter for code in made for letter in alphabet} - set(made)
    found = session.scalars(select(Contribution.reference).where(Contribution.reference > "")).all()
    assert not guesses & set(found)
    assert bits >= 59
    client = app.test_client()
    assert client.get(f"/receipts/{made[0]}").status_code == 200
    assert client.get(f"/receipts/{next(iter(guesses))}").status_code == 404


# Asking for columns that no page offers

ORACLES = (
    ("sort", "email", "body"),
    ("order_by", "account.email", "participant_id"),
    ("filter[account.email_start]", "a", "z"),
    ("email__startswith", "a", "z"),
    ("fields", "email", "participant_id"),
    ("include", "account", "votes"),
    ("participant", "1", "2"),
    ("visibility", "hidden", "published"),
    ("per_page", "100000", "1"),
    ("where", "1=1", "1=0"),
)
HERE = "/consultations/sample-waste"
PAGES = (
    *("/", "/open-data/", "/moderation/register", "/receipts", HERE, f"{HERE}/discussion"),
    *(f"{HERE}/{page}" for page in ("vote", "results", "summary", "responses", "draft")),
    f"{HERE}/compare/1/2",
)


def seen_by(client: FlaskClient, address: str, query: dict[str, str]) -> str:
    """Return a page without what is new in each answer, and without the query itself."""
    page = client.get(address, query_string=query).text
    page = re.sub(r'(csrf_token" value|nonce|content)="[^"]*"', "", page)
    page = re.sub(r"next=[^\"'&]*", "", page)
    return re.sub(r'href="[^"]*"', "", page)


def test_no_question_sorts_or_filters_by_what_is_not_shown(client_as: As, record: Record) -> None:
    differing, tried = [], 0
    for address in PAGES:
        for name, one, other in ORACLES:
            tried += 1
            first = seen_by(client_as(""), address, {name: one})
            if first != seen_by(client_as(""), address, {name: other}):
                differing.append(f"{address}?{name}")
    record("filter and sort oracle", tried=tried, differing=len(differing))
    assert differing == []


def test_the_control_a_question_that_a_page_offers_does_change_it(client_as: As) -> None:
    address = "/consultations/sample-waste/discussion"
    pages = {seen_by(client_as(""), address, {"order": order}) for order in ("recent", "oldest")}
    found = {seen_by(client_as(""), "/", {"q": words}) for words in ("ขยะ", "ไม่มีอย่างแน่นอน")}
    assert len(found) == 2 or len(pages) == 2


# Bodies


def bodies() -> list[tuple[str, bytes]]:
    """Return bodies that claim to be JSON: right, wrong, and very deep."""
    found = [("own", b'{"choice": "agree", "choice": "disagree"}'), ("own", b"[" * 5_000)]
    for kind in ("json_parse", "json_body") if is_there() else ():
        for line in (FOLDER / f"{kind}.jsonl").read_text("utf-8").splitlines():
            found.append((kind, _bytes_of(json.loads(line))))
    return found


def _bytes_of(entry: dict[str, Any]) -> bytes:
    if entry.get("encoding") == "repeat" or "unit_b64" in entry:
        return base64.b64decode(entry["unit_b64"]) * int(entry["repeat"])
    if "payload_z" in entry:
        return zlib.decompress(base64.b64decode(entry["payload_z"]))
    payload = str(entry["payload"])
    if entry.get("encoding") == "base64":
        return base64.b64decode(payload)
    return payload.encode("utf-8", "surrogatepass")


def test_no_body_breaks_a_page(world: World, table: Table, record: Record) -> None:
    wrong, tried = [], 0
    targets = []
    for route, rule in routes(world.app):
        if route.startswith("POST"):
            cell = next(cells(world, table, variants(table, route)[0], rule))
            targets.append((route, cell.address))
    for place, (_kind, body) in enumerate(bodies()):
        for step in range(4):
            route, address = targets[(place * 4 + step) % len(targets)]
            for kind in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
                tried += 1
                world.refresh("open")
                answer = world.client("officer").post(address, data=body, content_type=kind)
                if answer.status_code >= 500:
                    wrong.append(f"{route} {kind} {body[:40]!r}: {answer.status_code}")
    record("bodies", tried=tried, failed=len(wrong))
    assert wrong == [], "\n".join(wrong[:20])


# What is kept of a text

_DROPPED = re.compile("[\u202a-\u202e\ufeff\ufdd0-\ufdef\ufff9-\ufffb\ud800-\udfff]")
_LOOSE = re.compile("[\u2066-\u2069]")


def as_documented(words: str) -> str:
    """Return what the text rules leave of a text, written anew from their description."""
    words = re.sub("\r\n|[\r\x0b\x0c\x85\u2028\u2029]", "\n", words)
    kept = (c for c in words if c in "\n\t" or unicodedata.category(c) != "Cc")
    kept = (c for c in kept if ord(c) & 0xFFFE != 0xFFFE)
    return unicodedata.normalize("NFC", _DROPPED.sub("", "".join(kept))).strip()


def without_marks(words: str) -> str:
    """Return a text without what may be fewer in the kept one: surplus marks, open isolates."""
    plain = _LOOSE.sub("", unicodedata.normalize("NFD", words))
    return "".join(c for c in plain if not unicodedata.category(c).startswith("M"))


def test_what_is_kept_is_read_back_unchanged_but_for_the_rules(
    app: Flask, session: Session, keyring: Keyring, client_of: ClientOf, record: Record
) -> None:
    consultation = make_consultation(session, keyring)
    make_draft(session, consultation)
    actor = make_actor(session, keyring)
    session.commit()
    client, address = client_of(actor), f"/consultations/{consultation.slug}/clauses/s1/comment"
    changed, kept, refused = [], 0, 0
    for words in {*payloads("naughty"), *payloads("unicode")}:
        lift_limits(app)
        sent = words.encode("utf-8", "replace").decode()
        answer = client.post(address, data={"body": sent, "warned": "1"})
        assert answer.status_code in (200, 303, 409, 422), (answer.status_code, words)
        if answer.status_code != 303:
            refused += 1
            continue
        kept += 1
        read = session.scalars(select(Comment.body).order_by(Comment.id.desc()).limit(1)).one()
        session.rollback()
        expected = as_documented(sent)
        if read != expected and without_marks(read) != without_marks(expected):
            changed.append(f"{words!r} became {read!r}, not {expected!r}")
    record(f"texts kept, {session.get_bind().dialect.name}", kept=kept, refused=refused)
    assert changed == [], "\n".join(changed[:20])
    assert kept > refused
