"""A walk at random through the life of a consultation: no illegal step ever succeeds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from consultations import convening
from consultations.announcement import Announcement
from consultations.lifecycle import Event, allowed_events
from consultations.models import (
    DraftState,
    Finding,
    Kind,
    OfficialResponse,
    ResponseState,
    Section,
    Stage,
    StageChange,
    Theme,
)
from core.actor import Actor, Role, system_actor
from core.database import Base, prepare_engine
from core.errors import PlatformError
from core.keyring import Keyring
from core.ledger import LedgerEntry
from tests.consultations.published_summary import make_response, make_summary
from tests.factories import make_actor, make_agency, make_draft

START = datetime(2026, 11, 1, 2, tzinfo=UTC)
KEYRING = Keyring(b"a secret for a walk at random, long enough")
ENGINE = prepare_engine(create_engine("sqlite://"))
Base.metadata.create_all(ENGINE)

#: Written here once more, so that the walk does not check the machine against itself.
ARROWS = {
    ("preparing", "submit", "in_review"),
    ("in_review", "send_back", "preparing"),
    ("in_review", "approve", "scheduled"),
    ("scheduled", "open", "open"),
    ("open", "extend", "extended"),
    ("extended", "extend", "extended"),
    ("open", "close", "closed"),
    ("extended", "close", "closed"),
    ("closed", "summarise", "summary"),
    ("summary", "ratify", "ratification"),
    ("ratification", "answer", "answering"),
    ("answering", "next_round", "scheduled"),
    ("answering", "conclude", "concluded"),
    ("concluded", "monitor", "monitoring"),
    ("concluded", "archive", "archived"),
    ("monitoring", "archive", "archived"),
}
OFFICERS = {"submit"}
ANY_STAFF = {"summarise", "ratify", "answer"}
REASONED = {"send_back", "extend", "close", "next_round"}


class Life(RuleBasedStateMachine):
    """Five people try steps in any order while the days pass."""

    @initialize(kind=st.sampled_from([Kind.BILL, Kind.PRINCIPLE]), first=st.sampled_from(Stage))
    def begin(self, kind: Kind, first: Stage) -> None:
        self.time = START
        self.session = Session(ENGINE, expire_on_commit=False)
        with self.clock():
            ours, theirs = make_agency(self.session), make_agency(self.session)
            self.people = {
                "officer": self.person(Role.OFFICER, agency=ours),
                "approver": self.person(Role.APPROVER, agency=ours),
                "both": self.person(Role.OFFICER, Role.APPROVER, agency=ours),
                "neighbour": self.person(Role.OFFICER, Role.APPROVER, agency=theirs),
                "citizen": self.person(),
            }
            self.agency_id = ours.id
            announcement = Announcement(
                kind,
                "ร่าง",
                summary_th="สรุป",
                scope_th="ขอบเขต",
                opens_at=START + timedelta(days=3),
                closes_at=START + timedelta(days=20),
            )
            self.consultation = convening.create(
                self.session, self.people["officer"], "walk", announcement
            )
            make_draft(self.session, self.consultation, state=DraftState.WORKING)
            self.consultation.stage = first  # a walk from the start alone would rarely get far
            self.consultation.submitted_by_id = self.people["both"].account_id
            self.session.flush()
        self.first = first
        self.drafts = 1
        self.latest: list[Finding | Theme] = []

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.rollback()
            self.session.close()

    def person(self, *roles: Role, **agency: object) -> Actor:
        return make_actor(self.session, KEYRING, *roles, **agency)

    @contextmanager
    def clock(self) -> Iterator[None]:
        with time_machine.travel(self.time, tick=False):
            yield

    @rule(days=st.sampled_from([0, 1, 3, 10, 17]))
    def days_pass(self, days: int) -> None:
        self.time += timedelta(days=days)

    @rule()
    def the_clock_is_logged(self) -> None:
        with self.clock():
            convening.advance_due(self.session, system_actor())

    @rule()
    def a_summary_is_published(self) -> None:
        with self.clock():
            _, findings, themes = make_summary(
                self.session, self.consultation, [Section.COMMON_GROUND], themes=1
            )
            self.latest = [*findings, *themes]

    @rule()
    def everything_is_answered(self) -> None:
        with self.clock():
            for item in self.unanswered():
                make_response(self.session, self.consultation, item)

    @rule()
    def a_new_draft_is_published(self) -> None:
        with self.clock():
            self.drafts += 1
            make_draft(self.session, self.consultation, number=self.drafts)

    @rule(
        who=st.sampled_from(["officer", "approver", "both", "neighbour", "citizen"]),
        event=st.sampled_from(Event),
        reason=st.sampled_from(["", " ", "เพราะ"]),
        days=st.sampled_from([-1, 5, 30]),
    )
    def someone_tries_anything(self, who: str, event: Event, reason: str, days: int) -> None:
        self.attempt(self.people[who], event, reason, days)

    @rule(
        who=st.sampled_from(["approver", "both", "officer"]),
        choice=st.integers(0, 2),
        reason=st.sampled_from(["เพราะ", ""]),
        days=st.sampled_from([5, 30]),
    )
    def the_agency_tries_what_comes_next(
        self, who: str, choice: int, reason: str, days: int
    ) -> None:
        events = allowed_events(self.consultation.stage) or [Event.SUBMIT]
        self.attempt(self.people[who], events[choice % len(events)], reason, days)

    def attempt(self, actor: Actor, event: Event, reason: str, days: int) -> None:
        before = self.consultation.stage
        with self.clock():
            try:
                with self.session.begin_nested():
                    change = convening.take_step(
                        self.session,
                        actor,
                        self.consultation.id,
                        event,
                        reason=reason,
                        opens_at=self.time + timedelta(days=days),
                        closes_at=self.time + timedelta(days=days + 20),
                    )
            except PlatformError:
                assert self.consultation.stage is before
                return
        self.check(actor, change, reason)

    def check(self, actor: Actor, change: StageChange, reason: str) -> None:
        """Everything that must have been so for the step to succeed."""
        event = change.event
        wanted = {Role.OFFICER} if event in OFFICERS else {Role.APPROVER}
        if event in ANY_STAFF:
            wanted = {Role.OFFICER, Role.APPROVER}
        assert event != "open"
        assert actor.agency_id == self.agency_id
        assert actor.roles & wanted
        assert reason.strip() or event not in REASONED
        if event == "approve":
            assert actor.account_id != self.consultation.submitted_by_id
        if event in ("approve", "next_round"):
            assert self.time < self.consultation.opens_at < self.consultation.closes_at
        if event == "extend":
            assert self.consultation.closes_at > self.time
        if event == "conclude":
            assert reason.strip() or not self.unanswered()

    def unanswered(self) -> list[Finding | Theme]:
        answered = self.session.scalars(
            select(OfficialResponse).where(OfficialResponse.state == ResponseState.PUBLISHED)
        ).all()
        findings = {answer.finding_id for answer in answered}
        themes = {answer.theme_id for answer in answered}
        return [
            item
            for item in self.latest
            if item.id not in (findings if isinstance(item, Finding) else themes)
        ]

    @invariant()
    def the_log_is_an_unbroken_path_to_the_present_stage(self) -> None:
        if not hasattr(self, "consultation"):
            return
        changes = self.session.scalars(select(StageChange).order_by(StageChange.id)).all()
        stage = self.first
        for change in changes:
            assert change.from_stage is stage
            assert (stage.value, change.event, change.to_stage.value) in ARROWS
            stage = change.to_stage
        assert self.consultation.stage is stage
        logged = self.session.scalars(select(LedgerEntry.action)).all()
        steps = [f"consultation.{change.event}" for change in changes]
        others = {"consultation.created", "draft.published"}
        assert [action for action in logged if action not in others] == steps


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
