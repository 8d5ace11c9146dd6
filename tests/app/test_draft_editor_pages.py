"""Pages on which officers write drafts: mend, write, explain, publish."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import drafting
from consultations.models import Clause, Draft, DraftState, Finding, Stage
from core.actor import Role
from core.keyring import Keyring
from tests.consultations.drafts import TEXT, Desk, answering, imported, preparing, responses
from tests.consultations.drafts import keys as stored_keys
from tests.consultations.planted import make_staff
from tests.factories import make_actor
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}

ClientOf = Callable[..., FlaskClient]


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    engine = app.extensions["sqlalchemy"].engine
    with Session(engine, expire_on_commit=False) as opened_session:
        yield opened_session


def house(desk: Desk) -> str:
    return f"/workspace/consultations/{desk.consultation.slug}/drafts"


def keys(session: Session) -> list[str]:
    draft = session.scalars(select(Draft).order_by(Draft.number.desc())).first()
    assert draft is not None
    found = stored_keys(session, draft)
    session.commit()
    return found


@pytest.fixture
def desk(session: Session, keyring: Keyring) -> Desk:
    made = preparing(session, keyring)
    session.commit()
    return made


@pytest.fixture
def draft(session: Session, desk: Desk) -> Draft:
    made = imported(session, desk)
    session.commit()
    return made


@pytest.fixture
def officer(desk: Desk, client_of: ClientOf) -> FlaskClient:
    return client_of(desk.staff.officer)


@pytest.mark.parametrize(
    ("key", "data", "expected", "target"),
    [
        ("s4", {"action": "merge"}, ["preamble", "ch1", "s1", "s2", "ch2", "s3"], "s3"),
        ("s3", {"action": "up"}, ["preamble", "ch1", "s1", "s2", "s3", "ch2", "s4"], "s3"),
        ("s3", {"action": "down"}, ["preamble", "ch1", "s1", "s2", "ch2", "s4", "s3"], "s3"),
        ("s1", {"action": "remove"}, ["preamble", "ch1", "s2", "ch2", "s3", "s4"], "ch1"),
        (
            "s2",
            {"action": "split", "line": "2"},
            ["preamble", "ch1", "s1", "s2", "para1", "ch2", "s3", "s4"],
            "s2",
        ),
    ],
)
def test_a_split_is_mended(
    session: Session,
    desk: Desk,
    draft: Draft,
    officer: FlaskClient,
    key: str,
    data: dict[str, str],
    expected: list[str],
    target: str,
) -> None:
    answer = officer.post(f"{house(desk)}/1/clauses/{key}/correct", data=data)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{house(desk)}/1#clause-{target}"
    assert keys(session) == expected


def test_the_kind_of_a_unit_can_be_changed(
    session: Session, desk: Desk, draft: Draft, officer: FlaskClient
) -> None:
    address = f"{house(desk)}/1/clauses/s3/correct"
    officer.post(address, data={"action": "kind", "kind": "clause"})
    assert session.scalars(select(Clause.kind).where(Clause.key == "s3")).one() == "clause"


@pytest.mark.parametrize(
    ("key", "data", "words"),
    [
        ("preamble", {"action": "merge"}, "nothing before the first clause"),
        ("s4", {"action": "down"}, "at the end already"),
        ("s3", {"action": "split", "line": "5"}, "no such line"),
        ("s3", {"action": "split"}, "no such line"),
        ("s3", {"action": "kind", "kind": "poem"}, "Not a valid choice"),
        ("s3", {"action": "explode"}, "could not be understood"),
    ],
)
def test_what_cannot_be_mended_says_why(
    session: Session,
    desk: Desk,
    draft: Draft,
    officer: FlaskClient,
    key: str,
    data: dict[str, str],
    words: str,
) -> None:
    address = f"{house(desk)}/1/clauses/{key}/correct"
    answer = officer.post(address, data=data, headers=ENGLISH)
    assert answer.status_code == 422
    assert words in answer.text
    assert len(keys(session)) == 7


def test_a_clause_is_written_and_a_new_one_added(
    session: Session, desk: Desk, draft: Draft, officer: FlaskClient
) -> None:
    address = f"{house(desk)}/1/clauses/s3"
    typed = {"number": "มาตรา ๓", "body": "ให้เก็บทุกวัน", "body_en": "Every day.", "heading": ""}
    assert officer.post(address, data=typed).headers["Location"] == f"{house(desk)}/1#clause-s3"
    assert "Every day." in officer.get(address).text
    added = officer.post(f"{address}/add", data={"number": "มาตรา ๓/๑", "body": "เว้นวันหยุด"})
    assert added.headers["Location"] == f"{house(desk)}/1#clause-s3-1"
    assert keys(session)[-3:] == ["s3", "s3-1", "s4"]


@pytest.mark.parametrize("page", ["s3", "s3/add"])
def test_a_clause_without_words_is_shown_again(
    session: Session, desk: Desk, draft: Draft, officer: FlaskClient, page: str
) -> None:
    typed = {"number": "มาตรา ๓", "body": " ", "explanation_th": "พิมพ์ไว้แล้ว"}
    answer = officer.post(f"{house(desk)}/1/clauses/{page}", data=typed, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Write a heading or a text." in answer.text
    assert "พิมพ์ไว้แล้ว" in answer.text


def test_the_whole_way_to_the_next_published_draft(
    session: Session, keyring: Keyring, client_of: ClientOf
) -> None:
    desk = answering(session, keyring)
    [response] = responses(session, desk)
    session.commit()
    officer, approver = client_of(desk.staff.officer), client_of(desk.staff.approver)
    assert "Write the next draft" in officer.get(f"{house(desk)}/1", headers=ENGLISH).text
    assert officer.post(f"{house(desk)}/next").headers["Location"] == f"{house(desk)}/2"
    officer.post(f"{house(desk)}/2/clauses/s1", data={"body": "ให้มีสองคณะ"})
    page = officer.get(f"{house(desk)}/2", headers=ENGLISH).text
    assert "1 changed clause does not say why." in page
    assert "Publish draft 2" not in page
    why = f"{house(desk)}/2/clauses/s1/why"
    refused = officer.post(why, data={"note_en": "typed"}, headers=ENGLISH)
    assert (refused.status_code, "typed" in refused.text) == (422, True)
    assert officer.get(f"{house(desk)}/2/clauses/s2/why").status_code == 404
    assert officer.post(why, data={"responses": str(response.id)}).status_code == 303
    assert "checked" in officer.get(why).text
    assert "Publish draft 2" in approver.get(f"{house(desk)}/2", headers=ENGLISH).text
    long = approver.post(f"{house(desk)}/2/publish", data={"note_th": "ก" * 5001})
    assert (long.status_code, "ก" * 5001 in long.text) == (422, True)
    done = approver.post(f"{house(desk)}/2/publish", data={"note_th": "แก้แล้ว"})
    assert done.headers["Location"] == f"/consultations/{desk.consultation.slug}/draft/2"
    session.expire_all()
    assert session.scalars(select(Draft.state)).all() == [DraftState.PUBLISHED] * 2


def test_a_response_to_choose_says_what_it_answers(
    app: Flask, session: Session, keyring: Keyring, client_of: ClientOf
) -> None:
    desk = answering(session, keyring)
    [response] = responses(session, desk)
    drafting.open_next(session, desk.staff.officer, desk.consultation.id)
    session.commit()
    officer, engine = client_of(desk.staff.officer), app.extensions["sqlalchemy"].engine
    officer.post(f"{house(desk)}/2/clauses/s1", data={"body": "ให้มีสองคณะ"})
    why = f"{house(desk)}/2/clauses/s1/why"
    with count_queries(engine) as few:
        page = officer.get(why, headers=ENGLISH).text
    assert "“Finding 0” – Accepted: เห็นด้วย" in page
    finding = session.get_one(Finding, response.finding_id)
    finding.sentence = {"values": {"quote": "Finding 0"}}
    responses(session, desk, 5)
    session.commit()
    with count_queries(engine) as many:
        page = officer.get(why, headers=ENGLISH).text
    assert "“A sentence that repeats words that are no longer published” – Accepted" in page
    assert len(few) == len(many)


def test_a_draft_that_is_not_ready_is_not_published(
    session: Session, keyring: Keyring, client_of: ClientOf
) -> None:
    desk = answering(session, keyring)
    drafting.open_next(session, desk.staff.officer, desk.consultation.id)
    session.commit()
    answer = client_of(desk.staff.approver).post(f"{house(desk)}/2/publish", headers=ENGLISH)
    assert (answer.status_code, "the same text" in answer.text) == (409, True)


def test_a_published_draft_offers_no_way_to_write_it(
    session: Session, keyring: Keyring, client_of: ClientOf
) -> None:
    desk = answering(session, keyring)
    session.commit()
    officer = client_of(desk.staff.officer)
    page = officer.get(f"{house(desk)}/1", headers=ENGLISH).text
    assert "This draft is published" in page
    assert "Mend the split" not in page
    for path in ("clauses/s1", "clauses/s1/add", "clauses/s1/correct", "clauses/s1/why"):
        assert officer.get(f"{house(desk)}/1/{path}").status_code == 409


def test_an_approver_reads_but_is_offered_nothing_to_write(
    desk: Desk, draft: Draft, client_of: ClientOf
) -> None:
    page = client_of(desk.staff.approver).get(f"{house(desk)}/1", headers=ENGLISH).text
    assert 'id="clause-s4"' in page
    assert "Mend the split" not in page
    assert "Import a document" not in page


def test_another_agency_and_citizens_are_kept_out(
    session: Session, keyring: Keyring, desk: Desk, draft: Draft, client_of: ClientOf
) -> None:
    stranger, citizen = make_staff(session, keyring).officer, make_actor(session, keyring)
    moderator = make_actor(session, keyring, Role.MODERATOR)
    desk.consultation.stage = Stage.OPEN
    session.commit()
    for actor in (stranger, citizen, moderator):
        client = client_of(actor)
        for path in ("import", "1", "1/clauses/s1", "1/clauses/s1/correct", "1/clauses/s1/add"):
            assert client.get(f"{house(desk)}/{path}").status_code == 403
        for path in ("import", "next", "1/publish", "1/clauses/s1", "1/clauses/s1/correct"):
            data: dict[str, Any] = {"text": TEXT, "body": "ข", "action": "remove"}
            assert client.post(f"{house(desk)}/{path}", data=data).status_code == 403
    assert len(keys(session)) == 7


def test_the_editor_takes_as_many_queries_for_a_long_draft(
    app: Flask, session: Session, keyring: Keyring, client_of: ClientOf
) -> None:
    desk = answering(session, keyring)
    made = drafting.open_next(session, desk.staff.officer, desk.consultation.id)
    session.commit()
    engine, officer = app.extensions["sqlalchemy"].engine, client_of(desk.staff.officer)
    with count_queries(engine) as short:
        officer.get(f"{house(desk)}/2")
    session.add_all(
        Clause(draft_id=made.id, key=f"n{n}", position=n, kind="section", body=f"ข้อ {n}")
        for n in range(10, 60)
    )
    session.commit()
    with count_queries(engine) as long:
        assert "n59" in officer.get(f"{house(desk)}/2").text
    assert len(long) == len(short) <= 14
