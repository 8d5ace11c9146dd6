"""The answer desk, templates, the page of one answer with its voices, and taking wordings over."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import convening, drafting
from consultations.drafting import store
from consultations.lifecycle import Event
from consultations.models import (
    AnswerNote,
    AnswerTask,
    AnswerTemplate,
    OfficialResponse,
    ResponseRating,
    Stage,
    ThemeComment,
)
from consultations.queries.answer_items import entries
from core.actor import Actor
from core.clock import BANGKOK, now
from core.keyring import Keyring
from tests.consultations.drafts import Desk, answering
from tests.consultations.planted import make_staff, published_summary
from tests.consultations.published_summary import make_response, make_summary
from tests.factories import joined, make_actor, make_comment
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}
Signed = Callable[[Actor], FlaskClient]
TEMPLATE = "เทศบาลขอขอบคุณทุกท่านที่แสดงความเห็น และเห็นควรรับไว้เพราะ […]"
GIVEN = {"disposition": "accepted", "ground": "law", "clause_key": ""}


@pytest.fixture
def session(app: Flask) -> Session:
    """The site's own session: commit before using a client."""
    found: Session = app.extensions["sqlalchemy"].session()
    return found


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address, headers=ENGLISH)
    assert answer.status_code == status
    return answer.text


def send(client: FlaskClient, address: str, status: int = 303, **values: object) -> str:
    answer = client.post(address, data=values, headers=ENGLISH)
    assert answer.status_code == status, answer.text
    return answer.text


def test_items_are_shared_out_and_noted_inside_the_agency_only(
    session: Session, keyring: Keyring, client_of: Signed, client: FlaskClient
) -> None:
    planted, staff, _ = published_summary(session, keyring)
    consultation = planted.consultation
    consultation.answers_due_on = now().astimezone(BANGKOK).date() - timedelta(days=2)
    items = [f"{e.item.kind}-{e.item.number}" for e in entries(session, consultation.id)][:2]
    colleague, slug = staff.approver.account_id, consultation.slug
    session.commit()
    base, officer = f"/workspace/consultations/{slug}/answers", client_of(staff.officer)
    shown = send(officer, f"{base}/assign", 422, unit="กองกฎหมาย")
    assert "Tick the items" in shown
    assert "กองกฎหมาย" in shown
    send(officer, f"{base}/assign", items=items, account_id=colleague, unit="กองกฎหมาย")
    send(officer, f"{base}/{items[0].replace('-', '/')}/notes", 422, body=" ")
    send(officer, f"{base}/{items[0].replace('-', '/')}/notes", body="ถามกองคลังก่อน")
    session.rollback()
    assert len(session.scalars(select(AnswerTask.id)).all()) == 2
    assert session.scalars(select(AnswerNote.body)).one() == "ถามกองคลังก่อน"
    session.rollback()
    mine = page(client_of(staff.approver), f"{base}?show=mine&order=due&disposition=")
    assert [item in mine for item in items] == [True, True]
    assert "Overdue" in mine
    assert "ถามกองคลังก่อน" in page(officer, f"{base}/{items[0].replace('-', '/')}")
    for address in (f"{base}?show=x&page=-3&order=x&disposition=x", f"{base}?page=99999999"):
        page(officer, address)
    stranger = client_of(make_staff_committed(session, keyring))
    page(stranger, base, 403)
    page(client, f"/consultations/{slug}/responses/{10**20}", 404)
    page(officer, f"/workspace/answer-templates/{10**20}", 404)
    send(officer, f"{base}/finding/{10**20}/notes", 404, body="x")
    send(officer, f"{base}/assign?slug=x&_external=1&page=2", items=items, unit="กองอื่น")
    for address in ("responses", "", "summary", "trail"):
        answer = client.get(f"/consultations/{slug}/{address}".rstrip("/"), headers=ENGLISH)
        assert "ถามกองคลังก่อน" not in answer.text
    assert "2 days late" in page(client, f"/consultations/{slug}")
    assert "2 days late" in page(client, f"/consultations/{slug}/responses")
    assert "2 days late" in page(client, "/")


def test_a_conclusion_without_answers_says_so_with_its_reason(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    planted, staff, _ = published_summary(session, keyring)
    reason = "กฎหมายแม่บทถูกยกเลิกระหว่างรับฟัง"
    convening.take_step(
        session, staff.approver, planted.consultation.id, Event.CONCLUDE, reason=reason
    )
    slug = planted.consultation.slug
    session.commit()
    shown = page(client, f"/consultations/{slug}/responses")
    assert "Concluded without all answers" in shown
    assert reason in shown
    assert reason in page(client, f"/consultations/{slug}")


def make_staff_committed(session: Session, keyring: Keyring) -> Actor:
    officer = make_staff(session, keyring).officer
    session.commit()
    return officer


def test_a_template_goes_into_the_reason_and_is_refused_as_one(
    session: Session, keyring: Keyring, client_of: Signed
) -> None:
    planted, staff, _ = published_summary(session, keyring)
    item = entries(session, planted.consultation.id)[0].item
    address = f"/workspace/consultations/{planted.consultation.slug}/answers/{item.kind}"
    address = f"{address}/{item.number}"
    session.commit()
    officer = client_of(staff.officer)
    send(officer, "/workspace/answer-templates/new", 422, name="x")
    send(officer, "/workspace/answer-templates/new", name="ขอบคุณ", text_th=TEMPLATE)
    number = session.scalars(select(AnswerTemplate.id)).one()
    session.rollback()
    shown = send(officer, address, 200, insert="1", template=number, reason_th="ได้อ่านแล้ว")
    assert f"ได้อ่านแล้ว\n\n{TEMPLATE}" in shown.replace("\r", "")
    send(officer, address, 404, insert="1", template="x")
    refused = send(officer, address, 422, **GIVEN, reason_th=TEMPLATE.replace("[…]", ""))
    assert "only the words of a template" in refused
    send(officer, address, 422, **GIVEN, reason_th=TEMPLATE)
    own = TEMPLATE.replace("[…]", "ค่าใช้จ่ายต่ำกว่าที่คาดไว้มาก")
    send(officer, address, **GIVEN, reason_th=own)
    change = f"/workspace/answer-templates/{number}"
    stranger = client_of(make_staff_committed(session, keyring))
    page(stranger, change, 404)
    send(officer, change, name="ขอบคุณ", text_th="อื่น")
    send(officer, f"{change}/remove")
    assert "No templates yet" in page(officer, "/workspace/answer-templates")


def answered(session: Session, keyring: Keyring) -> tuple[Desk, OfficialResponse, list[Actor]]:
    """A published answer to a theme of six people's comments, one with a wording."""
    desk = answering(session, keyring)
    draft = store.latest_published(session, desk.consultation.id)
    assert draft is not None
    _, _, [theme] = make_summary(session, desk.consultation, themes=1)
    people = [make_actor(session, keyring) for _ in range(6)]
    desk.consultation.stage = Stage.OPEN
    for place, actor in enumerate(people):
        author = joined(session, actor, desk.consultation)
        wording = "ให้มีคณะกรรมการสองคณะ" if place == 0 else ""
        values = {"participant_id": author.id, "proposed_wording": wording, "clause_key": "s1"}
        comment = make_comment(session, draft, **values)
        session.add(ThemeComment(theme_id=theme.id, comment_id=comment.id))
    desk.consultation.stage = Stage.ANSWERING
    response = make_response(session, desk.consultation, theme, clause_key="s1")
    session.commit()
    return desk, response, people


def test_those_whose_words_are_answered_rate_and_reply_once(
    session: Session, keyring: Keyring, client_of: Signed, client: FlaskClient
) -> None:
    desk, response, people = answered(session, keyring)
    base = f"/consultations/{desk.consultation.slug}/responses/{response.id}"
    author = client_of(people[0])
    assert "This answers what you wrote" in page(author, base)
    yes = {"understood": "yes", "reasoned": "yes", "agrees": "no"}
    send(author, f"{base}/rate", 422, understood="yes")
    for actor in people[:4]:
        send(client_of(actor), f"{base}/rate", **yes)
    assert "Too few people have rated it" in page(client, base)
    send(client_of(people[4]), f"{base}/rate", **yes)
    assert "100% feel understood" in re.sub(r"\s+", " ", page(client, base)).replace(" %", "%")
    send(author, f"{base}/rate", take_back="1")
    session.rollback()
    assert len(session.scalars(select(ResponseRating.understood)).all()) == 4
    session.rollback()
    page(author, f"{base}/reply")
    send(author, f"{base}/reply", 422, body=" ")
    warned = send(author, f"{base}/reply", 200, body="โทร 081-234-5678")
    assert "personal details" in warned
    send(author, f"{base}/reply", body="ยังไม่ได้ตอบเรื่องค่าใช้จ่าย")
    send(author, f"{base}/reply", 409, body="อีกครั้ง")
    shown = page(client, base)
    assert "ยังไม่ได้ตอบเรื่องค่าใช้จ่าย" in shown
    reference = re.search(r"/contributions/([0-9A-Z]{12})", shown)
    assert reference is not None
    own = page(author, f"/consultations/{desk.consultation.slug}/trail")
    assert "Stands beside" in own
    send(client_of(make_stranger(session, keyring)), f"{base}/reply", 403, body="ฉันด้วย")
    code = re.search(r"/receipts/([0-9A-Z]{12})", page(author, base))
    assert code is not None
    assert "A reply to an answer" in page(author, f"/receipts/{code[1]}")
    send(author, f"{base}/withdraw", reference=code[1])
    assert "ยังไม่ได้ตอบเรื่องค่าใช้จ่าย" not in page(client, base)


def make_stranger(session: Session, keyring: Keyring) -> Actor:
    actor = make_actor(session, keyring)
    session.commit()
    return actor


def test_a_wording_is_taken_over_and_credited_where_everybody_reads_it(
    session: Session, keyring: Keyring, client_of: Signed, client: FlaskClient
) -> None:
    desk, _, people = answered(session, keyring)
    slug, staff = desk.consultation.slug, desk.staff
    drafting.open_next(session, staff.officer, desk.consultation.id)
    session.commit()
    officer = client_of(staff.officer)
    base = f"/workspace/consultations/{slug}/drafts/2"
    assert "1 answer promises a change here" in page(officer, base)
    shown = page(officer, f"{base}/clauses/s1")
    reference = re.search(r'name="reference" value="([0-9A-Z]{12})"', shown)
    assert reference is not None
    send(officer, f"{base}/clauses/s1/take-over", reference=reference[1])
    send(officer, f"{base}/clauses/s1/take-over", 404, reference="X")
    assert "Wording taken over" in page(officer, f"{base}/clauses/s1")
    send(client_of(staff.approver), f"{base}/publish")
    compared = page(client, f"/consultations/{slug}/compare/1/2?show=comments")
    assert "Wording taken over" in compared
    assert f"/contributions/{reference[1]}" in compared
    assert "Proposed wording taken over" in page(
        client, f"/consultations/{slug}/contributions/{reference[1]}"
    )
    told = page(client_of(people[0]), f"/consultations/{slug}/trail")
    assert "The draft names your comment as its source." in told


def test_the_public_pages_cost_the_same_however_much_there_is(
    app: Flask, session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    desk, response, _ = answered(session, keyring)
    base = f"/consultations/{desk.consultation.slug}/responses"
    counts = []
    for more in (0, 40):
        _, found, _ = make_summary(session, desk.consultation, ["common_ground"] * more)  # type: ignore[list-item]
        for finding in found:
            make_response(session, desk.consultation, finding)
        session.commit()
        with count_queries(app.extensions["sqlalchemy"].engine) as sent:
            page(client, base)
            page(client, f"{base}/{response.id}")
        counts.append(len(sent))
        session.rollback()
    assert counts[0] <= 45
    assert counts[1] <= counts[0] + 2
    assert "Page 2" in page(client, base)
