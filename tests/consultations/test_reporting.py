"""The results report: what it gathers, who makes and publishes it, and when its files hold."""

import csv
import io
import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import (
    Disposition,
    Ground,
    News,
    OfficialResponse,
    ReportEdition,
    ResponseState,
    Section,
    Stage,
    Visibility,
)
from consultations.queries import report_editions, results
from consultations.reporting import data, editions
from consultations.reporting.deeds import Both, ModerationFigures, Told
from consultations.reporting.gathering import gather
from consultations.reporting.structure import ResultsReport
from core.clock import now
from core.errors import ConflictError, NotAllowedError, NotFoundError
from core.jobs import Job
from core.keyring import Keyring
from core.ledger import LedgerEntry
from tests.consultations.planted import Planted, Staff, make_staff, plant
from tests.consultations.published_summary import make_response, make_summary
from tests.consultations.reported import reported
from tests.factories import make_comment, make_consultation, make_draft
from tests.queries import count_queries

TOLD = Told(Both("ประชุม 2 ครั้ง", "Two meetings"), Both("เสนอคณะรัฐมนตรี"), now().date())
NO_FIGURES = ModerationFigures()


def report_of(session: Session, planted: Planted) -> ResultsReport:
    return gather(session, planted.consultation, NO_FIGURES, told=TOLD, edition=1)


def make_files(session: Session, edition: ReportEdition, name: str = "report.json") -> None:
    """Make one file, as the job makes all of them."""
    loaded = editions.load(session, edition.id, lambda _session, _number: NO_FIGURES)
    content = data.json_file(loaded.report)
    editions.store(session, loaded, data.digest(loaded.report), {name: content})
    session.flush()


def published(session: Session, keyring: Keyring) -> tuple[Planted, Staff, ReportEdition]:
    planted, staff, _draft = reported(session, keyring)
    edition = editions.prepare(session, staff.officer, planted.consultation.id, TOLD)
    make_files(session, edition)
    editions.publish(session, staff.approver, planted.consultation.id)
    return planted, staff, edition


def test_every_figure_is_that_of_the_results_page(session: Session, keyring: Keyring) -> None:
    planted, *_ = reported(session, keyring)
    shown = results.latest_picture(session, planted.consultation.id)
    report = report_of(session, planted)
    assert shown is not None
    assert report.people is not None
    assert report.views is not None
    assert report.people.counts == shown.data["counts"]
    assert report.people.tiers == shown.data["tiers"]
    assert report.views.common == shown.common_ground
    assert report.views.differences == shown.differences
    assert [group.people for group in report.views.groups] == [18, 18]
    assert [subject.theme for subject in report.subjects] == list(shown.themes)


def test_answers_keep_their_numbers_and_changes_name_the_answers_that_caused_them(
    session: Session, keyring: Keyring
) -> None:
    planted, *_ = reported(session, keyring)
    noise = make_consultation(session, keyring)
    _summary, findings, _themes = make_summary(session, noise, [Section.COMMON_GROUND])
    make_response(session, noise, findings[0], reason_th="ของเรื่องอื่น")
    report = report_of(session, planted)
    assert "ของเรื่องอื่น" not in {answer.reason.th for answer in report.answers}
    assert [answer.number for answer in report.answers] == list(range(1, len(report.answers) + 1))
    assert report.answers[1].disposition == "not_accepted"
    assert all(answer.reason for answer in report.answers)
    assert [(change.clause, change.because_of) for change in report.changes] == [
        ("มาตรา 1", (1,)),
        ("มาตรา 2", ()),
    ]
    assert report.changes[1].notes == (Both("แก้คำผิด"),)


def test_groups_of_few_voters_are_left_out_of_the_report(
    session: Session, keyring: Keyring
) -> None:
    planted, *_ = reported(session, keyring)
    run = results.latest_run(session, planted.consultation.id)
    assert run is not None
    assert run.picture is not None
    picture = json.loads(json.dumps(run.picture))
    picture["consensus"][0]["by_group"][0]["seen"] = 4
    run.picture = picture
    session.flush()
    views = report_of(session, planted).views
    assert views is not None
    assert views.common[0].groups == ()
    assert views.common[1].groups


def test_words_that_were_hidden_since_are_not_in_the_report(
    session: Session, keyring: Keyring
) -> None:
    planted, *_ = reported(session, keyring)
    assert planted.statements[7].body in json.dumps(data.as_values(report_of(session, planted)))
    planted.statements[7].visibility = Visibility.HIDDEN
    session.flush()
    values = json.dumps(data.as_values(report_of(session, planted)))
    assert planted.statements[7].body not in values


def test_a_consultation_in_which_nothing_happened_has_a_report_too(
    session: Session, keyring: Keyring
) -> None:
    consultation = make_consultation(session, keyring, stage=Stage.CONCLUDED)
    report = gather(session, consultation, NO_FIGURES)
    assert (report.people, report.views, report.method) == (None, None, None)
    assert (report.answers, report.changes, report.channels) == ((), (), ())
    assert data.csv_files(report, ())


def test_the_number_of_queries_does_not_depend_on_what_there_is(
    session: Session, keyring: Keyring
) -> None:
    planted, _staff, draft = reported(session, keyring)
    counted = []
    for _ in range(2):
        session.expire_all()
        with count_queries(session.get_bind()) as sent:
            report_of(session, planted)
        counted.append(len(sent))
        noise = [make_comment(session, draft) for _ in range(20)]
        session.add_all(
            OfficialResponse(
                consultation_id=planted.consultation.id,
                comment_id=comment.id,
                disposition=Disposition.ACCEPTED,
                ground=Ground.LAW,
                reason_th="เห็นด้วย",
                state=ResponseState.PUBLISHED,
                drafted_at=now(),
                published_at=now(),
            )
            for comment in noise
        )
        session.flush()
    assert counted[0] == counted[1]
    assert counted[1] <= 30


def test_the_digest_covers_everything_but_the_moment(session: Session, keyring: Keyring) -> None:
    planted, *_ = reported(session, keyring)
    first, second = report_of(session, planted), report_of(session, planted)
    assert data.digest(first) == data.digest(second)
    assert json.loads(data.json_file(first))["schema"] == "sarn.results/1"
    planted.consultation.title_en = "Another title"
    assert data.digest(report_of(session, planted)) != data.digest(first)


def test_tables_name_the_answers_of_each_published_contribution_and_hold_no_formula(
    session: Session, keyring: Keyring
) -> None:
    planted, _staff, draft = reported(session, keyring)
    make_comment(session, draft, reference="HIDDEN000001", visibility=Visibility.HIDDEN)
    answer = session.scalars(
        select(OfficialResponse)
        .where(OfficialResponse.consultation_id == planted.consultation.id)
        .order_by(OfficialResponse.id)
    ).first()
    assert answer is not None
    answer.reason_th = "=HYPERLINK(1)"
    session.flush()
    outcomes = report_editions.outcomes(session, planted.consultation.id)
    tables = data.csv_files(report_of(session, planted), outcomes)
    rows = {
        name: list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        for name, content in tables.items()
    }
    by_reference = {row["reference"]: row for row in rows["contributions.csv"]}
    assert "HIDDEN000001" not in by_reference
    assert len(by_reference) == 48
    answered = by_reference[planted.comments[0].reference]
    assert answered["answers"]
    assert answered["dispositions"] == "partly"
    assert rows["dispositions.csv"][0]["reason_th"] == "'=HYPERLINK(1)"
    assert {"section": "people", "item": "all", "measure": "votes", "value": "288"} in rows[
        "counts.csv"
    ]


def test_only_the_agency_makes_a_report_and_a_second_person_publishes_it(
    session: Session, keyring: Keyring
) -> None:
    planted, staff, _draft = reported(session, keyring)
    number = planted.consultation.id
    with pytest.raises(NotAllowedError, match="other_agency"):
        editions.prepare(session, make_staff(session, keyring).officer, number, TOLD)
    edition = editions.prepare(session, staff.approver, number, TOLD)
    make_files(session, edition)
    with pytest.raises(NotAllowedError, match="own_work"):
        editions.publish(session, staff.approver, number)
    with pytest.raises(NotAllowedError, match="approver_needed"):
        editions.publish(session, staff.officer, number)


def test_a_report_is_published_after_the_answers_and_with_its_files(
    session: Session, keyring: Keyring
) -> None:
    staff = make_staff(session, keyring)
    planted = plant(session, keyring, agency=staff.agency, stage=Stage.ANSWERING)
    number = planted.consultation.id
    with pytest.raises(ConflictError, match=r"report\.none"):
        editions.publish(session, staff.approver, number)
    edition = editions.prepare(session, staff.officer, number, TOLD)
    with pytest.raises(ConflictError, match=r"report\.not_public"):
        editions.publish(session, staff.approver, number)
    planted.consultation.stage = Stage.CONCLUDED
    with pytest.raises(ConflictError, match=r"report\.being_made"):
        editions.publish(session, staff.approver, number)
    make_files(session, edition)
    assert editions.publish(session, staff.approver, number).published_at


def test_before_the_answers_there_is_no_report_to_make(session: Session, keyring: Keyring) -> None:
    staff = make_staff(session, keyring)
    planted = plant(session, keyring, agency=staff.agency, stage=Stage.SUMMARY)
    with pytest.raises(ConflictError, match="wrong_stage"):
        editions.prepare(session, staff.officer, planted.consultation.id, TOLD)


def test_a_published_report_is_news_and_stands_in_the_ledger_with_its_digests(
    session: Session, keyring: Keyring
) -> None:
    planted, _staff, edition = published(session, keyring)
    news = session.scalars(select(News).where(News.code == "report.published")).one()
    assert news.consultation_id == planted.consultation.id
    entry = session.scalars(
        select(LedgerEntry).where(LedgerEntry.action == "report.published")
    ).one()
    assert json.loads(entry.content)["detail"]["sha256"] == edition.digest


def test_a_new_edition_leaves_the_published_one_as_it_was(
    session: Session, keyring: Keyring
) -> None:
    planted, staff, first = published(session, keyring)
    number = planted.consultation.id
    second = editions.prepare(session, staff.officer, number, Told())
    assert (first.number, second.number) == (1, 2)
    found = report_editions.editions(session, number)
    assert (found.working, found.published) == (second, first)
    assert report_editions.editions(session, number, working=False).newest == first
    assert report_editions.file_content(session, number, "report.json").edition_id == first.id
    again = editions.prepare(session, staff.officer, number, TOLD)
    assert (again.id, again.revision) == (second.id, 2)


def test_a_file_is_withheld_once_words_were_hidden_until_it_is_made_anew(
    session: Session, keyring: Keyring
) -> None:
    planted, _staff, edition = published(session, keyring)
    number = planted.consultation.id
    assert editions.remake_stale(session) == 0
    comment = planted.comments[0]
    comment.visibility, comment.revision = Visibility.HIDDEN, comment.revision + 1
    session.flush()
    with pytest.raises(ConflictError, match=r"report\.being_made"):
        report_editions.file_content(session, number, "report.json")
    assert editions.remake_stale(session) == 1
    jobs = select(Job).where(Job.name == editions.TASK)
    assert len(session.scalars(jobs).all()) == 2
    make_files(session, edition)
    assert report_editions.file_content(session, number, "report.json").content
    assert editions.remake_stale(session) == 0


def test_figures_that_moved_are_taken_over_after_a_rest(session: Session, keyring: Keyring) -> None:
    planted, _staff, edition = published(session, keyring)
    make_draft(session, planted.consultation, number=3)
    assert report_editions.file_content(session, planted.consultation.id, "report.json").content
    assert editions.remake_stale(session) == 0
    edition.made_at = now() - timedelta(minutes=11)
    edition.made_words = "48.48"
    assert [row for row, _state in report_editions.stale(session, now())] == [edition]


def test_files_made_from_older_words_are_not_kept(session: Session, keyring: Keyring) -> None:
    planted, staff, _draft = reported(session, keyring)
    number = planted.consultation.id
    edition = editions.prepare(session, staff.officer, number, Told())
    loaded = editions.load(session, edition.id, lambda _session, _number: NO_FIGURES)
    editions.prepare(session, staff.officer, number, TOLD)
    editions.store(session, loaded, "0" * 64, {"report.json": b"{}"})
    with pytest.raises(NotFoundError, match=r"report\.file_unknown"):
        report_editions.file_content(session, number, "report.json", working=True)


def test_where_only_the_pdf_is_missing_that_is_said(session: Session, keyring: Keyring) -> None:
    planted, *_ = published(session, keyring)
    number = planted.consultation.id
    with pytest.raises(NotFoundError, match=r"report\.no_pdf"):
        report_editions.file_content(session, number, "report-th.pdf")
    with pytest.raises(NotFoundError, match=r"report\.file_unknown"):
        report_editions.file_content(session, number, "other.csv")
