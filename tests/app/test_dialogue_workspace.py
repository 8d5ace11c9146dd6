"""The officer's and the approver's way from the analysis to the published answers."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import jobs
from consultations import analysing, summarising
from consultations.models import (
    AnalysisRun,
    Finding,
    OfficialResponse,
    Stage,
    Summary,
    SummaryState,
    Theme,
)
from consultations.queries import answer_desk
from core.actor import Actor, Role, system_actor
from core.keyring import Keyring
from tests.consultations.planted import Staff, analyse, make_staff, plant, published_summary
from tests.factories import make_actor, make_consultation
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}
Signed = Callable[[Actor], FlaskClient]
GIVEN = {"disposition": "accepted", "ground": "law", "reason_th": "รับไว้", "clause_key": "s1"}


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


def at_summary(session: Session, keyring: Keyring, comments: int = 0) -> tuple[str, Staff, int]:
    """A consultation with a finished run, at the stage of the summary."""
    staff = make_staff(session, keyring)
    planted = plant(session, keyring, agency=staff.agency, comments=comments)
    run = analyse(session, planted.consultation)
    base = f"/workspace/consultations/{planted.consultation.slug}"
    numbers = run.id
    session.commit()
    return base, staff, numbers


def test_an_officer_starts_a_run_and_sees_it_finish(
    session: Session, keyring: Keyring, client_of: Signed
) -> None:
    staff = make_staff(session, keyring)
    slug = plant(session, keyring, agency=staff.agency, comments=0).consultation.slug
    session.commit()
    officer = client_of(staff.officer)
    address = f"/workspace/consultations/{slug}/analysis"
    send(officer, address)
    assert "Waiting to start" in page(officer, address)
    assert send(officer, address, 409)
    session.rollback()
    jobs.run_all()
    shown = page(officer, address)
    assert "Finished" in shown
    assert "Prepare the summary from this analysis" in shown


def test_the_officer_is_told_why_a_run_failed(
    session: Session, keyring: Keyring, client_of: Signed
) -> None:
    staff = make_staff(session, keyring)
    consultation = make_consultation(session, keyring, agency=staff.agency)
    run = analysing.request_run(session, system_actor(), consultation.id)
    outcome = analysing.Outcome(failure_code="analysis.refused", failure_detail="row 2 is odd")
    analysing.store(session, run.id, outcome)
    slug = consultation.slug
    session.commit()
    shown = page(client_of(staff.officer), f"/workspace/consultations/{slug}/analysis")
    assert "The engine could not use the input." in shown
    assert "row 2 is odd" in shown


def test_a_summary_is_built_changed_and_published_by_two_people(
    session: Session, keyring: Keyring, client_of: Signed
) -> None:
    base, staff, run_id = at_summary(session, keyring, comments=40)
    officer, approver = client_of(staff.officer), client_of(staff.approver)
    send(officer, f"{base}/summary", run=run_id)
    finding = session.scalars(select(Finding.id).order_by(Finding.position)).first()
    theme = session.scalars(select(Theme.id).order_by(Theme.position)).first()
    summary = session.scalars(select(Summary.id)).one()
    session.rollback()
    send(officer, f"{base}/summary/findings/{finding}/leave-out", reason="Said elsewhere.")
    send(officer, f"{base}/summary/themes/{theme}", label_th="เรือ", label_en="The ferry")
    shown = page(officer, f"{base}/summary")
    assert "Said elsewhere." in shown
    assert re.search(r"The agency calls this theme:\s*<span[^>]*>The ferry", shown)
    send(officer, f"{base}/summary/publish", 403, summary=summary)
    send(approver, f"{base}/summary/publish", summary=summary)
    assert "can no longer be changed" in page(officer, f"{base}/summary")
    session.rollback()
    assert session.scalars(select(Summary.state)).one() is SummaryState.PUBLISHED


def test_a_reason_and_a_thai_name_are_asked_for_on_their_fields(
    session: Session, keyring: Keyring, client_of: Signed
) -> None:
    base, staff, run_id = at_summary(session, keyring, comments=40)
    officer = client_of(staff.officer)
    send(officer, f"{base}/summary", run=run_id)
    finding = session.scalars(select(Finding.id)).first()
    theme = session.scalars(select(Theme.id)).first()
    session.rollback()
    shown = send(officer, f"{base}/summary/findings/{finding}/leave-out", 422, reason=" ")
    assert "Say why the sentence is left out" in shown
    shown = send(officer, f"{base}/summary/themes/{theme}", 422, label_en="The ferry")
    assert 'value="The ferry"' in shown
    assert "in Thai too" in shown


def test_what_was_left_out_can_be_taken_back_in(
    session: Session, keyring: Keyring, client_of: Signed
) -> None:
    base, staff, run_id = at_summary(session, keyring)
    officer = client_of(staff.officer)
    send(officer, f"{base}/summary", run=run_id)
    finding = session.scalars(select(Finding.id)).first()
    session.rollback()
    send(officer, f"{base}/summary/findings/{finding}/leave-out", reason="Said elsewhere.")
    send(officer, f"{base}/summary/findings/{finding}/take-in")
    assert "Said elsewhere." not in page(officer, f"{base}/summary")


def test_answers_are_written_approved_and_published_together(
    session: Session, keyring: Keyring, client_of: Signed
) -> None:
    planted, staff, _ = published_summary(session, keyring)
    number, slug = planted.consultation.id, planted.consultation.slug
    items = [row.item for row in answer_desk.required_rows(session, number)]
    session.commit()
    base = f"/workspace/consultations/{slug}/answers"
    officer, approver = client_of(staff.officer), client_of(staff.approver)
    for item in items:
        send(officer, f"{base}/{item.kind}/{item.number}", **GIVEN)
    session.rollback()
    for response in session.scalars(select(OfficialResponse.id)).all():
        session.rollback()
        send(officer, f"{base}/{response}/approve", 403)
        send(approver, f"{base}/{response}/approve")
    motions = f"/workspace/consultations/{slug}/motions"
    send(officer, f"{motions}/answers", reason="ตอบครบแล้ว")
    assert f"{motions}/1" in page(approver, base)
    send(officer, f"{motions}/1/approve", 403)
    send(approver, f"{motions}/1/approve")
    assert "รับไว้" in page(officer, f"/consultations/{slug}/responses")


def test_an_answer_without_a_reason_is_shown_again_with_everything_typed(
    session: Session, keyring: Keyring, client_of: Signed
) -> None:
    planted, staff, _ = published_summary(session, keyring)
    item = answer_desk.required_rows(session, planted.consultation.id)[0].item
    address = (
        f"/workspace/consultations/{planted.consultation.slug}/answers/{item.kind}/{item.number}"
    )
    session.commit()
    given = {**GIVEN, "reason_th": "  ", "reason_en": "Only in English."}
    shown = send(client_of(staff.officer), address, 422, **given)
    assert "Write the reason in Thai" in shown
    assert "Only in English." in shown
    assert 'value="accepted" checked' in shown


def test_publishing_too_early_says_how_many_are_missing(
    session: Session, keyring: Keyring, client_of: Signed
) -> None:
    planted, staff, _ = published_summary(session, keyring)
    slug = planted.consultation.slug
    count = len(answer_desk.required_rows(session, planted.consultation.id))
    session.commit()
    address = f"/workspace/consultations/{slug}/motions/answers"
    approver = client_of(staff.approver)
    assert f"Items without an answer: {count}." in send(approver, address, 409, reason="x")


def test_nobody_reaches_into_another_consultation(
    session: Session, keyring: Keyring, client_of: Signed
) -> None:
    base, staff, run_id = at_summary(session, keyring)
    officer = client_of(staff.officer)
    send(officer, f"{base}/summary", run=run_id)
    other = make_consultation(session, keyring, agency=staff.agency, stage=Stage.SUMMARY)
    elsewhere = f"/workspace/consultations/{other.slug}"
    finding = session.scalars(select(Finding.id)).first()
    summary = session.scalars(select(Summary.id)).one()
    session.commit()
    page(officer, f"{elsewhere}/summary/findings/{finding}/leave-out", 404)
    send(officer, f"{elsewhere}/summary/findings/{finding}/take-in", 404)
    send(client_of(staff.approver), f"{elsewhere}/summary/publish", 404, summary=summary)
    send(officer, f"{elsewhere}/summary", 404, run=run_id)
    page(officer, f"{elsewhere}/answers/finding/{finding}", 404)


@pytest.mark.parametrize("part", ["analysis", "summary", "answers"])
def test_only_the_agencys_own_staff_sees_these_pages(
    session: Session, keyring: Keyring, client_of: Signed, client: FlaskClient, part: str
) -> None:
    base, _, _ = at_summary(session, keyring)
    stranger = make_staff(session, keyring).officer
    moderator = make_actor(session, keyring, Role.MODERATOR)
    session.commit()
    assert client.get(f"{base}/{part}").status_code in (302, 303, 401)
    page(client_of(stranger), f"{base}/{part}", 403)
    page(client_of(moderator), f"{base}/{part}", 403)


@pytest.mark.parametrize("part", ["analysis", "summary", "answers"])
def test_queries_stay_few_however_much_there_is(
    app: Flask, session: Session, keyring: Keyring, client_of: Signed, part: str
) -> None:
    planted, staff, _ = published_summary(session, keyring, comments=40)
    for _ in range(3):
        analyse(session, planted.consultation)
    base = f"/workspace/consultations/{planted.consultation.slug}"
    session.commit()
    client = client_of(staff.officer)
    with count_queries(app.extensions["sqlalchemy"].engine) as sent:
        page(client, f"{base}/{part}")
    assert len(sent) <= 18


def test_a_working_summary_is_seen_by_the_agency_only(
    session: Session, keyring: Keyring, client_of: Signed, client: FlaskClient
) -> None:
    base, staff, _ = at_summary(session, keyring)
    run = session.scalars(select(AnalysisRun)).one()
    summarising.prepare(session, staff.officer, run.consultation_id, run.id)
    session.commit()
    assert "Every sentence is made by a template" in page(
        client_of(staff.officer), f"{base}/summary"
    )
    assert "No summary yet" in page(client, f"{base.removeprefix('/workspace')}/summary")


def test_the_desk_stacks_its_cells_on_a_phone_and_stays_a_table(
    app: Flask, session: Session, keyring: Keyring, client_of: Signed
) -> None:
    planted, staff, _ = published_summary(session, keyring)
    base = f"/workspace/consultations/{planted.consultation.slug}"
    session.commit()
    desk = page(client_of(staff.officer), f"{base}/answers")
    table = desk[desk.index("sarn-data-table--stacked") : desk.index("</table>")]
    elements = re.findall(r"<(?:table|thead|tbody|tr|th|td)\b[^>]*>", table)
    assert elements
    assert all('role="' in element for element in elements)
    styles = Path(str(app.static_folder), "build/sarn.css").read_text(encoding="utf-8")
    narrow = styles.partition("max-width: 40em) {\n.sarn-data-table--stacked ")[2]
    assert narrow.partition("}")[0].endswith("{\ndisplay: block;\n")
