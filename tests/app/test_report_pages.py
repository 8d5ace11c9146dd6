"""Pages of the results report: who reads it, who makes it, and what it says."""

import io
import json
import re
from collections.abc import Callable
from html import unescape

import docx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import gettext
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clockwork, jobs
from app.mail.writing import in_language
from consultations.models import OfficialResponse, Stage, Visibility
from consultations.queries import results
from consultations.reporting import pdf_file
from core.actor import Actor
from core.jobs import Job
from core.keyring import Keyring
from tests.consultations.planted import Planted, Staff, make_staff, plant
from tests.consultations.reported import reported
from tests.factories import make_consultation
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}
TOLD = {"outside_th": "ประชุม 2 ครั้ง", "next_th": "เสนอคณะรัฐมนตรี", "next_on": "2570-01-31"}
Signed = Callable[[Actor], FlaskClient]


@pytest.fixture
def session(app: Flask) -> Session:
    """The site's own session: commit before using a client."""
    found: Session = app.extensions["sqlalchemy"].session()
    return found


@pytest.fixture
def no_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without Pango; drawing pages takes longest, and few facts are about it."""
    monkeypatch.setattr(pdf_file, "is_possible", lambda: False)


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address, headers=ENGLISH)
    assert answer.status_code == status
    return unescape(answer.text)


def ready(session: Session, keyring: Keyring) -> tuple[Planted, Staff, str]:
    planted, staff, _draft = reported(session, keyring)
    slug = planted.consultation.slug
    session.commit()
    return planted, staff, slug


def issued(session: Session, keyring: Keyring, client_of: Signed) -> tuple[Planted, Staff, str]:
    """Have a report made by the officer and published by the approver, as people do."""
    planted, staff, slug = ready(session, keyring)
    desk = f"/workspace/consultations/{slug}/report"
    assert client_of(staff.officer).post(desk, data=TOLD).status_code == 303
    jobs.run_all()
    assert client_of(staff.approver).post(f"{desk}/publish").status_code == 303
    session.expire_all()
    return planted, staff, slug


def test_before_the_answers_the_page_says_when_the_report_comes(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    consultation = plant(session, keyring, stage=Stage.SUMMARY).consultation
    session.commit()
    shown = page(client, f"/consultations/{consultation.slug}/report")
    assert "No report yet" in shown
    page(client, f"/consultations/{consultation.slug}/report/report.json", 404)


def test_once_answers_are_out_anyone_reads_the_report_even_if_the_agency_never_issues_it(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    _planted, _staff, slug = ready(session, keyring)
    shown = page(client, f"/consultations/{slug}/report")
    assert "has not issued it" in shown
    anchors = re.findall(r'<h2 class="govuk-heading-m" id="([a-z]+)"', shown)
    assert anchors == [
        *("about", "methods", "dates", "affected", "numbers", "themes", "views"),
        *("explanations", "outcome", "changes", "next", "checking"),
        *("answers", "moderation", "limits", "verify"),
    ]
    assert "กฎหมายแม่ไม่ให้ทำ" in shown
    assert "The agency's own initiative" in shown


def test_every_figure_of_the_report_stands_on_the_results_page(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    planted, _staff, slug = ready(session, keyring)
    shown = results.latest_picture(session, planted.consultation.id)
    assert shown is not None
    report = page(client, f"/consultations/{slug}/report")
    picture = page(client, f"/consultations/{slug}/results/agreement")
    numbers = report.split('id="numbers"')[1].split('id="themes"')[0]
    for count in ("participants", "voters", "votes", "statements", "comments"):
        assert f"{shown.data['counts'][count]}</td>" in numbers
    views = report.split('id="views"')[1].split('id="explanations"')[0]
    for row in (*shown.common_ground, *shown.differences):
        for group in row.groups:
            low, high = f"{round(group.low * 100)}%", f"{round(group.high * 100)}%"
            assert f"between {low} and {high}" in views
            assert f"between {low} and {high}" in picture


def test_a_consultation_without_anything_says_so_in_each_part(
    session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    consultation = make_consultation(session, keyring, stage=Stage.CONCLUDED)
    session.commit()
    shown = page(client, f"/consultations/{consultation.slug}/report")
    for words in (
        "No analysis has finished, so there are no counts of people yet.",
        "Nobody has sent in a comment or a statement.",
        "There were no comments in which themes could be found.",
        "The agency gave no explanation beside its answers.",
        "The agency has published no answers yet.",
        "No changed draft has been published.",
        "The agency has named no further step.",
        "The summary was not put to participants for checking.",
        "No moderator had to decide anything in this consultation.",
    ):
        assert words in shown


@pytest.mark.usefixtures("no_pdf")
def test_officer_makes_approver_publishes_and_anyone_takes_the_files(
    session: Session, keyring: Keyring, client: FlaskClient, client_of: Signed
) -> None:
    _planted, _staff, slug = issued(session, keyring, client_of)
    shown = page(client, f"/consultations/{slug}/report")
    assert "Edition 1, published on" in shown
    assert "ประชุม 2 ครั้ง" in shown
    assert "31 January 2027" in shown
    files = re.findall(rf'href="(/consultations/{slug}/report/[^"]+)"', shown)
    assert {file.rpartition(".")[2] for file in files} >= {"docx", "json", "csv"}
    for file in files:
        answer = client.get(file)
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        assert (
            client.get(file, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
        )


@pytest.mark.usefixtures("pango")
def test_all_formats_say_the_same_in_both_languages(
    session: Session, keyring: Keyring, client: FlaskClient, client_of: Signed
) -> None:
    _planted, _staff, slug = issued(session, keyring, client_of)
    home = f"/consultations/{slug}/report"
    expected = {
        "th": "9. สิ่งที่นำไปใช้และไม่นำไปใช้ พร้อมเหตุผล",
        "en": "9. What was used and what was not",
    }
    for language, words in expected.items():
        word = docx.Document(io.BytesIO(client.get(f"{home}/report-{language}.docx").data))
        headings = [line.text for line in word.paragraphs if line.style.name == "Heading 1"]
        pages = PdfReader(io.BytesIO(client.get(f"{home}/report-{language}.pdf").data)).pages
        drawn = "".join(pdf_file.recomposed("".join(p.extract_text() for p in pages)).split())
        assert len(headings) == 16
        assert any(words in heading for heading in headings)
        assert all("".join(heading.split()) in drawn for heading in headings)
        assert "กฎหมายแม่ไม่ให้ทำน้ำท่วมเป็นเรื่องอื่น" in drawn
    values = json.loads(client.get(f"{home}/report.json").data)
    assert values["schema"] == "sarn.results/1"
    assert len(values["answers"]) == len(session.scalars(select(OfficialResponse)).all())


@pytest.mark.usefixtures("no_pdf")
def test_a_published_report_stands_in_the_feed_and_leads_to_its_page(
    session: Session, keyring: Keyring, client: FlaskClient, client_of: Signed
) -> None:
    _planted, _staff, slug = issued(session, keyring, client_of)
    feed = page(client, f"/consultations/{slug}/feeds/en.atom")
    assert "Results report published" in feed
    assert f"/consultations/{slug}/report" in feed


@pytest.mark.usefixtures("no_pdf")
def test_the_one_who_made_it_cannot_publish_it_and_others_of_the_site_cannot_see_the_desk(
    session: Session, keyring: Keyring, client_of: Signed, client: FlaskClient
) -> None:
    strangers = make_staff(session, keyring)
    _planted, staff, slug = ready(session, keyring)
    desk = f"/workspace/consultations/{slug}/report"
    own = client_of(staff.approver)
    assert own.post(desk, data=TOLD).status_code == 303
    jobs.run_all()
    assert "Waiting for a second person" in page(own, desk)
    assert own.post(f"{desk}/publish").status_code == 403
    assert client_of(strangers.officer).get(desk).status_code == 403
    assert client_of(strangers.officer).get(f"{desk}/files/report.json").status_code == 403
    assert client.get(f"/consultations/{slug}/report/report.json").status_code == 404
    assert own.get(f"{desk}/files/report.json").status_code == 200
    assert "Only your agency sees this page." in page(own, f"{desk}/preview")


@pytest.mark.usefixtures("no_pdf")
def test_the_work_is_followed_with_its_steps(
    session: Session, keyring: Keyring, client_of: Signed
) -> None:
    _planted, staff, slug = ready(session, keyring)
    officer = client_of(staff.officer)
    answer = officer.post(f"/workspace/consultations/{slug}/report", data=TOLD)
    assert "Writing the results report" in page(officer, answer.location)
    jobs.run_all()
    assert "Read the report" in page(officer, answer.location)
    job = session.scalars(select(Job).where(Job.name == "report.make")).one()
    assert (job.state, job.percent) == ("done", 100)


def test_what_was_typed_stays_when_it_does_not_hold(
    session: Session, keyring: Keyring, client_of: Signed
) -> None:
    _planted, staff, slug = ready(session, keyring)
    data = {**TOLD, "next_on": "no day"}
    answer = client_of(staff.officer).post(f"/workspace/consultations/{slug}/report", data=data)
    assert answer.status_code == 422
    assert "เสนอคณะรัฐมนตรี" in answer.text


@pytest.mark.usefixtures("no_pdf")
def test_hidden_words_leave_the_page_at_once_and_the_files_are_made_anew(
    session: Session, keyring: Keyring, client: FlaskClient, client_of: Signed
) -> None:
    planted, _staff, slug = issued(session, keyring, client_of)
    statement = planted.statements[7]
    words = statement.body
    home = f"/consultations/{slug}/report"
    assert words in client.get(f"{home}/report.json").text
    statement.visibility, statement.revision = Visibility.HIDDEN, statement.revision + 1
    session.commit()
    assert words not in page(client, home)
    page(client, f"{home}/report.json", 409)
    assert "being made anew" in page(client, home)
    clockwork.freshen()
    jobs.run_all()
    fresh = client.get(f"{home}/report.json")
    assert fresh.status_code == 200
    assert words not in fresh.text


@pytest.mark.usefixtures("no_pdf")
def test_without_pdf_the_page_offers_to_print_it(
    session: Session, keyring: Keyring, client: FlaskClient, client_of: Signed
) -> None:
    _planted, _staff, slug = issued(session, keyring, client_of)
    assert "Open the report as a page and print it" in page(client, f"/consultations/{slug}/report")
    assert "print it" in page(client, f"/consultations/{slug}/report/report-th.pdf", 404)


def test_the_page_needs_few_queries_and_shows_many_answers_in_parts(
    app: Flask, session: Session, keyring: Keyring, client: FlaskClient
) -> None:
    planted, _staff, slug = ready(session, keyring)
    first = session.scalars(select(OfficialResponse)).first()
    assert first is not None
    session.add_all(
        OfficialResponse(
            consultation_id=planted.consultation.id,
            comment_id=comment.id,
            disposition="accepted",
            ground="law",
            reason_th=f"เหตุผลที่ {number}",
            state="published",
            drafted_at=first.drafted_at,
            published_at=first.published_at,
        )
        for number, comment in enumerate(planted.comments)
    )
    session.commit()
    home = f"/consultations/{slug}/report"
    page(client, home)
    with count_queries(app.extensions["sqlalchemy"].engine) as sent:
        shown = page(client, home)
    assert len(sent) <= 36
    annex = 'id="answers"'
    assert 'aria-label="Page 2"' in shown
    assert "Answer 51" not in shown.split(annex)[1]
    assert "Answer 51" in page(client, f"{home}?part=2").split(annex)[1]
    assert page(client, f"{home}?part=999999999999")


def test_words_are_in_the_language_asked_for_whatever_was_written_before(app: Flask) -> None:
    said = []
    for language in ("th", "en", "th"):
        with in_language(language):
            said.append(gettext("Results"))
    assert said[1] == "Results"
    assert said[0] == said[2] != said[1]
