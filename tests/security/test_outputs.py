"""What leaves the site as a table or a letter: no formula begins in a cell, no header in a text."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_string
from email.headerregistry import Address
from email.policy import default
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from app import jobs as worker
from app.clockwork import sweep
from app.config import Config
from app.mail import office
from app.mail.message import AddressError, Words, make_message
from consultations import analysing, data_files, news
from consultations.models import Consultation, Following
from consultations.spreadsheets import guarded, unguarded
from core.accounts.models import Account
from core.actor import Actor, Role
from core.clock import now
from core.keyring import Keyring
from core.mailing import preferences
from core.mailing.hours import QuietHours
from core.mailing.kinds import OWN, Channel, NewsKind
from core.text import tidy
from tests.factories import (
    joined,
    make_actor,
    make_comment,
    make_consultation,
    make_draft,
    make_statement,
    make_vote,
)
from tests.security.conftest import Record
from tests.security.corpora import ROOT, payloads
from tests.sites import enter
from tests.smtp_sink import Sink, smtp_sink

#: What a spreadsheet passes over before it looks for a formula: written anew, not taken from us.
BLANK = "[\\s\u00a0\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\"'`‘’“”]*"
FORMULA = re.compile(f"{BLANK}[=+@\t\r＝＋－＠-]|[\t\r]")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
#: Modules that write tables; a new one needs a test here.
WRITERS = {
    # Short names and numbers only; see tests/app/test_scorecard_pages.py.
    "app/participation/scorecards.py",
    # Through the guard as well; see tests/moderation/test_register.py and the tests of the report.
    "app/moderating/register.py",
    "consultations/reporting/data.py",
    # Through the guard as well; see tests/consultations/test_hearing.py.
    "consultations/reporting/portal.py",
    "consultations/stakeholder_files.py",
    "analysis/texts/comment_files.py",
    "consultations/data_files.py",
    # The table to fill in: names of columns, and statements and clauses through the guard.
    "consultations/offline/sheets.py",
    "consultations/open_tables.py",
    "consultations/snapshots.py",
}


def is_unsafe(cell: str) -> bool:
    """Whether a spreadsheet would take a cell for a formula."""
    is_guarded = cell.startswith("'")
    return not is_guarded and bool(FORMULA.match(cell)) and not NUMBER.fullmatch(cell)


def cells_of(table: bytes) -> list[str]:
    text = table.decode("utf-8-sig")
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with Session(app.extensions["sqlalchemy"].engine, expire_on_commit=False) as made:
        yield made


@pytest.fixture
def officer(session: Session, keyring: Keyring) -> tuple[Actor, Consultation]:
    consultation = make_consultation(session, keyring)
    made = make_actor(session, keyring, Role.OFFICER, agency=consultation.agency)
    return made, consultation


def full_of_formulas(session: Session, keyring: Keyring, consultation: Consultation) -> set[str]:
    """Write a formula into every text of a consultation; return the texts."""
    draft = make_draft(session, consultation)
    # As any text is stored; line ends and what nobody can see are gone by then.
    texts = list(filter(None, (tidy(text) for text in payloads("csv_formula"))))
    people = [joined(session, make_actor(session, keyring), consultation) for _ in range(30)]
    for place, text in enumerate(texts):
        person = people[place % len(people)]
        words = {"body": text, "reason": text, "proposed_wording": text, "quote_exact": text}
        make_comment(session, draft, participant_id=person.id, **words)
        statement = make_statement(session, consultation, body=text)
        for voter in people[: 6 + place % 6]:
            make_vote(session, statement, voter, 1 - place % 3)
    return set(texts)


def test_no_cell_of_any_table_begins_a_formula(
    app: Flask,
    session: Session,
    keyring: Keyring,
    officer: tuple[Actor, Consultation],
    record: Record,
) -> None:
    actor, consultation = officer
    consultation.open_votes = True
    texts = full_of_formulas(session, keyring, consultation)
    analysing.request_run(session, actor, consultation.id)
    motion = data_files.propose_export(session, actor, consultation.id, reason="For the report")
    second = make_actor(session, keyring, Role.APPROVER, agency=consultation.agency)
    export = data_files.approve_export(session, second, motion)
    session.commit()
    worker.run_all()
    client = app.test_client()
    enter(client, actor.account_id)
    base = f"/workspace/consultations/{consultation.slug}"
    packed = client.get(f"{base}/export/{export.id}")
    assert packed.status_code == 200
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        tables = {name: archive.read(name) for name in archive.namelist()}
    index = client.get(f"/open-data/{consultation.slug}/").text
    names = set(re.findall(rf"/open-data/{consultation.slug}/([a-z-]+\.csv)", index))
    assert {"votes.csv", "comments.csv", "statements.csv"} <= names
    for name in names:
        answer = client.get(f"/open-data/{consultation.slug}/{name}")
        assert answer.status_code == 200, name
        tables[f"open {name}"] = answer.data
    tables["template"] = client.get(f"{base}/population/template.csv").data
    unsafe = [cell for table in tables.values() for cell in cells_of(table) if is_unsafe(cell)]
    back = {unguarded(cell) for name in tables for cell in cells_of(tables[name])}
    lost = texts - back
    record(
        f"formulas in tables, {session.get_bind().dialect.name}",
        texts=len(texts),
        tables=len(tables),
        cells=sum(len(cells_of(table)) for table in tables.values()),
        unsafe=len(unsafe),
        not_restored=len(lost),
    )
    assert unsafe == []
    assert lost == set()


def test_the_control_a_table_without_the_guard_is_noticed(record: Record) -> None:
    texts = payloads("csv_formula")
    caught = [text for text in texts if is_unsafe(text)]
    record("control of formulas", texts=len(texts), caught=len(caught))
    assert len(caught) > len(texts) / 2
    assert not [text for text in texts if is_unsafe(guarded(text))]


@pytest.mark.parametrize("kind", ["csv_formula", "naughty", "unicode", "xss"])
def test_the_guard_can_be_taken_off_again(kind: str) -> None:
    for text in payloads(kind):
        for words in (text, f"'{text}", f"''{text}", f" {text}"):
            assert unguarded(guarded(words)) == words


def test_a_module_that_begins_to_write_tables_needs_a_test_here() -> None:
    folders = ("app", "consultations", "core", "moderation", "analysis")
    found = {
        str(path.relative_to(ROOT))
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"csv\.(Dict)?[wW]riter\(|openpyxl|xlsxwriter", path.read_text("utf-8"))
    }
    assert found == WRITERS


# Letters


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    with smtp_sink() as made:
        config: Config = app.config["SARN"]
        site = "https://consult.example.org"
        given = {"mail_from": "sarn@consult.example.org", "site_url": site}
        office.init_app(app, replace(config, smtp_url=made.url, **given))
        yield made


KNOWN_HEADERS = {
    *("subject", "from", "to", "date", "message-id", "auto-submitted", "mime-version"),
    *("list-unsubscribe", "list-unsubscribe-post", "content-type", "content-language"),
    "content-transfer-encoding",
}


def hostile() -> list[str]:
    return [*payloads("email_header"), *payloads("crlf")]


def faults_of(recipients: list[str], message: Any, expected: str) -> list[str]:
    """Return what a letter has that we never put there."""
    found = [f"header {name}" for name in message if name.lower() not in KNOWN_HEADERS]
    found += ["two of one header"] * (len(message.keys()) != len({*map(str.lower, message)}))
    found += [f"recipients {recipients}"] * (recipients != [expected])
    return found


def test_no_text_that_reaches_a_letter_makes_a_header(
    session: Session, keyring: Keyring, sink: Sink, record: Record
) -> None:
    consultation = make_consultation(session, keyring)
    account_id = make_actor(session, keyring).account_id
    assert account_id is not None
    account = session.get_one(Account, account_id)
    account.email_confirmed_on = now().date()
    address = keyring.open_email(account.email_sealed)
    session.add(Following(account_id=account_id, consultation_id=consultation.id))
    wanted = dict.fromkeys((*OWN, NewsKind.OPENED, NewsKind.CLOSING), Channel.AT_ONCE)
    preferences.choose(session, account_id, wanted, QuietHours(0, 0))
    session.commit()
    texts = [text.replace("\x00", "") for text in hostile() if text.isprintable() or "\n" in text]
    for place, text in enumerate(texts):
        words = {"title_th": text[:300], "title_en": text[:300]}
        session.execute(update(Consultation).values(words))
        session.execute(update(Account).values(locale="th" if place % 2 else "en"))
        session.expire_all()
        news.announce(session, NewsKind.OPENED, consultation, place)
        session.commit()
        worker.run_all()
        sweep()
        worker.run_all()
    wrong = [fault for to, message in sink.taken for fault in faults_of(to, message, address)]
    record("e-mail headers", texts=len(texts), letters=len(sink.taken), injected=len(wrong))
    assert wrong == []
    assert len(sink.taken) >= len(texts) * 0.9


def test_an_address_names_one_mailbox_or_is_refused(record: Record) -> None:
    sent, refused = [], 0
    for text in hostile():
        try:
            message = make_message(
                Words(text, text, text, "th"),
                sender=Address("", "sarn", "consult.example.org"),
                recipient=text,
                message_id="1",
                at=now(),
                unsubscribe=None,
            )
        except AddressError:
            refused += 1
        else:
            sent.append(message)
    raw = [bytes(message).split(b"\n\n")[0] for message in sent]
    record("e-mail addresses", tried=len(hostile()), refused=refused)
    assert all(len(message["To"].addresses) == 1 for message in sent)
    assert not [head for head in raw if re.search(rb"(?im)^(bcc|cc|x-[a-z]+):", head)]
    assert sent
    assert refused


def test_the_control_a_header_put_together_by_hand_is_noticed() -> None:
    made = message_from_string("Subject: x\r\nBcc: victim@example.com\r\n\r\nx", policy=default)
    assert faults_of(["a@example.com"], made, "a@example.com") == ["header Bcc"]
