"""One's own data in the site: the copy, what one agreed to, erasing, and the end of the account."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import jobs, upkeep
from consultations import erasing, profiling, voting
from consultations.models import Choice, Consultation, Following, Vote
from core.accounts import authenticating, registering
from core.accounts.consents import WORDINGS, ConsentEvent, Purpose
from core.accounts.models import Account, FormerAddress, RoleGrant
from core.accounts.own_exports import OwnExport
from core.actor import Actor, Role
from core.clock import now
from core.erasures import Erasure
from core.keyring import Keyring
from tests.factories import (
    joined,
    make_actor,
    make_agency,
    make_comment,
    make_consultation,
    make_draft,
    make_statement,
)
from tests.sites import enter

PASSWORD = "correct horse battery"
ENGLISH = {"Accept-Language": "en"}
DATA, FILE, CLOSE = "/accounts/data", "/accounts/data/file", "/accounts/close"
WORDS = "zebracanary words of mine"


class Person:
    """Somebody with an account who took part in an open consultation."""

    def __init__(self, app: Flask, keyring: Keyring) -> None:
        self.rows = Session(app.extensions["sqlalchemy"].engine, expire_on_commit=False)
        rows = self.rows
        self.account = registering.register(
            rows, keyring, email="zebracanary@example.org", password=PASSWORD
        )
        self.id = self.account.id
        self.actor: Actor = authenticating.actor_of(
            self.account, keyring, "zebracanary@example.org"
        )
        self.place: Consultation = make_consultation(rows, keyring)
        self.draft = make_draft(rows, self.place)
        self.participant = joined(rows, self.actor, self.place)
        self.comment = make_comment(
            rows, self.draft, participant_id=self.participant.id, body=WORDS
        )
        self.other = make_comment(rows, self.draft, body="words of another person")
        self.statement = make_statement(rows, self.place)
        voting.cast(rows, self.actor, self.statement.reference, Choice.AGREE)
        rows.add(Following(account_id=self.id, consultation_id=self.place.id))
        rows.commit()
        self.client: FlaskClient = app.test_client()
        enter(self.client, self.id)

    def archive(self) -> zipfile.ZipFile:
        self.client.post(DATA, data={"password": PASSWORD})
        jobs.run_all()
        answer = self.client.post(FILE)
        assert answer.status_code == 200
        return zipfile.ZipFile(io.BytesIO(answer.data))


@pytest.fixture
def person(app: Flask, keyring: Keyring) -> Iterator[Person]:
    made = Person(app, keyring)
    yield made
    made.rows.close()


def test_the_copy_holds_everything_of_oneself_and_nothing_of_others(person: Person) -> None:
    archive = person.archive()
    held = json.loads(archive.read("my-data.json"))
    assert held["account"]["email"] == "zebracanary@example.org"
    [place] = held["took_part"]
    assert [each["text"] for each in place["contributions"]] == [WORDS]
    assert place["votes"][0]["choice"] == "agree"
    assert held["follows"] == [person.place.slug]
    page = archive.read("my-data.html").decode()
    assert WORDS in page
    assert "words of another person" not in page + json.dumps(held, ensure_ascii=False)


def test_the_copy_is_taken_once_and_erased(person: Person) -> None:
    person.archive()
    assert person.client.post(FILE).status_code == 404
    assert person.rows.scalar(select(func.count(OwnExport.id))) == 0


def test_the_copy_needs_the_password(person: Person) -> None:
    assert person.client.post(DATA, data={"password": "wrong"}).status_code == 422
    assert person.rows.scalar(select(func.count(OwnExport.id))) == 0


def test_nothing_stored_leads_from_the_account_to_the_participant(person: Person) -> None:
    person.client.post(DATA, data={"password": PASSWORD})
    made = person.rows.scalars(select(OwnExport)).one()
    assert person.participant.id not in (made.note or "")
    person.rows.rollback()
    jobs.run_all()
    person.rows.refresh(made, ["note", "content"])
    assert made.note is None
    assert made.content
    assert WORDS.encode() not in made.content


def test_nobody_else_gets_the_copy(
    app: Flask, person: Person, keyring: Keyring, client_of: Callable[[Actor], FlaskClient]
) -> None:
    person.client.post(DATA, data={"password": PASSWORD})
    jobs.run_all()
    with person.client.session_transaction() as browser:
        kept = browser["own_data"]
    stranger = make_actor(person.rows, keyring)
    person.rows.commit()
    for client in (client_of(stranger), app.test_client()):
        with client.session_transaction() as browser:
            browser["own_data"] = kept
        assert client.post(FILE).status_code in (303, 404)
    other_browser = app.test_client()
    enter(other_browser, person.id)
    with other_browser.session_transaction() as browser:
        browser["own_data"] = [kept[0], "A" * 43 + "="]
    assert other_browser.post(FILE).status_code == 404
    assert person.client.post(FILE).status_code == 200


def test_the_copy_is_gone_after_a_quarter_of_an_hour(person: Person) -> None:
    person.client.post(DATA, data={"password": PASSWORD})
    jobs.run_all()
    with time_machine.travel(now() + timedelta(minutes=15, seconds=1)):
        assert person.client.post(FILE).status_code == 404


def test_signing_out_ends_the_right_to_the_copy(person: Person) -> None:
    person.client.post(DATA, data={"password": PASSWORD})
    jobs.run_all()
    person.client.post("/accounts/sign-out")
    assert person.client.post(FILE).status_code == 303


def test_consents_are_kept_with_their_words_and_taken_back_with_one_button(
    person: Person,
) -> None:
    form = {f"own_{name}": "at_once" for name in ("decided", "answered", "quoted", "changed")}
    names = ("opened", "closing", "summary", "answers", "results")
    form |= {f"followed_{name}": "site" for name in names}
    form |= {"quiet_from": "21", "quiet_until": "7", "language": "en"}
    person.client.post("/accounts/settings", data=form)
    person.client.post("/accounts/settings", data=form)
    person.client.post("/accounts/consents/letters")
    events = person.rows.scalars(select(ConsentEvent).order_by(ConsentEvent.id)).all()
    shown = person.client.get(DATA, headers=ENGLISH).text
    assert [(each.purpose, each.given) for each in events] == [
        (Purpose.LETTERS, True),
        (Purpose.LETTERS, False),
    ]
    assert {each.text_digest for each in events} == {WORDINGS[Purpose.LETTERS].digest}
    assert "Taken back" in shown


def test_what_one_told_about_oneself_is_taken_back_on_the_same_page(person: Person) -> None:
    profiling.tell(
        person.rows, person.actor, person.place.id, answers={"gender": "woman"}, agreed=True
    )
    person.rows.commit()
    assert person.place.slug in person.client.get(DATA).text
    person.client.post("/accounts/consents/profile", data={"consultation": person.place.slug})
    given = person.rows.scalars(select(ConsentEvent.given).order_by(ConsentEvent.id)).all()
    assert given == [True, False]
    account_of_event = person.rows.scalars(select(ConsentEvent.account_id)).all()
    assert account_of_event == [None, None]


def test_one_contribution_is_erased_after_asking(person: Person) -> None:
    home = f"/consultations/{person.place.slug}"
    address = f"{home}/contributions/{person.comment.reference}"
    assert WORDS in person.client.get(f"{address}/erase").text
    assert person.client.post(f"{address}/erase").status_code == 303
    assert WORDS not in person.client.get(f"{home}/trail").text
    assert person.client.get(f"{address}/erase").status_code == 409
    other = f"{home}/contributions/{person.other.reference}/erase"
    assert person.client.get(other).status_code == 404
    assert person.client.post(other).status_code == 404


def test_closing_the_account_leaves_nothing_of_it(person: Person, app: Flask) -> None:
    assert person.client.post(CLOSE, data={"password": PASSWORD}).status_code == 422
    wrong = {"password": "wrong", "understood": "y"}
    assert person.client.post(CLOSE, data=wrong).status_code == 422
    sent = person.client.post(CLOSE, data={"password": PASSWORD, "understood": "y"})
    assert sent.status_code == 303
    person.rows.expire_all()
    for table in (Account, RoleGrant, Following, Vote, FormerAddress):
        assert person.rows.scalar(select(func.count()).select_from(table)) == 0
    assert person.rows.scalars(select(Erasure)).all()
    person.rows.rollback()
    assert person.client.get("/accounts/").status_code == 303
    form = {"email": "zebracanary@example.org", "password": PASSWORD}
    assert app.test_client().post("/accounts/sign-in", data=form).status_code == 422


def test_whoever_works_for_the_site_gives_that_up_first(person: Person, keyring: Keyring) -> None:
    agency = make_agency(person.rows)
    person.rows.add(RoleGrant(account_id=person.id, role=Role.OFFICER, agency_id=agency.id))
    person.rows.commit()
    form = {"password": PASSWORD, "understood": "y"}
    assert person.client.post(CLOSE, data=form).status_code == 409


def test_the_database_files_hold_no_erased_word(
    person: Person, app: Flask, database_url: str
) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL keeps its files for itself")
    file = Path(database_url.removeprefix("sqlite:///"))
    assert b"zebracanary" in raw(file)
    person.client.post(CLOSE, data={"password": PASSWORD, "understood": "y"})
    person.rows.close()
    jobs.run_all()
    with time_machine.travel(now() + upkeep.EVERY):
        assert jobs.run_all() == 1
    assert b"zebracanary" not in raw(file).lower()
    listed = (Path(app.instance_path) / upkeep.LIST).read_text()
    assert listed.count("\n") == 2
    assert str(person.participant.id) in listed


def raw(file: Path) -> bytes:
    """Return every byte of the database and what lies beside it."""
    return b"".join(path.read_bytes() for path in sorted(file.parent.glob(f"{file.name}*")))


def test_the_list_is_played_again_after_a_restore(
    person: Person, app: Flask, keyring: Keyring, tmp_path: Path
) -> None:
    file = tmp_path / "list.txt"
    day = "2026-11-21"
    mark = keyring.account_mark(person.id)
    file.write_text(f"{day} participant {person.participant.id}\n{day} account {mark}\nnonsense\n")
    assert upkeep.replay(file) == 2
    assert upkeep.replay(file) == 0
    person.rows.expire_all()
    assert person.comment.body == ""
    assert person.rows.scalar(select(func.count(Account.id))) == 0
    person.rows.rollback()
    found = app.test_cli_runner().invoke(args=["rights", "replay", str(file)])
    assert "0 erasures done again" in found.output


def test_the_job_writes_erased_words_out_of_files_only_once(person: Person) -> None:
    erasing.erase_one(person.rows, person.actor, person.comment.reference)
    person.rows.commit()
    assert jobs.run_all() == 1
    upkeep.clean(person.place.id)
    upkeep.write_list(upkeep.list_path())
    assert upkeep.list_path().read_text().count("contribution") == 1
