"""The sample: loaded once, marked, readable by everyone in both languages, traced to the end."""

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import create_app, sample
from app.identity import keyring
from app.sample import loading
from app.sample.people import enrol, sample_accounts
from app.transactions import transaction
from consultations.models import (
    AnalysisRun,
    Consultation,
    Contribution,
    OfficialResponse,
    Stage,
    Vote,
)
from core.accounts.models import Account
from tests.app.sample_site import (
    ANSWERED,
    OPEN,
    OWN,
    PUBLIC,
    READING,
    Reader,
    english_left_in,
)
from tests.databases import sqlite_copy
from tests.factories import make_consultation
from tests.sites import SeparateClient, make_config

ROOT = Path(__file__).resolve().parents[2]
Open = Callable[..., FlaskClient]


@pytest.fixture(scope="module")
def loaded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A site with the sample, whose first start was interrupted; no test here changes it."""
    folder = tmp_path_factory.mktemp("sample")
    with sqlite_copy(sqlite_template, folder) as url:
        app = create_app(make_config(url, folder))
        app.config.update(WTF_CSRF_ENABLED=False)
        app.test_client_class = SeparateClient
        with app.app_context():
            _begin_loading(folder)
            sample.load_once(folder)
            yield app
            app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture(scope="module")
def open_as(loaded: Flask) -> Open:
    """Make a client that is signed in as one of the sample's accounts, or as nobody."""
    clients: dict[str, FlaskClient] = {}

    def signed_in(name: str, language: str = "th") -> FlaskClient:
        if name not in clients:
            clients[name] = loaded.test_client()
            if name:
                entry = next(a for a in sample_accounts(_folder(loaded)) if a.name == name)
                form = {"email": entry.email, "password": entry.password}
                assert clients[name].post("/accounts/sign-in", data=form).status_code == 303
        clients[name].get(f"/lang/{language}")
        return clients[name]

    return signed_in


def _begin_loading(folder: Path) -> None:
    """Load a part of the sample, as a start does that is interrupted."""
    with transaction() as session:
        cast = enrol(session, keyring(), sample_accounts(folder))
    loading.play_until_closed(cast)


def _folder(app: Flask) -> Path:
    return Path(app.instance_path)


def _rows() -> dict[str, int]:
    with transaction() as session:
        return {
            model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0
            for model in (Account, Consultation, Contribution, Vote, AnalysisRun, OfficialResponse)
        }


def test_a_second_start_adds_nothing(loaded: Flask) -> None:
    before = _rows()
    accounts = sample.load_once(_folder(loaded))
    assert len(accounts) == 8
    assert _rows() == before


def test_both_consultations_are_marked_and_at_the_stage_to_try(loaded: Flask) -> None:
    with transaction() as session:
        found = session.scalars(select(Consultation).order_by(Consultation.slug)).all()
    assert [(c.slug, c.stage, c.is_sample) for c in found] == [
        ("sample-pavements", Stage.OPEN, True),
        ("sample-waste", Stage.ANSWERING, True),
    ]


def test_the_passwords_are_kept_for_the_owner_of_the_machine_alone(loaded: Flask) -> None:
    kept = _folder(loaded) / "sample-accounts.txt"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_the_welcome_names_address_accounts_and_tasks(loaded: Flask) -> None:
    accounts = sample_accounts(_folder(loaded))
    told = sample.welcome("http://127.0.0.1:8000/", accounts)
    assert "http://127.0.0.1:8000/lang/th" in told
    assert all(entry.email in told and entry.password in told for entry in accounts)


def test_lost_passwords_are_not_made_up(loaded: Flask, tmp_path: Path) -> None:
    accounts = sample.load_once(tmp_path)
    assert {entry.password for entry in accounts} == {""}
    assert "is gone" in sample.welcome("", accounts)


@pytest.mark.parametrize("name", ["", *OWN])
def test_every_page_answers_in_thai_and_leaves_nothing_in_english(open_as: Open, name: str) -> None:
    client = open_as(name)
    left = {}
    for address in [*OWN[name]] if name else [*PUBLIC, *READING]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        left[address] = english_left_in(answer.text)
    assert {address: words for address, words in left.items() if words} == {}


@pytest.mark.parametrize("name", ["", *OWN])
def test_every_page_answers_in_english(open_as: Open, name: str) -> None:
    client = open_as(name, "en")
    for address in [*OWN[name]] if name else [*PUBLIC, *READING]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "%(" not in answer.text, address


def test_every_page_of_a_consultation_says_that_it_is_a_sample(open_as: Open) -> None:
    client = open_as("", "en")
    for address in READING:
        assert "It is not a real hearing." in client.get(address).text, address


def test_a_changed_clause_walks_back_to_a_comment(open_as: Open) -> None:
    client = open_as("")
    changed = Reader(client.get(f"{ANSWERED}/compare/1/2").text).links
    for clause in ("clause-c2", "clause-c5", "clause-c8", "clause-c9", "clause-c12", "clause-c13"):
        answers = {link for link in changed[clause] if "/responses/" in link}
        assert answers, clause
        written = [
            link
            for answer in sorted(answers)
            for links in Reader(client.get(answer).text).links.values()
            for link in links
            if "/contributions/" in link
        ]
        assert written, clause
        page = client.get(written[0]).text
        assert f"{ANSWERED}/draft/2" in page, clause


def test_one_change_is_the_agencys_own_initiative(open_as: Open) -> None:
    page = open_as("", "en").get(f"{ANSWERED}/compare/1/2").text
    assert page.count("Agency initiative") == 1


def test_the_citizens_trail_leads_to_the_changed_clauses(open_as: Open) -> None:
    page = open_as("citizen").get(f"{ANSWERED}/trail").text
    for key in ("c8", "c9"):
        assert f"{ANSWERED}/draft/2#clause-{key}" in page


def test_moderators_find_something_to_decide(open_as: Open) -> None:
    page = open_as("moderator", "en").get("/moderation/").text
    assert "Telephone number" in page
    assert "Many links" in page


def test_two_planted_groups_and_their_common_ground_are_found(open_as: Open) -> None:
    page = open_as("", "en").get(f"{OPEN}/results").text
    assert "แผ่นปูทางเดินสำหรับคนตาบอดต้องไม่ถูกแผงค้า" in page
    with transaction() as session:
        pictures = [run.picture for run in session.scalars(select(AnalysisRun))]
        assert [len(picture["groups"]) for picture in pictures if picture] == [2, 2]


def test_a_database_in_use_is_left_alone(app: Flask, tmp_path: Path) -> None:
    with transaction() as session:
        make_consultation(session, keyring())
    before = _rows()
    assert sample.load_once(tmp_path) == ()
    assert _rows() == before
    assert "demo load" in sample.welcome("", ())


@pytest.mark.parametrize("new_database", ["postgresql"], indirect=True)
def test_postgresql_takes_the_sample_too(app: Flask, tmp_path: Path) -> None:
    sample.load_once(tmp_path)
    with transaction() as session:
        stages = session.execute(select(Consultation.slug, Consultation.stage)).all()
    assert dict(map(tuple, stages)) == {
        "sample-pavements": Stage.OPEN,
        "sample-waste": Stage.ANSWERING,
    }


def test_loading_the_entry_point_changes_nothing(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=ROOT,
        env={**os.environ, "SARN_INSTANCE": str(tmp_path)},
        check=False,
    )
    assert run.returncode == 0
    assert not (tmp_path / "sarn.db").exists()
    assert not (tmp_path / "sample-accounts.txt").exists()


def test_a_port_in_use_is_told_before_anything_is_done(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = subprocess.run(
            [sys.executable, "wsgi.py"],
            cwd=ROOT,
            env={**os.environ, "SARN_INSTANCE": str(tmp_path), "PORT": port},
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 1
    assert f"Port {port} cannot be used" in run.stderr
    assert not (tmp_path / "sarn.db").exists()
