"""Who is let in where: every route, for everybody, in every relation, in every representation.

What is expected stands in ``authorisation.toml``; what stands nowhere is refused and fails here.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.security.conftest import Record
from tests.security.matrix_world import (
    ACTORS,
    CANARY,
    ELSEWHERE,
    HERE,
    OBJECTS,
    STAGES,
    World,
    made_world,
)

TABLE = Path(__file__).with_name("authorisation.toml")
LETTING_IN = frozenset({200, 204, 302, 303, 400, 422})
#: How a page can be asked for. Who may read it is asked once; who may not, in every way.
_OTHERS = cycle(("json", "HEAD"))
ACCEPT = {"json": "application/json"}
#: Who may read words that are not public beside their author: who moderates, in the item alone.
READERS = {"moderator", "senior-moderator"}
ITEMS = (
    *("GET moderating.item", "POST moderating.item", "GET moderating.queue"),
    *("GET moderating_acts.cover", "POST moderating_acts.cover", "POST moderating_acts.bulk"),
    *(
        "GET moderating_appeals.waiting",
        "GET moderating_appeals.one",
        "POST moderating_appeals.one",
    ),
    *(
        "GET moderating_reviews.waiting",
        "GET moderating_reviews.one",
        "POST moderating_reviews.one",
    ),
)
#: What only the agency may read, wherever it stands.
IN_THE_AGENCY = {"draft", "preparing"}
DESK = {"officer", "approver", "moderator-here"}
#: Stages in which pages are asked for; what can be done is tried in all of them.
READ_STAGES = ("preparing", "open", "answering")
Table = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Cell:
    """One question of the matrix: may these ask this way for this?"""

    route: str
    relation: str
    stage: str
    address: str
    body: dict[str, Any]

    @property
    def method(self) -> str:
        """GET or POST."""
        return self.route.partition(" ")[0]


@pytest.fixture(scope="module")
def table() -> Table:
    return tomllib.loads(TABLE.read_text("utf-8"))


@pytest.fixture(scope="module")
def world(with_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with made_world(with_sample / "site.db", tmp_path_factory.mktemp("matrix")) as made:
        yield made


def routes(app: Flask) -> Iterator[tuple[str, Any]]:
    """Yield every "METHOD endpoint" with its rule; those with most arguments."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: len(rule.arguments))
    found = {
        f"{method} {rule.endpoint}": rule
        for rule in rules
        if rule.endpoint != "static"
        for method in (rule.methods or set()) & {"GET", "POST"}
    }
    yield from sorted(found.items())


def variants(table: Table, route: str) -> list[str]:
    """Return the entries of a route; ``"POST x | as y"`` asks for the same with other values."""
    return [name for name in table if name.partition(" | ")[0] == route] or [route]


def cells(world: World, table: Table, route: str, rule: Any) -> Iterator[Cell]:
    """Yield what is asked of an entry: in every stage, or of every object."""
    entry = table.get(route, {})
    fixed = {"slug": HERE, **table["values"], **entry.get("values", {})}
    adapter = world.app.url_map.bind("localhost")
    for relation, stage, given in relations(world, entry, route, rule.arguments):
        values = {**fixed, **given}
        missing = sorted(rule.arguments - set(values))
        if missing:
            pytest.fail(f'[values] of {TABLE.name} needs a line: {missing[0]} = "..."')
        found = {name: values[name] for name in rule.arguments}
        address = adapter.build(rule.endpoint, found, method=route.split()[0])
        sent = entry.get("body", {}).items()
        body = {key: world.numbers.get(str(value), value) for key, value in sent}
        yield Cell(route, relation, stage, address, body)


def relations(
    world: World, entry: dict[str, Any], route: str, names: set[str]
) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Yield each relation with its stage and what the address names."""
    if (names & {"reference", "code"}) - set(entry.get("values", {})):
        argument = "reference" if "reference" in names else "code"
        yield from to_objects(world, entry, argument, with_slug="slug" in names)
    elif "slug" in names:
        number = entry.get("number")
        own = {"number": world.numbers[number]} if number else {}
        for stage in STAGES if route.startswith("POST") else READ_STAGES:
            yield stage, stage, own
        if number:
            foreign = world.numbers.get(f"{number} elsewhere")
            slug = HERE if foreign else ELSEWHERE
            yield "swapped", "answering", {"slug": slug, "number": foreign or own["number"]}
    else:
        number = entry.get("number")
        yield "any", "open", {"number": world.numbers[number]} if number else {}


def to_objects(
    world: World, entry: dict[str, Any], argument: str, *, with_slug: bool
) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Yield what somebody can be to a contribution."""
    kind = entry.get("object", "comment")
    own = {argument: world.references[f"own {kind}"]}
    for relation in OBJECTS:
        yield relation, "open", {argument: world.references[f"{relation} {kind}"]}
    yield "own preparing", "preparing", own
    yield "own closed", "closed", own
    elsewhere = world.references.get(f"others {kind} elsewhere")
    if with_slug and elsewhere:
        yield "swapped", "open", {argument: elsewhere}


def let_in(answer: TestResponse) -> bool:
    """Whether an answer is more than a refusal."""
    to_sign_in = answer.headers.get("Location", "").startswith("/accounts/sign-in?")
    return answer.status_code in LETTING_IN and not to_sign_in


def circle(table: Table, words: str) -> set[str]:
    """Return the actors that a line names, each by itself or as a circle."""
    found: set[str] = set()
    for word in words.split():
        found |= circle(table, table["circles"][word]) if word in table["circles"] else {word}
    return found - {"nobody"}


def named(table: Table, actors: set[str]) -> str:
    """Return the shortest words for some actors."""
    known = {name: circle(table, words) for name, words in table["circles"].items()}
    left, words = set(actors), []
    for name, members in sorted(known.items(), key=lambda each: -len(each[1])):
        if members and members <= actors and members & left:
            words.append(name)
            left -= members
    return " ".join([*words, *(who for who in ACTORS if who in left)]) or "nobody"


def expectation(table: Table, cell: Cell) -> set[str] | None:
    """Return who is expected: by the line of the relation itself, or of its first group."""
    entry, groups = table.get(cell.route, {}), table["relations"]
    within = [name for name, members in groups.items() if cell.relation in members.split(", ")]
    line = next((name for name in (cell.relation, *within) if name in entry), None)
    return None if line is None else circle(table, entry[line])


def lines_to_add(table: Table, unknown: dict[str, dict[str, set[str]]]) -> list[str]:
    """Return the lines that would make the table complete, with what happens now."""
    lines = []
    for route, found in unknown.items():
        lines.append(f'["{route}"]')
        left = dict(found)
        for group, members in table["relations"].items():
            those = [left[name] for name in members.split(", ") if name in left]
            if len(those) > 1 and all(each == those[0] for each in those):
                lines.append(f'{group} = "{named(table, those[0])}"')
                left = {name: who for name, who in left.items() if name not in members.split(", ")}
        lines += [f'"{name}" = "{named(table, who)}"' for name, who in left.items()]
    return lines


def ask(world: World, client: Any, cell: Cell, representation: str) -> TestResponse:
    """Send the request of a cell."""
    if representation == "HEAD":
        answer: TestResponse = client.head(cell.address)
        return answer
    headers = {"Accept": ACCEPT.get(representation, "text/html")}
    if cell.method == "GET":
        answer = client.get(cell.address, headers=headers, query_string=cell.body)
    else:
        answer = client.post(cell.address, headers=headers, data=cell.body)
    return answer


def may_read(who: str, cell: Cell, words: str) -> bool:
    """Whether somebody may be shown words that are not public."""
    if words in IN_THE_AGENCY:
        return who in DESK
    in_item = cell.route.partition(" | ")[0] in ITEMS
    # The queue of a moderator who serves an agency has the contributions to all others.
    elsewhere = who == "moderator-here" and cell.route == "GET moderating.queue"
    return who == "author" or (in_item and who in READERS) or elsewhere


def faults(world: World, who: str, cell: Cell, answer: TestResponse, allowed: bool) -> list[str]:
    """Return what is wrong with an answer, whoever may ask."""
    found = [f"status {answer.status_code}"] if answer.status_code >= 500 else []
    if answer.status_code == 429:
        found.append("counted as too many attempts")
    if world.written and (not allowed or cell.method == "GET"):
        found.append(f"wrote {sorted(set(world.written))[:3]}")
    for words in (*OBJECTS, *IN_THE_AGENCY):
        shown = CANARY.format(words) in answer.text
        if shown and not may_read(who, cell, words):
            found.append(f"shows words that are {words}")
    return found


def entered(world: World, cell: Cell, who: str, allowed: bool, wrong: list[str]) -> bool:
    """Ask as somebody in each way that matters; note what is wrong, return whether it worked."""
    came_in = False
    # What is refused as a page is asked for in another way too: by turns, in which.
    others = () if cell.method != "GET" or allowed else (next(_OTHERS),)
    for representation in ("html", *others):
        world.refresh(cell.stage)
        answer = ask(world, world.client(who), cell, representation)
        came_in = came_in or let_in(answer)
        place = f"{cell.route} {cell.relation} as {who} ({representation}, {cell.address})"
        wrong += [f"{place}: {fault}" for fault in faults(world, who, cell, answer, allowed)]
    return came_in


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_everybody_is_let_in_exactly_where_the_table_says(
    world: World, table: Table, record: Record, method: str
) -> None:
    every = [
        cell
        for route, rule in routes(world.app)
        if route.startswith(method)
        for entry in variants(table, route)
        for cell in cells(world, table, entry, rule)
    ]
    wrong: list[str] = []
    unknown: dict[str, dict[str, set[str]]] = {}
    for cell in every:
        expected = expectation(table, cell)
        found = {
            who
            for who in ACTORS
            if entered(world, cell, who, expected is None or who in expected, wrong)
        }
        if expected is None:
            unknown.setdefault(cell.route, {})[cell.relation] = found
        elif found != expected:
            what = f"{named(table, found)} came in, not {named(table, expected)}"
            wrong.append(f"{cell.route}, {cell.relation}: {what}")
    counts = {"cells": len(every) * len(ACTORS), "wrong": len(wrong), "unknown": len(unknown)}
    record(f"authorisation, {method}", **counts)
    assert wrong == [], "\n".join(wrong[:40])
    missing = "\n".join(lines_to_add(table, unknown))
    assert not unknown, f"{TABLE.name} needs these lines, if they are right:\n{missing}"


def test_no_method_but_those_of_a_route_is_answered(world: World) -> None:
    """OPTIONS tells the methods and no more; others are refused, also in disguise."""
    wrong = []
    for route, rule in routes(world.app):
        values = dict.fromkeys(rule.arguments, "1" if "int" in rule.rule else "x")
        values |= {"kind": "finding", "step": "basics", "part": "groups", "extension": "csv"}
        values |= {"what": "field"}
        adapter = world.app.url_map.bind("localhost")
        address = adapter.build(rule.endpoint, {n: values[n] for n in rule.arguments})
        for method in ("OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"):
            world.refresh("open")
            answer = world.client("visitor").open(address, method=method)
            is_told = method == "OPTIONS" and answer.status_code == 200 and not answer.data
            is_refused = answer.status_code in (303, 401, 403, 404, 405)
            if not (is_told or is_refused) or world.written:
                wrong.append(f"{method} {route}: {answer.status_code}")
        headers = {"X-HTTP-Method-Override": "POST"}
        if route.startswith("GET"):
            world.client("author").get(address, headers=headers, query_string={"_method": "POST"})
            wrong += [f"{route} wrote when asked to be a POST"] * bool(world.written)
    assert wrong == []


def test_the_control_a_wrong_line_is_noticed(world: World, table: Table) -> None:
    """The matrix can fail: where the table says "nobody" to a public page, it does not agree."""
    cell = Cell("GET site.help", "any", "open", "/help", {})
    assert expectation(table, cell) == set(ACTORS)
    wrong: list[str] = []
    assert entered(world, cell, "visitor", False, wrong)
    changed = {**table, "GET site.help": {"any": "nobody"}}
    assert expectation(changed, cell) == set()
    other = Cell("GET new.page", "any", "open", "/new", {})
    assert expectation(table, other) is None
    assert lines_to_add(table, {other.route: {"any": set(ACTORS)}}) == [
        '["GET new.page"]',
        '"any" = "everyone"',
    ]
