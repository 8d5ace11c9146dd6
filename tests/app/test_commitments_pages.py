"""Pages of commitments: the agency promises and reports, everyone reads."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.words import NAMES
from consultations import committing
from consultations.committing import Promise, Report
from consultations.models import CommitmentState, LawStage, Stage
from core.clock import now
from core.keyring import Keyring
from tests.app.test_results_pages import ENGLISH, Signed, page
from tests.consultations.drafts import Desk, preparing
from tests.queries import count_queries

SAID = "Twelve more collection points <b>soon</b>"


@pytest.fixture
def session(app: Flask) -> Session:
    """The site's own session: commit before using a client."""
    found: Session = app.extensions["sqlalchemy"].session()
    return found


@pytest.fixture
def desk(session: Session, keyring: Keyring) -> Desk:
    made = preparing(session, keyring, Stage.CONCLUDED)
    session.commit()
    return made


@pytest.fixture
def slug(session: Session, desk: Desk) -> str:
    found = desk.consultation.slug
    session.rollback()
    return found


def promised(session: Session, desk: Desk) -> int:
    given = Promise("เพิ่มจุดทิ้งขยะ", "กองสาธารณสุข", now().date().replace(year=2099), SAID)
    made = committing.promise(session, desk.staff.officer, desk.consultation.id, given=given)
    committing.publish(session, desk.staff.approver, made.id)
    session.commit()
    return made.id


def test_every_state_and_stage_has_a_name() -> None:
    assert set(NAMES["commitment_state"]) == set(CommitmentState)
    assert set(NAMES["law_stage"]) == set(LawStage)


def test_from_a_promise_to_its_report(
    desk: Desk, slug: str, client_of: Signed, client: FlaskClient
) -> None:
    officer, approver = client_of(desk.staff.officer), client_of(desk.staff.approver)
    home = f"/workspace/consultations/{slug}/commitments"
    shown = f"/consultations/{slug}/commitments"
    assert "No commitments yet" in page(client, shown)
    form = {"text_th": "เพิ่มจุดทิ้งขยะ", "text_en": SAID, "owner": "กองสาธารณสุข", "due_on": ""}
    answer = officer.post(f"{home}/new", data=form, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Choose the day by which it is done." in answer.text
    assert "Twelve more collection points" in answer.text
    assert officer.post(f"{home}/new", data={**form, "due_on": "2642-12-31"}).status_code == 303
    assert SAID not in page(client, shown)
    assert "Not public yet" in page(officer, home)
    assert officer.post(f"{home}/1/publish").status_code == 403
    assert approver.post(f"{home}/1/publish").status_code == 303
    public = page(client, shown)
    assert "Twelve more collection points &lt;b&gt;soon&lt;/b&gt;" in public
    assert "31 December 2099" in public

    done = {"state": "done", "note_th": "ตั้งครบแล้ว", "evidence_url": "javascript:alert(1)"}
    refused = officer.post(f"{home}/1/report", data=done, headers=ENGLISH)
    assert refused.status_code == 422
    assert "Enter a full web address" in refused.text
    done["evidence_url"] = "https://www.example.go.th/bins"
    assert officer.post(f"{home}/1/report", data=done).status_code == 303
    assert 'href="https://www.example.go.th/bins"' in page(client, shown)
    assert officer.get(f"{home}/9/report").status_code == 404


def test_the_way_of_the_law_is_shown(
    desk: Desk, slug: str, client_of: Signed, client: FlaskClient
) -> None:
    officer = client_of(desk.staff.officer)
    address = f"/workspace/consultations/{slug}/commitments/law"
    law = {"stage": "in_force", "reached_on": "2026-01-02", "source_url": ""}
    refused = officer.post(address, data=law, headers=ENGLISH)
    assert refused.status_code == 422
    assert "Give an address where it can be looked up." in refused.text
    law["source_url"] = "https://www.example.go.th/gazette"
    assert officer.post(address, data=law).status_code == 303
    assert "In force" in page(client, f"/consultations/{slug}/commitments")


def test_queries_stay_few_however_many_commitments_there_are(
    app: Flask, session: Session, desk: Desk, slug: str, client: FlaskClient
) -> None:
    engine = app.extensions["sqlalchemy"].engine
    shown = f"/consultations/{slug}/commitments"
    needed = []
    for count in (1, 9):
        for _ in range(count):
            number = promised(session, desk)
            report = Report("under_way", "กำลังทำ")
            committing.report(session, desk.staff.officer, number, given=report)
        session.commit()
        page(client, shown)
        with count_queries(engine) as sent:
            page(client, shown)
        needed.append(len(sent))
    assert needed[0] == needed[1] <= 8
