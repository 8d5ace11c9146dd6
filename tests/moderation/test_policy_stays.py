"""Strict moderation stays strict: no step of a consultation resets it."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from consultations import convening, copying, rescheduling
from consultations.announcement import announced
from consultations.lifecycle import Event
from consultations.models import Consultation, Kind, ModerationPolicy, Stage, Visibility
from core.accounts.models import Agency
from core.actor import Actor, Role
from core.clock import now
from core.keyring import Keyring
from moderation.rules import screen
from tests.factories import make_actor, make_agency, make_consultation, make_draft


@pytest.fixture
def staff(session: Session, keyring: Keyring) -> Actor:
    return make_actor(session, keyring, Role.OFFICER, Role.APPROVER, agency=make_agency(session))


def strict(session: Session, keyring: Keyring, staff: Actor, stage: Stage) -> Consultation:
    return make_consultation(
        session,
        keyring,
        agency_id=staff.agency_id,
        stage=stage,
        kind=Kind.PRINCIPLE,
        moderation_policy=ModerationPolicy.BEFORE,
    )


def test_an_extension_keeps_it(session: Session, keyring: Keyring, staff: Actor) -> None:
    made = strict(session, keyring, staff, Stage.OPEN)
    later = (made.closes_at or now()) + timedelta(days=5)
    agency = session.get_one(Agency, made.agency_id)
    second = make_actor(session, keyring, Role.APPROVER, agency=agency)

    motion = rescheduling.propose(
        session, staff, made.id, Event.EXTEND, reason="มีผู้ขอเพิ่ม", closes_at=later
    )
    rescheduling.approve(session, second, motion)

    assert made.moderation_policy is ModerationPolicy.BEFORE


def test_another_round_keeps_it_when_it_opens_again(
    session: Session, keyring: Keyring, staff: Actor
) -> None:
    made = strict(session, keyring, staff, Stage.ANSWERING)
    opens_at = now() + timedelta(days=2)
    convening.take_step(
        session,
        staff,
        made.id,
        Event.NEXT_ROUND,
        reason="ฟังเพิ่ม",
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=20),
    )
    with time_machine.travel(opens_at, tick=False):
        convening.advance_due(session, staff)

    assert (made.stage, made.moderation_policy) == (Stage.OPEN, ModerationPolicy.BEFORE)
    assert screen("ข้อความธรรมดา", made.moderation_policy).visibility is Visibility.PENDING


def test_a_copy_keeps_it(session: Session, keyring: Keyring, staff: Actor) -> None:
    source = strict(session, keyring, staff, Stage.OPEN)
    make_draft(session, source)
    words = replace(announced(source), opens_at=None, closes_at=None)

    made = convening.create(session, staff, "copy", words)
    copying.copy_structure(session, staff, made.id, source.id)

    assert made.moderation_policy is ModerationPolicy.BEFORE


def test_a_change_of_something_else_keeps_it(
    session: Session, keyring: Keyring, staff: Actor
) -> None:
    made = strict(session, keyring, staff, Stage.PREPARING)

    convening.edit(session, staff, made.id, title_th="ชื่อใหม่")

    assert made.moderation_policy is ModerationPolicy.BEFORE
