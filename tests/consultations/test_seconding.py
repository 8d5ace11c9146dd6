"""What takes two people: proposed by one with a reason, decided by another, on the record."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import convening, data_files, rescheduling
from consultations.lifecycle import Event
from consultations.models import Consultation, Motion, MotionState, Stage, StageChange
from consultations.queries.approving import open_motions
from core.accounts.models import Account, Agency
from core.actor import Actor, Role
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.ledger import LedgerEntry
from tests.factories import make_actor, make_agency, make_consultation


class Office:
    """An agency with an officer, two approvers and an open consultation."""

    def __init__(self, session: Session, keyring: Keyring) -> None:
        self.session, self.keyring = session, keyring
        self.agency: Agency = make_agency(session)
        self.officer = make_actor(session, keyring, Role.OFFICER, agency=self.agency)
        self.approver = make_actor(session, keyring, Role.APPROVER, agency=self.agency)
        self.second = make_actor(session, keyring, Role.APPROVER, agency=self.agency)
        self.place: Consultation = make_consultation(session, keyring, agency=self.agency)

    def propose_later(self, actor: Actor | None = None, days: int = 7) -> Motion:
        return rescheduling.propose(
            self.session,
            actor or self.officer,
            self.place.id,
            Event.EXTEND,
            reason="มีผู้ขอเวลาเพิ่ม",
            closes_at=(self.place.closes_at or now()) + timedelta(days=days),
        )


@pytest.fixture
def office(session: Session, keyring: Keyring) -> Office:
    return Office(session, keyring)


def test_a_deadline_moves_only_once_another_person_approves(
    session: Session, office: Office
) -> None:
    before = office.place.closes_at
    motion = office.propose_later()
    assert (office.place.stage, office.place.closes_at) == (Stage.OPEN, before)
    assert open_motions(session, [office.place.id]) == [motion]

    rescheduling.approve(session, office.approver, motion)

    assert (office.place.stage, office.place.closes_at) == (Stage.EXTENDED, motion.closes_at)
    change = session.scalars(select(StageChange)).one()
    assert (change.reason, change.by_role) == ("มีผู้ขอเวลาเพิ่ม", "approver")
    assert open_motions(session, [office.place.id]) == []


def test_nobody_decides_their_own_proposal(session: Session, office: Office) -> None:
    motion = office.propose_later(office.approver)
    with pytest.raises(NotAllowedError, match="own_work"):
        rescheduling.approve(session, office.approver, motion)
    with pytest.raises(NotAllowedError, match="own_work"):
        rescheduling.refuse(session, office.approver, motion, reason="x")
    rescheduling.approve(session, office.second, motion)


def test_an_officer_and_other_agencies_do_not_decide(
    session: Session, office: Office, keyring: Keyring
) -> None:
    motion = office.propose_later()
    other = make_actor(session, keyring, Role.OFFICER, agency=office.agency)
    stranger = make_actor(session, keyring, Role.APPROVER, agency=make_agency(session))
    with pytest.raises(NotAllowedError, match="approver_needed"):
        rescheduling.approve(session, other, motion)
    with pytest.raises(NotAllowedError):
        rescheduling.approve(session, stranger, motion)


@pytest.mark.parametrize("tail", ["+two", ""])
def test_two_accounts_of_one_mailbox_are_one_person(
    session: Session, office: Office, keyring: Keyring, tail: str
) -> None:
    motion = office.propose_later()
    address = keyring.open_email(session.get_one(Account, office.officer.account_id).email_sealed)
    name, _, host = address.partition("@")
    twin = session.get_one(Account, office.approver.account_id)
    twin.email_sealed = keyring.seal_email(f"{name.upper()}{tail}@{host}")
    session.flush()
    with pytest.raises(NotAllowedError, match="own_work"):
        rescheduling.approve(session, office.approver, motion)


def test_one_person_with_two_accounts_does_not_publish_alone(
    session: Session, office: Office, keyring: Keyring
) -> None:
    office.place.stage = Stage.IN_REVIEW
    office.place.submitted_by_id = office.officer.account_id
    address = keyring.open_email(session.get_one(Account, office.officer.account_id).email_sealed)
    twin = session.get_one(Account, office.approver.account_id)
    twin.email_sealed = keyring.seal_email(address.replace("@", "+2@"))
    session.flush()
    with pytest.raises(NotAllowedError, match="own_work"):
        convening.take_step(session, office.approver, office.place.id, Event.APPROVE)


@pytest.mark.parametrize("event", [Event.EXTEND, Event.CLOSE])
def test_no_one_person_takes_the_step_alone(session: Session, office: Office, event: Event) -> None:
    with pytest.raises(NotAllowedError, match="second_needed"):
        convening.take_step(session, office.approver, office.place.id, event, reason="x")


def test_a_proposal_is_stale_once_the_closing_was_moved(session: Session, office: Office) -> None:
    early = rescheduling.propose(
        session, office.officer, office.place.id, Event.CLOSE, reason="น้ำท่วม"
    )
    rescheduling.approve(session, office.approver, office.propose_later())
    assert early.state is MotionState.STALE
    with pytest.raises(ConflictError, match=r"motion\.decided"):
        rescheduling.approve(session, office.approver, early)


def test_a_proposal_is_stale_once_the_time_is_over(session: Session, office: Office) -> None:
    motion = office.propose_later()
    office.place.closes_at = now() - timedelta(minutes=1)
    session.flush()
    with pytest.raises(ConflictError, match=r"motion\.stale"):
        rescheduling.approve(session, office.approver, motion)


def test_a_refusal_needs_a_reason_and_ends_the_proposal(session: Session, office: Office) -> None:
    motion = office.propose_later()
    with pytest.raises(InvalidError, match=r"reason\.needed"):
        rescheduling.refuse(session, office.approver, motion, reason=" ")
    rescheduling.refuse(session, office.approver, motion, reason="ประกาศไว้แล้ว")
    assert (motion.state, motion.refusal) == (MotionState.REFUSED, "ประกาศไว้แล้ว")
    with pytest.raises(ConflictError, match=r"motion\.decided"):
        rescheduling.approve(session, office.approver, motion)
    assert office.place.stage is Stage.OPEN


def test_the_same_is_proposed_once_and_another_day_takes_its_place(
    session: Session, office: Office
) -> None:
    first = office.propose_later()
    with pytest.raises(ConflictError, match=r"motion\.waiting"):
        office.propose_later()
    office.place.closes_at = (office.place.closes_at or now()) + timedelta(days=1)
    session.flush()
    second = office.propose_later()
    assert first.state is MotionState.STALE
    assert open_motions(session, [office.place.id]) == [second]


def test_proposal_and_decision_stand_in_the_ledger_without_words(
    session: Session, office: Office
) -> None:
    rescheduling.approve(session, office.approver, office.propose_later())
    rows = session.scalars(select(LedgerEntry).order_by(LedgerEntry.id)).all()
    assert [row.action for row in rows] == [
        "motion.proposed",
        "motion.approved",
        "consultation.extend",
    ]
    assert json.loads(rows[0].content)["roles"] == ["officer", "participant"]
    assert json.loads(rows[1].content)["roles"] == ["approver", "participant"]
    assert not any("มีผู้ขอ" in row.content for row in rows)


def test_data_leave_the_site_only_by_two_peoples_will(session: Session, office: Office) -> None:
    with pytest.raises(InvalidError, match=r"reason\.needed"):
        data_files.propose_export(session, office.officer, office.place.id, reason="")
    motion = data_files.propose_export(session, office.officer, office.place.id, reason="รายงาน")
    with pytest.raises(NotFoundError):
        data_files.finished(session, office.place.id, 1)
    made = data_files.approve_export(session, office.approver, motion)
    assert made.requested_by_id == office.officer.account_id


def test_a_proposal_holds_when_the_opening_was_not_logged_before_it(
    session: Session, office: Office
) -> None:
    """The announced time opens; the job that logs the step may come at any moment after it."""
    office.place.stage = Stage.SCHEDULED
    session.flush()
    motion = office.propose_later()
    assert office.place.stage is Stage.OPEN
    rescheduling.approve(session, office.approver, motion)
    assert office.place.stage is Stage.EXTENDED
    steps = session.scalars(select(StageChange.event).order_by(StageChange.id)).all()
    assert list(steps)[-2:] == ["open", "extend"]
