"""Where a play begins: what an agency that does everything right has reached by then."""

from datetime import timedelta

from consultations.lifecycle import Event
from consultations.models import Choice, Stage
from tests.lifecycle import acts
from tests.lifecycle.world import World

#: Stages at which a play can begin.
BEGINNINGS = (Stage.PREPARING, Stage.OPEN, Stage.CLOSED, Stage.RATIFICATION, Stage.ANSWERING)


def bring_to(world: World, stage: Stage) -> None:
    """Lead a consultation that is prepared to a stage."""
    place = BEGINNINGS.index(stage)
    for lead in (_open, _close, _let_check, _begin_answers)[:place]:
        lead(world)
    assert world.consultation.stage is stage


def conclude(world: World, reason: str = "") -> None:
    """Lead a consultation that is being answered to its end: answered, or with a reason."""
    officer, approver = world.people["officer"], world.people["approver"]
    if not reason:
        while acts.answer(world, officer, None, "เพราะเห็นด้วย") == "":
            _must(acts.approve_answer(world, approver, 0))
        _must(acts.propose_answers(world, officer))
        _must(acts.decide_motion(world, approver, approve=True))
    _must(acts.step(world, approver, Event.CONCLUDE, reason))


def _open(world: World) -> None:
    _must(acts.step(world, world.people["officer"], Event.SUBMIT, ""))
    _must(acts.step(world, world.people["approver"], Event.APPROVE, ""))
    world.pass_time(timedelta(days=2, hours=1))


def _close(world: World) -> None:
    for who in range(4):
        _must(acts.comment(world, who, who, wording=who == 1))
        _must(acts.vote(world, who, world.statements()[who % 3], Choice.AGREE))
    world.pass_time(timedelta(days=20))


def _let_check(world: World) -> None:
    officer = world.people["officer"]
    _must(acts.step(world, officer, Event.SUMMARISE, ""))
    _must(acts.summarise(world, officer))
    _must(acts.publish_summary(world, world.people["approver"]))
    _must(acts.step(world, officer, Event.RATIFY, ""))


def _begin_answers(world: World) -> None:
    world.pass_time(timedelta(days=9))
    _must(acts.step(world, world.people["officer"], Event.ANSWER, ""))


def _must(refusal: str) -> None:
    assert refusal == "", refusal
