"""Letters on their way: written, sent to a real mail server, refused, tried again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import jobs as worker
from app import tasks
from app.config import Config
from app.mail import delivery, office
from consultations import news
from consultations.models import Consultation, Following
from core import jobs
from core.accounts.models import Account
from core.clock import BANGKOK, now
from core.keyring import Keyring
from core.mailing import outbox, preferences
from core.mailing.hours import QuietHours
from core.mailing.kinds import OWN, Channel, NewsKind
from core.mailing.models import OutgoingMail
from core.mailing.outbox import Letter, LetterKind
from tests.factories import make_actor, make_consultation
from tests.smtp_sink import Sink, smtp_sink

NOON = datetime(2026, 11, 24, 12, tzinfo=BANGKOK)
SITE = "https://consult.example.org"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with Session(app.extensions["sqlalchemy"].engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    with smtp_sink() as sink:
        use(app, smtp_url=sink.url)
        yield sink


def use(app: Flask, **settings: str) -> None:
    """Let the site send letters in another way."""
    config: Config = app.config["SARN"]
    given = {"mail_from": "sarn@consult.example.org", "site_url": SITE, **settings}
    office.init_app(app, replace(config, **given))


@pytest.fixture
def consultation(session: Session, keyring: Keyring) -> Consultation:
    return make_consultation(session, keyring, title_th="ร่างพระราชบัญญัติน้ำ", title_en="Water bill")


@pytest.fixture
def reader(session: Session, keyring: Keyring, consultation: Consultation) -> Account:
    """Somebody who follows the consultation and wants every letter at once."""
    account_id = make_actor(session, keyring).account_id
    account = session.get_one(Account, account_id)
    account.email_confirmed_on, account.locale = NOON.date(), "en"
    session.add(Following(account_id=account_id, consultation_id=consultation.id))
    wanted = dict.fromkeys((*OWN, NewsKind.OPENED, NewsKind.CLOSING), Channel.AT_ONCE)
    preferences.choose(session, account.id, wanted, QuietHours())
    session.commit()
    return account


def address_of(account: Account, keyring: Keyring) -> str:
    return keyring.open_email(account.email_sealed)


def announce(session: Session, consultation: Consultation, kind: NewsKind) -> None:
    news.announce(session, kind, consultation, NOON)
    session.commit()
    worker.run_all()


def put(session: Session, keyring: Keyring, letter: Letter) -> None:
    outbox.post(session, keyring, letter)
    session.commit()


def left(session: Session) -> list[tuple[str, int, datetime]]:
    """Number, attempts and next time of each letter that waits; holds no transaction."""
    rows = session.execute(
        select(OutgoingMail.message_id, OutgoingMail.attempts, OutgoingMail.due_at)
    ).all()
    session.rollback()
    return [(number, attempts, due_at) for number, attempts, due_at in rows]


def test_an_opening_reaches_a_follower_through_a_mail_server(
    session: Session, keyring: Keyring, consultation: Consultation, reader: Account, sink: Sink
) -> None:
    announce(session, consultation, NewsKind.OPENED)
    worker.sweep()
    worker.run_all()
    [(recipients, message)] = sink.taken
    assert recipients == [address_of(reader, keyring)]
    assert message["Subject"] == "Open for comments: Water bill"
    assert str(message["From"]) == "Sarn <sarn@consult.example.org>"
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        assert f"{SITE}/consultations/{consultation.slug}" in part.get_content()
        assert f"{SITE}/letters/unsubscribe/" in part.get_content()
    assert left(session) == []


def test_a_letter_is_in_the_language_of_the_account(
    session: Session, keyring: Keyring, consultation: Consultation, reader: Account, sink: Sink
) -> None:
    reader.locale = "th"
    announce(session, consultation, NewsKind.OPENED)
    delivery.deliver()
    [(_, message)] = sink.taken
    assert "ร่างพระราชบัญญัติน้ำ" in str(message["Subject"])
    html = message.get_body(("html",))
    assert html is not None
    assert '<html lang="th">' in html.get_content()
    assert message["Content-Language"] == "th"


@pytest.mark.parametrize("kind", list(LetterKind))
def test_no_letter_fetches_anything_or_leads_elsewhere(
    session: Session,
    keyring: Keyring,
    consultation: Consultation,
    reader: Account,
    sink: Sink,
    kind: LetterKind,
) -> None:
    consultation.title_en = '<img src="https://evil.example/x.png">'
    told = news.announce(session, NewsKind.OPENED, consultation, 1)
    assert told is not None
    preferences.choose(session, reader.id, {}, QuietHours())
    if kind is LetterKind.DIGEST:
        chosen = {NewsKind.OPENED: Channel.DAILY}
        preferences.choose(session, reader.id, chosen, QuietHours())
    details = {"token": "t", "what": "password", "own": True}
    if kind is LetterKind.HEARING:
        said = {"title": consultation.title_en, "agency": "<script>", "words": "<img>"}
        details = {**said, "closes": "2026-12-01", "slug": "water", "notice": 0}
    with_address = (LetterKind.RECOVER, LetterKind.HEARING, LetterKind.INVITATION)
    address = address_of(reader, keyring) if kind in with_address else None
    letter = Letter(kind, reader.id, address=address, news=(told.id,), details=details)
    put(session, keyring, letter)
    delivery.deliver()
    [(_, message)] = sink.taken
    html = message.get_body(("html",))
    assert html is not None
    content = html.get_content()
    assert "<img" not in content
    assert 'src="' not in content
    assert "url(" not in content
    assert "<script" not in content
    links = [part.partition('"')[0] for part in content.split('href="')[1:]]
    assert links
    assert all(link.startswith(f"{SITE}/") for link in links)


def test_a_letter_about_ones_own_contribution_says_nothing_of_it(
    session: Session, keyring: Keyring, consultation: Consultation, reader: Account, sink: Sink
) -> None:
    put(session, keyring, Letter(LetterKind.OWN, reader.id))
    delivery.deliver()
    [(_, message)] = sink.taken
    whole = message.as_string() + str(message["Subject"])
    for part in message.iter_parts():
        whole += part.get_content()
    assert f"{SITE}/trail" in whole
    for secret in (consultation.slug, "Water", "น้ำ", address_of(reader, keyring).title()):
        assert secret not in whole


@pytest.mark.parametrize("hindrance", ["stopped", "paused", "unconfirmed", "closed"])
def test_a_letter_that_nobody_wants_any_more_is_not_sent(
    session: Session,
    keyring: Keyring,
    consultation: Consultation,
    reader: Account,
    sink: Sink,
    hindrance: str,
) -> None:
    announce(session, consultation, NewsKind.CLOSING)
    assert len(left(session)) == 1
    if hindrance == "stopped":
        preferences.stop(session, reader.id, [NewsKind.CLOSING])
    elif hindrance == "paused":
        preferences.settings_of(session, reader.id).paused_on = NOON.date()
    elif hindrance == "unconfirmed":
        session.get_one(Account, reader.id).email_confirmed_on = None
    else:
        session.get_one(Consultation, consultation.id).closes_at = now()
    session.commit()
    delivery.deliver()
    assert sink.taken == []
    assert left(session) == []


def test_an_address_that_refuses_three_times_is_paused(
    session: Session, keyring: Keyring, reader: Account, sink: Sink
) -> None:
    sink.answers[address_of(reader, keyring).partition("@")[0]] = "550 unknown"
    for _ in range(3):
        put(session, keyring, Letter(LetterKind.OWN, reader.id))
        delivery.deliver()
    session.expire_all()
    assert preferences.of_account(session, reader.id).is_paused
    session.rollback()
    assert left(session) == []


def test_a_refused_new_address_does_not_count_against_the_present_one(
    session: Session, keyring: Keyring, reader: Account, sink: Sink
) -> None:
    sink.answers["elsewhere"] = "550 unknown"
    letter = Letter(LetterKind.CONFIRM, reader.id, "elsewhere@example.org", details={"token": "t"})
    for _ in range(3):
        put(session, keyring, letter)
        delivery.deliver()
    assert not preferences.of_account(session, reader.id).is_paused


def test_a_server_that_asks_for_patience_gets_the_same_letter_later(
    session: Session, keyring: Keyring, reader: Account, sink: Sink
) -> None:
    name = address_of(reader, keyring).partition("@")[0]
    sink.answers[name] = "451 later"
    put(session, keyring, Letter(LetterKind.OWN, reader.id))
    delivery.deliver()
    [(number, _, due_at)] = left(session)
    assert due_at == NOON + timedelta(minutes=1)
    sink.answers.clear()
    with time_machine.travel(NOON + timedelta(minutes=2)):
        delivery.deliver()
    [(_, message)] = sink.taken
    assert message["Message-ID"] == f"<{number}@consult.example.org>"
    assert not preferences.of_account(session, reader.id).is_paused


def test_a_server_that_is_not_there_loses_no_letter(
    app: Flask, session: Session, keyring: Keyring, reader: Account
) -> None:
    with smtp_sink() as gone:
        url = gone.url
    use(app, smtp_url=url)
    put(session, keyring, Letter(LetterKind.OWN, reader.id))
    delivery.deliver()
    [(_, *plan)] = left(session)
    assert tuple(plan) == (1, NOON + timedelta(minutes=1))


def test_one_connection_carries_many_letters_and_a_bad_one_stops_none(
    session: Session, keyring: Keyring, reader: Account, sink: Sink
) -> None:
    bad = Letter(LetterKind.CONFIRM, reader.id, "not an address", details={"token": "t"})
    for letter in (Letter(LetterKind.OWN, reader.id), bad, Letter(LetterKind.OWN, reader.id)):
        put(session, keyring, letter)
    delivery.deliver()
    assert (len(sink.taken), sink.connections) == (2, 1)
    assert left(session) == []


def test_many_letters_leave_room_for_other_work(
    session: Session, keyring: Keyring, reader: Account, sink: Sink
) -> None:
    for _ in range(delivery.BATCH + 1):
        outbox.post(session, keyring, Letter(LetterKind.OWN, reader.id))
    session.commit()
    assert delivery.deliver()
    assert len(sink.taken) == delivery.BATCH
    worker.sweep()
    worker.run_all()
    assert len(sink.taken) == delivery.BATCH + 1
    assert not jobs.is_planned(session, tasks.DELIVER)


def test_while_developing_letters_are_files(
    app: Flask, session: Session, keyring: Keyring, reader: Account, tmp_path: Path
) -> None:
    put(session, keyring, Letter(LetterKind.OWN, reader.id))
    delivery.deliver()
    [file] = (tmp_path / "mail").glob("*.eml")
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in file.read_bytes()


def test_a_site_without_mail_keeps_no_letters(
    app: Flask, session: Session, consultation: Consultation, reader: Account
) -> None:
    use(app, environment="production")
    assert not office.sends_mail()
    announce(session, consultation, NewsKind.OPENED)
    worker.sweep()
    worker.run_all()
    assert left(session) == []
