"""The answer desk: what must be answered, who works on it, private notes, templates, the clock."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from consultations import assigning, responding, templating
from consultations.answer_clock import answer_clock
from consultations.assigning import Work
from consultations.models import DiscussionPlace, Disposition, Ground, Stage
from consultations.queries import answer_desk, readiness
from consultations.queries.answer_desk import Asked, Order, Show, desk_page
from consultations.queries.answer_duty import Item, ItemKind
from consultations.queries.answer_items import Entry, entries
from consultations.reason_texts import is_template_only
from consultations.responding import Answer
from consultations.templating import TemplateWords
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from tests.consultations.planted import Planted, Staff, make_staff, published_summary
from tests.consultations.two_people import publish_answers
from tests.factories import make_actor, make_comment
from tests.queries import count_queries

TODAY = date(2026, 11, 20)
GIVEN = Answer(Disposition.PARTLY, Ground.BUDGET, "มีงบประมาณบางส่วนในปีนี้")
TEMPLATE = "หน่วยงานขอขอบคุณที่แสดงความเห็น และได้พิจารณาแล้วว่า […] จึงเห็นควรดำเนินการต่อไป"


def by_number(session: Session, planted: Planted) -> dict[Item, Entry]:
    return {each.item: each for each in entries(session, planted.consultation.id)}


def supported(session: Session, planted: Planted, count: int, **words: str) -> Item:
    """A comment that so many people support."""
    comment = make_comment(session, planted.draft, **words)
    session.get_one(DiscussionPlace, comment.id).supports = count
    session.flush()
    return Item(ItemKind.COMMENT, comment.id)


def asked(staff: Staff, **values: object) -> Asked:
    return Asked(staff.officer.account_id, TODAY, None, **values)  # type: ignore[arg-type]


def test_single_comments_must_be_answered_from_the_declared_support(
    session: Session, keyring: Keyring
) -> None:
    planted, staff, _ = published_summary(session, keyring)
    planted.consultation.answer_supports = 3
    wording = supported(session, planted, 3, proposed_wording="ให้มีคณะกรรมการสองคณะ")
    rich = supported(session, planted, 4, reason="สถิติ " * 40)
    below = supported(session, planted, 2, proposed_wording="ให้มีสามคณะ")
    plain = supported(session, planted, 9, reason="เพราะแพง")
    found = by_number(session, planted)
    assert (found[wording].is_required, found[wording].proposes) == (True, True)
    assert (found[rich].is_required, found[rich].is_rich) == (True, True)
    assert not found[below].is_required
    assert plain not in found
    required = {item for item, entry in found.items() if entry.is_required}
    assert readiness.unanswered_count(session, planted.consultation.id) == len(required)
    with pytest.raises(ConflictError, match="unanswered"):
        publish_answers(session, staff.approver, planted.consultation.id)
    with pytest.raises(NotFoundError, match="item_unknown"):
        responding.answer(session, staff.officer, planted.consultation.id, item=plain, given=GIVEN)


def test_themes_must_be_answered_from_the_declared_number_of_people(
    session: Session, keyring: Keyring
) -> None:
    planted, _, _ = published_summary(session, keyring, comments=40)
    number = planted.consultation.id
    everything = readiness.unanswered_count(session, number)
    planted.consultation.answer_people = 1_000
    session.flush()
    themes = [e for e in entries(session, number) if e.item.kind is ItemKind.THEME]
    assert themes
    assert not any(each.is_required for each in themes)
    assert readiness.unanswered_count(session, number) == everything - len(themes)
    assert answer_desk.unanswered_count(session, number) == everything - len(themes)


def test_items_are_shared_out_in_one_act_and_found_again(
    session: Session, keyring: Keyring
) -> None:
    planted, staff, _ = published_summary(session, keyring)
    planted.consultation.answers_due_on = TODAY + timedelta(days=9)
    number = planted.consultation.id
    first, second, *rest = by_number(session, planted)
    work = Work(staff.officer.account_id, "กองกฎหมาย", TODAY - timedelta(days=1))
    assigning.assign(session, staff.approver, number, [first, second], work)
    responding.answer(session, staff.approver, number, item=first, given=GIVEN)
    shown = {
        show: {row.item for row in desk_page(session, number, asked(staff, show=show)).rows}
        for show in Show
    }
    assert shown[Show.MINE] == {first, second} == shown[Show.OVERDUE]
    assert shown[Show.UNANSWERED] == {second, *rest}
    assert shown[Show.WAITING] == {first}
    by_day = desk_page(session, number, asked(staff, order=Order.DUE)).rows
    assert {row.item for row in by_day[:2]} == {first, second}
    partly = desk_page(session, number, asked(staff, disposition=Disposition.PARTLY))
    assert [row.item for row in partly.rows] == [first]
    assert partly.rows[0].entry.unit == "กองกฎหมาย"


def test_work_is_given_to_colleagues_only_and_never_for_later_than_promised(
    session: Session, keyring: Keyring
) -> None:
    planted, staff, _ = published_summary(session, keyring)
    number, stranger = planted.consultation.id, make_staff(session, keyring).officer
    planted.consultation.answers_due_on = TODAY
    item = next(iter(by_number(session, planted)))
    for work, code in (
        (Work(stranger.account_id), "colleague_unknown"),
        (Work(due_on=TODAY + timedelta(days=1)), "due_late"),
    ):
        with pytest.raises(InvalidError, match=code):
            assigning.assign(session, staff.officer, number, [item], work)
    with pytest.raises(InvalidError, match="choose_items"):
        assigning.assign(session, staff.officer, number, [], Work())
    with pytest.raises(NotAllowedError, match="other_agency"):
        assigning.assign(session, stranger, number, [item], Work())
    with pytest.raises(NotAllowedError, match="other_agency"):
        assigning.note(session, stranger, number, item, body="ลับ")


def test_what_is_published_is_not_given_to_another_unit(session: Session, keyring: Keyring) -> None:
    planted, staff, _ = published_summary(session, keyring)
    number = planted.consultation.id
    items = list(by_number(session, planted))
    for item in items:
        made = responding.answer(session, staff.officer, number, item=item, given=GIVEN)
        responding.approve(session, staff.approver, made.id)
    publish_answers(session, staff.approver, number)
    with pytest.raises(ConflictError, match=r"response\.published"):
        assigning.assign(session, staff.officer, number, items[:1], Work(unit="กองอื่น"))
    assert assigning.note(session, staff.officer, number, items[0], body="ติดตามต่อ").id


def test_a_template_is_no_reason_until_it_has_own_words(session: Session, keyring: Keyring) -> None:
    planted, staff, _ = published_summary(session, keyring)
    number, item = planted.consultation.id, next(iter(by_number(session, planted)))
    kept = templating.add(session, staff.officer, TemplateWords("ขอบคุณ", TEMPLATE))
    for reason, code in (
        (TEMPLATE, "blank_left"),
        (TEMPLATE.replace("[…]", ""), "template_only"),
        (TEMPLATE.replace("[…]", "ดี") + "\n\n!", "template_only"),
    ):
        given = Answer(Disposition.ACCEPTED, Ground.LAW, reason)
        with pytest.raises(InvalidError, match=code) as caught:
            responding.answer(session, staff.officer, number, item=item, given=given)
        assert caught.value.field == "reason_th"
    own = TEMPLATE.replace("[…]", "ค่าใช้จ่ายต่ำกว่าที่คาดไว้มาก")
    given = Answer(Disposition.ACCEPTED, Ground.LAW, own)
    assert responding.answer(session, staff.officer, number, item=item, given=given).id
    stranger = make_staff(session, keyring).officer
    with pytest.raises(NotFoundError, match=r"template\.unknown"):
        templating.change(session, stranger, kept.id, TemplateWords("x", "y"))
    with pytest.raises(NotAllowedError, match="staff_only"):
        templating.add(session, make_actor(session, keyring), TemplateWords("x", "y"))


def test_words_of_ones_own_are_no_template_however_short() -> None:
    assert not is_template_only("รับไว้", [TEMPLATE])
    assert not is_template_only("", [])
    assert is_template_only(f"{TEMPLATE} {TEMPLATE}", [TEMPLATE])


def test_the_public_clock_runs_from_closing_until_the_answers(
    session: Session, keyring: Keyring
) -> None:
    planted, _, _ = published_summary(session, keyring)
    consultation = planted.consultation
    assert answer_clock(consultation, now(), is_answered=False) is None
    consultation.answers_due_on = now().date() - timedelta(days=3)
    clock = answer_clock(consultation, now(), is_answered=False)
    assert clock is not None
    assert clock.is_overdue
    assert answer_clock(consultation, now(), is_answered=True) is None
    for stage in (Stage.OPEN, Stage.SCHEDULED, Stage.CONCLUDED):
        consultation.stage = stage
        assert answer_clock(consultation, now(), is_answered=False) is None


def test_the_desk_costs_the_same_however_many_items_there_are(
    session: Session, keyring: Keyring
) -> None:
    planted, staff, _ = published_summary(session, keyring, comments=40)
    number = planted.consultation.id
    for _ in range(2):
        make_comment(session, planted.draft, proposed_wording="ให้มีคณะกรรมการสองคณะ")
    with count_queries(session.get_bind()) as few:  # type: ignore[arg-type]
        desk_page(session, number, asked(staff, show=Show.OFFERED))
    for _ in range(60):
        make_comment(session, planted.draft, proposed_wording="ให้มีคณะกรรมการสองคณะ")
    with count_queries(session.get_bind()) as many:  # type: ignore[arg-type]
        page = desk_page(session, number, asked(staff, show=Show.OFFERED, page=2))
    assert len(page.rows) == answer_desk.PAGE_SIZE
    assert page.total == 62
    assert len(many) == len(few) <= 12
