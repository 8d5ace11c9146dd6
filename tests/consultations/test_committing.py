"""What an agency promises after a hearing: who may, when, what everyone can read of it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import committing, convening, enacting, reminding
from consultations.committing import Promise, Report
from consultations.enacting import LawNote
from consultations.lifecycle import Event
from consultations.models import Commitment, CommitmentState, LawStep, News, Stage
from consultations.queries import commitments
from core.actor import Role
from core.clock import BANGKOK
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.ledger import LedgerEntry
from core.mailing.kinds import NewsKind
from tests.consultations.drafts import Desk, preparing, responses
from tests.factories import make_actor, make_agency

NOON = datetime(2026, 11, 24, 12, tzinfo=BANGKOK)
PROMISE = Promise(text_th="เพิ่มจุดทิ้งขยะ ๑๒ จุด", owner="กองสาธารณสุข", due_on=date(2027, 3, 31))
REPORT = Report("under_way", "สำรวจจุดแล้ว ๕ จุด")
LAW = LawNote("cabinet", date(2026, 11, 20))


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(session: Session, keyring: Keyring) -> Desk:
    preparing(session, keyring, Stage.CONCLUDED)
    return preparing(session, keyring, Stage.CONCLUDED)


def promised(session: Session, desk: Desk, given: Promise = PROMISE) -> Commitment:
    made = committing.promise(session, desk.staff.officer, desk.consultation.id, given=given)
    return committing.publish(session, desk.staff.approver, made.id)


def public(session: Session, desk: Desk) -> commitments.CommitmentPage:
    return commitments.commitment_page(session, desk.consultation.id, public_only=True)


def test_a_promise_is_public_once_a_second_person_says_so(session: Session, desk: Desk) -> None:
    made = committing.promise(session, desk.staff.officer, desk.consultation.id, given=PROMISE)
    assert (made.number, made.state) == (1, CommitmentState.PLANNED)
    assert public(session, desk).commitments == []

    committing.publish(session, desk.staff.approver, made.id)

    assert [row.commitment for row in public(session, desk).commitments] == [made]
    assert session.scalars(select(News.kind)).all() == [NewsKind.COMMITMENT]
    entry = session.scalars(
        select(LedgerEntry).where(LedgerEntry.action == "commitment.promised")
    ).one()
    assert '"due_on":"2027-03-31"' in entry.content


def test_nobody_makes_their_own_promise_public(
    session: Session, keyring: Keyring, desk: Desk
) -> None:
    both = make_actor(session, keyring, Role.OFFICER, Role.APPROVER, agency=desk.staff.agency)
    made = committing.promise(session, both, desk.consultation.id, given=PROMISE)
    with pytest.raises(NotAllowedError, match="own_work"):
        committing.publish(session, both, made.id)
    with pytest.raises(NotAllowedError, match="approver_needed"):
        committing.publish(session, desk.staff.officer, made.id)


def test_other_agencies_have_no_part_in_it(session: Session, keyring: Keyring, desk: Desk) -> None:
    other = make_actor(session, keyring, Role.OFFICER, agency=make_agency(session))
    made = promised(session, desk)
    calls = (
        lambda: committing.promise(session, other, desk.consultation.id, given=PROMISE),
        lambda: committing.report(session, other, made.id, given=REPORT),
        lambda: committing.discard(session, other, made.id),
        lambda: enacting.note_law(session, other, desk.consultation.id, given=LAW),
    )
    for call in calls:
        with pytest.raises(NotAllowedError, match="other_agency"):
            call()


@pytest.mark.parametrize("stage", [Stage.OPEN, Stage.RATIFICATION, Stage.ARCHIVED])
def test_promises_are_made_from_the_answers_until_the_archive(
    session: Session, keyring: Keyring, stage: Stage
) -> None:
    desk = preparing(session, keyring, stage)
    with pytest.raises(ConflictError, match="wrong_stage"):
        committing.promise(session, desk.staff.officer, desk.consultation.id, given=PROMISE)
    with pytest.raises(ConflictError, match="wrong_stage"):
        enacting.note_law(session, desk.staff.officer, desk.consultation.id, given=LAW)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"due_on": date(2026, 11, 23)}, "commitment.due_past", "due_on"),
        ({"text_th": " "}, "text.empty", "text_th"),
        ({"owner": ""}, "text.empty", "owner"),
        ({"text_en": "x" * 2001}, "text.too_long", "text_en"),
    ],
)
def test_a_promise_says_what_who_and_by_when(
    session: Session, desk: Desk, change: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(InvalidError) as error:
        committing.promise(
            session, desk.staff.officer, desk.consultation.id, given=replace(PROMISE, **change)
        )
    assert (error.value.code, error.value.field) == (code, field)


def test_a_promise_follows_only_from_a_published_answer_of_its_consultation(
    session: Session, keyring: Keyring, desk: Desk
) -> None:
    elsewhere = responses(session, preparing(session, keyring, Stage.ANSWERING))[0]
    own = responses(session, desk)[0]
    assert promised(session, desk, replace(PROMISE, response_id=own.id)).response_id == own.id
    with pytest.raises(NotFoundError, match=r"response\.unknown"):
        promised(session, desk, replace(PROMISE, response_id=elsewhere.id))


def test_reports_follow_each_other_and_a_moved_day_stays_visible(
    session: Session, desk: Desk
) -> None:
    made = promised(session, desk)
    later = date(2027, 6, 30)
    committing.report(session, desk.staff.officer, made.id, given=REPORT)
    committing.report(
        session, desk.staff.officer, made.id, given=replace(REPORT, note_th="รอซื้อ", due_on=later)
    )
    row = public(session, desk).commitments[0].commitment
    assert (row.state, row.due_on) == (CommitmentState.UNDER_WAY, later)
    assert [(each.note_th, each.due_before) for each in row.progress] == [
        ("สำรวจจุดแล้ว ๕ จุด", None),
        ("รอซื้อ", PROMISE.due_on),
    ]


def test_what_is_done_can_be_seen_somewhere_and_is_not_reported_on_again(
    session: Session, desk: Desk
) -> None:
    made, done = promised(session, desk), replace(REPORT, state="done")
    with pytest.raises(InvalidError, match="evidence_needed"):
        committing.report(session, desk.staff.officer, made.id, given=done)
    shown = replace(done, evidence_url="https://www.example.go.th/bins")
    committing.report(session, desk.staff.officer, made.id, given=shown)
    assert public(session, desk).count(CommitmentState.DONE) == 1
    with pytest.raises(ConflictError, match="settled"):
        committing.report(session, desk.staff.officer, made.id, given=REPORT)


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "//x.example", "https://", "http://a:b@x.example/", "https://[x", "x"],
)
def test_evidence_is_a_plain_web_address(session: Session, desk: Desk, address: str) -> None:
    made = promised(session, desk)
    with pytest.raises(InvalidError, match=r"link\.invalid"):
        committing.report(
            session, desk.staff.officer, made.id, given=replace(REPORT, evidence_url=address)
        )


def test_a_promise_that_is_not_public_is_deleted_and_a_public_one_never(
    session: Session, desk: Desk
) -> None:
    made = committing.promise(session, desk.staff.officer, desk.consultation.id, given=PROMISE)
    with pytest.raises(ConflictError, match="not_public"):
        committing.report(session, desk.staff.officer, made.id, given=REPORT)
    committing.discard(session, desk.staff.officer, made.id)
    kept = promised(session, desk)
    with pytest.raises(ConflictError, match=r"commitment\.public"):
        committing.discard(session, desk.staff.officer, kept.id)
    with pytest.raises(NotFoundError):
        committing.publish(session, desk.staff.approver, 10**9)


def test_a_promise_beyond_its_day_is_late_and_staff_are_reminded_once(
    session: Session, desk: Desk, clock: Any
) -> None:
    promised(session, desk)
    reminding.remind(session)
    assert public(session, desk).late == 0
    for days, told in ((-3, 1), (-2, 1), (1, 2), (2, 2)):
        clock.move_to(datetime(2027, 3, 31, 9, tzinfo=BANGKOK) + timedelta(days=days))
        reminding.remind(session)
        kinds = session.scalars(select(News.kind).where(News.kind == NewsKind.PROMISE)).all()
        assert (len(kinds), public(session, desk).late) == (told, int(days > 0))


def test_the_law_is_noted_stage_by_stage_with_its_source(session: Session, desk: Desk) -> None:
    officer, number = desk.staff.officer, desk.consultation.id
    enacting.note_law(session, officer, number, given=LAW)
    with pytest.raises(ConflictError, match=r"law\.noted"):
        enacting.note_law(session, officer, number, given=LAW)
    for change, code in (
        ({"stage": "in_force"}, "law.source_needed"),
        ({"stage": "nowhere"}, "law.stage_unknown"),
        ({"reached_on": date(2026, 11, 25)}, "law.future"),
    ):
        with pytest.raises(InvalidError, match=code):
            enacting.note_law(session, officer, number, given=replace(LAW, **change))
    assert [step.stage for step in public(session, desk).law] == ["cabinet"]
    assert session.scalars(select(LawStep.reached_on)).all() == [LAW.reached_on]


def test_nothing_is_archived_while_a_promise_is_open(session: Session, desk: Desk) -> None:
    made = promised(session, desk)
    with pytest.raises(ConflictError, match=r"commitment\.open"):
        convening.take_step(session, desk.staff.approver, desk.consultation.id, Event.ARCHIVE)
    given_up = replace(REPORT, state="dropped", note_th="ไม่ได้รับงบประมาณ")
    committing.report(session, desk.staff.officer, made.id, given=given_up)
    convening.take_step(session, desk.staff.approver, desk.consultation.id, Event.ARCHIVE)
    assert desk.consultation.stage is Stage.ARCHIVED
