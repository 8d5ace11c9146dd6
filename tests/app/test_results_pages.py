"""Public pages from the results to the answers: what they show, and in how many queries."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import jobs, tasks
from consultations import analysing, responding, summarising
from consultations.models import Finding, Stage, Visibility
from consultations.queries import answer_desk
from core.actor import Actor, system_actor
from core.keyring import Keyring
from tests.consultations.planted import Planted, Staff, analyse, plant, published_summary
from tests.consultations.two_people import publish_answers
from tests.factories import make_consultation
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}
Signed = Callable[[Actor], FlaskClient]


@pytest.fixture
def session(app: Flask) -> Session:
    """The site's own session: commit before using a client."""
    found: Session = app.extensions["sqlalchemy"].session()
    return found


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address, headers=ENGLISH)
    assert answer.status_code == status
    return answer.text


def analysed(session: Session, keyring: Keyring, comments: int = 0) -> Planted:
    planted = plant(session, keyring, comments=comments)
    analyse(session, planted.consultation)
    session.commit()
    return planted


def answered(session: Session, keyring: Keyring) -> tuple[Planted, Staff]:
    planted, staff, _ = published_summary(session, keyring, comments=40)
    number = planted.consultation.id
    given = responding.Answer("partly", "budget", "มีงบบางส่วน", "Partly paid for.", "s1")
    for row in answer_desk.required_rows(session, number):
        made = responding.answer(session, staff.officer, number, item=row.item, given=given)
        responding.approve(session, staff.approver, made.id)
    publish_answers(session, staff.approver, number)
    session.commit()
    return planted, staff


def test_the_results_show_the_planted_groups_with_ranges_and_limits(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    planted = analysed(session, keyring, comments=40)
    address = f"/consultations/{planted.consultation.slug}/results"
    groups, shown = page(client, f"{address}/groups"), page(client, f"{address}/agreement")
    assert groups.count("sarn-opinion-map__marks--") == 2
    assert "What sets Group A apart" in groups
    assert "What sets Group B apart" in groups
    common = shown.split('id="common-ground"')[1].split('id="differences"')[0]
    assert [s.body in common for s in planted.statements] == [False] * 6 + [True] * 2
    assert re.search(r"between \d+% and \d+%", common)
    assert "People chose for themselves to take part" in shown
    assert "sarn-quotation" in page(client, f"{address}/themes")
    for address in re.findall(r'href="(/consultations/[^"]*/contributions/[^"]*)"', shown)[:3]:
        assert client.get(address).status_code == 200


def test_a_share_of_comments_is_never_a_share_of_people(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    planted = analysed(session, keyring, comments=40)
    shown = page(client, f"/consultations/{planted.consultation.slug}/results/themes")
    themes = shown.split('id="themes"')[1]
    assert "%" not in re.sub(r"<[^>]*>", "", themes)


def test_without_a_run_the_page_says_what_comes(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    consultation = make_consultation(session, keyring)
    session.commit()
    assert "No results yet" in page(client, f"/consultations/{consultation.slug}/results")


def test_a_run_under_way_shows_its_step_and_then_asks_for_a_reload(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    consultation = make_consultation(session, keyring)
    run = analysing.request_run(session, system_actor(), consultation.id)
    analysing.note_progress(session, run.id, "themes")
    session.commit()
    address = f"/consultations/{consultation.slug}/results"
    assert "Looking for themes in the comments" in page(client, address)
    assert "HX-Refresh" not in client.get(f"{address}/progress").headers
    session.rollback()
    jobs.run_all()
    assert client.get(f"{address}/progress").headers["HX-Refresh"] == "true"
    assert "hx-get" not in page(client, address)


def test_the_public_is_not_told_why_a_run_failed(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    consultation = make_consultation(session, keyring)
    run = analysing.request_run(session, system_actor(), consultation.id)
    outcome = analysing.Outcome(failure_code="analysis.refused", failure_detail="row 2 is odd")
    analysing.store(session, run.id, outcome)
    session.commit()
    shown = page(client, f"/consultations/{consultation.slug}/results")
    assert "did not succeed" in shown
    assert "row 2 is odd" not in shown


def test_a_job_that_fails_for_the_last_time_fails_its_run(
    session: Session, keyring: Keyring, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    consultation = make_consultation(session, keyring)
    run = analysing.request_run(session, system_actor(), consultation.id)
    session.commit()
    monkeypatch.setattr(jobs.jobs, "MAX_ATTEMPTS", 1)
    monkeypatch.setitem(tasks.JOBS, "analysis.run", lambda _payload, _report: 1 // 0)
    jobs.run_all()
    session.rollback()
    assert analysing.get_run(session, run.id).failure_code == "analysis.crashed"


def test_a_hidden_comment_is_on_no_page(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    planted, _ = answered(session, keyring)
    addresses = [
        f"/consultations/{planted.consultation.slug}/{part}"
        for part in ("results", "summary", "responses")
    ]
    before = "".join(page(client, address) for address in addresses)
    quoted = [c for c in planted.comments if c.body in before.replace("&#39;", "'")]
    assert quoted
    for comment in quoted:
        comment.visibility = Visibility.HIDDEN
    session.commit()
    after = "".join(page(client, address) for address in addresses).replace("&#39;", "'")
    assert not [c for c in quoted if c.body in after or c.reference in after]


def test_the_summary_page_links_each_sentence_to_its_evidence(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    planted, _, summary = published_summary(session, keyring, comments=40)
    session.commit()
    shown = page(client, f"/consultations/{planted.consultation.slug}/summary")
    common = shown.split('id="section-common_ground"')[1].split("</section>")[0]
    for statement in planted.statements[6:]:
        assert f"/contributions/{statement.reference}" in common
    assert "approved on" in shown
    assert summary.published_at is not None


def test_a_sentence_left_out_is_shown_with_its_reason(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    planted, staff, _ = published_summary(session, keyring)
    planted.consultation.stage = Stage.SUMMARY
    run = analyse(session, planted.consultation)
    second = summarising.prepare(session, staff.officer, planted.consultation.id, run.id)
    address = f"/consultations/{planted.consultation.slug}/summary"
    query = select(Finding.id).where(Finding.summary_id == second.id).limit(1)
    summarising.leave_out(
        session, staff.officer, session.scalars(query).one(), reason="Said twice already."
    )
    session.commit()
    assert "Said twice already." not in page(client, address)
    summarising.publish(session, staff.approver, second.id)
    session.commit()
    shown = page(client, address)
    assert "Left out by the agency" in shown
    assert "Said twice already." in shown


def test_answers_show_disposition_ground_reason_and_what_they_answer(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    planted, _ = answered(session, keyring)
    address = f"/consultations/{planted.consultation.slug}/responses"
    shown = page(client, address)
    assert shown.count("Partly accepted") == shown.count("Reason (Budget)") > 0
    assert 'lang="en">Partly paid for.' in shown
    assert "มีงบบางส่วน" in client.get(address, headers={"Accept-Language": "th"}).text


def test_nothing_of_summary_and_answers_shows_before_publication(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    planted, staff, _ = published_summary(session, keyring)
    number = planted.consultation.id
    item = answer_desk.required_rows(session, number)[0].item
    given = responding.Answer("accepted", "law", "ร่างคำตอบ", "Drafted answer.")
    responding.answer(session, staff.officer, number, item=item, given=given)
    session.commit()
    shown = page(client, f"/consultations/{planted.consultation.slug}/responses")
    assert "No answers yet" in shown
    assert "Drafted answer" not in shown


@pytest.mark.parametrize("part", ["results", "summary", "responses"])
def test_queries_stay_few_however_much_there_is(
    app: Flask, session: Session, keyring: Keyring, client: FlaskClient, part: str
) -> None:
    planted, _ = answered(session, keyring)
    empty = make_consultation(session, keyring)
    session.commit()
    engine = app.extensions["sqlalchemy"].engine
    with count_queries(engine) as few:
        page(client, f"/consultations/{empty.slug}/{part}")
    with count_queries(engine) as many:
        page(client, f"/consultations/{planted.consultation.slug}/{part}")
    assert len(few) <= len(many) <= 15


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "Comments in English, listed without themes"),
        ("th", "ความเห็นภาษาอังกฤษ แสดงเป็นรายการโดยไม่จัดประเด็น"),
    ],
)
def test_comments_too_few_for_themes_are_named_by_their_language(
    session: Session, keyring: Keyring, client: FlaskClient, language: str, name: str
) -> None:
    planted, _, _ = published_summary(session, keyring, comments=3)
    base = f"/consultations/{planted.consultation.slug}"
    pages = (f"{base}/summary", f"{base}/contributions/{planted.comments[0].reference}")
    session.commit()
    for address in pages:
        assert name in client.get(address, headers={"Accept-Language": language}).text
