"""While someone writes a comment: similar ones, the difference of a wording, personal details."""

import logging
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import Audience, Clause, Comment, Draft, Visibility
from core.actor import Actor
from core.keyring import Keyring
from tests.factories import make_actor, make_comment, make_consultation, make_draft
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}
FORM = "/consultations/water/clauses/s1/comment"
WRITING = "/consultations/water/writing/clauses/s1"
NATIONAL = "1-1017-00230-70-8"
WARNING = "Check for personal details before you send"


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
def signed_in(
    session: Session, keyring: Keyring, client_of: Callable[[Actor], FlaskClient]
) -> FlaskClient:
    actor = make_actor(session, keyring)
    session.commit()
    return client_of(actor)


def stored(session: Session) -> list[Comment]:
    found = list(session.scalars(select(Comment).execution_options(populate_existing=True)))
    session.commit()
    return found


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (NATIONAL, "National identity number"),
        ("โทร 081 234 5678", "Telephone number"),
        ("somchai@example.com", "E-mail address"),
        ("บัญชี 123-4-56789-0", "Bank account"),
    ],
)
def test_the_writer_is_warned_once_and_decides(
    session: Session, draft: Draft, signed_in: FlaskClient, words: str, kind: str
) -> None:
    sent = {"body": f"ติดต่อ {words} ได้", "reason": "เหตุผลยาว", "action": "send"}
    warned = signed_in.post(FORM, data=sent, headers=ENGLISH)
    assert warned.status_code == 200
    assert WARNING in warned.text
    assert f"{kind}: <strong><bdi>" in warned.text
    assert "เหตุผลยาว" in warned.text
    assert 'name="warned" type="hidden" value="1"' in warned.text
    assert stored(session) == []
    again = signed_in.post(FORM, data={**sent, "warned": "1"})
    assert again.status_code == 303
    assert len(stored(session)) == 1


def test_whoever_edits_after_the_warning_is_not_stopped_again(
    session: Session, draft: Draft, signed_in: FlaskClient
) -> None:
    answer = signed_in.post(FORM, data={"body": "โทร 0898765432 แทน", "warned": "1"})
    assert answer.status_code == 303


def test_a_long_number_that_is_no_persons_is_no_reason_to_warn(
    session: Session, draft: Draft, signed_in: FlaskClient
) -> None:
    assert signed_in.post(FORM, data={"body": "งบประมาณ 1101700230709 บาท"}).status_code == 303


def test_what_stands_in_the_clause_is_not_the_writers_doing(
    session: Session, draft: Draft, signed_in: FlaskClient
) -> None:
    clause = session.scalars(select(Clause).where(Clause.key == "s1")).one()
    clause.body = "แจ้งที่ 02 123 4567"
    session.commit()
    wording = "แจ้งที่ 02 123 4567 ได้ทุกวัน"
    sent = {"body": "ควรเปิดทุกวัน", "proposed_wording": wording}
    assert signed_in.post(FORM, data=sent).status_code == 303


def test_the_warned_words_are_not_logged(
    draft: Draft, signed_in: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        signed_in.post(FORM, data={"body": f"เลข {NATIONAL}"})
    assert NATIONAL not in caplog.text


def test_a_comment_can_be_counted_without_being_shown(
    session: Session, draft: Draft, signed_in: FlaskClient, client: FlaskClient
) -> None:
    sent = {"body": "อย่าแสดงคำนี้", "audience": "counted"}
    answer = signed_in.post(FORM, data=sent, headers=ENGLISH)
    [comment] = stored(session)
    assert (comment.audience, comment.visibility) == (Audience.COUNTED, Visibility.COUNTED)
    receipt = signed_in.get(answer.headers["Location"], headers=ENGLISH).text
    assert "It counts without being shown." in receipt
    assert "อย่าแสดงคำนี้" in receipt
    house = "/consultations/water"
    for path in ("/draft", "/discussion", "/results", f"/contributions/{comment.reference}", ""):
        assert "อย่าแสดงคำนี้" not in client.get(f"{house}{path}").text, path
    assert (
        "1 more is counted without being shown"
        in client.get(f"{house}/draft", headers=ENGLISH).text
    )


def test_an_unknown_audience_is_refused(
    session: Session, draft: Draft, signed_in: FlaskClient
) -> None:
    answer = signed_in.post(FORM, data={"body": "ก", "audience": "friends"})
    assert answer.status_code == 422
    assert stored(session) == []


def test_words_of_the_clause_can_be_typed_instead_of_selected(
    session: Session, draft: Draft, signed_in: FlaskClient
) -> None:
    page = signed_in.get(FORM, headers=ENGLISH).text
    assert "Comment on certain words only" in page
    assert 'name="quote_exact" type="text"' in page
    signed_in.post(FORM, data={"body": "ทำไม", "quote_exact": "คณะกรรมการ"})
    assert stored(session)[0].quote_start == 5


def test_the_untouched_words_of_the_clause_are_no_proposal(
    session: Session, draft: Draft, signed_in: FlaskClient
) -> None:
    assert "ให้มีคณะกรรมการหนึ่งคณะ</textarea>" in signed_in.get(FORM).text
    signed_in.post(FORM, data={"body": "ดี", "proposed_wording": "ให้มีคณะกรรมการหนึ่งคณะ"})
    assert stored(session)[0].proposed_wording == ""


def test_the_difference_follows_the_wording(draft: Draft, client: FlaskClient) -> None:
    answer = client.post(f"{WRITING}/difference", data={"proposed_wording": "ให้มีคณะกรรมการสองคณะ"})
    assert "<del>หนึ่ง</del><ins>สอง</ins>" in answer.text
    same = client.post(f"{WRITING}/difference", data={"proposed_wording": "ให้มีคณะกรรมการหนึ่งคณะ"})
    assert same.text.strip() == ""
    hostile = client.post(f"{WRITING}/difference", data={"proposed_wording": "<script>x</script>"})
    assert "<script>" not in hostile.text
    assert client.post("/consultations/water/writing/clauses/no/difference").status_code == 404


def test_comments_that_say_the_same_are_offered(
    app: Flask, session: Session, draft: Draft, client: FlaskClient
) -> None:
    make_comment(session, draft, body="ควรมีคณะกรรมการสองคณะ เพื่อถ่วงดุลกัน")
    for n in range(4):
        make_comment(session, draft, body=f"เรื่องอื่นโดยสิ้นเชิง {n}")
    make_comment(session, draft, body="ควรมีคณะกรรมการสองคณะ ซ่อนอยู่", visibility=Visibility.HIDDEN)
    session.commit()
    with count_queries(app.extensions["sqlalchemy"].engine) as sent:
        answer = client.post(f"{WRITING}/similar", data={"body": "น่าจะมีคณะกรรมการสองคณะ"})
    assert "เพื่อถ่วงดุลกัน" in answer.text
    assert "ซ่อนอยู่" not in answer.text
    assert len(sent) <= 8


def test_sending_a_comment_takes_few_queries(
    app: Flask, draft: Draft, signed_in: FlaskClient
) -> None:
    with count_queries(app.extensions["sqlalchemy"].engine) as sent:
        signed_in.post(FORM, data={"body": "ควรมีสองคณะ", "quote_exact": "คณะกรรมการ"})
    assert len(sent) <= 20
