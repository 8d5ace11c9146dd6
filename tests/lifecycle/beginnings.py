"""What an agency that does everything right does at each stage."""

from collections.abc import Iterator
from datetime import timedelta

from consultations.lifecycle import Event
from consultations.models import Choice, Stage
from tests.lifecycle import acts
from tests.lifecycle.world import World

#: Stages at which a play can begin.
BEGINNINGS = (Stage.PREPARING, Stage.OPEN, Stage.CLOSED, Stage.RATIFICATION, Stage.ANSWERING)


def bring_to(world: World, stage: Stage) -> None:
    """Lead a consultation that is prepared to a stage."""
    while world.consultation.stage is not stage:
        refusals = [each for each in go_on(world) if each]
        assert refusals == []


def go_on(world: World) -> Iterator[str]:
    """Do what the stage asks for, as far as the rules let; yield why each act was refused."""
    stage = world.consultation.stage
    officer, approver = world.people["officer"], world.people["approver"]
    if stage is Stage.PREPARING:
        yield acts.step(world, officer, Event.SUBMIT, "")
        yield acts.step(world, approver, Event.APPROVE, "")
        world.pass_time(timedelta(days=2, hours=1))
    elif stage in (Stage.SCHEDULED, Stage.OPEN, Stage.EXTENDED):
        for who in range(4):
            yield acts.comment(world, who, who, wording=who == 1)
            yield acts.vote(world, who, world.statements()[who % 3], Choice.AGREE)
        world.pass_time(timedelta(days=20))
    elif stage in (Stage.CLOSED, Stage.SUMMARY):
        if stage is Stage.CLOSED:
            yield acts.step(world, officer, Event.SUMMARISE, "")
        yield acts.summarise(world, officer)
        yield acts.publish_summary(world, approver)
        yield acts.step(world, officer, Event.RATIFY, "")
    elif stage is Stage.RATIFICATION:
        world.pass_time(timedelta(days=9))
        yield acts.step(world, officer, Event.ANSWER, "")


def answer_everything(world: World) -> Iterator[str]:
    """Answer all items, and publish the answers."""
    officer, approver = world.people["officer"], world.people["approver"]
    while acts.answer(world, officer, None, "เพราะเห็นด้วย") == "":
        yield acts.approve_answer(world, approver, 0)
    yield acts.propose_answers(world, officer)
    yield acts.decide_motion(world, approver, approve=True)


def conclude(world: World, reason: str = "") -> None:
    """Lead a consultation that is being answered to its end: answered, or with a reason."""
    refusals = [] if reason else [each for each in answer_everything(world) if each]
    assert refusals == []
    assert acts.step(world, world.people["approver"], Event.CONCLUDE, reason) == ""
