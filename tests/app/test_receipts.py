"""Receipts: proof for anyone with the number, the words for their author alone."""

import hashlib
import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import Comment, Consultation, Draft, Stage, Visibility
from core import ledger
from core.actor import Actor
from core.keyring import Keyring
from core.ledger import LedgerEntry
from tests.factories import make_actor, make_comment, make_consultation, make_draft, make_statement
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}
SECRET_WORDS = "ถ้อยคำที่ยังไม่มีใครเห็น"


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
def author(
    session: Session, keyring: Keyring, client_of: Callable[[Actor], FlaskClient]
) -> FlaskClient:
    actor = make_actor(session, keyring)
    session.commit()
    return client_of(actor)


def write(author: FlaskClient, **more: str) -> str:
    """Send a comment; return the address of its receipt."""
    answer = author.post(
        "/consultations/water/clauses/s1/comment", data={"body": SECRET_WORDS, **more}
    )
    return answer.headers["Location"]


def seal(session: Session) -> None:
    ledger.seal(session)
    session.commit()


def digests(session: Session) -> list[str]:
    entries = session.scalars(select(LedgerEntry).order_by(LedgerEntry.id)).all()
    session.commit()
    return [entry.content.split('"digest":"')[1][:64] for entry in entries]


def test_the_author_lands_on_a_receipt_with_everything(
    session: Session, draft: Draft, author: FlaskClient
) -> None:
    address = write(author)
    waiting = author.get(address, headers=ENGLISH).text
    assert "Being written in" in waiting
    seal(session)
    page = author.get(address, headers=ENGLISH).text
    assert SECRET_WORDS in page
    assert digests(session)[0] in page
    assert session.scalars(select(LedgerEntry.chain_hash)).one().hex() in page
    assert "Its author can change or withdraw it until" in page
    assert "/edit" in page
    assert "/withdraw" in page


def test_anyone_with_the_number_sees_that_it_is_in_the_record_but_not_who_or_what(
    session: Session, draft: Draft, author: FlaskClient, client: FlaskClient, keyring: Keyring
) -> None:
    comment_by_someone = make_comment(session, draft, body="other words")
    session.commit()
    address = write(author)
    comment = session.scalars(select(Comment).where(Comment.body == SECRET_WORDS)).one()
    comment.visibility = Visibility.PENDING
    session.commit()
    seal(session)
    for page in (client.get(address, headers=ENGLISH).text, client.get(f"{address}.txt").text):
        assert digests(session)[0] in page
        assert SECRET_WORDS not in page
        assert comment.salt.hex() not in page
        assert str(comment.participant_id) not in page
    shown = client.get(address, headers=ENGLISH).text
    assert "Waiting for a moderator" in shown
    assert "/edit" not in shown
    imported = client.get(f"/receipts/{comment_by_someone.reference}", headers=ENGLISH)
    assert imported.status_code == 200
    assert "has no entry of its own" in imported.text


def test_the_downloaded_key_proves_the_words(
    session: Session, draft: Draft, author: FlaskClient
) -> None:
    answer = author.get(f"{write(author, stance='support', reason='เหตุผล')}.txt", headers=ENGLISH)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    lines = answer.text.splitlines()
    content = lines[lines.index("What you wrote:") + 1]
    key = bytes.fromhex(lines[-1].removeprefix("Key: "))
    proof = hashlib.sha256(b"sarn/v1|" + key + content.encode()).hexdigest()
    assert proof in answer.text
    assert proof == digests(session)[0]


def test_a_change_and_a_withdrawal_are_added_to_the_receipt(
    session: Session, draft: Draft, author: FlaskClient
) -> None:
    address = write(author)
    reference = address.rpartition("/")[2]
    house = f"/consultations/water/contributions/{reference}"
    changed = author.post(f"{house}/edit", data={"body": "ถ้อยคำใหม่"})
    assert changed.headers["Location"] == address
    page = author.get(address, headers=ENGLISH).text
    assert "Changed by its author" in page
    assert f'sarn-receipt__hash">{digests(session)[1]}' in page
    author.post(f"{house}/withdraw")
    gone = author.get(address, headers=ENGLISH).text
    assert gone.count("Withdrawn by its author") >= 2
    assert "/edit" not in gone


def test_words_that_were_changed_behind_the_record_are_told(
    session: Session, draft: Draft, author: FlaskClient
) -> None:
    address = write(author)
    warning = "The words and the record differ"
    assert warning not in author.get(address, headers=ENGLISH).text
    session.scalars(select(Comment)).one().body = "คำที่ถูกสลับ"
    session.commit()
    assert warning in author.get(address, headers=ENGLISH).text


@pytest.mark.parametrize("written", ["{code}", "{lower}", "{gaps}"])
def test_a_number_is_understood_as_people_write_it(
    session: Session, draft: Draft, client: FlaskClient, written: str
) -> None:
    code = make_comment(session, draft, reference="0AB1CD2EF3GH").reference
    session.commit()
    typed = written.format(code=code, lower=code.lower(), gaps="OAB l CD-2EF-3GH")
    answer = client.get("/receipts", query_string={"code": typed}, follow_redirects=True)
    assert answer.status_code == 200
    assert answer.request.path == f"/receipts/{code}"


@pytest.mark.parametrize(
    "code",
    ["AAAAAAAAAAAA", "short", "ก" * 12, "'; DROP TABLE x", "A" * 4000, "UUUUUUUUUUUU"],
)
def test_a_wrong_number_gets_a_friendly_answer(app: Flask, client: FlaskClient, code: str) -> None:
    answer = client.get(f"/receipts/{code}", headers=ENGLISH)
    assert answer.status_code == 404
    assert "No receipt has this number." in answer.text
    assert "<form" in answer.text
    assert client.get(f"/receipts/{code}.txt").status_code == 404


def test_nothing_of_a_consultation_that_is_not_public_is_told(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    hidden: Consultation = make_consultation(session, keyring, stage=Stage.PREPARING)
    statement = make_statement(session, hidden)
    session.commit()
    assert client.get(f"/receipts/{statement.reference}").status_code == 404


def test_a_receipt_takes_few_queries(
    app: Flask, session: Session, draft: Draft, author: FlaskClient
) -> None:
    address = write(author)
    with count_queries(app.extensions["sqlalchemy"].engine) as sent:
        author.get(address)
    assert len(sent) <= 8


def test_the_minute_is_for_the_author_alone(
    session: Session, draft: Draft, author: FlaskClient, client: FlaskClient
) -> None:
    """Two contributions of one minute in two consultations would look like one person's."""
    address = write(author)
    seal(session)
    minute = re.compile(r"at \d\d:\d\d")
    received = "Received"
    for page in (address, f"{address}.txt"):
        own = author.get(page, headers=ENGLISH).text
        others = client.get(page, headers=ENGLISH).text
        assert received in others
        assert len(minute.findall(own)) > len(minute.findall(others))
        after = others[others.index(received) :]
        assert not minute.search(after.partition("State")[0])
