"""Pages to vote one statement at a time, with and without htmx, and to propose one."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import Consultation, Origin, Statement, Visibility, Vote
from core.actor import Actor, Role
from core.clock import now
from core.keyring import Keyring
from tests.factories import (
    joined,
    make_actor,
    make_comment,
    make_consultation,
    make_draft,
    make_participant,
    make_statement,
    make_vote,
)
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}
HTMX = {"HX-Request": "true", **ENGLISH}


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session that holds no transaction, and with it no lock, once it is committed."""
    engine = app.extensions["sqlalchemy"].engine
    with Session(engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def consultation(session: Session, keyring: Keyring) -> Consultation:
    made = make_consultation(session, keyring, slug="water")
    session.commit()
    return made


@pytest.fixture
def statements(session: Session, consultation: Consultation) -> list[Statement]:
    made = [make_statement(session, consultation, body=f"ประโยค{word}") for word in ("หนึ่ง", "สอง")]
    session.commit()
    return made


@pytest.fixture
def citizen(session: Session, keyring: Keyring) -> Actor:
    made = make_actor(session, keyring)
    session.commit()
    return made


@pytest.fixture
def signed_in(client_of: Callable[[Actor], FlaskClient], citizen: Actor) -> FlaskClient:
    return client_of(citizen)


def address(statement: Statement) -> str:
    return f"/consultations/water/vote/{statement.reference}"


def stored(session: Session) -> list[tuple[int, int]]:
    rows = session.execute(select(Vote.statement_id, Vote.choice).order_by(Vote.id)).all()
    session.commit()
    return [(row[0], row[1]) for row in rows]


def proposed(session: Session) -> list[Statement]:
    found = session.scalars(select(Statement).order_by(Statement.id)).all()
    session.commit()
    return list(found)


def test_one_votes_statement_by_statement_without_scripts(
    session: Session, statements: list[Statement], signed_in: FlaskClient
) -> None:
    for done in range(2):
        page = signed_in.get("/consultations/water/vote", headers=ENGLISH).text
        assert f"You have voted on {done} of 2 statements" in page
        action = re.search(r'action="(/consultations/water/vote/\w+)"', page)
        assert action is not None
        answer = signed_in.post(action.group(1), data={"choice": "agree"})
        assert answer.status_code == 303
        assert answer.headers["Location"] == "/consultations/water/vote"
    page = signed_in.get("/consultations/water/vote", headers=ENGLISH).text
    assert "You have voted on every statement" in page
    assert "The consultation is open until" in page
    assert 'href="/consultations/water#follow"' in page
    assert sorted(stored(session)) == sorted((each.id, 1) for each in statements)


def test_with_htmx_what_comes_next_and_the_counted_numbers_come_back(
    session: Session, statements: list[Statement], signed_in: FlaskClient
) -> None:
    answer = signed_in.post(address(statements[0]), data={"choice": "pass"}, headers=HTMX)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "ประโยคสอง" in answer.text
    assert "You have voted on 1 of 2 statements" in answer.text
    assert "HX-Request" in answer.headers["Vary"]
    assert stored(session) == [(statements[0].id, 0)]


def test_with_htmx_a_refusal_reloads_the_page(
    session: Session,
    consultation: Consultation,
    statements: list[Statement],
    signed_in: FlaskClient,
) -> None:
    consultation.closes_at = now() - timedelta(seconds=1)
    session.commit()
    answer = signed_in.post(address(statements[0]), data={"choice": "agree"}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (409, "true")
    assert stored(session) == []
    page = signed_in.get("/consultations/water/vote", headers=ENGLISH).text
    assert "Voting is closed" in page
    assert 'name="choice"' not in page


def test_with_htmx_a_visitor_is_led_to_the_sign_in_page(
    statements: list[Statement], client: FlaskClient
) -> None:
    answer = client.post(address(statements[0]), data={"choice": "agree"}, headers=HTMX)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/accounts/sign-in")


def test_a_visitor_reads_a_statement_and_is_led_to_sign_in(
    statements: list[Statement], client: FlaskClient
) -> None:
    page = client.get("/consultations/water/vote", headers=ENGLISH).text
    shown = next(each for each in statements if f's-{each.reference}"' in page)
    back = f"next=/consultations/water/vote?statement%3D{shown.reference}"
    assert shown.body in page
    assert page.count(back) == 2
    assert "To vote you need an account" in page
    assert 'name="choice"' not in page


def test_what_is_shown_or_on_its_way_does_not_come_again(
    statements: list[Statement], signed_in: FlaskClient
) -> None:
    data = {"choice": "pass", "besides": f"{statements[1].reference},x,'"}
    answer = signed_in.post(address(statements[0]), data=data, headers=HTMX)
    assert "ประโยคสอง" not in answer.text.partition('id="vote-list"')[0].partition("hx-swap-oob")[0]
    assert "You have voted on every statement" in answer.text


def test_agency_staff_read_the_statements_and_cannot_vote(
    session: Session,
    keyring: Keyring,
    consultation: Consultation,
    statements: list[Statement],
    client_of: Callable[[Actor], FlaskClient],
) -> None:
    officer = make_actor(session, keyring, Role.OFFICER, agency=consultation.agency)
    session.commit()
    page = client_of(officer).get("/consultations/water/vote", headers=ENGLISH).text
    assert "not by voting" in page
    assert 'name="choice"' not in page


def test_a_statement_taken_from_a_comment_leads_to_it(
    session: Session, consultation: Consultation, signed_in: FlaskClient
) -> None:
    comment = make_comment(session, make_draft(session, consultation), body="สะพานมืดมาก")
    session.commit()
    form = signed_in.get(f"/consultations/water/vote/propose?comment={comment.reference}").text
    assert "สะพานมืดมาก" in form
    data = {"body": "ควรติดไฟบนสะพาน", "comment": comment.reference}
    assert signed_in.post("/consultations/water/vote/propose", data=data).status_code == 303
    [statement] = proposed(session)
    page = signed_in.get(
        f"/consultations/water/vote?statement={statement.reference}", headers=ENGLISH
    )
    assert "From a comment" in page.text
    assert f"discussion?at={comment.reference}#c-{comment.reference}" in page.text


def test_similar_statements_are_offered_while_one_types(
    session: Session, consultation: Consultation, signed_in: FlaskClient
) -> None:
    there = make_statement(session, consultation, body="ควรเปิดห้องสมุดประชาชนทุกวัน")
    session.commit()
    address = "/consultations/water/vote/similar"
    found = signed_in.post(address, data={"body": "ห้องสมุดประชาชนเปิดทุกวัน"}, headers=HTMX).text
    assert there.reference in found
    assert there.reference not in signed_in.post(address, data={"body": ""}).text


def test_a_vote_without_a_choice_is_refused(
    session: Session, statements: list[Statement], signed_in: FlaskClient
) -> None:
    for data in ({}, {"choice": "maybe"}):
        assert signed_in.post(address(statements[0]), data=data).status_code == 422
    assert stored(session) == []


def test_a_vote_can_be_changed_and_withdrawn(
    session: Session, statements: list[Statement], signed_in: FlaskClient
) -> None:
    chosen = statements[1]
    signed_in.post(address(chosen), data={"choice": "agree"})
    page = signed_in.get(f"/consultations/water/vote?statement={chosen.reference}").text
    assert re.search(r'value="agree"[^>]*aria-pressed="true"', page)
    signed_in.post(address(chosen), data={"choice": "disagree"})
    assert stored(session) == [(chosen.id, -1)]
    assert signed_in.post(f"{address(chosen)}/withdraw").status_code == 303
    assert stored(session) == []


def test_ones_latest_votes_stand_below_the_statement(
    session: Session,
    consultation: Consultation,
    statements: list[Statement],
    citizen: Actor,
    signed_in: FlaskClient,
) -> None:
    make_vote(session, statements[0], joined(session, citizen, consultation), -1)
    make_vote(session, statements[1], make_participant(session, consultation), 1)
    session.commit()
    page = signed_in.get("/consultations/water/vote", headers=ENGLISH).text
    assert page.count("govuk-summary-list__key") == 1
    assert "Disagree" in page[page.index("Your latest votes") :]


def test_the_origin_is_always_labelled(
    session: Session, consultation: Consultation, client: FlaskClient
) -> None:
    for origin, words in (
        (Origin.AGENCY, "From the agency"),
        (Origin.PARTICIPANT, "From a participant"),
        (Origin.IMPORTED, "Imported"),
    ):
        statement = make_statement(session, consultation, origin=origin)
        session.commit()
        page = client.get(
            f"/consultations/water/vote?statement={statement.reference}", headers=ENGLISH
        )
        assert words in page.text


def test_a_hidden_statement_is_not_found(
    session: Session, consultation: Consultation, signed_in: FlaskClient
) -> None:
    hidden = make_statement(session, consultation, visibility=Visibility.HIDDEN)
    session.commit()
    page = f"/consultations/water/vote?statement={hidden.reference}"
    assert signed_in.get(page).status_code == 404
    assert signed_in.post(address(hidden), data={"choice": "agree"}).status_code == 404


def test_the_number_of_queries_does_not_grow(
    app: Flask,
    session: Session,
    consultation: Consultation,
    citizen: Actor,
    signed_in: FlaskClient,
) -> None:
    participant = joined(session, citizen, consultation)
    counts = []
    for _ in range(2):
        for _ in range(8):
            make_vote(session, make_statement(session, consultation), participant, 1)
            make_statement(session, consultation)
        session.commit()
        with count_queries(app.extensions["sqlalchemy"].engine) as sent:
            signed_in.get("/consultations/water/vote")
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 10


def test_a_proposal_is_received(
    session: Session, consultation: Consultation, signed_in: FlaskClient
) -> None:
    answer = signed_in.post("/consultations/water/vote/propose", data={"body": "ควรฟรี"})
    [statement] = proposed(session)
    assert answer.headers["Location"].endswith(f"/contributions/{statement.reference}")
    assert (statement.body, statement.number) == ("ควรฟรี", 1)


def test_similar_statements_are_offered_once_before_a_proposal_is_taken(
    session: Session, consultation: Consultation, signed_in: FlaskClient
) -> None:
    there = make_statement(session, consultation, body="ควรเปิดห้องสมุดประชาชนทุกวัน")
    session.commit()
    data = {"body": "อยากให้ห้องสมุดประชาชนเปิดทุกวัน"}
    page = signed_in.post("/consultations/water/vote/propose", data=data)
    assert page.status_code == 200
    assert f"vote?statement={there.reference}" in page.text
    assert len(proposed(session)) == 1
    data["compared"] = data["body"]
    assert signed_in.post("/consultations/water/vote/propose", data=data).status_code == 303
    assert len(proposed(session)) == 2


def test_proposing_what_is_there_offers_a_vote_on_it(
    session: Session, consultation: Consultation, signed_in: FlaskClient
) -> None:
    data = {"body": "ควรเปิดทุกวัน", "compared": "ควรเปิดทุกวัน"}
    signed_in.post("/consultations/water/vote/propose", data=data)
    reference = proposed(session)[0].reference
    answer = signed_in.post("/consultations/water/vote/propose", data=data, headers=ENGLISH)
    assert answer.status_code == 422
    assert "People are voting on this statement already." in answer.text
    assert f"vote?statement={reference}" in answer.text


def test_a_visitor_who_proposes_is_led_to_sign_in(
    session: Session, consultation: Consultation, client: FlaskClient
) -> None:
    page = client.get("/consultations/water/vote/propose").text
    assert "<textarea" not in page
    assert "next=/consultations/water/vote/propose" in page
    answer = client.post("/consultations/water/vote/propose", data={"body": "ก"})
    assert answer.headers["Location"].startswith("/accounts/sign-in")
    assert proposed(session) == []
