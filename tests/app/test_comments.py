"""Pages to comment, to read the discussion, and to report."""

import html
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import (
    Comment,
    Consultation,
    Draft,
    ModerationPolicy,
    Stance,
    Visibility,
)
from consultations.pseudonyms import pseudonym
from core.actor import Actor
from core.clock import now
from core.keyring import Keyring
from moderation.models import Flag
from tests.factories import joined, make_actor, make_comment, make_consultation, make_draft
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}


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
def draft(session: Session, consultation: Consultation) -> Draft:
    made = make_draft(session, consultation)
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


def stored(session: Session, model: type[Any] = Comment) -> list[Any]:
    found = session.scalars(select(model).execution_options(populate_existing=True)).all()
    session.commit()
    return list(found)


def only_comment(session: Session) -> Comment:
    [comment] = stored(session)
    assert isinstance(comment, Comment)
    return comment


def test_a_comment_is_received_and_shown_with_its_number(
    session: Session, draft: Draft, signed_in: FlaskClient
) -> None:
    answer = signed_in.post(
        "/consultations/water/clauses/s1/comment",
        data={"body": "ควรมีสองคณะ", "stance": "oppose", "action": "send"},
    )
    comment = only_comment(session)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/receipts/{comment.reference}"
    assert (comment.body, comment.stance) == ("ควรมีสองคณะ", Stance.OPPOSE)
    receipt = signed_in.get(answer.headers["Location"], headers=ENGLISH).text
    assert f'sarn-receipt__code">{comment.reference}' in receipt
    assert "Published" in receipt
    assert "data-keep-done" in receipt


def test_the_form_is_shown_again_with_everything_typed(
    session: Session, draft: Draft, signed_in: FlaskClient
) -> None:
    answer = signed_in.post(
        "/consultations/water/clauses/s1/comment",
        data={"body": " ", "reason": "เหตุผลที่พิมพ์ไว้", "stance": "support", "action": "send"},
        headers=ENGLISH,
    )
    assert answer.status_code == 422
    assert "เหตุผลที่พิมพ์ไว้" in answer.text
    assert 'value="support" checked' in answer.text
    assert 'href="#body"' in answer.text
    assert stored(session) == []


def test_selected_words_come_from_the_address_and_are_kept(
    session: Session, draft: Draft, signed_in: FlaskClient
) -> None:
    address = "/consultations/water/clauses/s1/comment"
    quote = {"exact": "คณะกรรมการ", "prefix": "ให้มี", "suffix": "หนึ่งคณะ"}
    page = signed_in.get(address, query_string=quote).text
    assert 'name="quote_exact" type="hidden" value="คณะกรรมการ"' in page
    typed = {f"quote_{part}": words for part, words in quote.items()}
    signed_in.post(address, data={"body": "ทำไม", **typed})
    assert only_comment(session).quote_start == 5


def test_words_that_are_not_in_the_clause_are_named_as_the_problem(
    session: Session, draft: Draft, signed_in: FlaskClient
) -> None:
    answer = signed_in.post(
        "/consultations/water/clauses/s1/comment",
        data={"body": "ทำไม", "quote_exact": "อนุกรรมการ"},
        headers=ENGLISH,
    )
    assert answer.status_code == 422
    assert "The selected words are not in the clause." in answer.text
    assert 'id="quote_exact"' in answer.text


def test_the_clauses_words_are_offered_for_rewording_and_the_difference_is_shown(
    session: Session, draft: Draft, signed_in: FlaskClient
) -> None:
    address = "/consultations/water/clauses/s1/comment"
    offered = signed_in.get(address)
    assert "ให้มีคณะกรรมการหนึ่งคณะ</textarea>" in offered.text
    preview = signed_in.post(
        address,
        data={
            "body": "ควรมีสองคณะ",
            "proposed_wording": "ให้มีคณะกรรมการสองคณะ",
            "action": "preview",
        },
    )
    assert "<del>หนึ่ง</del><ins>สอง</ins>" in preview.text
    assert stored(session) == []


def test_a_visitor_reads_the_form_page_and_is_led_back_after_signing_in(
    draft: Draft, client: FlaskClient
) -> None:
    page = client.get("/consultations/water/clauses/s1/comment?exact=มี").text
    assert "ให้มีคณะกรรมการหนึ่งคณะ" in page
    assert "<textarea" not in page
    assert "next=/consultations/water/clauses/s1/comment?exact%3D" in page
    answer = client.post("/consultations/water/clauses/s1/comment", data={"body": "ก"})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/accounts/sign-in")


@pytest.mark.parametrize("path", ["clauses/s9/comment", "contributions/NONE00000000"])
def test_what_does_not_exist_is_not_found(draft: Draft, client: FlaskClient, path: str) -> None:
    assert client.get(f"/consultations/water/{path}").status_code == 404


def test_after_closing_the_form_is_gone_and_a_late_comment_is_refused(
    session: Session, consultation: Consultation, draft: Draft, signed_in: FlaskClient
) -> None:
    consultation.closes_at = now() - timedelta(seconds=1)
    session.commit()
    page = signed_in.get("/consultations/water/clauses/s1/comment", headers=ENGLISH)
    assert "<textarea" not in page.text
    late = signed_in.post("/consultations/water/clauses/s1/comment", data={"body": "ช้าไป"})
    assert late.status_code == 409
    assert stored(session) == []


def test_one_changes_and_withdraws_ones_own_comment(
    session: Session,
    consultation: Consultation,
    draft: Draft,
    citizen: Actor,
    signed_in: FlaskClient,
    client: FlaskClient,
) -> None:
    participant = joined(session, citizen, consultation)
    reference = make_comment(session, draft, body="เดิม", participant_id=participant.id).reference
    session.commit()
    address = f"/consultations/water/contributions/{reference}"
    assert "เดิม</textarea>" in signed_in.get(f"{address}/edit").text
    assert signed_in.post(f"{address}/edit", data={"body": "ใหม่"}).status_code == 303
    assert only_comment(session).body == "ใหม่"
    assert "เดิม" in signed_in.get(address).text
    assert "เดิม" not in client.get(address).text
    answer = signed_in.post(f"{address}/withdraw")
    assert answer.headers["Location"] == "/consultations/water/trail"
    assert only_comment(session).visibility is Visibility.WITHDRAWN


def test_someone_elses_comment_cannot_be_changed(
    session: Session, draft: Draft, signed_in: FlaskClient
) -> None:
    reference = make_comment(session, draft, body="ของผู้อื่น").reference
    session.commit()
    address = f"/consultations/water/contributions/{reference}"
    assert signed_in.get(f"{address}/edit").status_code == 404
    assert signed_in.post(f"{address}/edit", data={"body": "แก้"}).status_code == 404
    assert signed_in.post(f"{address}/withdraw").status_code == 404
    assert only_comment(session).body == "ของผู้อื่น"


@pytest.mark.parametrize("visibility", [each for each in Visibility if each != "published"])
def test_what_is_not_published_is_seen_by_its_author_alone(
    session: Session,
    consultation: Consultation,
    draft: Draft,
    citizen: Actor,
    signed_in: FlaskClient,
    client: FlaskClient,
    visibility: Visibility,
) -> None:
    comment = make_comment(
        session,
        draft,
        body="ยังไม่เผยแพร่",
        visibility=visibility,
        participant_id=joined(session, citizen, consultation).id,
    )
    session.commit()
    address = f"/consultations/water/contributions/{comment.reference}"
    assert client.get(address).status_code == 404
    assert "ยังไม่เผยแพร่" in signed_in.get(address).text
    assert "ยังไม่เผยแพร่" not in client.get("/consultations/water/discussion").text
    form_page = client.get("/consultations/water/clauses/s1/comment")
    assert "ยังไม่เผยแพร่" not in form_page.text


def test_a_comment_that_waits_says_what_happens_next(
    session: Session, consultation: Consultation, draft: Draft, signed_in: FlaskClient
) -> None:
    consultation.moderation_policy = ModerationPolicy.BEFORE
    session.commit()
    answer = signed_in.post("/consultations/water/comment", data={"body": "ทั้งฉบับ"})
    receipt = signed_in.get(answer.headers["Location"], headers=ENGLISH).text
    assert "A moderator reads it." in receipt
    assert only_comment(session).clause_key == ""


def test_no_page_shows_a_participants_number(
    session: Session, draft: Draft, client: FlaskClient
) -> None:
    comment = make_comment(session, draft)
    session.commit()
    number = comment.participant_id
    assert number is not None
    for path in ("discussion", f"contributions/{comment.reference}"):
        page = client.get(f"/consultations/water/{path}").text
        assert pseudonym(number) in page
        assert number not in page


def test_the_discussion_is_ordered_and_filtered_by_clause(
    session: Session, draft: Draft, client: FlaskClient
) -> None:
    for place, (key, body) in enumerate([("s1", "แรก"), ("s2", "กลาง"), ("s1", "หลัง")]):
        moment = now() + timedelta(minutes=place)
        make_comment(session, draft, clause_key=key, body=f"ความเห็น{body}", created_at=moment)
    session.commit()
    page = client.get("/consultations/water/discussion", headers=ENGLISH).text
    assert page.index("ความเห็นหลัง") < page.index("ความเห็นกลาง") < page.index("ความเห็นแรก")
    assert "มาตรา 1 (2)" in " ".join(page.split())
    page = client.get("/consultations/water/discussion?order=oldest&clause=s1").text
    assert page.index("ความเห็นแรก") < page.index("ความเห็นหลัง")
    assert "ความเห็นกลาง" not in page


def test_the_discussion_is_cut_into_pages_of_fifty(
    session: Session, draft: Draft, client: FlaskClient
) -> None:
    for number in range(51):
        make_comment(session, draft, body=f"<ลำดับ {number:02}>")
    session.commit()
    first = client.get("/consultations/water/discussion?order=oldest").text
    link = re.search(r'href="([^"]+)" rel="next"', first)
    assert link is not None
    second = client.get(html.unescape(link.group(1))).text
    assert first.count("sarn-thread__head") == 50
    assert "&lt;ลำดับ 50&gt;" in second
    assert second.count("sarn-thread__head") == 1
    for wrong in ("after=x", "after=1-2-3-4", f"before={'9' * 40}", "after=-1"):
        page = client.get(f"/consultations/water/discussion?order=oldest&{wrong}")
        assert page.text.count("sarn-thread__head") == 50


def test_an_empty_discussion_says_so(consultation: Consultation, client: FlaskClient) -> None:
    page = client.get("/consultations/water/discussion?clause=s1&page=-1", headers=ENGLISH)
    assert "No comments yet" in page.text


def test_the_number_of_queries_does_not_grow(
    app: Flask, session: Session, draft: Draft, client: FlaskClient
) -> None:
    counts = []
    reference = ""
    for _ in range(2):
        for _ in range(12):
            reference = make_comment(session, draft).reference
        session.commit()
        for path in ("discussion", "clauses/s1/comment", f"contributions/{reference}"):
            with count_queries(app.extensions["sqlalchemy"].engine) as sent:
                assert client.get(f"/consultations/water/{path}").status_code == 200
            counts.append(len(sent))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 14


def test_a_report_reaches_the_moderators(
    session: Session, draft: Draft, signed_in: FlaskClient
) -> None:
    comment = make_comment(session, draft, body="น่าสงสัย")
    session.commit()
    address = f"/consultations/water/contributions/{comment.reference}/flag"
    assert "น่าสงสัย" in signed_in.get(address).text
    assert signed_in.post(address, data={}).status_code == 422
    answer = signed_in.post(address, data={"rule": "threat", "note": "ดูตอนท้าย"})
    assert answer.status_code == 303
    [flag] = stored(session, Flag)
    assert (flag.contribution_id, flag.rule, flag.note) == (comment.id, "threat", "ดูตอนท้าย")


def test_ones_own_comment_is_not_offered_for_a_report(
    session: Session,
    consultation: Consultation,
    draft: Draft,
    citizen: Actor,
    signed_in: FlaskClient,
    client: FlaskClient,
) -> None:
    own = make_comment(
        session, draft, participant_id=joined(session, citizen, consultation).id
    ).reference
    other = make_comment(session, draft).reference
    imported = make_comment(session, draft, participant_id=None).reference
    session.commit()
    for reader, offered in ((signed_in, {other, imported}), (client, {own, other, imported})):
        page = reader.get("/consultations/water/discussion").text
        assert {each for each in (own, other, imported) if f"{each}/flag" in page} == offered
