"""My trail over all consultations, marks of what is new, and the number in the header."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consultations import news
from consultations.models import Consultation, Following
from core.actor import Actor
from core.clock import now
from core.keyring import Keyring
from core.mailing import preferences
from core.mailing.hours import QuietHours
from core.mailing.kinds import Channel, NewsKind
from core.notices import notices_for, notify
from tests.factories import (
    joined,
    make_actor,
    make_comment,
    make_consultation,
    make_draft,
    make_statement,
    make_vote,
)
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}
BADGE = "sarn-navigation__count"


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with Session(app.extensions["sqlalchemy"].engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def citizen(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring)


@pytest.fixture
def read(
    session: Session, citizen: Actor, client_of: Callable[[Actor], FlaskClient]
) -> Callable[[str], str]:
    def page(path: str = "/trail") -> str:
        session.commit()
        answer = client_of(citizen).get(path, headers=ENGLISH)
        assert answer.status_code == 200
        return " ".join(answer.text.split())

    return page


def coming_back(client: FlaskClient) -> FlaskClient:
    """Let so much time pass that the number is looked up again."""
    with client.session_transaction() as browser:
        browser.pop("unread", None)
    return client


def take_part(
    session: Session, keyring: Keyring, citizen: Actor, slug: str, comments: int = 1
) -> Consultation:
    """Make a consultation with somebody else's comment, ours, a vote and a message."""
    consultation = make_consultation(session, keyring, slug=slug, title_en=f"On {slug}")
    draft = make_draft(session, consultation)
    make_comment(session, draft, body="ของคนอื่น")
    person = joined(session, citizen, consultation)
    for number in range(comments):
        make_comment(session, draft, body=f"{slug} {number}", participant_id=person.id)
    make_vote(session, make_statement(session, consultation), person, 1)
    notify(session, person.id, "decision.published", reference="ABC", rule="", reason="")
    return consultation


def test_the_trail_gathers_what_one_wrote_everywhere(
    session: Session, keyring: Keyring, citizen: Actor, read: Callable[..., str]
) -> None:
    for slug in ("water", "forest"):
        take_part(session, keyring, citizen, slug)
    make_consultation(session, keyring, title_en="On something else")
    page = read()
    for words in ("On water", "On forest", "water 0", "forest 0", "1 new message"):
        assert words in page
    assert "On something else" not in page
    assert "ของคนอื่น" not in page


def test_the_trail_can_show_one_consultation(
    session: Session, keyring: Keyring, citizen: Actor, read: Callable[..., str]
) -> None:
    for slug in ("water", "forest"):
        take_part(session, keyring, citizen, slug)
    page = read("/trail?consultation=water")
    assert "water 0" in page
    assert "forest 0" not in page
    assert "forest 0" in read("/trail?consultation=no-such")


def test_a_newcomer_is_told_what_to_do(read: Callable[..., str]) -> None:
    page = read()
    assert "You have not taken part yet" in page
    assert "Mark all as read" not in page


@pytest.mark.parametrize("query", ["page=0", "page=-3", "page=x", "page=99999999999", "page=7"])
def test_odd_parts_of_the_list_are_no_error(
    session: Session, keyring: Keyring, citizen: Actor, read: Callable[..., str], query: str
) -> None:
    take_part(session, keyring, citizen, "water")
    assert "What you wrote" in read(f"/trail?{query}")


def test_long_lists_have_parts(
    session: Session, keyring: Keyring, citizen: Actor, read: Callable[..., str]
) -> None:
    take_part(session, keyring, citizen, "water", comments=12)
    assert "(12)" in read()
    assert "water 0" not in read()
    assert "water 0" in read("/trail?page=2")


def test_marking_as_read_ends_the_marks_and_the_number(
    session: Session,
    keyring: Keyring,
    citizen: Actor,
    client_of: Callable[[Actor], FlaskClient],
) -> None:
    consultation = take_part(session, keyring, citizen, "water")
    person = joined(session, citizen, consultation).id
    stranger = take_part(session, keyring, make_actor(session, keyring), "forest")
    session.commit()
    client = coming_back(client_of(citizen))
    assert BADGE in client.get("/help").text
    seen = now().isoformat()
    later = notify(session, person, "decision.published", reference="DEF", rule="", reason="")
    later.created_at = now() + timedelta(seconds=5)
    session.commit()
    assert client.post("/trail/read", data={"seen": seen}).status_code == 303
    session.expire_all()
    marks = {notice.details["reference"]: notice.read_at for notice in notices_for(session, person)}
    assert marks["ABC"] is not None
    assert marks["DEF"] is None
    assert stranger.slug == "forest"
    later.read_at = now()
    session.commit()
    assert BADGE not in coming_back(client).get("/help").text
    assert "New</strong>" not in client.get("/trail", headers=ENGLISH).text


def test_marking_as_read_touches_nobody_else(
    session: Session,
    keyring: Keyring,
    citizen: Actor,
    client_of: Callable[[Actor], FlaskClient],
) -> None:
    other = make_actor(session, keyring)
    consultation = take_part(session, keyring, other, "forest")
    person = joined(session, other, consultation).id
    session.commit()
    for seen in ("", "x", "2026-01-01", (now() + timedelta(days=9)).isoformat()):
        assert client_of(citizen).post("/trail/read", data={"seen": seen}).status_code == 303
    session.expire_all()
    assert all(notice.read_at is None for notice in notices_for(session, person))


def test_marking_as_read_never_leads_away(
    citizen: Actor, session: Session, client_of: Callable[[Actor], FlaskClient]
) -> None:
    session.commit()
    answer = client_of(citizen).post("/trail/read", data={"next": "https://evil.example/"})
    assert answer.location == "/"


def test_news_of_what_one_follows_is_listed_unless_unwanted(
    session: Session, keyring: Keyring, citizen: Actor, read: Callable[..., str]
) -> None:
    for slug in ("followed", "other"):
        consultation = make_consultation(session, keyring, title_en=f"About {slug}")
        news.announce(session, NewsKind.ANSWERS, consultation, 1)
        news.announce(session, NewsKind.SUMMARY, consultation, 1)
        if slug == "followed":
            session.add(
                Following(
                    account_id=citizen.account_id,
                    consultation_id=consultation.id,
                )
            )
    unwanted = {NewsKind.SUMMARY: Channel.NONE}
    preferences.choose(session, citizen.account_id or 0, unwanted, QuietHours())
    page = read()
    assert "About followed" in page
    assert "The agency has published its answers" in page
    assert "Check whether it says what you meant" not in page
    assert "About other" not in page
    assert f'{BADGE}">1<' in page


def test_visitors_pay_nothing_for_the_number_and_others_once(
    app: Flask,
    session: Session,
    keyring: Keyring,
    citizen: Actor,
    client_of: Callable[[Actor], FlaskClient],
) -> None:
    take_part(session, keyring, citizen, "water")
    session.commit()
    counts = []
    client = coming_back(client_of(citizen))
    for who in (app.test_client(), client, client):
        with count_queries(app.extensions["sqlalchemy"].engine) as sent:
            assert who.get("/help").status_code == 200
        counts.append(len(sent))
    assert counts[0] == 0
    # Who is signed in takes two: the account and its roles.
    assert counts[1:] == [5, 2]


def test_the_number_of_queries_does_not_grow(
    app: Flask, session: Session, keyring: Keyring, citizen: Actor, read: Callable[..., str]
) -> None:
    counts = []
    for round_number in range(2):
        for place in range(4):
            take_part(session, keyring, citizen, f"place-{round_number}-{place}", comments=3)
        session.commit()
        with count_queries(app.extensions["sqlalchemy"].engine) as sent:
            read()
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 34
