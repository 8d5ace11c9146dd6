"""Every address declares who may call it, and really lets in exactly those."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.identity import AGENCY_STAFF, ANYONE, MODERATORS, SIGNED_IN, WATCHERS, declared_access
from core.actor import Actor, Role
from core.keyring import Keyring
from tests.factories import make_actor, make_agency, make_consultation, make_draft

#: Values for the variable parts of addresses; what they name need not exist.
VALUES = {
    "slug": "x",
    "reference": "ABC123DEF456",
    "key": "s1",
    "number": 1,
    "language": "th",
    "before": 1,
    "after": 2,
    "kind": "theme",
    "extension": "csv",
    "filename": "x",
    "identifier": 1,
    "event": "close",
    "step": "basics",
    "part": "groups",
    "what": "field",
}
ROLES: dict[str, tuple[Role, ...] | None] = {
    "visitor": None,
    "participant": (),
    "officer": (Role.OFFICER,),
    "approver": (Role.APPROVER,),
    "moderator": (Role.MODERATOR,),
    "senior moderator": (Role.SENIOR_MODERATOR,),
    "facilitator": (Role.FACILITATOR,),
    "auditor": (Role.AUDITOR,),
    "administrator": (Role.ADMINISTRATOR,),
}


def addresses(app: Flask) -> list[tuple[str, str, str]]:
    """Return (endpoint, method, address) of every route."""
    found = []
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        values = {name: VALUES.get(name, 1) for name in rule.arguments}
        path = adapter.build(rule.endpoint, values, force_external=False)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            found.append((rule.endpoint, method, path))
    return found


@pytest.fixture
def actors(app: Flask, keyring: Keyring) -> dict[str, Actor | None]:
    session = app.extensions["sqlalchemy"].session()
    agency = make_agency(session)
    made = {
        who: None if roles is None else make_actor(session, keyring, *roles, agency=agency)
        for who, roles in ROLES.items()
    }
    session.commit()
    return made


def test_every_route_declares_who_may_call_it(app: Flask) -> None:
    undeclared = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if declared_access(app, rule.endpoint) is None
    }
    assert undeclared == set()


def test_an_undeclared_route_is_refused(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/undeclared", "undeclared", lambda: "secret")
    answer = client.get("/undeclared")
    assert "secret" not in answer.text
    assert answer.status_code in (303, 401, 403)


def test_declarations_use_the_known_circles(app: Flask) -> None:
    circles = {ANYONE, SIGNED_IN, AGENCY_STAFF, MODERATORS, WATCHERS}
    single = {frozenset({role}) for role in Role}
    for rule in app.url_map.iter_rules():
        assert declared_access(app, rule.endpoint) in circles | single, rule.endpoint


@pytest.mark.parametrize("who", list(ROLES))
def test_each_role_is_let_in_exactly_where_declared(
    app: Flask,
    actors: dict[str, Actor | None],
    client_of: Callable[[Actor], FlaskClient],
    who: str,
) -> None:
    actor = actors[who]
    client = client_of(actor) if actor else app.test_client()
    wrong = []
    for endpoint, method, path in addresses(app):
        declared = declared_access(app, endpoint) or frozenset()
        allowed = not declared or (actor is not None and actor.has(*declared))
        answer = client.open(path, method=method)
        to_sign_in = "/accounts/sign-in?" in answer.headers.get("Location", "")
        refused = answer.status_code in (401, 403) or (to_sign_in and not declared <= ANYONE)
        if endpoint == "accounts.sign_out" and actor:
            client = client_of(actor)
        if not allowed and not (answer.status_code == 403 or to_sign_in):
            wrong.append((endpoint, method, answer.status_code))
        if allowed and declared and refused:
            wrong.append((endpoint, method, answer.status_code))
        if answer.status_code >= 500:
            wrong.append((endpoint, method, answer.status_code))
    assert wrong == []


def test_staff_of_another_agency_cannot_open_the_workspace(
    app: Flask, keyring: Keyring, client_of: Callable[[Actor], FlaskClient]
) -> None:
    session = app.extensions["sqlalchemy"].session()
    consultation = make_consultation(session, keyring)
    make_draft(session, consultation)
    stranger = make_actor(
        session, keyring, Role.OFFICER, Role.APPROVER, agency=make_agency(session)
    )
    slug = consultation.slug
    session.commit()
    client = client_of(stranger)
    wrong = []
    for endpoint, method, path in addresses(app):
        if not path.startswith("/workspace/") or "/x" not in path:
            continue
        answer = client.open(path.replace("/x", f"/{slug}", 1), method=method)
        if answer.status_code not in (403, 404):
            wrong.append((endpoint, method, answer.status_code))
    assert wrong == []
