"""A summary: rows from a run, sentences left out, themes worded, publication by somebody else."""

import json
import zlib
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import analysing, summarising
from consultations.models import (
    Evidence,
    EvidenceKind,
    Finding,
    Section,
    Stage,
    Summary,
    SummaryState,
    Theme,
    ThemeComment,
    Visibility,
)
from consultations.queries import findings
from core.actor import Role, system_actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.ledger import LedgerEntry
from tests.consultations.planted import Planted, Staff, analyse, make_staff, plant
from tests.factories import make_actor, make_consultation


def prepared(
    session: Session, keyring: Keyring, comments: int = 0
) -> tuple[Planted, Staff, Summary]:
    staff = make_staff(session, keyring)
    planted = plant(session, keyring, agency=staff.agency, comments=comments)
    run = analyse(session, planted.consultation)
    return (
        planted,
        staff,
        summarising.prepare(session, staff.officer, planted.consultation.id, run.id),
    )


def finding_of(session: Session, summary: Summary, section: Section) -> Finding:
    query = select(Finding).where(Finding.summary_id == summary.id, Finding.section == section)
    return session.scalars(query.order_by(Finding.position).limit(1)).one()


def shown(session: Session, summary: Summary) -> list[findings.FindingRow]:
    page = findings.summary_page(session, summary.consultation_id, summary.state)
    assert page is not None
    return list(page.findings)


def test_a_prepared_summary_ties_each_sentence_to_its_evidence(
    session: Session, keyring: Keyring
) -> None:
    planted, _, summary = prepared(session, keyring, comments=40)
    rows = shown(session, summary)
    common = [row for row in rows if row.section is Section.COMMON_GROUND]
    assert {row.evidence[0].reference for row in common} == {
        statement.reference for statement in planted.statements[6:]
    }
    quotes = [row for row in rows if any(piece.quoted for piece in row.evidence)]
    bodies = {comment.reference: comment.body for comment in planted.comments}
    assert quotes
    assert all(row.repeated in bodies[row.evidence[-1].reference] for row in quotes)
    assert all(row.repeated in row.text_th and row.repeated in row.text_en for row in quotes)


def test_every_comment_of_a_theme_is_linked_to_it(session: Session, keyring: Keyring) -> None:
    planted, _, summary = prepared(session, keyring, comments=40)
    themes = session.scalars(select(Theme).where(Theme.summary_id == summary.id)).all()
    linked = session.scalars(select(ThemeComment.comment_id)).all()
    assert sum(theme.comment_count for theme in themes) == 40
    assert set(linked) == {comment.id for comment in planted.comments}


def test_preparing_again_replaces_the_working_summary(session: Session, keyring: Keyring) -> None:
    _, staff, first = prepared(session, keyring)
    second = summarising.prepare(session, staff.officer, first.consultation_id, first.run_id)
    session.expire_all()
    assert session.scalars(select(Summary.id)).all() == [second.id]
    assert session.scalar(select(func.count(Evidence.id))) == sum(
        len(row.evidence) for row in shown(session, second)
    )


def test_a_summary_needs_a_finished_run_of_the_same_consultation(
    session: Session, keyring: Keyring
) -> None:
    planted, staff, summary = prepared(session, keyring)
    running = analysing.request_run(session, system_actor(), planted.consultation.id)
    with pytest.raises(ConflictError, match="run_not_done"):
        summarising.prepare(session, staff.officer, planted.consultation.id, running.id)
    other = make_consultation(session, keyring, agency=staff.agency, stage=Stage.SUMMARY)
    with pytest.raises(NotFoundError, match="unknown"):
        summarising.prepare(session, staff.officer, other.id, summary.run_id)


def test_a_run_from_before_the_end_cannot_be_summarised(session: Session, keyring: Keyring) -> None:
    planted, staff, summary = prepared(session, keyring)
    planted.consultation.closes_at = now()
    with pytest.raises(ConflictError, match="run_too_early"):
        summarising.prepare(session, staff.officer, planted.consultation.id, summary.run_id)
    planted.consultation.closes_at = now() - timedelta(hours=1)
    summarising.prepare(session, staff.officer, planted.consultation.id, summary.run_id)


def test_a_summary_is_not_prepared_while_people_still_vote(
    session: Session, keyring: Keyring
) -> None:
    staff = make_staff(session, keyring)
    planted = plant(session, keyring, agency=staff.agency, stage=Stage.OPEN, comments=0)
    run = analyse(session, planted.consultation)
    with pytest.raises(ConflictError, match="wrong_stage"):
        summarising.prepare(session, staff.officer, planted.consultation.id, run.id)


def test_a_sentence_is_left_out_only_with_a_reason_and_stays_visible(
    session: Session, keyring: Keyring
) -> None:
    _, staff, summary = prepared(session, keyring)
    finding = finding_of(session, summary, Section.DIFFERENCES)
    with pytest.raises(InvalidError, match="reason_required"):
        summarising.leave_out(session, staff.officer, finding.id, reason="  ")
    summarising.leave_out(session, staff.officer, finding.id, reason="Said twice.")
    row = next(row for row in shown(session, summary) if row.id == finding.id)
    assert (row.left_out_reason, row.withheld) == ("Said twice.", False)
    summarising.take_in(session, staff.officer, finding.id)
    assert finding.left_out_reason is None


def test_a_theme_gets_wording_by_a_person(session: Session, keyring: Keyring) -> None:
    _, staff, summary = prepared(session, keyring, comments=40)
    theme = session.scalars(select(Theme).where(Theme.summary_id == summary.id)).first()
    assert theme is not None
    terms = theme.terms
    summarising.name_theme(
        session, staff.officer, theme.id, label_th=" เรือข้ามฟาก\n", label_en="The ferry"
    )
    assert (theme.label_th, theme.label_en, theme.terms) == ("เรือข้ามฟาก", "The ferry", terms)
    with pytest.raises(InvalidError, match="label_th_required"):
        summarising.name_theme(session, staff.officer, theme.id, label_th="", label_en="Ferry")


def test_nobody_publishes_what_they_had_a_hand_in(session: Session, keyring: Keyring) -> None:
    planted, staff, summary = prepared(session, keyring)
    with pytest.raises(NotAllowedError, match="approver_needed"):
        summarising.publish(session, staff.officer, summary.id)
    finding = finding_of(session, summary, Section.DIFFERENCES)
    summarising.leave_out(session, staff.approver, finding.id, reason="Said twice.")
    with pytest.raises(NotAllowedError, match="own_work"):
        summarising.publish(session, staff.approver, summary.id)
    # That somebody else changed it afterwards makes it no less the approver's own work.
    summarising.leave_out(session, staff.officer, finding.id, reason="Said three times.")
    with pytest.raises(NotAllowedError, match="own_work"):
        summarising.publish(session, staff.approver, summary.id)
    second = make_actor(session, keyring, Role.APPROVER, agency=staff.agency)
    summarising.publish(session, second, summary.id)
    entry = session.scalars(
        select(LedgerEntry).where(LedgerEntry.action == "summary.published")
    ).one()
    assert (summary.state, entry.consultation_id) == (
        SummaryState.PUBLISHED,
        planted.consultation.id,
    )
    assert '"left_out":1' in entry.content


def test_a_published_summary_never_changes(session: Session, keyring: Keyring) -> None:
    _, staff, summary = prepared(session, keyring)
    finding = finding_of(session, summary, Section.COMMON_GROUND)
    summarising.publish(session, staff.approver, summary.id)
    with pytest.raises(ConflictError, match="published"):
        summarising.leave_out(session, staff.officer, finding.id, reason="Too late.")
    with pytest.raises(ConflictError, match="published"):
        summarising.publish(session, staff.approver, summary.id)


def test_staff_of_another_agency_changes_nothing(session: Session, keyring: Keyring) -> None:
    planted, _, summary = prepared(session, keyring)
    stranger = make_staff(session, keyring).officer
    finding = finding_of(session, summary, Section.COMMON_GROUND)
    with pytest.raises(NotAllowedError, match="other_agency"):
        summarising.leave_out(session, stranger, finding.id, reason="Not mine.")
    with pytest.raises(NotAllowedError, match="other_agency"):
        summarising.prepare(session, stranger, planted.consultation.id, summary.run_id)


def test_a_sentence_that_repeats_hidden_words_is_withheld_and_returns_with_them(
    session: Session, keyring: Keyring
) -> None:
    planted, _, summary = prepared(session, keyring)
    statement = planted.statements[6]
    statement.visibility = Visibility.HIDDEN
    session.flush()
    about = [row for row in shown(session, summary) if row.withheld]
    assert about
    assert all((row.text_th, row.text_en, row.repeated) == ("", "", "") for row in about)
    assert statement.body not in repr(shown(session, summary))
    statement.visibility = Visibility.PUBLISHED
    session.flush()
    assert not any(row.withheld for row in shown(session, summary))


def test_a_comment_hidden_between_run_and_summary_is_not_quoted(
    session: Session, keyring: Keyring
) -> None:
    planted, staff, summary = prepared(session, keyring, comments=40)
    quoted = next(
        piece for row in shown(session, summary) for piece in row.evidence if piece.quoted
    )
    comment = next(row for row in planted.comments if row.reference == quoted.reference)
    comment.visibility = Visibility.HIDDEN
    again = summarising.prepare(session, staff.officer, summary.consultation_id, summary.run_id)
    rows = shown(session, again)
    assert quoted.text not in repr([replace(row, evidence=()) for row in rows])
    assert quoted.reference not in repr(rows)


def test_words_changed_after_the_run_are_not_quoted(session: Session, keyring: Keyring) -> None:
    planted, staff, summary = prepared(session, keyring, comments=40)
    for comment in planted.comments:
        comment.body = f"Changed. {comment.body[9:]}"
    again = summarising.prepare(session, staff.officer, summary.consultation_id, summary.run_id)
    kinds = select(Evidence.id).where(
        Evidence.kind == EvidenceKind.COMMENT, Evidence.quote_start.is_not(None)
    )
    assert session.scalars(kinds).all() == []
    quotes = [row for row in shown(session, again) if row.section is Section.THEMES]
    assert any(row.withheld for row in quotes)


def test_what_a_person_called_a_theme_stays_with_it(session: Session, keyring: Keyring) -> None:
    planted, staff, summary = prepared(session, keyring, comments=72)
    query = select(Theme).where(Theme.summary_id == summary.id).order_by(Theme.position)
    theme = session.scalars(query.limit(1)).one()
    key = theme.key
    summarising.name_theme(
        session, staff.officer, theme.id, label_th="เรือข้ามฟาก", label_en="The ferry"
    )
    run = analysing.request_run(session, system_actor(), planted.consultation.id)
    outcome = analysing.compute(analysing.load(session, run.id), lambda _step: None)
    analysing.store(session, run.id, outcome)
    session.expunge(theme)
    found = json.loads(zlib.decompress(outcome.themes_json or b""))["themes"]
    assert {entry["id"]: entry["name"] for entry in found if entry["pinned"]} == {key: "เรือข้ามฟาก"}
    again = summarising.prepare(session, staff.officer, planted.consultation.id, run.id)
    kept = session.scalars(select(Theme).where(Theme.summary_id == again.id, Theme.key == key))
    assert [(row.label_th, row.label_en) for row in kept] == [("เรือข้ามฟาก", "The ferry")]


def test_a_list_without_a_theme_is_not_worded(session: Session, keyring: Keyring) -> None:
    _, staff, summary = prepared(session, keyring, comments=3)
    [listed] = session.scalars(select(Theme).where(Theme.summary_id == summary.id))
    with pytest.raises(NotFoundError, match=r"theme\.unknown"):
        summarising.name_theme(session, staff.officer, listed.id, label_th="เรือ", label_en="")


def test_sentences_that_name_a_theme_by_its_terms_know_its_wording(
    session: Session, keyring: Keyring
) -> None:
    _, staff, summary = prepared(session, keyring, comments=40)
    assert {row.worded for row in shown(session, summary)} == {None}
    texts = [row.text_en for row in shown(session, summary)]
    theme = session.scalars(select(Theme).order_by(Theme.position)).first()
    assert theme is not None
    summarising.name_theme(session, staff.officer, theme.id, label_th="เรือ", label_en="")
    rows = shown(session, summary)
    named = theme.terms.replace(" · ", ", ")
    assert {row.position for row in rows if row.worded is theme} == {
        row.position for row in rows if f"“{named}”" in row.text_en
    }
    assert any(row.worded is theme for row in rows)
    assert [row.text_en for row in rows] == texts
