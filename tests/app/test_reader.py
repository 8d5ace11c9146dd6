"""The draft reader: votes beside the clauses, comments beside them, and the two languages."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import Clause, ClauseVote, Draft, Visibility
from consultations.queries import margins
from core.actor import Actor
from core.keyring import Keyring
from tests.factories import make_actor, make_comment, make_consultation, make_draft
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}
HTMX = {**ENGLISH, "HX-Request": "true"}
DRAFT = "/consultations/water/draft"
VOTE = f"{DRAFT}/1/clauses/s1/vote"


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    engine = app.extensions["sqlalchemy"].engine
    with Session(engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def draft(session: Session, keyring: Keyring) -> Draft:
    made = make_draft(session, make_consultation(session, keyring, slug="water"))
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


def votes(session: Session) -> list[int]:
    found = list(session.scalars(select(ClauseVote.choice)))
    session.commit()
    return found


def translate(session: Session, key: str, body: str) -> None:
    clause = session.scalars(select(Clause).where(Clause.key == key)).one()
    clause.body_en, clause.heading_en = body, "Committee"
    session.commit()


def test_a_vote_without_script_comes_back_to_the_clause(
    session: Session, draft: Draft, signed_in: FlaskClient
) -> None:
    answer = signed_in.post(f"{VOTE}?text=both", data={"choice": "agree"}, headers=ENGLISH)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{DRAFT}/1?text=both#clause-s1"
    assert votes(session) == [1]
    page = signed_in.get(DRAFT, headers=ENGLISH).text
    assert 'value="agree" aria-pressed="true">Agree <b>1</b>' in page
    assert "We have your vote." in page


def test_a_vote_with_htmx_brings_the_buttons_back_with_their_new_counts(
    session: Session, draft: Draft, signed_in: FlaskClient
) -> None:
    signed_in.post(VOTE, data={"choice": "agree"})
    answer = signed_in.post(VOTE, data={"choice": "disagree"}, headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<form")
    assert 'value="disagree" aria-pressed="true">Disagree <b>1</b>' in answer.text
    assert 'aria-pressed="false">Agree <b>0</b>' in answer.text
    gone = signed_in.post(VOTE, data={"choice": "withdraw"}, headers=HTMX).text
    assert "Your vote is withdrawn." in gone
    assert 'aria-pressed="true"' not in gone
    assert votes(session) == []


def test_a_vote_takes_few_queries(app: Flask, draft: Draft, signed_in: FlaskClient) -> None:
    with count_queries(app.extensions["sqlalchemy"].engine) as sent:
        signed_in.post(VOTE, data={"choice": "agree"}, headers=HTMX)
    assert len(sent) <= 20


@pytest.mark.parametrize(
    ("data", "status"), [({"choice": "maybe"}, 422), ({}, 422), ({"choice": "1"}, 422)]
)
def test_what_is_no_choice_is_refused(
    session: Session, draft: Draft, signed_in: FlaskClient, data: dict[str, str], status: int
) -> None:
    assert signed_in.post(VOTE, data=data, headers=ENGLISH).status_code == status
    assert votes(session) == []


def test_a_visitor_sees_the_counts_and_is_led_to_the_sign_in(
    session: Session, draft: Draft, client: FlaskClient, signed_in: FlaskClient
) -> None:
    signed_in.post(VOTE, data={"choice": "pass"})
    page = client.get(DRAFT, headers=ENGLISH).text
    assert "Unsure <b>1</b>" in page
    assert "aria-pressed" not in page
    assert "Sign in to vote" in page
    assert client.post(VOTE, data={"choice": "agree"}).status_code in (303, 403)
    assert votes(session) == [0]


def test_the_text_is_read_in_either_language_or_both(
    session: Session, draft: Draft, client: FlaskClient
) -> None:
    translate(session, "s1", "There shall be one committee")
    seen = {
        view: client.get(f"{DRAFT}?text={view}", headers=ENGLISH).text
        for view in ("th", "en", "both")
    }
    thai = '<div class="sarn-clause__body" lang="th" data-clause-body>ให้มีคณะกรรมการหนึ่งคณะ'
    english = 'lang="en">There shall be one committee'
    assert (thai in seen["th"], english in seen["th"]) == (True, False)
    assert (thai in seen["en"], english in seen["en"]) == (False, True)
    assert (thai in seen["both"], english in seen["both"]) == (True, True)
    assert client.get(DRAFT, headers=ENGLISH).text.count(english) == 1
    assert english not in client.get(DRAFT, headers={"Accept-Language": "th"}).text
    assert client.get(f"{DRAFT}?text=klingon", headers=ENGLISH).status_code == 200


def test_a_clause_without_translation_says_so_and_shows_the_original(
    session: Session, draft: Draft, client: FlaskClient
) -> None:
    missing = "This clause has no English translation yet."
    assert missing not in client.get(f"{DRAFT}?text=en", headers=ENGLISH).text
    translate(session, "s1", "There shall be one committee")
    page = client.get(f"{DRAFT}?text=en", headers=ENGLISH).text
    assert page.count(missing) == 1
    assert "คณะกรรมการประชุมทุกเดือน" in page


def test_comments_stand_beside_their_clause(
    session: Session, draft: Draft, client: FlaskClient
) -> None:
    shown = make_comment(session, draft, body="<b>เห็นด้วย</b>", stance="support")
    for visibility in set(Visibility) - {Visibility.PUBLISHED}:
        make_comment(session, draft, body=f"unseen {visibility}", visibility=visibility)
    session.commit()
    page = client.get(DRAFT, headers=ENGLISH).text
    assert "Read 1 comment<" in page
    assert "&lt;b&gt;เห็นด้วย&lt;/b&gt;" in page
    assert f"/contributions/{shown.reference}" in page
    assert "unseen" not in page
    assert "1 more is counted without being shown" in page


def test_too_many_comments_are_loaded_when_someone_opens_them(
    session: Session, draft: Draft, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(margins, "MOST_INSIDE", 2)
    for n in range(3):
        make_comment(session, draft, body=f"said {n}")
    make_comment(session, draft, clause_key="s2", body="said elsewhere")
    session.commit()
    page = client.get(DRAFT, headers=ENGLISH).text
    assert "said" not in page
    assert f'hx-get="{DRAFT}/clauses/s1/comments"' in page
    beside = client.get(f"{DRAFT}/clauses/s1/comments", headers=HTMX).text
    assert beside.count("<article") == 3
    assert "said elsewhere" not in beside
    plain = client.get(f"{DRAFT}/clauses/s1/comments")
    assert plain.headers["Location"] == "/consultations/water/discussion?clause=s1"


def test_a_long_draft_takes_no_more_queries_signed_in_than_a_short_one(
    app: Flask, session: Session, draft: Draft, signed_in: FlaskClient
) -> None:
    engine = app.extensions["sqlalchemy"].engine
    make_comment(session, draft)
    session.commit()
    signed_in.post(VOTE, data={"choice": "agree"})
    with count_queries(engine) as short:
        signed_in.get(DRAFT)
    session.add_all(
        Clause(draft_id=draft.id, key=f"n{n}", position=n, kind="section", body=f"ข้อ {n}")
        for n in range(10, 60)
    )
    for n in range(10, 60):
        make_comment(session, draft, clause_key=f"n{n}")
    session.commit()
    with count_queries(engine) as long:
        assert "n59" in signed_in.get(DRAFT).text
    assert len(long) == len(short) <= 12


@pytest.mark.parametrize(
    "path",
    [
        f"{DRAFT}/1/clauses/%00/vote",
        f"{DRAFT}/clauses/%00/comments",
        "/consultations/water/writing/clauses/%00/difference",
        "/consultations/water/discussion?clause=%00",
        f"{DRAFT}/{10**20}/clauses/s1/vote",
        f"{DRAFT}/{10**20}",
    ],
)
def test_a_hostile_address_is_refused_calmly(
    draft: Draft, signed_in: FlaskClient, path: str
) -> None:
    for answer in (
        signed_in.get(path, headers=HTMX),
        signed_in.post(path, data={"choice": "agree"}),
    ):
        assert 400 <= answer.status_code < 500
