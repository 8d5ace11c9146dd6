"""Requests that ask for more than a form offers, and bodies that are no forms at all."""

import base64
import json
import re
import tomllib
import zlib
from collections.abc import Iterator
from itertools import cycle, product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.security.conftest import Record
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

#: Names of our own, tried where the collection is not there.
OWN_NAMES = ("id", "role", "roles", "agency_id", "account_id", "visibility", "stage", "origin")
#: Columns that chance or the clock fills, and texts that hold such.
VOLATILE = re.compile(
    r".*(_at|_on|salt|digest|hash|sealed|_key|key|token|participant_id|reference|content|payload)"
    r"|.*(_until|_csv|_json)|units|lines|source|before|subject|message_id|details|undo"
    r"|slip_index|sealed_.*"
)
RANDOM = re.compile("[0-9a-f]{32}")
TAKEN = (200, 303)
#: What a body says it is.
BODY_KINDS = ("application/json", "multipart/form-data; boundary=x", "text/plain")


@pytest.fixture(scope="module")
def table() -> Table:
    return tomllib.loads(TABLE.read_text("utf-8"))


@pytest.fixture(scope="module")
def world(with_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with made_world(with_sample / "site.db", tmp_path_factory.mktemp("requests")) as made:
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


# Bodies


def bodies() -> list[bytes]:
    """Return bodies that claim to be JSON: right, wrong, and very deep."""
    found = [b'{"choice": "agree", "choice": "disagree"}', b"[1]", b"[" * 5_000]
    for kind in ("json_parse", "json_body") if is_there() else ():
        lines = (FOLDER / f"{kind}.jsonl").read_text("utf-8").splitlines()
        found += [_bytes_of(json.loads(line)) for line in lines]
    return found


def _bytes_of(entry: dict[str, Any]) -> bytes:
    if "payload_z" in entry:
        return zlib.decompress(base64.b64decode(entry["payload_z"]))
    payload = str(entry["payload"])
    if entry.get("encoding") == "repeat":
        unit = json.loads(payload)
        return base64.b64decode(unit["unit_b64"]) * int(unit["repeat"])
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
    tries = product(bodies(), BODY_KINDS)
    for (body, kind), (route, address) in zip(tries, cycle(targets), strict=False):
        tried += 1
        world.refresh("open")
        answer = world.client("officer").post(address, data=body, content_type=kind)
        if answer.status_code >= 500:
            wrong.append(f"{route} {kind} {body[:40]!r}: {answer.status_code}")
    record("bodies", tried=tried, failed=len(wrong))
    assert wrong == [], "\n".join(wrong[:20])
