"""What can be written, sent from where, and what a hostile value in it does."""

import itertools
import re
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.security.conftest import WHO, As, Record, lift_limits
from tests.security.corpora import is_there, payloads
from tests.security.web_forms import WebForm

# What an upload leaves in a spooled file is closed by the collector, whenever that comes.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
#: Hostile values tried in each field, of each kind of attack; the fields take turns. Our own are
#: few, so that fewer do.
EACH = 5 if is_there() else 2
SLOW = 2.0
FORM = "application/x-www-form-urlencoded"
#: Tries after which the counters that slow down guessing are set back, so that none is refused.
BEFORE_LIMITS = 3
LEAKS = re.compile(r"Traceback|sqlalchemy|sqlite3\.|psycopg|werkzeug\.debug|50337\b", re.IGNORECASE)
#: Forms that end the session that is used to attack.
ENDS_SESSION = ("/accounts/sign-out",)
Forms = dict[str, list[WebForm]]


def send(client: FlaskClient, form: WebForm, changed: dict[str, str], press: int) -> TestResponse:
    """Send a form as a browser would, or worse."""
    body = form.sent(changed, press)
    if form.method == "GET":
        return client.get(form.action, query_string=body)
    return client.post(form.action, data=body, content_type=FORM)


def attack(attacked: Flask, client_as: As, forms: Forms, kind: str) -> tuple[list[str], int]:
    """Put hostile values into every text field of every form; return what broke, and the tries."""
    broken: list[str] = []
    tries = 0
    values = itertools.cycle(payloads(kind))
    for who, shown in forms.items():
        for form, name in fields_of(shown):
            for value in itertools.islice(values, EACH):
                if tries % BEFORE_LIMITS == 0:
                    lift_limits(attacked)
                tries += 1
                began = time.perf_counter()
                answer = send(client_as(who), form, {name: value}, tries)
                place = f"{who or 'visitor'} {form.method} {form.action} {name}={value!r:.80}"
                faults = faults_of(answer, value, time.perf_counter() - began)
                broken += [f"{place}: {fault}" for fault in faults]
    return broken, tries


def fields_of(forms: list[WebForm]) -> list[tuple[WebForm, str]]:
    """Return every field of the forms that takes text."""
    return [(form, name) for form in forms for name in form.texts]


def faults_of(answer: TestResponse, value: str, seconds: float) -> Iterator[str]:
    """Yield what is wrong with the answer to a hostile value."""
    if answer.status_code >= 500 or answer.status_code == 429:
        yield f"status {answer.status_code}"
    shown = [found for found in LEAKS.findall(answer.text) if found.lower() not in value.lower()]
    if shown:
        yield f"shows {shown[:2]}"
    if seconds > SLOW:
        yield f"{seconds:.1f} s"
    if "stolen=" in str(answer.headers):
        yield "a header was injected"


def test_every_kind_of_person_is_shown_forms(shown_forms: Forms, record: Record) -> None:
    fields = {(f.action, name) for forms in shown_forms.values() for f in forms for name in f.texts}
    record("forms", forms=sum(map(len, shown_forms.values())), fields=len(fields))
    assert set(shown_forms) == set(WHO)
    assert len(fields) > 30


def test_sql_in_any_field_does_nothing(
    attacked: Flask, client_as: As, shown_forms: Forms, record: Record
) -> None:
    broken, tries = attack(attacked, client_as, shown_forms, "sqli")
    record("sql injection", tries=tries, hits=len(broken))
    assert broken == [], "\n".join(broken[:20])


def test_templates_in_any_field_are_not_carried_out(
    attacked: Flask, client_as: As, shown_forms: Forms, record: Record
) -> None:
    broken, tries = attack(attacked, client_as, shown_forms, "ssti")
    record("template injection", tries=tries, hits=len(broken))
    assert broken == [], "\n".join(broken[:20])


def test_line_ends_in_any_field_make_no_header(
    attacked: Flask, client_as: As, shown_forms: Forms, record: Record
) -> None:
    broken, tries = attack(attacked, client_as, shown_forms, "crlf")
    record("header injection", tries=tries, hits=len(broken))
    assert broken == [], "\n".join(broken[:20])


def test_odd_text_in_any_field_breaks_nothing(
    attacked: Flask, client_as: As, shown_forms: Forms, record: Record
) -> None:
    for kind in ("naughty", "unicode", "traversal"):
        broken, tries = attack(attacked, client_as, shown_forms, kind)
        record(f"{kind} text", tries=tries, hits=len(broken))
        assert broken == [], "\n".join(broken[:20])


def test_no_form_is_accepted_without_its_token(
    attacked: Flask, client_as: As, shown_forms: Forms, record: Record
) -> None:
    attacked.config.update(WTF_CSRF_ENABLED=True)
    accepted, tries = [], 0
    try:
        for who, shown in shown_forms.items():
            for form in (form for form in shown if form.method == "POST"):
                for token in ({}, {"csrf_token": ""}, {"csrf_token": "forged.token.value"}):
                    tries += 1
                    values = {key: v for key, v in form.values.items() if key != "csrf_token"}
                    answer = client_as(who).post(form.action, data={**values, **token})
                    if answer.status_code != 400:
                        accepted.append(f"{who} {form.action}: {answer.status_code}")
    finally:
        attacked.config.update(WTF_CSRF_ENABLED=False)
    record("forged requests", tries=tries, accepted=len(accepted))
    assert accepted == [], "\n".join(accepted[:20])


def test_a_form_with_its_token_is_accepted(attacked: Flask) -> None:
    """The control: what the test above refuses is refused for want of the token alone."""
    lift_limits(attacked)
    attacked.config.update(WTF_CSRF_ENABLED=True)
    try:
        client = attacked.test_client()
        page = client.get("/accounts/sign-in").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token
        form = {"csrf_token": token[1], "email": "nobody@example.org", "password": "wrong"}
        assert client.post("/accounts/sign-in", data=form).status_code == 422
    finally:
        attacked.config.update(WTF_CSRF_ENABLED=False)


def test_nobody_is_sent_away_from_the_site(attacked: Flask, client_as: As, record: Record) -> None:
    left, tries = [], 0
    for value in payloads("open_redirect"):
        value = value.replace("TRUSTED_HOST", "localhost")
        for name in ("next", "return", "url"):
            for address in ("/lang/th", "/accounts/sign-in"):
                tries += 1
                answer = client_as("citizen").get(address, query_string={name: value})
                to = answer.headers.get("Location", "/")
                if not re.fullmatch(r"/(?![/\\])[\x21-\x7e]*", to) or "\\" in to:
                    left.append(f"{address} {name}={value!r}: {to!r}")
    kept = client_as("citizen").get("/lang/th?next=/consultations/sample-waste/draft").headers
    record("open redirect", tries=tries, hits=len(left))
    assert left == [], "\n".join(left[:20])
    assert kept["Location"] == "/consultations/sample-waste/draft"


def test_a_get_changes_nothing(attacked: Flask, client_as: As) -> None:
    """Reading every page as everybody leaves the database as it was."""
    session = attacked.extensions["sqlalchemy"].session
    path = attacked.extensions["sqlalchemy"].engine.url.database
    assert path
    before = _dump(session)
    for who in WHO:
        for address in ("/", "/accounts/", "/workspace/", "/moderation/"):
            client_as(who).get(address)
            client_as(who).head(address)
    assert _dump(session) == before


def _dump(session: object) -> list[str]:
    connection = session().connection().connection  # type: ignore[operator]
    lines = list(connection.driver_connection.iterdump())
    session().rollback()  # type: ignore[operator]
    return lines
