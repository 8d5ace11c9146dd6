"""Officers word, add and move sentences; the machine's words and the evidence hold them."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import summarising, summary_building
from consultations.models import (
    Evidence,
    Finding,
    FindingWording,
    Section,
    Stage,
    Summary,
)
from consultations.queries import findings
from core import ledger
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from tests.consultations.planted import Planted, Staff, analyse, make_staff, plant
from tests.factories import make_actor


@pytest.fixture
def staff(session: Session, keyring: Keyring) -> Staff:
    return make_staff(session, keyring)


@pytest.fixture
def planted(session: Session, keyring: Keyring, staff: Staff) -> Planted:
    return plant(session, keyring, agency=staff.agency, stage=Stage.SUMMARY)


@pytest.fixture
def summary(session: Session, staff: Staff, planted: Planted) -> Summary:
    run = analyse(session, planted.consultation)
    return summarising.prepare(session, staff.officer, planted.consultation.id, run.id)


def of_section(session: Session, summary: Summary, section: Section) -> list[Finding]:
    rows = session.scalars(
        select(Finding).where(Finding.summary_id == summary.id, Finding.section == section)
    )
    return sorted(rows, key=lambda each: each.place)


def reword(session: Session, staff: Staff, finding: Finding, th: str = "", en: str = "") -> Finding:
    return summary_building.reword(session, staff.officer, finding.id, text_th=th, text_en=en)


def test_a_wording_stands_and_the_machines_stays(
    session: Session, staff: Staff, summary: Summary
) -> None:
    finding = of_section(session, summary, Section.COMMON_GROUND)[0]
    machine = finding.text_en
    reword(session, staff, finding, en=machine.replace("most of those", "most among those"))
    reword(session, staff, finding, en=machine.replace("most of those", "clearly most of those"))

    row = findings.findings_where(session, Finding.id == finding.id)[0]
    assert row.is_reworded
    assert row.machine_en == machine
    assert "clearly most" in row.text_en
    kept = session.scalars(select(FindingWording).order_by(FindingWording.id)).all()
    assert [each.unchecked for each in kept] == [[], ["clearly"]]
    actions = session.scalars(select(ledger.LedgerEntry.action)).all()
    assert actions.count("summary.reworded") == 2


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (" agree with", " disagree with", "wording.side"),
        (" of 100 agree", " of 100 oppose", "wording.side"),
        ("most of those", "all of those", "wording.amount"),
        ("In every", "Not in every", "wording.negation"),
        ("group A", "group B", "wording.group"),
        ("100 agree", "90 agree", "wording.number"),
        ("In every", "It is a myth that in every", "wording.claim"),
        ("Statement", "Sentence", "wording.quote"),
        ("In every", "Perhaps in every", "wording.hedge"),
        ("those who", "citizens who", "wording.unit"),
        ("In every", "In \u0435very", "wording.marks"),
    ],
)
def test_a_wording_that_turns_the_evidence_round_is_refused(
    session: Session, staff: Staff, summary: Summary, before: str, after: str, code: str
) -> None:
    finding = of_section(session, summary, Section.COMMON_GROUND)[0]
    machine = finding.text_en
    assert before in machine
    with pytest.raises(InvalidError) as refused:
        reword(session, staff, finding, en=machine.replace(before, after))
    assert (refused.value.code, refused.value.field) == (code, "text_en")
    assert finding.text_en == machine


def test_a_refusal_names_both_words(session: Session, staff: Staff, summary: Summary) -> None:
    finding = of_section(session, summary, Section.COMMON_GROUND)[0]
    with pytest.raises(InvalidError) as refused:
        reword(session, staff, finding, th=finding.text_th.replace("เห็นด้วย", "ไม่เห็นด้วย", 1))
    assert refused.value.details["expected"] == "เห็นด้วย"
    assert refused.value.details["found"] == "ไม่เห็นด้วย"


def test_an_empty_wording_takes_the_machines_again(
    session: Session, staff: Staff, summary: Summary
) -> None:
    finding = of_section(session, summary, Section.COMMON_GROUND)[0]
    machine = finding.text_th, finding.text_en
    reword(session, staff, finding, en=finding.text_en.replace("most of", "most among"))
    reword(session, staff, finding)
    assert (finding.text_th, finding.text_en) == machine


def test_nobody_publishes_what_they_worded(
    session: Session, staff: Staff, summary: Summary
) -> None:
    finding = of_section(session, summary, Section.COMMON_GROUND)[0]
    en = finding.text_en.replace("most of", "most among")
    summary_building.reword(session, staff.approver, finding.id, text_th="", text_en=en)
    with pytest.raises(NotAllowedError, match=r"approval\.own_work"):
        summarising.publish(session, staff.approver, summary.id)


def test_a_sentence_is_added_only_from_what_the_run_carries(
    session: Session, staff: Staff, summary: Summary
) -> None:
    offered = summary_building.offered(session, summary)
    assert offered
    made = summary_building.add(session, staff.officer, summary.id, offered[0]["id"])
    assert made.is_added
    assert made.text_en == offered[0]["text"]["en"]
    assert session.scalars(select(Evidence).where(Evidence.finding_id == made.id)).all()
    again = [each["id"] for each in summary_building.offered(session, summary)]
    assert offered[0]["id"] not in again
    for unknown in (offered[0]["id"], "consensus_every_group.X", ""):
        with pytest.raises(NotFoundError, match=r"finding\.unknown"):
            summary_building.add(session, staff.officer, summary.id, unknown)


def test_a_move_changes_places_and_is_logged(
    session: Session, staff: Staff, summary: Summary
) -> None:
    before = of_section(session, summary, Section.DIFFERENCES)
    summary_building.move(session, staff.officer, before[1].id, earlier=True)
    after = of_section(session, summary, Section.DIFFERENCES)
    assert after[:2] == [before[1], before[0]]
    rows = findings.findings_where(session, Finding.summary_id == summary.id)
    assert [row.id for row in rows if row.is_moved] == [before[1].id, before[0].id]
    entry = session.scalars(
        select(ledger.LedgerEntry).where(ledger.LedgerEntry.action == "summary.moved")
    ).one()
    assert '"from":2,"to":1' in entry.content
    summary_building.move(session, staff.officer, before[1].id, earlier=False)
    rows = findings.findings_where(session, Finding.summary_id == summary.id)
    assert not any(row.is_moved for row in rows)
    with pytest.raises(ConflictError, match=r"finding\.at_the_end"):
        summary_building.move(session, staff.officer, before[0].id, earlier=True)


def test_what_is_published_is_not_built_any_more(
    session: Session, keyring: Keyring, staff: Staff, summary: Summary
) -> None:
    finding = of_section(session, summary, Section.DIFFERENCES)[0]
    stranger = make_actor(session, keyring)
    with pytest.raises(NotAllowedError, match=r"consultation\.other_agency"):
        summary_building.reword(session, stranger, finding.id, text_th="", text_en="")
    summarising.publish(session, staff.approver, summary.id)
    with pytest.raises(ConflictError, match=r"summary\.published"):
        reword(session, staff, finding)
    with pytest.raises(ConflictError, match=r"summary\.published"):
        summary_building.move(session, staff.officer, finding.id, earlier=False)
    with pytest.raises(ConflictError, match=r"summary\.published"):
        summary_building.add(session, staff.officer, summary.id, "x")
