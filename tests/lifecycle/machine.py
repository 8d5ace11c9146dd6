"""A state machine that tries anything, as anybody, at any moment."""

import shutil
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import time_machine
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import create_engine

from consultations.lifecycle import Event, allowed_events
from consultations.models import Choice, Stage
from core.database import prepare_engine
from core.keyring import Keyring
from tests.lifecycle import acts, invariants
from tests.lifecycle.beginnings import BEGINNINGS, answer_everything, bring_to, go_on
from tests.lifecycle.world import (
    AGENCY_STAFF,
    BEGIN,
    CITIZENS,
    MODERATORS,
    World,
    begin,
)

#: Half of the tries are by somebody who may; the others by anybody.
STAFF = st.one_of(
    st.sampled_from(("officer", "approver")), st.sampled_from((*AGENCY_STAFF, *MODERATORS))
)
JUDGES = st.one_of(st.sampled_from(("moderator", "senior")), st.sampled_from(MODERATORS))
WHO = st.integers(0, CITIZENS - 1)
PLACE = st.integers(0, 9)
REASON = st.sampled_from(("มีเหตุผล", "", " "))
SPANS = st.sampled_from([timedelta(hours=h) for h in (1, 23, 24, 72, 168, 200, 400)])
UNDER_WAY = (Stage.SCHEDULED, Stage.OPEN, Stage.EXTENDED)


class LifeCycle(RuleBasedStateMachine):
    """One consultation, from its preparation or from a later stage on."""

    template: ClassVar[Path]
    keyring: ClassVar[Keyring]
    #: Over all plays: acts done, refusals given, stages reached, and steps in all.
    totals: ClassVar[dict[str, Counter[str]]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="lifecycle"))
        shutil.copy(self.template, self.folder / "site.db")
        self.engine = prepare_engine(create_engine(f"sqlite:///{self.folder / 'site.db'}"))
        self.travel = time_machine.travel(BEGIN, tick=False)
        self.world: World = begin(self.engine, self.keyring, self.travel.start())

    def teardown(self) -> None:
        try:
            found = invariants.broken_at_the_end(self.world)
            assert found == [], found
        finally:
            self._count()
            self.world.session.close()
            self.engine.dispose()
            self.travel.stop()
            shutil.rmtree(self.folder)

    def _count(self) -> None:
        stage = self.world.consultation.stage
        for name, counted in (
            ("done", self.world.done),
            ("refused", self.world.refused),
            ("ended at", Counter({stage.value: 1})),
        ):
            self.totals.setdefault(name, Counter()).update(counted)

    @property
    def stage(self) -> Stage:
        return self.world.consultation.stage

    @invariant()
    def everything_holds(self) -> None:
        found = invariants.broken(self.world)
        assert found == [], found

    @initialize(stage=st.sampled_from(BEGINNINGS))
    def begin(self, stage: Stage) -> None:
        bring_to(self.world, stage)

    # The life cycle

    @rule(who=STAFF, place=PLACE, reason=REASON)
    def take_a_step(self, who: str, place: int, reason: str) -> None:
        allowed = allowed_events(self.stage) or list(Event)
        acts.step(self.world, self.world.people[who], allowed[place % len(allowed)], reason)

    @rule(who=STAFF, event=st.sampled_from(Event), reason=REASON)
    def take_any_step(self, who: str, event: Event, reason: str) -> None:
        acts.step(self.world, self.world.people[who], event, reason)

    @rule(really=st.integers(0, 3))
    def do_what_is_right(self, really: int) -> None:
        if really == 0:
            for _ in go_on(self.world):
                pass

    @precondition(lambda self: self.stage is Stage.ANSWERING)
    @rule(really=st.integers(0, 3))
    def answer_everything(self, really: int) -> None:
        if really == 0:
            for _ in answer_everything(self.world):
                pass

    @rule(span=SPANS)
    def let_time_pass(self, span: timedelta) -> None:
        self.world.pass_time(span)

    @precondition(lambda self: self.stage in UNDER_WAY)
    @rule(who=STAFF, event=st.sampled_from((Event.EXTEND, Event.CLOSE)), days=st.integers(-3, 9))
    def propose_another_date(self, who: str, event: Event, days: int) -> None:
        acts.propose_date(self.world, self.world.people[who], event, days)

    @rule(who=STAFF, approve=st.booleans())
    def decide_what_is_proposed(self, who: str, approve: bool) -> None:
        acts.decide_motion(self.world, self.world.people[who], approve)

    # What people do

    @rule(who=WHO, clause=PLACE, wording=st.booleans())
    def comment(self, who: int, clause: int, wording: bool) -> None:
        acts.comment(self.world, who, clause, wording)

    @rule(who=WHO, place=PLACE)
    def edit(self, who: int, place: int) -> None:
        acts.edit(self.world, who, place)

    @rule(who=WHO, place=PLACE)
    def withdraw(self, who: int, place: int) -> None:
        acts.withdraw(self.world, who, place)

    @rule(who=STAFF, place=PLACE)
    def reply_for_an_office(self, who: str, place: int) -> None:
        acts.reply(self.world, self.world.people[who], place)

    @rule(who=WHO, place=PLACE)
    def support(self, who: int, place: int) -> None:
        acts.support(self.world, who, place)

    @rule(who=WHO, place=PLACE, choice=st.sampled_from(Choice))
    def vote(self, who: int, place: int, choice: Choice) -> None:
        statements = self.world.statements()
        acts.vote(self.world, who, statements[place % len(statements)], choice)

    @rule(who=WHO, clause=PLACE, choice=st.sampled_from(Choice))
    def vote_on_a_clause(self, who: int, clause: int, choice: Choice) -> None:
        acts.clause_vote(self.world, who, clause, choice)

    @rule(who=WHO, place=PLACE)
    def flag(self, who: int, place: int) -> None:
        acts.flag(self.world, who, place)

    @rule(who=WHO, place=PLACE)
    def erase_words(self, who: int, place: int) -> None:
        acts.erase_words(self.world, who, place)

    @precondition(lambda self: self.world.done["comment"] > 3)
    @rule(who=WHO, really=st.integers(0, 4))
    def erase_everything(self, who: int, really: int) -> None:
        if really == 0:
            acts.erase_everything(self.world, who)

    # What moderators do

    @rule(who=JUDGES, place=PLACE, kind=st.sampled_from(("publish", "hold", "hide", "hide")))
    def moderate(self, who: str, place: int, kind: str) -> None:
        acts.moderate(self.world, self.world.people[who], place, kind)

    @rule(who=WHO, place=PLACE)
    def appeal(self, who: int, place: int) -> None:
        acts.appeal(self.world, who, place)

    @rule(who=JUDGES, outcome=st.sampled_from(("upheld", "reversed")))
    def answer_the_appeal(self, who: str, outcome: str) -> None:
        acts.answer_appeal(self.world, self.world.people[who], outcome)

    # The summary and its check

    @precondition(lambda self: self.stage in (Stage.CLOSED, Stage.SUMMARY, Stage.RATIFICATION))
    @rule(who=STAFF)
    def prepare_a_summary(self, who: str) -> None:
        acts.summarise(self.world, self.world.people[who])

    @precondition(lambda self: self.stage in (Stage.SUMMARY, Stage.RATIFICATION))
    @rule(who=STAFF, place=PLACE, reason=REASON)
    def leave_a_sentence_out(self, who: str, place: int, reason: str) -> None:
        acts.leave_out(self.world, self.world.people[who], place, reason)

    @precondition(lambda self: self.stage in (Stage.SUMMARY, Stage.RATIFICATION))
    @rule(who=STAFF)
    def publish_the_summary(self, who: str) -> None:
        acts.publish_summary(self.world, self.world.people[who])

    @precondition(lambda self: self.stage in (Stage.SUMMARY, Stage.RATIFICATION, Stage.ANSWERING))
    @rule(who=WHO, place=PLACE, verdict=st.sampled_from(("reflects", "misses", "wrong")))
    def check_a_sentence(self, who: int, place: int, verdict: str) -> None:
        acts.check(self.world, who, place, verdict)

    @precondition(lambda self: self.stage in (Stage.SUMMARY, Stage.RATIFICATION, Stage.ANSWERING))
    @rule(who=WHO)
    def dissent(self, who: int) -> None:
        acts.dissent(self.world, who)

    # Answers, and what they change

    @precondition(lambda self: self.stage in (Stage.RATIFICATION, Stage.ANSWERING))
    @rule(who=STAFF, reason=REASON)
    def answer(self, who: str, reason: str) -> None:
        acts.answer(self.world, self.world.people[who], None, reason)

    @precondition(lambda self: self.stage in (Stage.RATIFICATION, Stage.ANSWERING))
    @rule(who=STAFF, place=PLACE)
    def approve_an_answer(self, who: str, place: int) -> None:
        acts.approve_answer(self.world, self.world.people[who], place)

    @precondition(lambda self: self.stage is Stage.ANSWERING)
    @rule(who=STAFF)
    def propose_to_publish_the_answers(self, who: str) -> None:
        acts.propose_answers(self.world, self.world.people[who])

    @precondition(lambda self: self.stage is Stage.ANSWERING)
    @rule(who=STAFF, clause=PLACE, because=st.booleans())
    def change_a_clause(self, who: str, clause: int, because: bool) -> None:
        acts.change_clause(self.world, self.world.people[who], clause, because)

    @precondition(lambda self: self.stage is Stage.ANSWERING)
    @rule(who=STAFF)
    def publish_the_next_draft(self, who: str) -> None:
        acts.publish_draft(self.world, self.world.people[who])
