"""No order of acts, by anybody, breaks what the dialogue rests on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import create_engine, text

from consultations.models import Stage
from core.database import prepare_engine
from core.keyring import Keyring
from tests.databases import sqlite_copy
from tests.lifecycle import invariants
from tests.lifecycle.beginnings import bring_to, conclude
from tests.lifecycle.plays import run_plays
from tests.lifecycle.world import BEGIN, World, begin

#: A change of a clause that names neither a response nor a reason.
UNEXPLAINED = (
    "INSERT INTO change_cause (draft_id, clause_key, note_th, note_en) VALUES (1, 'x', '', '')"
)


@pytest.fixture
def world(sqlite_template: Path, keyring: Keyring, tmp_path: Path) -> Iterator[World]:
    """A consultation that waits for its answers."""
    with sqlite_copy(sqlite_template, tmp_path) as url:
        engine = prepare_engine(create_engine(url))
        with time_machine.travel(BEGIN, tick=False) as clock:
            made = begin(engine, keyring, clock)
            bring_to(made, Stage.ANSWERING)
            yield made
            made.session.close()
        engine.dispose()


def test_nothing_that_anybody_tries_breaks_what_must_hold(
    sqlite_template: Path, keyring: Keyring
) -> None:
    run_plays(sqlite_template, keyring, seed=1, plays=5, length=80)


def test_a_dialogue_that_goes_right_breaks_nothing(world: World) -> None:
    conclude(world)
    assert invariants.broken_at_the_end(world) == []


def test_a_conclusion_with_items_unanswered_needs_its_reason(world: World) -> None:
    conclude(world, reason="หมดอายุรัฐบาล")
    assert invariants.broken_at_the_end(world) == []
    world.session.execute(text("UPDATE stage_change SET reason = '' WHERE event = 'conclude'"))
    assert invariants.broken(world) == ["concluded with 3 items unanswered and no reason"]


@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        ("UPDATE official_response SET reason_th = ' '", "3 responses without a reason"),
        ("UPDATE official_response SET state = 'approved'", "concluded with 3 items unanswered"),
        ("UPDATE stage_change SET from_stage = 'open' WHERE event = 'ratify'", "ratify from open"),
        ("UPDATE vote SET choice = -1", "are not those acknowledged"),
        ("UPDATE statement SET agrees = 9", "the tally of statement"),
        ("UPDATE contribution SET visibility = 'hidden' WHERE id = 4", "hidden without rule"),
        ("UPDATE ledger_entry SET content = '{}' WHERE position = 2", "the ledger does not hold"),
        (
            UNEXPLAINED,
            "without response or reason",
        ),
    ],
)
def test_the_control_harm_is_noticed(world: World, harm: str, complaint: str) -> None:
    conclude(world)
    assert invariants.broken_at_the_end(world) == []
    world.session.execute(text(harm))
    world.session.commit()
    world.session.expire_all()
    assert any(complaint in each for each in invariants.broken_at_the_end(world))


def test_the_control_a_second_account_is_one_person(world: World) -> None:
    officer, second = world.people["officer"], world.people["officer-as-approver"]
    world.note_pair("answer", officer.account_id, second)
    assert invariants.broken(world) == ["self-approval: answer"]
