"""Pages on which an agency prepares and leads a consultation, seen by the right people and not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consultations.models import Consultation, DraftState, Stage, StageChange
from core.accounts.models import Agency
from core.actor import Actor, Role
from core.clock import BANGKOK, now
from core.keyring import Keyring
from tests.app.fulfilled import fulfil
from tests.consultations.published_summary import make_summary
from tests.factories import make_actor, make_agency, make_consultation, make_draft
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}
TODAY = now().astimezone(BANGKOK).date()
OPENS, CLOSES = TODAY + timedelta(days=5), TODAY + timedelta(days=25)
BEGUN = {
    "slug": "parks",
    "kind": "bill",
    "title_th": "ร่างพระราชบัญญัติสวนสาธารณะ",
}
BASICS = {
    "title_th": "ร่างพระราชบัญญัติสวนสาธารณะ",
    "summary_th": "ให้ทุกคนเข้าสวนได้",
    "scope_th": "แก้ไขได้ทุกมาตรา",
    "affected_th": "ผู้ใช้สวน",
}
DATES = {
    "opens_on": OPENS.isoformat(),
    "opens_time": "09:00",
    "closes_on": CLOSES.isoformat(),
    "answers_due_on": (CLOSES + timedelta(days=30)).isoformat(),
}
PREPARE = "/workspace/consultations/parks/prepare"


@dataclass
class Office:
    rows: Session
    agency: Agency
    officer: FlaskClient
    approver: FlaskClient
    neighbour: FlaskClient
    citizen: FlaskClient

    def staff(self) -> tuple[FlaskClient, FlaskClient]:
        return self.officer, self.approver


@pytest.fixture
def office(app: Flask, client_of: Callable[[Actor], FlaskClient], keyring: Keyring) -> Office:
    rows = app.extensions["sqlalchemy"].session()
    agency, other = make_agency(rows), make_agency(rows)
    actors = [
        make_actor(rows, keyring, Role.OFFICER, agency=agency),
        make_actor(rows, keyring, Role.APPROVER, agency=agency),
        make_actor(rows, keyring, Role.OFFICER, Role.APPROVER, agency=other),
        make_actor(rows, keyring),
    ]
    rows.commit()
    return Office(rows, agency, *(client_of(actor) for actor in actors))


def make(office: Office, keyring: Keyring, stage: Stage, **values: Any) -> str:
    """Make a consultation of the agency; return its address."""
    made = make_consultation(office.rows, keyring, agency=office.agency, stage=stage, **values)
    slug = made.slug
    office.rows.commit()
    return slug


def post(client: FlaskClient, address: str, **data: str) -> TestResponse:
    return client.post(address, data=data, headers=ENGLISH)


def step(client: FlaskClient, event: str, slug: str = "parks", **data: str) -> TestResponse:
    return post(client, f"/workspace/consultations/{slug}/step", event=event, **data)


def stored(office: Office, slug: str = "parks") -> Consultation:
    """What the database holds, with no transaction left open."""
    office.rows.rollback()
    found = office.rows.scalars(select(Consultation).where(Consultation.slug == slug)).one()
    office.rows.expunge_all()
    office.rows.rollback()
    return found


def begin(office: Office) -> TestResponse:
    return post(office.officer, "/workspace/new", **BEGUN)


def test_an_officer_prepares_step_by_step_and_an_approver_publishes(office: Office) -> None:
    created = begin(office)
    basics = post(office.officer, f"{PREPARE}/basics", **BASICS)
    dates = post(office.officer, f"{PREPARE}/dates", **DATES)
    taking_part = {"moderation_policy": "after", "admission": "everyone"}
    post(office.officer, f"{PREPARE}/participation", **taking_part, contact_th="กองนิติการ")
    fulfil(office.officer, "parks")
    make_draft(office.rows, stored(office), state=DraftState.WORKING, published_at=None)
    office.rows.commit()

    submitted = step(office.officer, "submit")
    approved = step(office.approver, "approve")

    assert created.location == PREPARE
    assert (basics.location, dates.location) == (f"{PREPARE}/dates", f"{PREPARE}/draft")
    assert submitted.location == "/workspace/consultations/parks"
    assert approved.status_code == 303
    made = stored(office)
    assert made.stage is Stage.SCHEDULED
    assert made.opens_at is not None
    assert made.closes_at is not None
    assert made.opens_at.astimezone(BANGKOK).isoformat().startswith(f"{OPENS}T09:00")
    end = CLOSES + timedelta(days=1)
    assert made.closes_at.astimezone(BANGKOK).isoformat().startswith(f"{end}T00:00:00")


def test_years_of_the_buddhist_era_are_understood(office: Office) -> None:
    begin(office)
    buddhist = CLOSES.replace(year=CLOSES.year + 543).isoformat()

    post(office.officer, f"{PREPARE}/dates", **{**DATES, "closes_on": buddhist})

    closes_at = stored(office).closes_at
    assert closes_at is not None
    assert closes_at.astimezone(BANGKOK).date() == CLOSES + timedelta(days=1)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"slug": "Parks!"}, "slug"), ({"title_th": ""}, "title_th"), ({"kind": ""}, "kind-0")],
)
def test_a_beginning_that_does_not_hold_comes_back_with_what_was_typed(
    office: Office, values: dict[str, str], field: str
) -> None:
    response = post(office.officer, "/workspace/new", **{**BEGUN, "title_en": "Kept", **values})

    assert response.status_code == 422
    assert f'href="#{field}"' in response.text
    assert "Kept" in response.text
    assert office.rows.scalars(select(Consultation)).all() == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"closes_on": ""}, "closes_on"),
        ({"closes_on": "2026-02-30"}, "closes_on"),
        ({"opens_on": "0001-01-01"}, "opens_on"),
        ({"opens_time": "25:00"}, "opens_time"),
        ({"closes_on": (OPENS - timedelta(days=1)).isoformat()}, "closes_on"),
        ({"closes_on": (OPENS + timedelta(days=3)).isoformat()}, "short_reason"),
        ({"answers_due_on": OPENS.isoformat()}, "answers_due_on"),
    ],
)
def test_dates_that_do_not_hold_come_back_and_are_not_saved(
    office: Office, values: dict[str, str], field: str
) -> None:
    begin(office)
    response = post(office.officer, f"{PREPARE}/dates", **{**DATES, **values})

    assert response.status_code == 422
    assert f'href="#{field}"' in response.text
    assert stored(office).closes_at is None


def test_an_approver_neither_creates_nor_prepares(office: Office, keyring: Keyring) -> None:
    slug = make(office, keyring, Stage.PREPARING)

    assert office.approver.get("/workspace/new").status_code == 403
    assert office.approver.get(f"/workspace/consultations/{slug}/prepare").status_code == 403


def test_what_is_public_can_no_longer_be_edited(office: Office, keyring: Keyring) -> None:
    slug = make(office, keyring, Stage.OPEN)

    for page in ("", "/basics", "/draft", "/check"):
        address = f"/workspace/consultations/{slug}/prepare{page}"
        assert office.officer.get(address).status_code == 409


@pytest.mark.parametrize("page", ["", "/prepare", "/statements", "/monitor", "/step?event=submit"])
def test_the_wrong_people_get_no_page_of_the_workspace(
    office: Office, keyring: Keyring, client: FlaskClient, page: str
) -> None:
    slug = make(office, keyring, Stage.PREPARING)
    address = f"/workspace/consultations/{slug}{page}"

    assert office.neighbour.get(address).status_code == 404
    assert office.citizen.get(address).status_code == 403
    assert client.get(address).status_code == 303


def test_another_agency_takes_no_step_of_a_public_consultation(
    office: Office, keyring: Keyring
) -> None:
    slug = make(office, keyring, Stage.OPEN)

    assert step(office.neighbour, "close", slug, reason="x").status_code == 403
    assert stored(office, slug).stage is Stage.OPEN


def test_the_page_offers_each_person_their_own_steps(office: Office, keyring: Keyring) -> None:
    slug = make(office, keyring, Stage.OPEN)
    address = f"/workspace/consultations/{slug}"
    officer, approver = (client.get(address, headers=ENGLISH).text for client in office.staff())

    assert "step?event=extend" in officer
    assert "step?event=extend" in approver


def test_the_page_says_what_is_missing_before_review(office: Office, keyring: Keyring) -> None:
    slug = make(office, keyring, Stage.PREPARING, summary_th="", closes_at=None)

    page = office.officer.get(f"/workspace/consultations/{slug}", headers=ENGLISH).text

    assert "Write a plain summary in Thai." in page
    assert "Say when it opens and when it closes." in page
    assert "step?event=submit" not in page
    assert step(office.officer, "submit", slug).status_code == 409


def close_early(office: Office, slug: str) -> None:
    """Let the officer propose to close, and the approver approve."""
    proposed = step(office.officer, "close", slug, reason="น้ำท่วม")
    assert proposed.status_code == 303
    assert stored(office, slug).stage is Stage.OPEN
    office.rows.rollback()
    assert office.approver.post(f"{proposed.headers['Location']}/approve").status_code == 303


def test_a_step_without_its_reason_is_asked_again(office: Office, keyring: Keyring) -> None:
    slug = make(office, keyring, Stage.OPEN)

    assert step(office.approver, "close", slug).status_code == 422
    close_early(office, slug)
    assert office.rows.scalars(select(StageChange.reason)).all() == ["น้ำท่วม"]


def test_an_extension_is_asked_for_a_later_day(office: Office, keyring: Keyring) -> None:
    slug = make(office, keyring, Stage.OPEN)

    early = step(office.approver, "extend", slug, reason="x", closes_on=TODAY.isoformat())
    none = step(office.approver, "extend", slug, reason="x")
    later = step(office.approver, "extend", slug, reason="x", closes_on=CLOSES.isoformat())

    assert (early.status_code, none.status_code, later.status_code) == (422, 422, 303)


def test_concluding_with_items_unanswered_asks_for_a_reason(
    office: Office, keyring: Keyring
) -> None:
    slug = make(office, keyring, Stage.ANSWERING)
    make_summary(office.rows, stored(office, slug), themes=2)
    office.rows.commit()
    address = f"/workspace/consultations/{slug}/step?event=conclude"

    assert "2 items still wait" in office.approver.get(address, headers=ENGLISH).text
    assert step(office.approver, "conclude", slug).status_code == 422
    assert step(office.approver, "conclude", slug, reason="x").status_code == 303


@pytest.mark.parametrize(("event", "status"), [("dance", 404), ("open", 403), ("archive", 409)])
def test_steps_that_cannot_be_taken_are_refused(
    office: Office, keyring: Keyring, event: str, status: int
) -> None:
    slug = make(office, keyring, Stage.SCHEDULED)

    assert step(office.approver, event, slug).status_code == status


def test_an_officer_adds_statements_and_an_approver_only_reads_them(
    office: Office, keyring: Keyring
) -> None:
    slug = make(office, keyring, Stage.PREPARING)
    address = f"/workspace/consultations/{slug}/statements"

    added = post(office.officer, address, body="สวนควรเปิดตลอดคืน", clause_key="")
    empty = post(office.officer, address, body=" ", clause_key="")
    refused = post(office.approver, address, body="สวนควรปิดเร็ว", clause_key="")

    assert (added.status_code, empty.status_code, refused.status_code) == (303, 422, 403)
    page = office.approver.get(address, headers=ENGLISH).text
    assert 'lang="th"><bdi>สวนควรเปิดตลอดคืน' in page
    assert "Add a statement" not in page


def test_the_dashboard_shows_the_own_agency_alone_and_what_comes_next(
    office: Office, keyring: Keyring
) -> None:
    make(office, keyring, Stage.ANSWERING, title_en="Ours", answers_due_on=TODAY - timedelta(1))
    make_consultation(office.rows, keyring, title_en="Theirs")
    office.rows.commit()

    page = office.officer.get("/workspace/", headers=ENGLISH).text

    assert "Ours" in page
    assert "Theirs" not in page
    assert "Answers overdue" in page
    assert "Everything is answered" in page


def test_the_dashboard_asks_the_same_number_of_questions_however_much_there_is(
    app: Flask, office: Office, keyring: Keyring
) -> None:
    def questions() -> int:
        with count_queries(app.extensions["sqlalchemy"].engine) as sent:
            assert office.officer.get("/workspace/").status_code == 200
        return len(sent)

    make(office, keyring, Stage.OPEN)
    few = questions()
    for stage in Stage:
        make_summary(office.rows, stored(office, make(office, keyring, stage)), themes=2)
    office.rows.commit()

    assert questions() == few
    assert few <= 19


def test_while_answering_the_page_leads_to_the_next_draft(office: Office, keyring: Keyring) -> None:
    slug = make(office, keyring, Stage.ANSWERING)
    address = f"/workspace/consultations/{slug}"
    begin = f'action="{address}/drafts/next"'
    assert begin not in office.officer.get(address).text
    make_draft(office.rows, stored(office, slug))
    office.rows.commit()

    page = office.officer.get(address, headers=ENGLISH).text
    assert begin in page
    assert "the change goes into the next draft" in page
    assert begin not in office.approver.get(address).text
    assert office.officer.post(f"{address}/drafts/next").status_code == 303

    page = office.officer.get(address, headers=ENGLISH).text
    assert begin not in page
    assert "Go on with draft 2" in page


def test_a_step_taken_is_called_done_once(office: Office, keyring: Keyring) -> None:
    slug = make(office, keyring, Stage.CLOSED)
    step(office.officer, "summarise", slug)

    page = office.officer.get(f"/workspace/consultations/{slug}", headers=ENGLISH).text

    assert page.count("Done:") == 1
    assert "<p>Work on the summary began</p>" in page
