"""Creating a consultation and leading it through its life: who, when, with which reason."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import convening
from consultations.announcement import Announcement
from consultations.lifecycle import Event
from consultations.models import (
    Consultation,
    DraftState,
    Kind,
    Stage,
    StageChange,
)
from core.accounts.models import Agency
from core.actor import Actor, Role, system_actor
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.ledger import LedgerEntry
from tests.consultations.two_people import reschedule
from tests.factories import make_actor, make_agency, make_consultation, make_draft

TODAY = datetime(2026, 11, 20, 3, tzinfo=UTC)
OPENS = datetime(2026, 11, 30, 17, tzinfo=UTC)  # 1 December, 00:00 in Bangkok
CLOSES = datetime(2026, 12, 15, 17, tzinfo=UTC)  # the end of 15 December
ANNOUNCEMENT = Announcement(
    kind=Kind.BILL,
    title_th="ร่างพระราชบัญญัติสวนสาธารณะ",
    title_en="Public parks bill",
    summary_th="ให้ทุกคนเข้าสวนได้",
    scope_th="แก้ไขได้ทุกมาตรา ยกเว้นงบประมาณ",
    opens_at=OPENS,
    closes_at=CLOSES,
    answers_due_on=date(2027, 1, 15),
)


@dataclass
class Office:
    agency: Agency
    officer: Actor
    approver: Actor


@pytest.fixture
def office(session: Session, keyring: Keyring) -> Office:
    agency = make_agency(session)
    return Office(
        agency,
        make_actor(session, keyring, Role.OFFICER, agency=agency),
        make_actor(session, keyring, Role.APPROVER, agency=agency),
    )


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(TODAY, tick=False):
        yield


def at_stage(
    session: Session, keyring: Keyring, office: Office, stage: Stage, **values: Any
) -> Consultation:
    times = {"opens_at": OPENS, "closes_at": CLOSES, "created_at": TODAY}
    return make_consultation(
        session, keyring, agency=office.agency, stage=stage, **{**times, **values}
    )


def prepared(session: Session, office: Office) -> Consultation:
    """A consultation with a draft, ready for review."""
    made = convening.create(session, office.officer, "parks", ANNOUNCEMENT)
    make_draft(session, made, state=DraftState.WORKING, published_at=None)
    return made


def test_an_officer_creates_a_consultation_that_only_the_agency_sees(
    session: Session, office: Office, keyring: Keyring
) -> None:
    made = convening.create(session, office.officer, "parks", ANNOUNCEMENT)

    assert made.stage is Stage.PREPARING
    assert made.agency_id == office.agency.id
    assert made.sealed_key is not None
    assert keyring.person_key(made.sealed_key, b"tag")
    assert session.scalars(select(LedgerEntry.action)).all() == ["consultation.created"]


def test_only_an_officer_creates(session: Session, office: Office, keyring: Keyring) -> None:
    for actor in (office.approver, make_actor(session, keyring), system_actor()):
        with pytest.raises(NotAllowedError, match=r"consultation\.officer_needed"):
            convening.create(session, actor, "parks", ANNOUNCEMENT)


@pytest.mark.parametrize("slug", ["", "Parks", "park s", "-parks", "parks-", "สวน", "a" * 81])
def test_an_address_is_small_letters_digits_and_hyphens(
    session: Session, office: Office, slug: str
) -> None:
    with pytest.raises(InvalidError) as error:
        convening.create(session, office.officer, slug, ANNOUNCEMENT)
    assert (error.value.code, error.value.field) == ("slug.invalid", "slug")


def test_an_address_is_taken_once(session: Session, office: Office) -> None:
    convening.create(session, office.officer, "parks", ANNOUNCEMENT)

    with pytest.raises(InvalidError, match=r"slug\.taken"):
        convening.create(session, office.officer, "parks", ANNOUNCEMENT)
    assert convening.create(session, office.officer, "parks-2", ANNOUNCEMENT).id


def test_fifteen_days_need_no_reason_and_fourteen_do(session: Session, office: Office) -> None:
    shorter = replace(ANNOUNCEMENT, closes_at=CLOSES - timedelta(days=1))

    convening.create(session, office.officer, "fifteen", ANNOUNCEMENT)
    with pytest.raises(InvalidError) as error:
        convening.create(session, office.officer, "fourteen", shorter)
    assert (error.value.code, error.value.details) == (
        "consultation.short_reason_needed",
        {"days": 15},
    )
    explained = replace(shorter, short_reason="กฎหมายกำหนดให้แล้วเสร็จในปีนี้")
    assert convening.create(session, office.officer, "fourteen", explained).short_reason


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"title_th": " "}, "title_th", "text.empty"),
        ({"title_en": "x" * 301}, "title_en", "text.too_long"),
        ({"closes_at": OPENS}, "closes_on", "consultation.closes_too_early"),
        (
            {"answers_due_on": date(2026, 12, 14)},
            "answers_due_on",
            "consultation.answers_due_too_early",
        ),
    ],
)
def test_an_announcement_that_does_not_hold_is_refused_at_its_field(
    session: Session, office: Office, values: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(InvalidError) as error:
        convening.create(session, office.officer, "parks", replace(ANNOUNCEMENT, **values))
    assert (error.value.field, error.value.code) == (field, code)


def test_an_officer_edits_while_preparing(session: Session, office: Office) -> None:
    made = convening.create(session, office.officer, "parks", ANNOUNCEMENT)

    convening.edit(session, office.officer, made.id, title_th="สวนของเรา")

    assert made.title_th == "สวนของเรา"


def test_what_is_in_review_cannot_be_edited(session: Session, office: Office) -> None:
    made = prepared(session, office)
    convening.take_step(session, office.officer, made.id, Event.SUBMIT)

    with pytest.raises(ConflictError, match=r"consultation\.wrong_stage"):
        convening.edit(session, office.officer, made.id, title_th="ก")


def test_another_agency_does_not_learn_that_a_preparation_exists(
    session: Session, office: Office, keyring: Keyring
) -> None:
    made = prepared(session, office)
    stranger = make_actor(session, keyring, Role.OFFICER, agency=make_agency(session))

    with pytest.raises(NotFoundError):
        convening.edit(session, stranger, made.id, title_th="ก")
    with pytest.raises(NotFoundError):
        convening.take_step(session, stranger, made.id, Event.SUBMIT)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"summary_th": ""}, "consultation.needs_summary"),
        ({"scope_th": ""}, "consultation.needs_scope"),
        ({"closes_at": None}, "consultation.needs_dates"),
        ({"opens_at": TODAY}, "consultation.dates_past"),
    ],
)
def test_what_is_incomplete_cannot_be_submitted(
    session: Session, office: Office, values: dict[str, Any], code: str
) -> None:
    made = convening.create(session, office.officer, "parks", replace(ANNOUNCEMENT, **values))
    make_draft(session, made, state=DraftState.WORKING)

    with pytest.raises(ConflictError) as error:
        convening.take_step(session, office.officer, made.id, Event.SUBMIT)
    assert error.value.code == code


@pytest.mark.parametrize("bodies", [None, ["", ""]])
def test_a_bill_needs_a_draft_with_words(
    session: Session, office: Office, bodies: list[str] | None
) -> None:
    made = convening.create(session, office.officer, "parks", ANNOUNCEMENT)
    if bodies:
        make_draft(session, made, bodies, state=DraftState.WORKING)

    with pytest.raises(ConflictError, match=r"consultation\.needs_draft"):
        convening.take_step(session, office.officer, made.id, Event.SUBMIT)


@pytest.mark.parametrize("kind", [Kind.PRINCIPLE, Kind.EVALUATION])
def test_principles_and_evaluations_may_do_without_a_draft(
    session: Session, office: Office, kind: Kind
) -> None:
    made = convening.create(session, office.officer, "parks", replace(ANNOUNCEMENT, kind=kind))

    assert convening.take_step(session, office.officer, made.id, Event.SUBMIT)


def test_approval_by_another_person_publishes_the_draft(session: Session, office: Office) -> None:
    made = prepared(session, office)
    convening.take_step(session, office.officer, made.id, Event.SUBMIT)

    change = convening.take_step(session, office.approver, made.id, Event.APPROVE)

    draft = convening.readiness.first_draft(session, made.id)
    assert made.stage is Stage.SCHEDULED
    assert (change.by_role, change.changed_at) == ("approver", TODAY)
    assert draft is not None
    assert (draft.state, draft.published_at) == (DraftState.PUBLISHED, TODAY)


def test_nobody_approves_their_own_submission(
    session: Session, office: Office, keyring: Keyring
) -> None:
    both = make_actor(session, keyring, Role.OFFICER, Role.APPROVER, agency=office.agency)
    made = prepared(session, office)
    convening.take_step(session, both, made.id, Event.SUBMIT)

    with pytest.raises(NotAllowedError, match=r"approval\.own_work"):
        convening.take_step(session, both, made.id, Event.APPROVE)
    assert convening.take_step(session, office.approver, made.id, Event.APPROVE)


def test_an_approval_that_comes_after_the_opening_date_is_refused(
    session: Session, office: Office
) -> None:
    made = prepared(session, office)
    convening.take_step(session, office.officer, made.id, Event.SUBMIT)

    with (
        time_machine.travel(OPENS, tick=False),
        pytest.raises(ConflictError, match=r"consultation\.dates_past"),
    ):
        convening.take_step(session, office.approver, made.id, Event.APPROVE)


def test_sending_back_says_why(session: Session, office: Office) -> None:
    made = prepared(session, office)
    convening.take_step(session, office.officer, made.id, Event.SUBMIT)

    with pytest.raises(InvalidError) as error:
        convening.take_step(session, office.approver, made.id, Event.SEND_BACK, reason="  ")
    assert (error.value.code, error.value.field) == ("reason.needed", "reason")
    convening.take_step(session, office.approver, made.id, Event.SEND_BACK, reason="แก้ชื่อ")
    assert made.stage is Stage.PREPARING


def test_the_clock_opens_and_closes_at_the_announced_moments(
    session: Session, office: Office, keyring: Keyring
) -> None:
    made = at_stage(session, keyring, office, Stage.SCHEDULED)
    steps = []
    for moment in (OPENS - timedelta(seconds=1), OPENS, CLOSES - timedelta(seconds=1), CLOSES):
        with time_machine.travel(moment, tick=False):
            steps.append((convening.advance_due(session, system_actor()), made.stage))

    assert steps == [(0, Stage.SCHEDULED), (1, Stage.OPEN), (0, Stage.OPEN), (1, Stage.CLOSED)]


def test_a_late_clock_takes_both_steps_at_the_announced_moments(
    session: Session, office: Office, keyring: Keyring
) -> None:
    made = at_stage(session, keyring, office, Stage.SCHEDULED)
    at_stage(session, keyring, office, Stage.OPEN, closes_at=CLOSES + timedelta(days=2))

    with time_machine.travel(CLOSES + timedelta(days=1), tick=False):
        assert convening.advance_due(session, system_actor()) == 2

    changes = session.scalars(select(StageChange).order_by(StageChange.id)).all()
    assert [(c.consultation_id, c.event, c.changed_at, c.by_role) for c in changes] == [
        (made.id, "open", OPENS, "system"),
        (made.id, "close", CLOSES, "system"),
    ]


def test_every_step_leaves_an_entry_in_the_ledger_without_words_or_names(
    session: Session, office: Office, keyring: Keyring
) -> None:
    made = at_stage(session, keyring, office, Stage.OPEN)

    reschedule(session, office.approver, made.id, Event.CLOSE, reason="น้ำท่วมใหญ่")

    action = LedgerEntry.action == "consultation.close"
    entry = session.scalars(select(LedgerEntry).where(action)).one()
    assert entry.consultation_id == made.id
    detail = json.loads(entry.content)["detail"]
    assert (detail["from"], detail["to"]) == ("open", "closed")
    assert "น้ำท่วม" not in entry.content
    assert len(detail["reason_sha256"]) == 64


def test_an_extension_moves_the_closing_and_a_promise_that_it_overtakes(
    session: Session, office: Office, keyring: Keyring
) -> None:
    kept = at_stage(session, keyring, office, Stage.OPEN, answers_due_on=date(2027, 1, 15))
    moved = at_stage(session, keyring, office, Stage.OPEN, answers_due_on=date(2026, 12, 20))
    later = CLOSES + timedelta(days=10)

    for made in (kept, moved):
        reschedule(
            session, office.approver, made.id, Event.EXTEND, reason="มีผู้ขอเพิ่ม", closes_at=later
        )

    assert (kept.stage, kept.closes_at) == (Stage.EXTENDED, later)
    assert kept.answers_due_on == date(2027, 1, 15)
    assert moved.answers_due_on == date(2026, 12, 30)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"reason": "x"}, "consultation.closing_needed"),
        ({"reason": "x", "closes_at": CLOSES}, "consultation.closes_not_later"),
        ({"closes_at": CLOSES + timedelta(days=1)}, "reason.needed"),
    ],
)
def test_an_extension_needs_a_later_closing_and_a_reason(
    session: Session, office: Office, keyring: Keyring, values: dict[str, Any], code: str
) -> None:
    made = at_stage(session, keyring, office, Stage.OPEN)

    with pytest.raises(InvalidError) as error:
        reschedule(session, office.approver, made.id, Event.EXTEND, **values)
    assert error.value.code == code


def test_what_the_clock_has_closed_cannot_be_extended(
    session: Session, office: Office, keyring: Keyring
) -> None:
    made = at_stage(session, keyring, office, Stage.OPEN)

    with (
        time_machine.travel(CLOSES, tick=False),
        pytest.raises(ConflictError, match=r"consultation\.wrong_stage"),
    ):
        reschedule(
            session,
            office.approver,
            made.id,
            Event.EXTEND,
            reason="x",
            closes_at=CLOSES + timedelta(days=5),
        )
