"""Commands: what they do, what they print, and how they refuse."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from consultations.models import Consultation, Vote
from core.accounts.models import Account
from core.keyring import Keyring
from core.ledger import LedgerEntry
from tests.consultations.test_importing import write_export
from tests.factories import make_consultation, make_participant, make_statement, make_vote

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def fresh(app: Flask) -> Session:
    return Session(app.extensions["sqlalchemy"].engine)


def make_talk(app: Flask, keyring: Keyring) -> str:
    """Make a consultation in which twelve people voted on four statements."""
    session = app.extensions["sqlalchemy"].session()
    consultation = make_consultation(session, keyring)
    statements = [make_statement(session, consultation) for _ in range(4)]
    for person in range(12):
        participant = make_participant(session, consultation)
        for place, statement in enumerate(statements):
            make_vote(session, statement, participant, 1 if (person + place) % 3 else -1)
    slug = consultation.slug
    session.commit()
    session.close()
    return slug


def test_an_agency_and_its_officer_are_created(app: Flask, runner: FlaskCliRunner) -> None:
    names = ["--name-th", "เมือง", "--name-en", "Town"]
    assert (
        "agency town created" in runner.invoke(args=["agencies", "create", "town", *names]).output
    )
    made = runner.invoke(
        args=["accounts", "create", "a@example.org", "--role", "officer", "--agency", "town"]
    )
    assert re.search(r"account a@example.org created, password \S{16}", made.output)
    with fresh(app) as session:
        assert session.scalar(select(func.count(Account.id))) == 1


def test_a_refusal_is_one_plain_line_and_status_1(runner: FlaskCliRunner) -> None:
    refused = runner.invoke(args=["accounts", "create", "a@example.org", "--role", "officer"])
    assert refused.exit_code == 1
    assert len(refused.output.strip().splitlines()) == 1


def test_a_password_is_read_from_standard_input_and_not_printed(runner: FlaskCliRunner) -> None:
    made = runner.invoke(
        args=["accounts", "create", "a@example.org", "--role", "auditor", "--password-stdin"],
        input="a long enough password\n",
    )
    assert made.output == "account a@example.org created\n"


def test_a_polis_export_is_imported_and_counted(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    write_export(folder)
    runner.invoke(args=["agencies", "create", "town", "--name-th", "ก", "--name-en", "T"])
    done = runner.invoke(
        args=["import", "polis", str(folder), "--agency", "town", "--slug", "talk", "--title", "T"]
    )
    assert "talk: 5 participants, 3 statements, 8 votes" in done.output
    with fresh(app) as session:
        assert session.scalar(select(func.count(Vote.id))) == 8


def test_a_broken_export_leaves_nothing(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    write_export(folder, votes="participant,0\n1,9\n")
    runner.invoke(args=["agencies", "create", "town", "--name-th", "ก", "--name-en", "T"])
    refused = runner.invoke(
        args=["import", "polis", str(folder), "--agency", "town", "--slug", "talk", "--title", "T"]
    )
    assert refused.exit_code == 1
    assert "participants-votes.csv: row 2" in refused.output
    with fresh(app) as session:
        assert session.scalar(select(func.count(Consultation.id))) == 0


def test_an_exported_run_is_recomputed_to_the_same_report(
    app: Flask, runner: FlaskCliRunner, keyring: Keyring, tmp_path: Path
) -> None:
    slug = make_talk(app, keyring)
    assert ": done" in runner.invoke(args=["analysis", "run", slug]).output
    folder = tmp_path / "bundle"
    assert "files written" in runner.invoke(args=["export", slug, str(folder)]).output
    about = json.loads((folder / "run.json").read_text())
    assert len(about["votes_sha256"]) == 64
    engine = [sys.executable, "-m", "analysis"]
    mine = tmp_path / "mine.json"
    names = ["--statements", str(folder / "statements.csv")]
    subprocess.run(
        [*engine, "opinions", str(folder / "votes.csv"), *names, "-o", str(mine)],
        cwd=ROOT,
        check=True,
    )
    compared = subprocess.run(
        [*engine, "compare", str(folder / "opinions.json"), str(mine)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert compared.returncode == 0, compared.stdout


def test_nothing_can_be_exported_before_a_run(
    app: Flask, runner: FlaskCliRunner, keyring: Keyring, tmp_path: Path
) -> None:
    slug = make_talk(app, keyring)
    assert runner.invoke(args=["export", slug, str(tmp_path / "x")]).exit_code == 1
    assert not (tmp_path / "x").exists()


def test_the_ledger_is_verified_against_an_anchor_kept_elsewhere(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    runner.invoke(args=["agencies", "create", "town", "--name-th", "ก", "--name-en", "T"])
    anchor = tmp_path / "anchor.txt"
    assert runner.invoke(args=["ledger", "verify", "--anchor", str(anchor)]).exit_code == 0
    with fresh(app) as session:
        session.execute(update(LedgerEntry).values(position=None, chain_hash=None, content="{}"))
        session.commit()
    broken = runner.invoke(args=["ledger", "verify", "--anchor", str(anchor)])
    assert broken.exit_code == 1
    assert "does not hold" in broken.output


def test_due_jobs_are_run_once(app: Flask, runner: FlaskCliRunner, keyring: Keyring) -> None:
    # At one in the morning in Bangkok, before the hour of the day's deletion.
    with time_machine.travel(datetime(2026, 11, 20, 18, tzinfo=UTC), tick=False):
        make_talk(app, keyring)
        # The picture of an open consultation is out of date: an analysis, and then its open data.
        assert "2 jobs done" in runner.invoke(args=["jobs", "work"]).output
        assert "0 jobs done" in runner.invoke(args=["jobs", "work"]).output
