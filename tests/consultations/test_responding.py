"""Answers: what is answered, the duty to give a reason, two people, published together."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import responding, summarising
from consultations.models import (
    Comment,
    Disposition,
    Finding,
    Ground,
    OfficialResponse,
    ResponseState,
    Section,
    Stage,
    Theme,
    ThemeComment,
    ThemeKind,
    Visibility,
)
from consultations.queries import answer_desk, answers, readiness
from consultations.queries.answer_duty import Item, ItemKind
from consultations.queries.answer_items import entries
from consultations.responding import Answer
from core.actor import Role
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.ledger import LedgerEntry
from core.notices import Notice
from tests.consultations.planted import Planted, Staff, make_staff, published_summary
from tests.consultations.two_people import publish_answers
from tests.factories import make_actor, make_comment, make_consultation

GIVEN = Answer(Disposition.PARTLY, Ground.BUDGET, "มีงบประมาณบางส่วน", "Part of it is paid for.")


def answer_all(session: Session, staff: Staff, planted: Planted) -> list[OfficialResponse]:
    """Answer and approve every item that must be answered."""
    number = planted.consultation.id
    written = [
        responding.answer(session, staff.officer, number, item=row.item, given=GIVEN)
        for row in answer_desk.required_rows(session, number)
    ]
    return [responding.approve(session, staff.approver, response.id) for response in written]


def first_item(session: Session, planted: Planted) -> Item:
    return answer_desk.required_rows(session, planted.consultation.id)[0].item


def test_items_are_the_included_findings_and_all_themes(session: Session, keyring: Keyring) -> None:
    planted, _, summary = published_summary(session, keyring, comments=40)
    required = answer_desk.required_rows(session, planted.consultation.id)
    sections = {row.section for row in required if row.item.kind is ItemKind.FINDING}
    themes = [row for row in required if row.item.kind is ItemKind.THEME]
    findings = session.scalars(
        select(Finding).where(
            Finding.summary_id == summary.id,
            Finding.section.in_((Section.COMMON_GROUND, Section.DIFFERENCES)),
        )
    ).all()
    assert sections == {Section.COMMON_GROUND, Section.DIFFERENCES}
    assert len(required) - len(themes) == len(findings)
    assert sum(row.comments for row in themes) == 40
    assert all(0 < row.people <= row.comments for row in themes)


@pytest.mark.parametrize("disposition", list(Disposition))
def test_no_answer_is_saved_without_a_reason(
    session: Session, keyring: Keyring, disposition: Disposition
) -> None:
    planted, staff, _ = published_summary(session, keyring)
    item = first_item(session, planted)
    given = Answer(disposition, Ground.LAW, " \n", "An English reason is not enough.")
    with pytest.raises(InvalidError, match="reason_required") as caught:
        responding.answer(session, staff.officer, planted.consultation.id, item=item, given=given)
    assert caught.value.field == "reason_th"


def test_an_answer_can_be_changed_and_must_then_be_approved_again(
    session: Session, keyring: Keyring
) -> None:
    planted, staff, _ = published_summary(session, keyring)
    number, item = planted.consultation.id, first_item(session, planted)
    response = responding.answer(session, staff.officer, number, item=item, given=GIVEN)
    responding.approve(session, staff.approver, response.id)
    changed = Answer(Disposition.ACCEPTED, Ground.EVIDENCE, "รับไว้ทั้งหมด", clause_key="s2")
    again = responding.answer(session, staff.officer, number, item=item, given=changed)
    assert again.id == response.id
    assert (again.state, again.disposition) == (ResponseState.WORKING, Disposition.ACCEPTED)
    assert (again.reason_en, again.clause_key) == ("", "s2")


def test_nobody_approves_their_own_answer(session: Session, keyring: Keyring) -> None:
    planted, staff, _ = published_summary(session, keyring)
    number, item = planted.consultation.id, first_item(session, planted)
    response = responding.answer(session, staff.approver, number, item=item, given=GIVEN)
    with pytest.raises(NotAllowedError, match="own_work"):
        responding.approve(session, staff.approver, response.id)
    with pytest.raises(NotAllowedError, match="approver_needed"):
        responding.approve(session, staff.officer, response.id)
    responding.answer(session, staff.officer, number, item=item, given=GIVEN)
    with pytest.raises(NotAllowedError, match="own_work"):
        responding.approve(session, staff.approver, response.id)
    second = make_actor(session, keyring, Role.APPROVER, agency=staff.agency)
    assert responding.approve(session, second, response.id).state is ResponseState.APPROVED


def test_answers_are_written_by_the_agency_at_the_stage_of_answering(
    session: Session, keyring: Keyring
) -> None:
    planted, staff, _ = published_summary(session, keyring)
    number, item = planted.consultation.id, first_item(session, planted)
    stranger = make_staff(session, keyring).officer
    with pytest.raises(NotAllowedError, match="other_agency"):
        responding.answer(session, stranger, number, item=item, given=GIVEN)
    planted.consultation.stage = Stage.RATIFICATION
    with pytest.raises(ConflictError, match="wrong_stage"):
        responding.answer(session, staff.officer, number, item=item, given=GIVEN)


def test_an_answer_names_a_clause_of_this_consultation(session: Session, keyring: Keyring) -> None:
    planted, staff, _ = published_summary(session, keyring)
    given = Answer(Disposition.ACCEPTED, Ground.LAW, "รับ", clause_key="s99")
    with pytest.raises(InvalidError, match="clause_unknown"):
        responding.answer(
            session,
            staff.officer,
            planted.consultation.id,
            item=first_item(session, planted),
            given=given,
        )


def test_only_what_the_summary_holds_or_proposes_a_wording_is_answered(
    session: Session, keyring: Keyring
) -> None:
    planted, staff, summary = published_summary(session, keyring)
    number = planted.consultation.id
    other = session.scalars(
        select(Finding.id).where(Finding.section == Section.PARTICIPATION)
    ).first()
    plain = make_comment(session, planted.draft)
    held = make_comment(session, planted.draft, proposed_wording="อื่น", visibility=Visibility.HELD)
    items = [
        Item(ItemKind.FINDING, other or 0),
        Item(ItemKind.THEME, 0),
        Item(ItemKind.COMMENT, plain.id),
        Item(ItemKind.COMMENT, held.id),
    ]
    for item in items:
        with pytest.raises(NotFoundError, match="item_unknown"):
            responding.answer(session, staff.officer, number, item=item, given=GIVEN)
    assert summary.consultation_id == number


def test_a_single_comment_with_a_proposed_wording_can_be_answered(
    session: Session, keyring: Keyring
) -> None:
    planted, staff, _ = published_summary(session, keyring)
    comment = make_comment(session, planted.draft, proposed_wording="ให้มีคณะกรรมการสองคณะ")
    elsewhere = make_consultation(session, keyring, agency=staff.agency, stage=Stage.ANSWERING)
    item = Item(ItemKind.COMMENT, comment.id)
    with pytest.raises(NotFoundError, match="item_unknown"):
        responding.answer(session, staff.officer, elsewhere.id, item=item, given=GIVEN)
    responding.answer(session, staff.officer, planted.consultation.id, item=item, given=GIVEN)
    [offered] = [e for e in entries(session, planted.consultation.id) if not e.is_required]
    assert (offered.item, offered.proposes, offered.response_id is not None) == (item, True, True)


def test_a_sentence_left_out_needs_no_answer(session: Session, keyring: Keyring) -> None:
    planted, staff, summary = published_summary(session, keyring)
    before = answer_desk.unanswered_count(session, planted.consultation.id)
    finding = session.scalars(
        select(Finding).where(
            Finding.summary_id == summary.id, Finding.section == Section.DIFFERENCES
        )
    ).first()
    assert finding is not None
    with pytest.raises(ConflictError, match="published"):
        summarising.leave_out(session, staff.officer, finding.id, reason="Late.")
    finding.left_out_reason = "Said twice."
    session.flush()
    assert answer_desk.unanswered_count(session, planted.consultation.id) == before - 1


def test_answers_are_published_together_once_all_are_approved(
    session: Session, keyring: Keyring
) -> None:
    planted, staff, _ = published_summary(session, keyring)
    number = planted.consultation.id
    with pytest.raises(ConflictError, match="unanswered"):
        publish_answers(session, staff.approver, number)
    responses = answer_all(session, staff, planted)
    responses[0].state = ResponseState.WORKING
    with pytest.raises(ConflictError, match="not_approved"):
        publish_answers(session, staff.approver, number)
    assert answers.published_responses(session, number) == []
    responding.approve(session, staff.approver, responses[0].id)
    published = publish_answers(session, staff.approver, number)
    assert {row.published_at for row in published} == {published[0].published_at}
    assert len(answers.published_responses(session, number)) == len(responses)
    assert answer_desk.unpublished_count(session, number) == 0


def test_a_published_answer_never_changes(session: Session, keyring: Keyring) -> None:
    planted, staff, _ = published_summary(session, keyring)
    number, item = planted.consultation.id, first_item(session, planted)
    responses = answer_all(session, staff, planted)
    publish_answers(session, staff.approver, number)
    with pytest.raises(ConflictError, match="published"):
        responding.answer(session, staff.officer, number, item=item, given=GIVEN)
    with pytest.raises(ConflictError, match="published"):
        responding.approve(session, staff.approver, responses[0].id)
    with pytest.raises(ConflictError, match="nothing_new"):
        publish_answers(session, staff.approver, number)


def test_authors_of_what_is_answered_get_one_message_each(
    session: Session, keyring: Keyring
) -> None:
    planted, staff, _ = published_summary(session, keyring, comments=40)
    hidden = planted.comments[39]
    hidden.visibility = Visibility.HIDDEN
    answer_all(session, staff, planted)
    publish_answers(session, staff.approver, planted.consultation.id)
    told = session.scalars(select(Notice).where(Notice.code == "response.published")).all()
    authors = set(
        session.scalars(
            select(Comment.participant_id).where(Comment.visibility == Visibility.PUBLISHED)
        )
    )
    assert {notice.participant_id for notice in told} == authors
    assert len(told) == len(authors)
    assert all(notice.details["responses"] for notice in told)


def test_publication_is_recorded_with_a_digest_of_each_answer(
    session: Session, keyring: Keyring
) -> None:
    planted, staff, _ = published_summary(session, keyring)
    responses = answer_all(session, staff, planted)
    publish_answers(session, staff.approver, planted.consultation.id)
    entry = session.scalars(
        select(LedgerEntry).where(LedgerEntry.action == "response.published")
    ).one()
    assert entry.content.count('"sha256"') == len(responses)
    assert GIVEN.reason_th not in entry.content


def test_the_words_of_a_hidden_comment_leave_the_published_answers(
    session: Session, keyring: Keyring
) -> None:
    planted, staff, _ = published_summary(session, keyring)
    number = planted.consultation.id
    comment = make_comment(session, planted.draft, proposed_wording="ให้มีคณะกรรมการสองคณะ")
    item = Item(ItemKind.COMMENT, comment.id)
    responding.answer(session, staff.officer, number, item=item, given=GIVEN)
    answer_all(session, staff, planted)
    own = session.scalars(
        select(OfficialResponse).where(OfficialResponse.comment_id == comment.id)
    ).one()
    responding.approve(session, staff.approver, own.id)
    publish_answers(session, staff.approver, number)
    comment.visibility = Visibility.HIDDEN
    session.flush()
    rows = answers.published_responses(session, number)
    row = next(row for row in rows if row.response.id == own.id)
    assert row.comment is None


def test_comments_listed_without_a_theme_keep_their_trace_and_wait_for_no_answer(
    session: Session, keyring: Keyring
) -> None:
    planted, staff, summary = published_summary(session, keyring, comments=3)
    number = planted.consultation.id
    [listed] = session.scalars(select(Theme).where(Theme.summary_id == summary.id))
    linked = session.scalars(select(ThemeComment.comment_id).order_by(ThemeComment.comment_id))
    assert listed.kind is ThemeKind.LISTED
    assert linked.all() == sorted(comment.id for comment in planted.comments)
    required = answer_desk.required_rows(session, number)
    assert {row.item.kind for row in required} == {ItemKind.FINDING}
    assert readiness.unanswered_count(session, number) == len(required)
    with pytest.raises(NotFoundError, match=r"response\.item_unknown"):
        responding.answer(
            session, staff.officer, number, item=Item(ItemKind.THEME, listed.id), given=GIVEN
        )
