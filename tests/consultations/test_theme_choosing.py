"""People choose themes beside the machine's, put them in order, and every deed is kept."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import theme_choosing, theme_sorting
from consultations.models import (
    ChangeKind,
    Draft,
    Stage,
    Support,
    ThemeChange,
    ThemeState,
)
from consultations.queries import chosen_themes, workbench
from core import ledger
from core.actor import Role
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from tests.consultations.workbench import (
    FERRY,
    PARKING,
    WORDING,
    Desk,
    adopted,
    held,
    make_desk,
    put,
    read,
)
from tests.factories import make_actor, make_agency, make_comment, make_participant
from tests.queries import count_queries


@pytest.fixture
def desk(session: Session, keyring: Keyring) -> Desk:
    return make_desk(session, keyring)


def last_change(session: Session) -> ThemeChange:
    return session.scalars(select(ThemeChange).order_by(ThemeChange.id.desc()).limit(1)).one()


def test_an_adopted_theme_holds_suggestions_of_the_machine(session: Session, desk: Desk) -> None:
    theme = adopted(session, desk, FERRY)
    page = workbench.workbench(session, desk.id)
    assert [(row.theme.id, row.origins.machine, row.origins.by_person) for row in page.themes] == [
        (theme.id, 6, 0)
    ]
    assert [(each.key, each.unplaced) for each in page.candidates] == [(FERRY, 0), (PARKING, 4)]
    with pytest.raises(ConflictError, match="chosen_already"):
        adopted(session, desk, FERRY)
    with pytest.raises(NotFoundError):
        adopted(session, desk, "t9")


def test_a_later_run_changes_nothing_that_people_chose(session: Session, desk: Desk) -> None:
    theme = adopted(session, desk, FERRY)
    read(session, desk, desk.ferry[0])
    before = held(session, theme)
    draft = session.get_one(Draft, desk.ferry[0].draft_id)
    late = make_comment(session, draft, body="เรือเที่ยวดึก")
    put(session, desk.consultation, FERRY, [*desk.ferry[2:], late])
    put(session, desk.consultation, "t3", desk.ferry[:2])

    assert held(session, theme) == before
    found = {each.key: each for each in workbench.workbench(session, desk.id).candidates}
    assert (found[FERRY].new_comments, found[FERRY].unplaced) == (1, 1)
    assert [(each.theme.id, each.comments) for each in found["t3"].overlaps] == [(theme.id, 1)]

    theme_sorting.take_in(session, desk.staff.officer, theme.id, seen=theme.revision)
    assert held(session, theme) == before | {late.id}
    with pytest.raises(ConflictError, match="nothing_new"):
        theme_sorting.take_in(session, desk.staff.officer, theme.id, seen=theme.revision)


def test_merging_keeps_every_comment_support_and_word(session: Session, desk: Desk) -> None:
    ferry, parking = adopted(session, desk, FERRY), adopted(session, desk, PARKING)
    person = make_participant(session, desk.consultation)
    session.add(Support(comment_id=desk.ferry[0].id, participant_id=person.id))
    read(session, desk, desk.ferry[1], ferry, parking)
    read(session, desk, desk.ferry[2], ferry)
    read(session, desk, desk.ferry[3])
    union = held(session, ferry) | held(session, parking)
    officer = desk.staff.officer
    theme_sorting.merge(
        session, officer, ferry.id, seen=ferry.revision, target=parking.id, reason="เรื่องเดียวกัน"
    )
    assert held(session, parking) == union
    assert session.scalar(select(func.count(Support.comment_id))) == 1
    assert ferry.state is ThemeState.MERGED
    rows = workbench.workbench(session, desk.id).themes
    assert [(row.origins.total, row.origins.by_person) for row in rows] == [(9, 2)]

    theme_sorting.undo(session, officer, last_change(session).id, reason="แยกตามเดิม")
    assert (held(session, ferry), ferry.state) == (union - {c.id for c in desk.parking}, "chosen")
    assert held(session, parking) == {desk.ferry[1].id, *(c.id for c in desk.parking)}


def test_comments_are_split_off_moved_and_taken_out(session: Session, desk: Desk) -> None:
    officer = desk.staff.officer
    ferry, parking = adopted(session, desk, FERRY), adopted(session, desk, PARKING)
    first, second, third, *_ = (comment.id for comment in desk.ferry)
    noise = desk.parking[0].id
    made = theme_sorting.split(
        session,
        officer,
        ferry.id,
        seen=ferry.revision,
        comments=[first, noise],
        wording=WORDING,
        reason="คนละเรื่อง",
    )
    theme_sorting.move(
        session,
        officer,
        ferry.id,
        seen=ferry.revision,
        comments=[second],
        target=parking.id,
        reason="เป็นเรื่องจอดรถ",
    )
    theme_sorting.take_out(
        session, officer, ferry.id, seen=ferry.revision, comments=[third], reason="ไม่เกี่ยว"
    )
    assert held(session, made) == {first}
    assert held(session, parking) == {second, *(comment.id for comment in desk.parking)}
    assert held(session, ferry).isdisjoint({first, second, third})
    with pytest.raises(InvalidError, match="choose_comments"):
        theme_sorting.take_out(
            session, officer, ferry.id, seen=ferry.revision, comments=[first], reason="อีกครั้ง"
        )


def test_a_page_left_open_changes_nothing(session: Session, desk: Desk) -> None:
    theme = adopted(session, desk, FERRY)
    seen = theme.revision
    theme_choosing.word(
        session, desk.staff.officer, theme.id, seen=seen, wording=WORDING, reason="ชัดขึ้น"
    )
    with pytest.raises(ConflictError, match="changed_meanwhile"):
        theme_choosing.drop(session, desk.second, theme.id, seen=seen, reason="ไม่ใช้")
    theme_choosing.drop(session, desk.second, theme.id, seen=theme.revision, reason="ไม่ใช้")
    with pytest.raises(ConflictError, match="gone"):
        theme_choosing.pin(session, desk.staff.officer, theme.id, pinned=True)


def test_every_deed_is_kept_with_who_and_why_and_can_be_undone(
    session: Session, desk: Desk
) -> None:
    officer = desk.staff.officer
    theme_choosing.set_aside(session, officer, desk.id, PARKING, reason="นอกขอบเขต")
    theme = adopted(session, desk, FERRY)
    theme_choosing.word(
        session, officer, theme.id, seen=theme.revision, wording=WORDING, reason="ชัดขึ้น"
    )
    worded = last_change(session)
    theme_choosing.pin(session, desk.second, theme.id, pinned=True)
    pinned = last_change(session)
    with pytest.raises(ConflictError, match="changed_since"):
        theme_sorting.undo(session, officer, worded.id, reason="กลับ")
    theme_sorting.undo(session, officer, pinned.id, reason="กลับ")
    assert not theme.is_pinned
    with pytest.raises(ConflictError, match="undone_already"):
        theme_sorting.undo(session, officer, pinned.id, reason="กลับ")
    assert [(c.kind, c.reason, c.done_by_id) for c in workbench.changes(session, desk.id)] == [
        (ChangeKind.UNDONE, "กลับ", officer.account_id),
        (ChangeKind.PINNED, "", desk.second.account_id),
        (ChangeKind.WORDED, "ชัดขึ้น", officer.account_id),
        (ChangeKind.ADOPTED, "", officer.account_id),
        (ChangeKind.SET_ASIDE, "นอกขอบเขต", officer.account_id),
    ]
    actions = session.scalars(select(ledger.LedgerEntry.action)).all()
    assert {"theme.set_aside", "theme.adopted", "theme.worded", "theme.undone"} <= set(actions)
    # What was set aside can be chosen later all the same.
    assert adopted(session, desk, PARKING).state is ThemeState.CHOSEN


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001])
def test_what_others_see_changes_only_with_a_reason(
    session: Session, desk: Desk, reason: str
) -> None:
    theme = adopted(session, desk, FERRY)
    with pytest.raises(InvalidError):
        theme_choosing.drop(session, desk.staff.officer, theme.id, seen=2, reason=reason)
    with pytest.raises(InvalidError):
        theme_choosing.show(session, desk.staff.officer, desk.id, shown=True, reason=reason)


def test_only_the_own_agency_works_on_themes_and_only_until_the_check(
    session: Session, keyring: Keyring, desk: Desk
) -> None:
    other = make_actor(session, keyring, Role.OFFICER, agency=make_agency(session))
    with pytest.raises(NotAllowedError):
        theme_choosing.create(session, other, desk.id, WORDING)
    desk.consultation.stage = Stage.RATIFICATION
    with pytest.raises(ConflictError, match="wrong_stage"):
        theme_choosing.create(session, desk.staff.officer, desk.id, WORDING)


def test_everyone_sees_the_chosen_themes_once_they_are_shown(session: Session, desk: Desk) -> None:
    officer = desk.staff.officer
    with pytest.raises(ConflictError, match="none_chosen"):
        theme_choosing.show(session, officer, desk.id, shown=True, reason="พร้อมแล้ว")
    theme = adopted(session, desk, FERRY)
    read(session, desk, desk.ferry[0], theme)
    assert chosen_themes.shown_themes(session, desk.id) is None
    theme_choosing.show(session, officer, desk.id, shown=True, reason="พร้อมแล้ว")
    (row,) = chosen_themes.shown_themes(session, desk.id) or ()
    assert (row.origins.machine, row.origins.both, row.people) == (5, 1, 6)
    assert row.quotes[0][0] == desk.ferry[0].reference
    theme_choosing.show(session, officer, desk.id, shown=False, reason="ตรวจใหม่")
    assert chosen_themes.shown_themes(session, desk.id) is None


def test_the_workbench_asks_the_same_number_of_questions_however_much_there_is(
    session: Session, desk: Desk
) -> None:
    sent = []
    for key in (FERRY, PARKING):
        adopted(session, desk, key)
        session.commit()
        with count_queries(session.get_bind()) as queries:  # type: ignore[arg-type]
            workbench.workbench(session, desk.id)
        sent.append(len(queries))
    assert sent[0] == sent[1] <= 12
