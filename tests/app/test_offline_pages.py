"""Pages of paper, telephone and meetings: enter, check beside the scan, files, forms, slips."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import jobs as worker
from consultations.models import Comment, Consultation, OfflineBatch, Statement, Vote
from consultations.offline import codes
from core.accounts.models import Agency
from core.actor import Actor, Role
from core.keyring import Keyring
from tests.consultations.offline_world import picture, today
from tests.factories import make_actor, make_agency, make_consultation, make_draft, make_statement

ENGLISH = {"Accept-Language": "en"}
HERE = "/workspace/consultations/paper/offline"


@dataclass
class Office:
    rows: Session
    consultation: Consultation
    first: FlaskClient
    second: FlaskClient
    stranger: FlaskClient
    citizen: FlaskClient


@pytest.fixture
def office(app: Flask, client_of: Callable[[Actor], FlaskClient], keyring: Keyring) -> Office:
    rows = app.extensions["sqlalchemy"].session()
    agency = make_agency(rows)
    consultation = make_consultation(rows, keyring, agency=agency, slug="paper")
    make_draft(rows, consultation)
    for number in (1, 2):
        make_statement(rows, consultation, number=number)

    def officer(of: Agency) -> FlaskClient:
        return client_of(make_actor(rows, keyring, Role.OFFICER, agency=of))

    people = [officer(agency), officer(agency), officer(make_agency(rows))]
    citizen = client_of(make_actor(rows, keyring))
    rows.commit()
    return Office(rows, consultation, *people, citizen)


def filled(**changed: Any) -> dict[str, Any]:
    return {
        "channel": "paper",
        "said_on": today().isoformat(),
        "consented": "y",
        "comments-0-clause_key": "s1",
        "comments-0-body": "ขอให้มีผู้แทนชุมชน",
        "comments-0-stance": "support",
        "vote-1": "agree",
        "scans": (io.BytesIO(picture()), "แบบ.png"),
        **changed,
    }


def read(office: Office, query: Any) -> list[Any]:
    """Return what a query finds, and let the site write again."""
    found = list(office.rows.scalars(query))
    office.rows.rollback()
    return found


def enter(office: Office, **changed: Any) -> str:
    """Enter a response; return its reference."""
    sent = office.first.post(f"{HERE}/new", data=filled(**changed), headers=ENGLISH)
    assert sent.status_code == 303, sent.text
    return str(sent.location.rpartition("/")[2])


def test_a_paper_goes_from_one_person_to_the_other_and_then_counts(office: Office) -> None:
    reference = enter(office, form_number="")
    place = f"{HERE}/responses/{reference}"
    own = office.first.get(place, headers=ENGLISH).text
    assert "Someone other than the person" in own
    assert "let it count" not in own
    page = office.second.get(place, headers=ENGLISH).text
    assert "ขอให้มีผู้แทนชุมชน" in page
    scan = re.search(rf"{place}/pages/\d+", page)
    assert scan is not None
    shown = office.second.get(scan[0])
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    assert shown.headers["Cache-Control"] == "no-store"
    for other in (office.stranger, office.citizen):
        assert other.get(scan[0]).status_code in {403, 404}
    assert office.first.post(f"{place}/confirm", data={"revision": 1}).status_code == 403
    assert office.second.post(f"{place}/confirm", data={"revision": 1}).status_code == 303
    [comment] = read(office, select(Comment.reference))
    public = office.citizen.get("/consultations/paper/discussion", headers=ENGLISH).text
    assert "On paper" in public
    home = office.citizen.get("/consultations/paper", headers=ENGLISH).text
    assert "How people took part" in home
    receipt = office.citizen.get(f"/receipts/{reference}", headers=ENGLISH).text
    assert comment in receipt
    assert "ผู้แทนชุมชน" not in receipt


def test_the_holder_of_the_slip_sees_joins_and_erases(office: Office, keyring: Keyring) -> None:
    reference = enter(office)
    place = f"{HERE}/responses/{reference}"
    office.second.post(f"{place}/confirm", data={"revision": 1})
    page = office.first.get(f"{place}/slip", headers=ENGLISH).text
    found = re.search(r"(?:[0-9A-Z]{4}-){2}[0-9A-Z]{4}", page)
    assert found is not None
    code = {"code": found[0].lower()}
    assert office.citizen.post("/slips", data={"code": "0000"}).status_code == 404
    assert "ผู้แทนชุมชน" in office.citizen.post("/slips", data=code, headers=ENGLISH).text
    refused = office.citizen.post("/slips/match", data=code, headers=ENGLISH)
    assert (refused.status_code, "nothing counts twice" in refused.text) == (422, True)
    [statement] = read(office, select(Statement.reference).where(Statement.number == 1))
    vote = f"/consultations/paper/vote/{statement}"
    office.citizen.post(vote, data={"choice": "disagree"})
    joined = office.citizen.post("/slips/match", data=code, headers=ENGLISH)
    assert "Each of your votes counts once now" in joined.text
    votes = read(office, select(Vote.statement_id))
    assert len(set(votes)) == len(votes) == 1
    assert office.citizen.post("/slips/erase", data=code).status_code == 422
    assert office.citizen.post("/slips/erase", data={**code, "sure": "1"}).status_code == 303
    assert read(office, select(Comment.body)) == [""]
    assert codes.normal_code(found[0]) not in office.first.get(HERE).text


def test_what_was_typed_stays_when_something_is_wrong(office: Office) -> None:
    changed = {"comments-1-clause_key": "s2", "comments-1-body": " ", "comments-1-stance": "oppose"}
    page = office.first.post(f"{HERE}/new", data=filled(**changed), headers=ENGLISH)
    assert page.status_code == 422
    assert "ขอให้มีผู้แทนชุมชน" in page.text
    assert 'href="#comments-1-body"' in page.text
    more = office.first.post(f"{HERE}/new", data=filled(more="1"), headers=ENGLISH)
    assert "ขอให้มีผู้แทนชุมชน" in more.text
    assert 'id="vote-1-1" name="vote-1" value="agree" checked' in more.text
    evil = {"scans": (io.BytesIO(b"<svg onload=alert(1)>"), "a.png")}
    assert office.first.post(f"{HERE}/new", data=filled(**evil)).status_code == 422


def test_a_correction_and_a_rejection_say_why(office: Office) -> None:
    reference = enter(office)
    place = f"{HERE}/responses/{reference}"
    nothing = office.second.post(f"{place}/return", data={"revision": 1}, headers=ENGLISH)
    assert nothing.status_code == 422
    office.second.post(f"{place}/return", data={"revision": 1, "reason": "ข้อ 1 อ่านผิด"})
    assert "ข้อ 1 อ่านผิด" in office.first.get(HERE).text
    form = office.first.get(f"{place}/correct", headers=ENGLISH).text
    assert "ขอให้มีผู้แทนชุมชน" in form
    mended = filled(**{"comments-0-body": "ขอให้มีผู้แทนสตรี", "revision": 2})
    del mended["scans"]
    assert office.first.post(f"{place}/correct", data=mended).status_code == 303
    assert "ผู้แทนสตรี" in office.second.get(place).text
    stale = office.second.post(f"{place}/confirm", data={"revision": 2})
    assert stale.status_code == 409
    office.second.post(f"{place}/reject", data={"revision": 3, "reason": "ไม่ใช่เรื่องนี้"})
    assert "ไม่ใช่เรื่องนี้" in office.first.get(HERE).text
    assert office.first.get(place).status_code == 404  # the number is free for the form again


def test_a_file_shows_its_fates_and_counts_after_the_job(office: Office) -> None:
    head = "response,channel,date,consent,clause,comment,vote_1\n"
    good = f"1,paper,{today()},yes,มาตรา 1,จากแฟ้ม,agree\n"
    data = {
        "name": "เวทีตำบล",
        "file": (io.BytesIO(f"{head}{good}2,fax,{today()},yes,,ข,\n".encode()), "a.csv"),
    }
    sent = office.first.post(f"{HERE}/files/new", data=data)
    preview = office.first.get(sent.location, headers=ENGLISH).text
    assert "1 of 2 responses can be taken" in preview
    assert "paper, phone or meeting" in preview
    place = sent.location
    assert office.first.post(f"{place}/send").status_code == 303
    assert office.first.post(f"{place}/confirm").status_code == 403
    assert "จากแฟ้ม" in office.second.get(place).text
    assert office.second.post(f"{place}/reject", data={"reason": ""}).status_code == 422
    work = office.second.post(f"{place}/confirm")
    worker.run_all()
    assert "See the file" in office.second.get(work.location, headers=ENGLISH).text
    assert read(office, select(Comment.body)) == ["จากแฟ้ม"]
    again = {"name": "อีกครั้ง", "file": (io.BytesIO(f"{head}{good}".encode()), "b.csv")}
    known = office.first.get(office.first.post(f"{HERE}/files/new", data=again).location)
    assert "0 of 1" in known.text or "0 จาก 1" in known.text
    number = max(read(office, select(OfflineBatch.id)))
    assert office.first.post(f"{HERE}/files/{number}/drop").status_code == 303
    for name in ("responses.csv", "responses.xlsx"):
        assert office.first.get(f"{HERE}/table/{name}").status_code == 200
    assert office.first.get(f"{HERE}/table/x.csv").status_code == 404


def test_forms_are_numbered_and_printed_with_the_code_that_the_entry_gets(office: Office) -> None:
    assert office.first.post(f"{HERE}/forms", data={"copies": "51"}).status_code == 422
    sent = office.first.post(f"{HERE}/forms", data={"copies": "2"})
    sheet = office.first.get(sent.location, headers=ENGLISH).text
    slips = re.findall(r"(?:[0-9A-Z]{4}-){2}[0-9A-Z]{4}", sheet)
    assert len(set(slips)) == 4  # receipt and code of each
    assert office.first.get(f"{HERE}/forms/1-3").status_code == 404
    reference = enter(office, form_number="2")
    assert reference == codes.normal_code(slips[2])
    office.second.post(f"{HERE}/responses/{reference}/confirm", data={"revision": 1})
    assert "ผู้แทนชุมชน" in office.citizen.post("/slips", data={"code": slips[3]}).text


def test_the_day_for_papers_is_declared_to_everybody(office: Office) -> None:
    office.first.post(f"{HERE}/forms", data={"copies": "1"})
    assert office.first.post(HERE, data={"until": "2020-01-01"}).status_code == 422
    assert office.first.post(HERE, data={"until": ""}).status_code == 303
    home = office.citizen.get("/consultations/paper", headers=ENGLISH).text
    assert "Papers that bear a day before the closing are entered until" in home
