"""What is kept goes in time: the inventory is whole, and after a run nothing is overdue."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clockwork, jobs, upkeep
from app.inventory import CLASSES, inventory, record_of_processing
from consultations import data_files
from consultations.drafting import previewing
from consultations.models import Consultation, DataExport, ParticipationKey, Stage, StageChange
from core import erasures, throttle
from core.accounts import registering
from core.accounts.activity import AccountActivity
from core.accounts.models import Account
from core.actor import Actor, Role
from core.clock import BANGKOK, now
from core.database import Base
from core.erasures import ErasedKind
from core.jobs import Job, JobState
from core.keyring import Keyring
from core.mailing.models import OutgoingMail
from core.notices import Notice, notify
from core.retention import RetentionRun
from core.throttle import Attempt
from tests.factories import joined, make_actor, make_agency, make_consultation

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def rows(app: Flask) -> Iterator[Session]:
    with Session(app.extensions["sqlalchemy"].engine, expire_on_commit=False) as opened:
        yield opened


def count(rows: Session, table: type[Base]) -> int:
    rows.rollback()
    found = rows.scalar(select(func.count()).select_from(table)) or 0
    rows.rollback()
    return found


def later(days: int) -> time_machine.travel:
    return time_machine.travel(now() + timedelta(days=days), tick=False)


def test_every_table_and_column_is_in_the_inventory_once() -> None:
    found = {table.name: table for table in inventory().tables}
    assert set(found) == set(Base.metadata.tables)
    for name, table in Base.metadata.tables.items():
        listed = [column for kind in CLASSES for column in found[name].columns[kind]]
        assert sorted(listed) == sorted(table.c.keys()), name


def test_every_group_says_why_on_which_ground_and_for_how_long_in_both_languages() -> None:
    used = {table.group for table in inventory().tables}
    assert used == {group.key for group in inventory().groups}
    for group in inventory().groups:
        assert all(vars(group).values()), group.key
    for table in inventory().tables:
        holds_people = any(table.columns[kind] for kind in ("personal", "link", "words", "opinion"))
        is_personal = table.group in {group.key for group in inventory().personal}
        assert is_personal or not holds_people, table.name


def test_what_is_deleted_by_days_names_a_column_that_is_there() -> None:
    for rule in inventory().rules:
        assert {rule.since, *rule.only} <= set(Base.metadata.tables[rule.table].c.keys())


def test_the_inventory_agrees_with_what_is_tidied_more_often() -> None:
    days = {
        rule.table: rule.days
        for rule in inventory().rules
        if "dead" not in rule.only.get("state", ())
    }
    assert days["data_export"] == data_files.KEPT.days
    assert days["import_preview"] == previewing.KEPT.days
    assert days["job"] == clockwork.KEEP_DONE.days
    assert days["erasure"] == upkeep.KEPT.days


def plant(rows: Session, keyring: Keyring) -> Consultation:
    """Leave something behind in every table that is cleared, and an idle account."""
    agency = make_agency(rows)
    place = make_consultation(rows, keyring, agency=agency, stage=Stage.CONCLUDED)
    rows.add(
        StageChange(
            consultation_id=place.id,
            event="conclude",
            from_stage=Stage.ANSWERING,
            to_stage=Stage.CONCLUDED,
            by_role="approver",
            changed_at=now(),
        )
    )
    place.stage = Stage.OPEN
    person = joined(rows, make_actor(rows, keyring), place)
    place.stage = Stage.CONCLUDED
    notify(rows, person.id, "x.y")
    rows.add(throttle.Attempt(key="x", window_start=now(), count=1))
    erasures.note(rows, ErasedKind.PARTICIPANT, "f" * 32)
    rows.add(OutgoingMail(sealed="x", due_at=now()))
    rows.add(DataExport(consultation_id=place.id, requested_at=now()))
    rows.add(
        Job(
            name="x",
            payload={},
            state=JobState.DEAD,
            run_at=now(),
            enqueued_at=now(),
            ended_at=now(),
        )
    )
    registering.register(rows, keyring, email="idle@example.org", password="a long password")
    make_actor(rows, keyring, Role.OFFICER, agency=agency)
    rows.commit()
    return place


@pytest.mark.parametrize("days", [3, 91, 181, 25 * 31, 26 * 31])
def test_nothing_is_overdue_after_a_run(
    rows: Session, keyring: Keyring, app: Flask, days: int
) -> None:
    plant(rows, keyring)
    with later(days):
        assert sum(upkeep.overdue().values()) > 0
        upkeep.retain()
        assert sum(upkeep.overdue().values()) == 0


def test_each_thing_goes_in_its_time(rows: Session, keyring: Keyring, app: Flask) -> None:
    plant(rows, keyring)
    upkeep.retain()
    assert (count(rows, Attempt), count(rows, DataExport)) == (1, 1)
    with later(8):
        upkeep.retain()
    assert (count(rows, Attempt), count(rows, DataExport)) == (0, 0)
    assert (count(rows, Job), count(rows, OutgoingMail)) == (1, 1)
    with later(91):
        upkeep.retain()
    assert count(rows, Job) == 0
    assert (count(rows, ParticipationKey), count(rows, Notice)) == (1, 1)
    with later(181):
        upkeep.retain()
    assert count(rows, ParticipationKey) == 0
    assert rows.scalars(select(Consultation.sealed_key)).all() == [None]
    assert count(rows, Notice) == 1


def test_an_idle_account_is_told_first_and_closed_a_month_later(
    rows: Session, keyring: Keyring, app: Flask
) -> None:
    plant(rows, keyring)
    accounts = count(rows, Account)
    with later(730):
        removed = upkeep.retain()
        assert (removed["account.warned"], removed["account.closed"]) == (2, 0)
        assert upkeep.retain()["account.warned"] == 0
    assert count(rows, Account) == accounts
    assert count(rows, OutgoingMail) == 2
    with later(761):
        assert upkeep.retain()["account.closed"] == 2
    # The officer's account is ended by those who gave it its role.
    assert count(rows, Account) == 1


def test_who_signs_in_keeps_the_account(
    rows: Session, keyring: Keyring, app: Flask, client: FlaskClient
) -> None:
    form = {"email": "kept@example.org", "password": "a long password"}
    registering.register(rows, keyring, **form)
    rows.commit()
    with later(735):
        upkeep.retain()
        assert client.post("/accounts/sign-in", data=form).status_code == 303
    rows.rollback()
    activity = rows.scalars(select(AccountActivity)).one()
    assert activity.warned_on is None
    rows.rollback()
    with later(770):
        assert upkeep.retain()["account.closed"] == 0


def test_the_clock_asks_once_a_night_and_the_job_leaves_a_report(rows: Session, app: Flask) -> None:
    night = now().astimezone(BANGKOK).replace(hour=4) + timedelta(days=1)
    with time_machine.travel(night, tick=False):
        clockwork.sweep()
        clockwork.sweep()
        assert jobs.run_all() == 1
    rows.rollback()
    run = rows.scalars(select(RetentionRun)).one()
    assert run.run_on == night.date()
    assert sum(run.overdue.values()) == 0


def test_administrators_see_the_report_and_take_the_record_of_processing(
    rows: Session, keyring: Keyring, app: Flask, client_of: Callable[[Actor], FlaskClient]
) -> None:
    actor = make_actor(rows, keyring, Role.ADMINISTRATOR)
    plant(rows, keyring)
    client = client_of(actor)
    assert "It has not run yet." in client.get("/administration/retention", headers=ENGLISH).text
    upkeep.retain()
    shown = client.get("/administration/retention", headers=ENGLISH).text
    assert "Nothing is overdue" in shown
    record = client.get("/administration/processing.json").get_json()
    assert record == record_of_processing()
    assert "email_sealed" in str(record)
    with later(20):
        again = client_of(actor)
        late = again.get("/administration/retention", headers=ENGLISH).text
    assert "data_export.requested_at" in late


def test_the_command_prints_what_it_deleted(rows: Session, keyring: Keyring, app: Flask) -> None:
    plant(rows, keyring)
    with later(8):
        output = app.test_cli_runner().invoke(args=["rights", "retain"]).output
    assert "data_export.requested_at: 1 rows" in output
    assert "overdue: 0" in output


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_privacy_page_is_made_from_the_inventory(client: FlaskClient, language: str) -> None:
    page = client.get("/privacy", headers={"Accept-Language": language}).text
    for group in inventory().personal:
        for field in ("title", "purpose", "period"):
            assert getattr(group, f"{field}_{language}") in page.replace("&#39;", "'")
