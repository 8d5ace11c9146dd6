"""Preparing by steps, what needs someone today, the monitor and the files to take."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clockwork
from app import jobs as worker
from consultations.kind_templates import TEMPLATES
from consultations.models import (
    Clause,
    Comment,
    Consultation,
    DraftState,
    Kind,
    Stage,
    Statement,
    Visibility,
)
from core import jobs
from core.actor import Actor, Role
from core.clock import BANGKOK, now
from core.keyring import Keyring
from tests.factories import (
    make_actor,
    make_agency,
    make_comment,
    make_consultation,
    make_draft,
    make_statement,
)
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}
TODAY = now().astimezone(BANGKOK).date()


@dataclass
class Office:
    rows: Session
    agency: Any
    officer: FlaskClient
    approver: FlaskClient
    both: FlaskClient
    both_id: int | None


@pytest.fixture
def office(app: Flask, client_of: Callable[[Actor], FlaskClient], keyring: Keyring) -> Office:
    rows = app.extensions["sqlalchemy"].session()
    agency = make_agency(rows)
    roles = ([Role.OFFICER], [Role.APPROVER], [Role.OFFICER, Role.APPROVER])
    actors = [make_actor(rows, keyring, *each, agency=agency) for each in roles]
    rows.commit()
    return Office(rows, agency, *(client_of(actor) for actor in actors), actors[2].account_id)


def make(office: Office, keyring: Keyring, stage: Stage, **values: Any) -> Consultation:
    return make_consultation(office.rows, keyring, agency=office.agency, stage=stage, **values)


def begin(office: Office, **values: str) -> str:
    """Begin a consultation; return the address of its task list."""
    data = {"kind": "bill", "title_th": "ร่าง", "title_en": "Parks Bill", **values}
    answer = office.officer.post("/workspace/new", data=data)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address, headers=ENGLISH)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_begins_with_words_that_must_be_completed(office: Office, kind: Kind) -> None:
    tasks = begin(office, kind=kind.value)
    assert TEMPLATES[kind].advised_days >= 15
    assert "Replace every […]" in read(office.officer, f"{tasks}/check")
    assert "Send for review" not in read(office.officer, f"{tasks}/check")


def test_an_address_is_made_from_the_title_and_is_free(office: Office) -> None:
    first, second = begin(office), begin(office)
    third = begin(office, title_en="", kind="subordinate_rule")
    assert first == "/workspace/consultations/parks-bill/prepare"
    assert second.startswith("/workspace/consultations/parks-bill-")
    assert third.startswith(f"/workspace/consultations/subordinate-rule-{now().year}-")


def test_the_task_list_says_what_cannot_start_yet_and_leads_to_what_is_open(
    office: Office,
) -> None:
    tasks = begin(office)
    page = read(office.officer, tasks)
    assert "1 of 8 steps done" in page
    assert "Cannot start yet" in page
    assert "Go on: What people should know" in page
    saved = {"title_th": "ร่าง", "summary_th": "ก", "scope_th": "ข", "affected_th": "ค"}
    answer = office.officer.post(f"{tasks}/basics", data={**saved, "then": "list"})
    assert answer.headers["Location"] == tasks
    assert "Go on: Dates" in read(office.officer, tasks)


def test_dates_are_proposed_by_the_kind_and_not_saved_unasked(office: Office) -> None:
    tasks = begin(office)
    opens = TODAY + timedelta(days=TEMPLATES[Kind.BILL].days_before_opening)
    page = read(office.officer, f"{tasks}/dates")
    assert f'value="{opens}"' in page
    assert f'value="{opens + timedelta(days=14)}"' in page
    office.rows.expire_all()
    assert office.rows.scalars(select(Consultation.opens_at)).all() == [None]


def test_a_copy_takes_words_draft_and_statements_but_no_contribution(
    office: Office, keyring: Keyring
) -> None:
    source = make(office, keyring, Stage.CONCLUDED, summary_th="เรื่องสวน", slug="old")
    draft = make_draft(office.rows, source)
    make_comment(office.rows, draft)
    make_statement(office.rows, source, body="สวนควรเปิด")
    office.rows.commit()
    tasks = begin(office, copy_from="old")
    made = office.rows.scalars(select(Consultation).where(Consultation.slug == "parks-bill")).one()
    assert (made.summary_th, made.opens_at) == ("เรื่องสวน", None)
    bodies = select(func.count(Clause.id)).where(Clause.draft_id != draft.id)
    assert office.rows.scalar(bodies) == 2
    copied = select(Statement.body).where(Statement.consultation_id == made.id)
    assert office.rows.scalars(copied).all() == ["สวนควรเปิด"]
    assert office.rows.scalar(select(func.count(Comment.id))) == 1
    office.rows.commit()
    assert "2 clauses" in read(office.officer, f"{tasks}/check")


def test_another_agencys_consultation_is_not_copied(office: Office, keyring: Keyring) -> None:
    make_consultation(office.rows, keyring, slug="foreign")
    office.rows.commit()
    data = {"kind": "bill", "title_th": "ร่าง", "copy_from": "foreign"}
    assert office.officer.post("/workspace/new", data=data).status_code == 422
    assert "foreign" not in read(office.officer, "/workspace/new")


def test_an_empty_workspace_begins_the_first_consultation(office: Office) -> None:
    assert "Prepare the first consultation" in read(office.officer, "/workspace/")
    assert "Prepare the first consultation" not in read(office.approver, "/workspace/")


def test_what_needs_someone_stands_by_urgency_and_by_who_can_do_it(
    office: Office, keyring: Keyring
) -> None:
    make(office, keyring, Stage.PREPARING)
    make(office, keyring, Stage.IN_REVIEW, submitted_by_id=office.both_id)
    make(office, keyring, Stage.OPEN, closes_at=now() + timedelta(days=2))
    make(office, keyring, Stage.ANSWERING, answers_due_on=TODAY - timedelta(days=3))
    office.rows.commit()

    officer, approver, both = (
        read(client, "/workspace/") for client in (office.officer, office.approver, office.both)
    )

    places = [
        officer.index(words)
        for words in ("Answers are overdue", "Closes soon", "Finish the preparation")
    ]
    assert places == sorted(places)
    assert "3 days late" in officer
    assert "2 days left" in officer
    assert "Decide on publication" in approver
    assert "Finish the preparation" not in approver
    assert "Waits for a second person" in both
    assert "Decide on publication" not in both


def test_who_cannot_approve_reads_why_and_who_can(office: Office, keyring: Keyring) -> None:
    made = make(office, keyring, Stage.IN_REVIEW, submitted_by_id=office.both_id)
    address = f"/workspace/consultations/{made.slug}"
    office.rows.commit()
    both, officer = read(office.both, address), read(office.officer, address)
    assert "Someone other than the person who prepared this must approve it." in both
    assert "Only an approver of the agency can approve this." in officer
    assert "One other person in your agency can approve." in officer
    assert "Waiting for a second person" not in read(office.approver, address)


def test_the_monitor_counts_what_is_published_and_what_waits(
    app: Flask, office: Office, keyring: Keyring
) -> None:
    made = make(office, keyring, Stage.OPEN)
    noise = make_draft(office.rows, make_consultation(office.rows, keyring))
    draft = make_draft(office.rows, made)
    make_comment(office.rows, noise, visibility=Visibility.PENDING)
    for _ in range(3):
        make_comment(office.rows, draft, clause_key="s2")
    make_comment(office.rows, draft, visibility=Visibility.PENDING)
    address = f"/workspace/consultations/{made.slug}/monitor"
    office.rows.commit()
    with count_queries(app.extensions["sqlalchemy"].engine) as few:
        page = read(office.officer, address)
    for _ in range(20):
        make_comment(office.rows, draft)
    office.rows.commit()
    with count_queries(app.extensions["sqlalchemy"].engine) as many:
        assert "sarn-heat-map__fill--4" in read(office.officer, f"{address}/now")
    assert "Nobody has commented on 1 clause so far." in page
    assert "1, of them 0 reported" in page
    assert len(many) <= len(few) <= 20


def test_the_published_data_are_packed_by_a_job_without_formulas_or_names(
    office: Office, keyring: Keyring
) -> None:
    made = make(office, keyring, Stage.OPEN)
    draft = make_draft(office.rows, made)
    make_comment(office.rows, draft, body="=HYPERLINK(1)")
    make_comment(office.rows, draft, body="hidden words", visibility=Visibility.HIDDEN)
    home = f"/workspace/consultations/{made.slug}"
    office.rows.commit()

    asked = office.officer.post(f"{home}/motions/data", data={"reason": "ทำรายงาน"})
    motion = asked.headers["Location"]
    assert office.officer.post(f"{motion}/approve").status_code == 403
    assert office.approver.post(f"{motion}/approve").status_code == 303
    assert "Packing the data" in read(office.officer, "/workspace/")
    worker.run_all()

    assert f"{home}/export/1" in read(office.officer, f"{home}/monitor")
    answer = office.officer.get(f"{home}/export/1")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    comments = archive.read("comments.csv").decode()
    assert "'=HYPERLINK(1)" in comments
    assert "hidden words" not in comments
    assert archive.namelist() == ["comments.csv", "statements.csv", "answers.csv"]
    assert office.officer.get(f"{home}/export/99").status_code == 404


def test_an_analysis_that_kills_its_worker_ends_with_a_reason_and_is_tried_again(
    office: Office, keyring: Keyring
) -> None:
    made = make(office, keyring, Stage.OPEN)
    home = f"/workspace/consultations/{made.slug}"
    make_statement(office.rows, made)
    office.rows.commit()
    office.officer.post(f"{home}/analysis")
    moment = now()
    for number in range(jobs.MAX_ATTEMPTS):
        with time_machine.travel(moment + 2 * number * jobs.LEASE), worker.transaction() as session:
            assert jobs.claim(session) is not None
    with time_machine.travel(moment + 99 * jobs.LEASE):
        clockwork.give_up_lost()

    page = read(office.officer, f"{home}/work/1")

    assert "stopped each time" in page
    assert "It was tried 5 times." in page
    assert "Analyse now" in read(office.officer, f"{home}/analysis")
    again = office.officer.post(f"{home}/work/1/retry").headers["Location"]
    assert again == f"{home}/work/2"
    assert office.officer.post(f"{again}/cancel").status_code == 303
    assert "Somebody in your agency stopped it." in read(office.officer, f"{home}/analysis")
    assert office.officer.get(f"{home}/work/99").status_code == 404


def test_a_draft_being_written_is_not_a_step_that_is_done(office: Office, keyring: Keyring) -> None:
    made = make(office, keyring, Stage.PREPARING)
    make_draft(office.rows, made, bodies=[""], state=DraftState.WORKING, published_at=None)
    address = f"/workspace/consultations/{made.slug}/prepare"
    office.rows.commit()
    assert "Add a draft with at least one clause" in read(office.officer, f"{address}/check")
