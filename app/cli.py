"""Commands: ``flask --app wsgi ...``. Each prints what it did; a refusal ends with status 1."""

import secrets
import sys
import threading
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from app import clockwork, jobs, sample, upkeep
from app.config import Config
from app.identity import keyring
from app.transactions import transaction
from app.words import problem
from consultations import analysing, exporting, importing
from consultations.queries import catalogue
from core import ledger
from core.accounts import registering
from core.actor import Role, system_actor
from core.errors import PlatformError
from moderation import rules

agencies = AppGroup("agencies", help="Public bodies that hold consultations.")
accounts = AppGroup("accounts", help="Who may sign in, and as what.")
imports = AppGroup("import", help="Take over data from elsewhere.")
analysis = AppGroup("analysis", help="Runs of the engine.")
ledger_group = AppGroup("ledger", help="The append-only record.")
jobs_group = AppGroup("jobs", help="The queue of work.")
rights = AppGroup("rights", help="Erasure and retention of personal data.")
demo = AppGroup("demo", help="The sample of the project.")

Command = Callable[..., None]


def init_app(app: Flask) -> None:
    """Register the commands."""
    for command in (
        agencies,
        accounts,
        imports,
        analysis,
        ledger_group,
        jobs_group,
        rights,
        demo,
        export,
        worker,
    ):
        app.cli.add_command(command)


def refusing(command: Command) -> Command:
    """Turn a domain error into one plain line and status 1."""

    @wraps(command)
    def guarded(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except PlatformError as error:
            with current_app.test_request_context():
                click.echo(problem(error.code, error.details), err=True)
            sys.exit(1)

    return guarded


@agencies.command("create")
@click.argument("slug")
@click.option("--name-th", required=True)
@click.option("--name-en", required=True)
@refusing
def create_agency(slug: str, name_th: str, name_en: str) -> None:
    """Create an agency."""
    with transaction() as session:
        registering.create_agency(
            session, system_actor(), slug=slug, name_th=name_th, name_en=name_en
        )
    click.echo(f"agency {slug} created")


@accounts.command("create")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role if role != Role.SYSTEM]))
@click.option("--agency", help="Short name of the agency; for officers and approvers.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@refusing
def create_account(
    email: str, role: str | None, agency: str | None, *, password_stdin: bool
) -> None:
    """Create an account; without --password-stdin a password is made and printed."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else secrets.token_urlsafe(12)
    with transaction() as session:
        account = registering.register(session, keyring(), email=email, password=password)
        if role and role != Role.PARTICIPANT:
            registering.grant(session, system_actor(), account, Role(role), agency)
    click.echo(f"account {email} created" + ("" if password_stdin else f", password {password}"))


@imports.command("polis")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--agency", required=True)
@click.option("--slug", required=True)
@click.option("--title", required=True)
@refusing
def import_polis(folder: Path, agency: str, slug: str, title: str) -> None:
    """Import a conversation from a Polis export: statements, votes, Polis's groups beside ours."""
    conversation = importing.read_polis(folder)
    with transaction() as session:
        counts = importing.import_polis(
            session,
            system_actor(keyring()),
            conversation,
            agency_slug=agency,
            slug=slug,
            title=title,
        )
    click.echo(
        f"{slug}: {counts.participants} participants, {counts.statements} statements, "
        f"{counts.votes} votes ({counts.note})"
    )


@imports.command("comments")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--consultation", required=True, help="Short name of the consultation.")
@refusing
def import_comments(file: Path, consultation: str) -> None:
    """Import comments from a CSV file: comment,text[,stance,author,language,clause]."""
    rows = importing.read_comments(file)
    with transaction() as session:
        counts = importing.import_comments(
            session, system_actor(keyring()), rows, slug=consultation, screen=rules.screen
        )
    click.echo(f"{consultation}: {counts.comments} comments by {counts.participants} participants")


@analysis.command("run")
@click.argument("slug")
@refusing
def run_analysis(slug: str) -> None:
    """Freeze the votes and comments of a consultation and analyse them now."""
    with transaction() as session:
        consultation = catalogue.consultation_at(session, slug)
        run_id = analysing.request_run(session, system_actor(keyring()), consultation.id).id
    jobs.run_all()
    with transaction() as session:
        run = analysing.get_run(session, run_id)
        state, reason = run.state, run.failure_detail
    click.echo(f"run {run_id}: {state}" + (f" ({reason})" if reason else ""))
    if state != "done":
        sys.exit(1)


@click.command("export")
@click.argument("slug")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
@refusing
def export(slug: str, folder: Path) -> None:
    """Write what went into the newest finished run and what came out, to be checked."""
    with transaction() as session:
        files = exporting.run_bundle(session, system_actor(), slug)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    click.echo(f"{len(files)} files written to {folder}")


@ledger_group.command("verify")
@click.option("--anchor", type=click.Path(dir_okay=False, path_type=Path), help="Kept elsewhere.")
def verify_ledger(anchor: Path | None) -> None:
    """Recompute the chain; with an anchor file, also check and add the head seen before."""
    with transaction() as session:
        ledger.seal(session, limit=1_000_000)
    with transaction() as session:
        found = ledger.verify(session)
        lines = anchor.read_text().splitlines() if anchor and anchor.exists() else []
        missing = [line for line in lines if not ledger.holds(session, line)]
    if found.broken_at is not None or missing:
        place = f"at entry {found.broken_at}" if found.broken_at else f"against {missing[0]}"
        click.echo(f"the ledger does not hold {place}", err=True)
        sys.exit(1)
    line = ledger.anchor_line(found)
    if anchor and line not in lines:
        with anchor.open("a") as file:
            file.write(line + "\n")
    click.echo(f"{found.sealed} entries hold; {line}")


@jobs_group.command("work")
def work_once() -> None:
    """Run everything that is due, then stop."""
    clockwork.sweep()
    clockwork.freshen()
    click.echo(f"{jobs.run_all()} jobs done")


@rights.command("retain")
def retain() -> None:
    """Delete what is overdue now and print what was deleted and what is left."""
    for name, count in upkeep.retain().items():
        click.echo(f"{name}: {count} rows")
    click.echo(f"overdue: {sum(upkeep.overdue().values())}")


@rights.command("replay")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def replay(file: Path) -> None:
    """Erase again what a list of erasures names, after a backup was restored."""
    click.echo(f"{upkeep.replay(file)} erasures done again")
    jobs.run_all()


@demo.command("load")
@refusing
def load_sample() -> None:
    """Load the sample, also beside other consultations; what is there already stays as it is."""
    config: Config = current_app.config["SARN"]
    click.echo(sample.welcome("", sample.load(config.instance_path)))


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Run jobs until stopped."""
    jobs.work(threading.Event())
