"""Pages to register, sign in and look at one's account."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from core.actor import Actor, Role
from core.keyring import Keyring
from tests.factories import make_actor, make_agency

PASSWORD = "correct horse battery"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def rows(app: Flask) -> Session:
    return app.extensions["sqlalchemy"].session()


def register(client: FlaskClient, email: str = "somsri@example.org", **more: str):
    data = {"email": email, "password": PASSWORD, **more}
    return client.post("/accounts/register", data=data, headers=ENGLISH)


def test_a_person_registers_and_is_signed_in(client: FlaskClient) -> None:
    response = register(client, next="/help")

    assert (response.status_code, response.location) == (303, "/help")
    assert "somsri" in client.get("/accounts/", headers=ENGLISH).text


def test_an_address_is_registered_once_and_the_answer_names_the_field(client: FlaskClient) -> None:
    register(client)
    client.post("/accounts/sign-out")

    again = register(client, "SOMSRI@example.org")

    assert again.status_code == 422
    assert 'href="#email"' in again.text


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [("nobody", PASSWORD, "email"), ("a@example.org", "short", "password"), ("", "", "email")],
)
def test_a_form_that_does_not_hold_is_shown_again(
    client: FlaskClient, email: str, password: str, field: str
) -> None:
    data = {"email": email, "password": password}

    response = client.post("/accounts/register", data=data, headers=ENGLISH)

    assert response.status_code == 422
    assert f'href="#{field}"' in response.text
    assert "<title>Error:" in response.text
    assert f'value="{email}"' in response.text


def test_signing_in_leads_back_to_where_one_was(client: FlaskClient) -> None:
    register(client)
    client.post("/accounts/sign-out")

    data = {"email": "somsri@example.org", "password": PASSWORD, "next": "/privacy"}
    response = client.post("/accounts/sign-in", data=data)

    assert (response.status_code, response.location) == (303, "/privacy")


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org", "/\\example.org"])
def test_signing_in_never_leads_to_another_site(client: FlaskClient, target: str) -> None:
    register(client)
    client.post("/accounts/sign-out")

    data = {"email": "somsri@example.org", "password": PASSWORD, "next": target}
    assert client.post("/accounts/sign-in", data=data).location == "/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: FlaskClient) -> None:
    register(client)
    client.post("/accounts/sign-out")
    answers = []
    for email in ("somsri@example.org", "nobody@example.org"):
        data = {"email": email, "password": "another password"}
        response = client.post("/accounts/sign-in", data=data, headers=ENGLISH)
        answers.append((response.status_code, response.text.count("is wrong")))

    assert answers == [(422, 2), (422, 2)]


def test_a_visitor_has_no_account_page(client: FlaskClient) -> None:
    response = client.get("/accounts/")

    assert response.status_code == 303
    assert response.location.startswith("/accounts/sign-in?next=")


def test_the_account_page_leads_people_to_their_work(
    client_of: Callable[[Actor], FlaskClient], rows: Session, keyring: Keyring
) -> None:
    officer = make_actor(rows, keyring, Role.OFFICER, agency=make_agency(rows))
    moderator, citizen = make_actor(rows, keyring, Role.MODERATOR), make_actor(rows, keyring)
    rows.commit()
    pages = {
        who: client_of(actor).get("/accounts/", headers=ENGLISH).text
        for who, actor in (("officer", officer), ("moderator", moderator), ("citizen", citizen))
    }

    assert 'href="/workspace/"' in pages["officer"]
    assert 'href="/moderation/"' in pages["moderator"]
    assert "/workspace/" not in pages["citizen"] + pages["moderator"]
    assert "/moderation/" not in pages["citizen"] + pages["officer"]
