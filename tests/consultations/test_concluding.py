"""The second half of a consultation's life: summary, answers, conclusion, another round."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import convening
from consultations.announcement import Announcement, checked
from consultations.lifecycle import Event
from consultations.models import (
    Consultation,
    Kind,
    ResponseState,
    Section,
    Stage,
    StageChange,
    SummaryState,
)
from consultations.queries import readiness
from core.accounts.models import Agency
from core.actor import Actor, Role
from core.clock import BANGKOK, now
from core.errors import ConflictError, InvalidError, NotAllowedError
from core.keyring import Keyring
from tests.consultations.published_summary import make_response, make_summary
from tests.factories import make_actor, make_agency, make_consultation, make_draft

ANSWERED = (Section.COMMON_GROUND, Section.DIFFERENCES)


@pytest.fixture
def approver(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring, Role.APPROVER, agency=make_agency(session))


def closed_at_stage(
    session: Session, keyring: Keyring, approver: Actor, stage: Stage, **values: Any
) -> Consultation:
    """A consultation whose contributions closed yesterday, with that step logged."""
    made = make_consultation(
        session,
        keyring,
        agency_id=approver.agency_id,
        stage=stage,
        opens_at=now() - timedelta(days=20),
        closes_at=now() - timedelta(days=1),
        **values,
    )
    session.add(
        StageChange(
            consultation_id=made.id,
            event="close",
            from_stage=Stage.OPEN,
            to_stage=Stage.CLOSED,
            by_role="system",
            changed_at=made.closes_at,
        )
    )
    session.flush()
    return made


def test_a_summary_is_checked_only_once_it_is_published(
    session: Session, keyring: Keyring, approver: Actor
) -> None:
    made = closed_at_stage(session, keyring, approver, Stage.SUMMARY)
    make_summary(session, made, state=SummaryState.WORKING, published_at=None)

    with pytest.raises(ConflictError, match=r"consultation\.needs_published_summary"):
        convening.take_step(session, approver, made.id, Event.RATIFY)
    make_summary(session, made)
    assert convening.take_step(session, approver, made.id, Event.RATIFY)
    assert made.check_ends_at is not None
    with time_machine.travel(made.check_ends_at, tick=False):
        assert convening.take_step(session, approver, made.id, Event.ANSWER)


def test_people_have_as_many_full_days_to_check_as_were_announced(
    session: Session, keyring: Keyring, approver: Actor
) -> None:
    made = closed_at_stage(session, keyring, approver, Stage.SUMMARY, check_days=10)
    make_summary(session, made)
    morning = datetime(2026, 11, 20, 9, tzinfo=BANGKOK)
    with time_machine.travel(morning, tick=False):
        make_summary(session, made)
        convening.take_step(session, approver, made.id, Event.RATIFY)
    assert made.check_ends_at == datetime(2026, 12, 1, tzinfo=BANGKOK)


def test_a_check_ends_early_only_by_a_second_person_with_a_public_reason(
    session: Session, keyring: Keyring, approver: Actor
) -> None:
    made = closed_at_stage(session, keyring, approver, Stage.SUMMARY)
    summary, _, _ = make_summary(session, made, prepared_by_id=approver.account_id)
    convening.take_step(session, approver, made.id, Event.RATIFY)
    agency = session.get_one(Agency, approver.agency_id)
    officer = make_actor(session, keyring, Role.OFFICER, agency=agency)
    second = make_actor(session, keyring, Role.APPROVER, agency=agency)
    for actor, code in ((officer, "approver_needed"), (approver, "own_work")):
        with pytest.raises(NotAllowedError, match=code):
            convening.take_step(session, actor, made.id, Event.ANSWER, reason="เร่งด่วน")
    with pytest.raises(InvalidError, match=r"reason\.needed"):
        convening.take_step(session, second, made.id, Event.ANSWER)
    change = convening.take_step(session, second, made.id, Event.ANSWER, reason="เร่งด่วน")
    assert (made.stage, change.reason) == (Stage.ANSWERING, "เร่งด่วน")
    assert summary.checked_at == change.changed_at
    assert made.check_ends_at == change.changed_at


@pytest.mark.parametrize("days", [0, 2, 61])
def test_a_check_is_neither_too_short_nor_too_long(days: int) -> None:
    with pytest.raises(InvalidError, match=r"consultation\.check_days"):
        checked(Announcement(kind=Kind.BILL, title_th="ร่าง", check_days=days))


def test_the_summary_of_an_earlier_round_does_not_serve_this_one(
    session: Session, keyring: Keyring, approver: Actor
) -> None:
    made = closed_at_stage(session, keyring, approver, Stage.SUMMARY)
    make_summary(session, made, published_at=now() - timedelta(days=2))

    with pytest.raises(ConflictError, match=r"consultation\.needs_published_summary"):
        convening.take_step(session, approver, made.id, Event.RATIFY)


def test_nothing_concludes_while_an_item_waits_for_its_answer(
    session: Session, keyring: Keyring, approver: Actor
) -> None:
    made = closed_at_stage(session, keyring, approver, Stage.ANSWERING)
    _, findings, themes = make_summary(session, made, ANSWERED, themes=2)
    for item in (*findings, themes[0]):
        make_response(session, made, item)
    make_response(session, made, themes[1], state=ResponseState.APPROVED)

    with pytest.raises(ConflictError) as error:
        convening.take_step(session, approver, made.id, Event.CONCLUDE)
    assert (error.value.code, error.value.details) == ("consultation.unanswered", {"count": 1})
    assert made.stage is Stage.ANSWERING


def test_a_reason_lets_a_consultation_conclude_and_is_kept(
    session: Session, keyring: Keyring, approver: Actor
) -> None:
    made = closed_at_stage(session, keyring, approver, Stage.ANSWERING)
    make_summary(session, made, ANSWERED)

    change = convening.take_step(session, approver, made.id, Event.CONCLUDE, reason="รัฐสภาเป็นผู้ตอบ")

    assert (made.stage, change.reason) == (Stage.CONCLUDED, "รัฐสภาเป็นผู้ตอบ")


def test_with_everything_answered_no_reason_is_needed(
    session: Session, keyring: Keyring, approver: Actor
) -> None:
    made = closed_at_stage(session, keyring, approver, Stage.ANSWERING)
    _, findings, themes = make_summary(session, made, ANSWERED, themes=1)
    for item in (*findings, *themes):
        make_response(session, made, item)

    for event in (Event.CONCLUDE, Event.MONITOR, Event.ARCHIVE):
        convening.take_step(session, approver, made.id, event)

    events = session.scalars(select(StageChange.event).order_by(StageChange.id)).all()
    assert events == ["close", "conclude", "monitor", "archive"]


def test_only_findings_of_two_sections_that_are_not_left_out_wait_for_an_answer(
    session: Session, keyring: Keyring, approver: Actor
) -> None:
    made = closed_at_stage(session, keyring, approver, Stage.ANSWERING)
    other = closed_at_stage(session, keyring, approver, Stage.ANSWERING)
    make_summary(session, made, ANSWERED * 3, published_at=now() - timedelta(days=3))
    _, findings, _ = make_summary(session, made, tuple(Section))
    make_summary(session, made, ANSWERED, state=SummaryState.WORKING, published_at=None)
    make_summary(session, other, ANSWERED, themes=3)
    next(
        finding for finding in findings if finding.section is Section.DIFFERENCES
    ).left_out_reason = "ซ้ำ"
    session.flush()

    assert readiness.unanswered_counts(session, [made.id, other.id]) == {made.id: 1, other.id: 5}


def test_another_round_needs_a_new_draft_dates_and_a_reason(
    session: Session, keyring: Keyring, approver: Actor
) -> None:
    made = closed_at_stage(
        session, keyring, approver, Stage.ANSWERING, answers_due_on=date(2026, 1, 1)
    )
    make_draft(session, made, published_at=now() - timedelta(days=20))
    opens_at, closes_at = now() + timedelta(days=2), now() + timedelta(days=9)
    plan: dict[str, Any] = {"reason": "ปรับร่าง", "opens_at": opens_at, "closes_at": closes_at}

    def again(**values: Any) -> StageChange:
        return convening.take_step(
            session, approver, made.id, Event.NEXT_ROUND, **{**plan, **values}
        )

    with pytest.raises(ConflictError, match=r"consultation\.needs_new_draft"):
        again()
    make_draft(session, made, number=2)
    for values, code in (
        ({"reason": ""}, "reason.needed"),
        ({"opens_at": now()}, "consultation.opens_in_past"),
        ({"closes_at": opens_at}, "consultation.closes_too_early"),
    ):
        with pytest.raises(InvalidError, match=code):
            again(**values)
    again()
    assert (made.stage, made.opens_at, made.closes_at) == (Stage.SCHEDULED, opens_at, closes_at)
    assert made.short_reason == "ปรับร่าง"
    assert made.answers_due_on is not None
    assert made.answers_due_on > date(2026, 1, 1)


def test_a_next_round_opens_by_the_clock_again(
    session: Session, keyring: Keyring, approver: Actor
) -> None:
    made = closed_at_stage(session, keyring, approver, Stage.ANSWERING, kind=Kind.PRINCIPLE)
    opens_at = now() + timedelta(days=2)
    convening.take_step(
        session,
        approver,
        made.id,
        Event.NEXT_ROUND,
        reason="ฟังเพิ่ม",
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=20),
    )

    with time_machine.travel(opens_at, tick=False):
        assert convening.advance_due(session, approver) == 1
    assert made.stage is Stage.OPEN
    assert made.short_reason == ""


@pytest.mark.parametrize("event", [Event.SUMMARISE, Event.CONCLUDE, Event.NEXT_ROUND])
def test_people_outside_the_agency_take_no_step(
    session: Session, keyring: Keyring, approver: Actor, event: Event
) -> None:
    made = closed_at_stage(session, keyring, approver, Stage.ANSWERING)
    agency = make_agency(session)
    for actor in (
        make_actor(session, keyring),
        make_actor(session, keyring, Role.SENIOR_MODERATOR),
        make_actor(session, keyring, Role.OFFICER, Role.APPROVER, agency=agency),
    ):
        with pytest.raises(NotAllowedError, match=r"consultation\.other_agency"):
            convening.take_step(session, actor, made.id, event, reason="x")
