"""Pages before there is a draft: open questions with their answers, and an invited panel."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consultations import prototyping
from consultations.drafting import store
from consultations.models import DraftState, Stage
from consultations.prototyping import Prototype
from core.clock import now
from core.keyring import Keyring
from tests.app.test_results_pages import ENGLISH, Signed, page
from tests.consultations.drafts import Desk, preparing
from tests.factories import make_actor


@pytest.fixture
def session(app: Flask) -> Session:
    """The site's own session: commit before using a client."""
    found: Session = app.extensions["sqlalchemy"].session()
    return found


@pytest.fixture
def desk(session: Session, keyring: Keyring) -> Desk:
    made = preparing(session, keyring)
    session.commit()
    return made


def test_from_questions_to_answers_by_question(
    session: Session, desk: Desk, keyring: Keyring, client_of: Signed, client: FlaskClient
) -> None:
    officer, slug = client_of(desk.staff.officer), desk.consultation.slug
    citizen = client_of(make_actor(session, keyring))
    session.commit()
    written = f"/workspace/consultations/{slug}/questions"
    refused = officer.post(written, data={"questions_th": ""}, headers=ENGLISH)
    assert refused.status_code == 422
    form = {"questions_th": "ปัญหาคืออะไร\n\nควรแก้อย่างไร", "takes_ideas": "y"}
    form["questions_en"] = "What is <b>wrong</b>?"
    assert officer.post(written, data=form).status_code == 303
    assert "What is &lt;b&gt;wrong" in page(officer, written)
    consultation = session.merge(desk.consultation)
    draft = store.working_draft(session, consultation.id)
    assert draft is not None
    draft.state, draft.published_at = DraftState.PUBLISHED, now()
    consultation.stage = Stage.OPEN
    session.commit()
    home = f"/consultations/{slug}"
    assert "Answer the open questions" in page(client, home)
    assert "Open questions and ideas" in page(client, home)
    assert "There is no draft yet." in page(client, f"{home}/draft")
    asked = page(citizen, f"{home}/clauses/q1/comment")
    assert "Propose other wording" not in asked
    sent = citizen.post(
        f"{home}/clauses/q1/comment", data={"body": "ถนน <i>พัง</i>", "action": "send"}
    )
    assert sent.status_code == 303
    results = page(client, f"{home}/questions")
    assert "ถนน &lt;i&gt;พัง" in results
    assert results.count("Answers: 1, by 1 people") == 1
    assert results.count("Answers: 0, by 0 people") == 2


def test_a_panel_reads_before_anybody_else(
    session: Session, desk: Desk, keyring: Keyring, client_of: Signed, client: FlaskClient
) -> None:
    officer, approver = client_of(desk.staff.officer), client_of(desk.staff.approver)
    person, slug = make_actor(session, keyring), desk.consultation.slug
    member, stranger = client_of(person), client_of(make_actor(session, keyring))
    session.commit()
    home = f"/workspace/consultations/{slug}/panels"
    form = {"title_th": "ทดลอง", "clauses": "ข้อ ๑ <b>ก</b>\r\n\r\nข้อ ๒", "closes_on": "2642-01-01"}
    assert officer.post(f"{home}/new", data={**form, "clauses": ""}).status_code == 422
    assert officer.post(f"{home}/new", data=form).status_code == 303
    assert "ทดลอง" in page(officer, home)
    assert officer.post(f"{home}/1", data={"addresses": "x"}).status_code == 422
    assert officer.post(f"{home}/1", data={"addresses": "a@example.org"}).status_code == 303
    given = Prototype("ทดลองสอง", (now() + timedelta(days=2)).date(), ["ข้อ ๑ <b>ก</b>"])
    panel = prototyping.begin(session, desk.staff.officer, desk.consultation.id, given=given)
    [token] = prototyping.invite(
        session, desk.staff.officer, keyring, panel.id, addresses=["b@example.org"]
    )
    number = panel.id
    session.commit()
    assert "Your invitation to a panel" in page(member, f"/invitations/panels/{token}")
    taken = member.post(f"/invitations/panels/{token}", data={"answer": "accept"})
    assert taken.status_code == 303
    assert "ข้อ ๑ &lt;b&gt;ก" in page(member, f"/panels/{number}")
    assert stranger.get(f"/panels/{number}").status_code == 404
    half = member.post(f"/panels/{number}", data={"c1-understood": "yes"}, headers=ENGLISH)
    assert half.status_code == 422
    assert "Answer both questions" in half.text
    whole = {"c1-understood": "yes", "c1-workable": "no", "c1-change": "สั้น <i>ลง</i>"}
    assert member.post(f"/panels/{number}", data=whole).status_code == 303
    assert "สั้น &lt;i&gt;ลง" in page(officer, f"{home}/2")
    assert approver.post(f"{home}/2/publish").status_code == 409
    session.merge(desk.consultation).stage = Stage.OPEN
    session.commit()
    public = f"/consultations/{slug}/panels/2"
    assert client.get(public).status_code == 404
    with time_machine.travel(now() + timedelta(days=3)):
        panel = session.merge(panel)
        prototyping.publish(session, desk.staff.approver, panel.id)
        session.commit()
    shown = page(client, public)
    assert "A panel, not a public consultation" in shown
    assert "too few to say" in shown
    assert "สั้น" not in shown
    assert "Test with an invited panel" in page(client, f"/consultations/{slug}")
