"""The finder as people use it: words found, filters, tabs, what is one's own; and following."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consultations import search_index
from consultations.models import Consultation, Stage
from core.actor import Actor
from core.clock import now
from core.keyring import Keyring
from tests.consultations.test_finder_search import HOSTILE
from tests.factories import joined, make_actor, make_agency, make_consultation, make_draft
from tests.queries import count_queries

Clients = Callable[[Actor], FlaskClient]


@pytest.fixture
def rows(app: Flask) -> Session:
    return app.extensions["sqlalchemy"].session()


@pytest.fixture
def parks(rows: Session, keyring: Keyring) -> Consultation:
    made = make_consultation(
        rows,
        keyring,
        slug="parks",
        agency=make_agency(rows, slug="greens", name_en="Greens"),
        title_en="Public parks bill",
        topic="environment",
        province="10",
    )
    make_draft(rows, made, ["ให้ปลูกต้นจามจุรี", "<b>ห้าม</b>ทิ้งขยะ"])
    search_index.complete(rows)
    rows.commit()
    return made


def read(client: FlaskClient, address: str, status: int = 200) -> str:
    response = client.get(address, headers={"Accept-Language": "en"})
    assert response.status_code == status, response.text
    return response.text


def test_a_word_of_the_draft_leads_to_its_clause(client: FlaskClient, parks: Consultation) -> None:
    page = read(client, "/?q=จามจุรี")

    assert 'href="/consultations/parks/draft#clause-s1"' in page
    assert "ให้ปลูกต้น<mark>จามจุรี</mark>" in page


def test_what_is_found_is_shown_as_text(client: FlaskClient, parks: Consultation) -> None:
    assert "&lt;b&gt;<mark>ห้าม</mark>&lt;/b&gt;" in read(client, "/?q=ห้าม")


@pytest.mark.parametrize("words", [word for word in HOSTILE if word != "\ud800"])
def test_no_search_breaks_the_page(client: FlaskClient, parks: Consultation, words: str) -> None:
    answer = client.get(
        "/", query_string={"q": words, "agency": words, "topic": words, "mine": "x"}
    )

    assert answer.status_code == (400 if "\0" in words else 200)
    assert len(answer.data) < 60_000


def test_choices_say_how_much_they_would_find_and_can_be_taken_away(
    client: FlaskClient, parks: Consultation
) -> None:
    page = read(client, "/?q=parks&province=10&agency=greens&kind=bill&stage=open_now")

    assert '<option selected value="10">Bangkok (1)</option>' in page
    assert '<option selected value="greens">Greens (1)</option>' in page
    assert 'href="/?q=parks&amp;stage=open_now&amp;province=10&amp;kind=bill"' in page
    assert 'name="stage" type="hidden" value="open_now"' in page
    assert "Clear all" in page


def test_a_choice_that_finds_nothing_stays_chosen(client: FlaskClient, parks: Consultation) -> None:
    page = read(client, "/?province=50&agency=nobody")

    assert '<option selected value="50">Chiang Mai (0)</option>' in page
    assert "Nothing found" in page


def test_the_front_page_says_what_is_open_and_how_to_take_part(
    client: FlaskClient, rows: Session, keyring: Keyring, parks: Consultation
) -> None:
    for number in range(3):
        make_consultation(
            rows, keyring, title_en=f"Later {number}", closes_at=now() + timedelta(days=30)
        )
    rows.commit()

    page = read(client, "/")

    welcome = page[page.index("sarn-welcome") : page.index("sarn-finder-form")]
    assert "4 consultations are open now" in welcome
    assert welcome.count("sarn-welcome__entry") == 2
    assert welcome.index("Public parks bill") < welcome.index("Later 0")
    assert "Show all that are open" in welcome


def test_with_nothing_open_the_front_page_says_what_comes(
    client: FlaskClient, rows: Session, keyring: Keyring
) -> None:
    assert "No consultation is open now" in read(client, "/")
    opens_at = now() + timedelta(days=5)
    make_consultation(rows, keyring, stage=Stage.SCHEDULED, title_en="Soon", opens_at=opens_at)
    rows.commit()
    page = read(client, "/")
    assert "Soon" in page[page.index("sarn-welcome") : page.index("sarn-finder-form")]


def test_following_takes_one_press_and_shows_in_the_finder(
    client_of: Clients, rows: Session, keyring: Keyring, parks: Consultation
) -> None:
    citizen, other = make_actor(rows, keyring), make_actor(rows, keyring)
    joined(rows, other, parks)
    rows.commit()
    client = client_of(citizen)
    assert "You follow no consultation here" in read(client, "/?mine=following")

    assert client.post("/consultations/parks/follow").status_code == 303

    assert "Public parks bill" in read(client, "/?mine=following")
    assert "Stop following" in read(client, "/consultations/parks")
    assert "Public parks bill" not in read(client_of(other), "/?mine=following")
    assert "Public parks bill" in read(client_of(other), "/?mine=took_part")
    client.post("/consultations/parks/unfollow")
    assert "Public parks bill" not in read(client, "/?mine=following")


def test_a_visitor_is_led_to_sign_in(client: FlaskClient, parks: Consultation) -> None:
    assert "Sign in to see your own" in read(client, "/?mine=following")
    assert 'href="/accounts/sign-in?next=/consultations/parks"' in read(
        client, "/consultations/parks"
    )
    answer = client.post("/consultations/parks/follow")
    assert (answer.status_code, "/accounts/sign-in" in answer.location) == (303, True)


def test_the_page_of_a_consultation_tells_all_that_one_needs(
    client: FlaskClient, rows: Session, parks: Consultation
) -> None:
    parks.affected_en, parks.offline_en = "Everyone nearby", "Meeting on Saturday"
    parks.contact_en, parks.scope_en = "Office 1, 02-000-0000", "All clauses can change"
    rows.commit()

    page = read(client, "/consultations/parks")

    for words in (
        *("Everyone nearby", "Meeting on Saturday", "Office 1, 02-000-0000", "All clauses can"),
        *("Bangkok", "Environment and disasters", "Draft 1", "qr.svg"),
        *("/consultations/parks/calendars/en.ics", "/consultations/parks/feeds/en.atom"),
        'value="http://127.0.0.1:8000/consultations/parks" readonly',
    ):
        assert words in page


@pytest.mark.parametrize(
    "query", ["q=parks&topic=environment", "q=parks&mine=took_part", "mine=following", ""]
)
def test_the_finder_of_a_signed_in_person_takes_ten_questions_at_most(
    app: Flask,
    client_of: Clients,
    rows: Session,
    keyring: Keyring,
    parks: Consultation,
    query: str,
) -> None:
    citizen = make_actor(rows, keyring)
    joined(rows, citizen, parks)
    rows.commit()
    client = client_of(citizen)

    with count_queries(app.extensions["sqlalchemy"].engine) as sent:
        read(client, f"/?{query}")

    assert len(sent) <= 10
