"""Who is told what, when, and that nothing of it stays behind."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from consultations import news, telling
from consultations.models import Consultation, Following, News
from core import jobs
from core.accounts.models import Account, AccountStatus
from core.actor import Actor, Role
from core.clock import BANGKOK
from core.database import Base
from core.keyring import Keyring
from core.mailing import outbox, preferences
from core.mailing.hours import QuietHours
from core.mailing.kinds import OWN, Channel, NewsKind
from core.mailing.models import OutgoingMail
from core.mailing.outbox import Letter, LetterKind
from core.notices import mark_read, notices_for, notify
from tests.factories import joined, make_actor, make_agency, make_consultation

MONDAY = datetime(2026, 11, 23, 8, tzinfo=BANGKOK)
NOON = datetime(2026, 11, 24, 12, tzinfo=BANGKOK)


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def consultation(session: Session, keyring: Keyring) -> Consultation:
    return make_consultation(session, keyring)


def make_reader(
    session: Session, keyring: Keyring, *roles: Role, agency: Any = None, **chosen: Channel
) -> Actor:
    """Make an account with a confirmed address that wants news in some ways."""
    actor = make_actor(session, keyring, *roles, agency=agency)
    session.get_one(Account, actor.account_id).email_confirmed_on = NOON.date()
    choose(session, actor, **chosen)
    return actor


def choose(session: Session, actor: Actor, **chosen: Channel) -> None:
    own = dict.fromkeys(OWN, chosen["own"]) if "own" in chosen else {}
    rest = {NewsKind[name]: way for name, way in chosen.items() if name != "own"}
    preferences.choose(session, actor.account_id or 0, {**own, **rest}, QuietHours())


def follow(session: Session, actor: Actor, consultation: Consultation) -> Actor:
    session.add(
        Following(
            account_id=actor.account_id,
            consultation_id=consultation.id,
        )
    )
    session.flush()
    return actor


def waiting(session: Session, keyring: Keyring) -> list[Letter]:
    """Letters that wait, by account; they are gone afterwards."""
    with time_machine.travel(NOON + timedelta(days=30)):
        claimed = outbox.claim(session, keyring, limit=1000)
    for mail in claimed:
        outbox.drop(session, mail.id)
    return sorted(
        (mail.letter for mail in claimed if mail.letter), key=lambda each: each.account_id
    )


def run_rounds(session: Session, keyring: Keyring, hour: datetime) -> Sequence[Letter]:
    """Run every batch of the round at an hour."""
    telling.enqueue_round(session, hour)
    _run_jobs(session, keyring)
    return waiting(session, keyring)


def _run_jobs(session: Session, keyring: Keyring) -> None:
    while (job := jobs.claim(session)) is not None:
        after = int(job.payload["after"])
        if job.name == telling.ROUND:
            hour = datetime.fromisoformat(job.payload["hour"])
            telling.run_round(session, keyring, hour, after)
        else:
            telling.fan_out(session, keyring, int(job.payload["news"]), after)
        jobs.finish(session, job.id, job.token)


def test_followers_who_want_it_at_once_get_a_letter(
    session: Session, keyring: Keyring, consultation: Consultation
) -> None:
    at_once = follow(session, make_reader(session, keyring, OPENED=Channel.AT_ONCE), consultation)
    follow(session, make_reader(session, keyring), consultation)
    make_reader(session, keyring, OPENED=Channel.AT_ONCE)
    told = news.announce(session, NewsKind.OPENED, consultation, NOON)
    assert told is not None
    _run_jobs(session, keyring)
    assert waiting(session, keyring) == [
        Letter(LetterKind.NEWS, at_once.account_id or 0, news=(told.id,))
    ]


@pytest.mark.parametrize("hindrance", ["unconfirmed", "closed", "paused"])
def test_no_letter_goes_where_none_may(
    session: Session, keyring: Keyring, consultation: Consultation, hindrance: str
) -> None:
    reader = follow(session, make_reader(session, keyring, OPENED=Channel.AT_ONCE), consultation)
    account = session.get_one(Account, reader.account_id)
    if hindrance == "unconfirmed":
        account.email_confirmed_on = None
    elif hindrance == "closed":
        account.status = AccountStatus.CLOSED
    else:
        preferences.settings_of(session, account.id).paused_on = NOON.date()
    news.announce(session, NewsKind.OPENED, consultation, NOON)
    _run_jobs(session, keyring)
    assert waiting(session, keyring) == []
    assert run_rounds(session, keyring, MONDAY + timedelta(days=7)) == []


def test_a_letter_in_the_quiet_hours_waits(
    session: Session, keyring: Keyring, consultation: Consultation
) -> None:
    follow(session, make_reader(session, keyring, OPENED=Channel.AT_ONCE), consultation)
    with time_machine.travel(NOON.replace(hour=23), tick=False):
        news.announce(session, NewsKind.OPENED, consultation, NOON)
        _run_jobs(session, keyring)
    due = session.scalars(select(OutgoingMail.due_at)).one()
    assert due.astimezone(BANGKOK) == datetime(2026, 11, 25, 7, tzinfo=BANGKOK)


def test_the_same_occasion_is_told_once(
    session: Session, keyring: Keyring, consultation: Consultation
) -> None:
    assert news.announce(session, NewsKind.CLOSING, consultation, NOON) is not None
    assert news.announce(session, NewsKind.CLOSING, consultation, NOON) is None


def test_batches_reach_everybody_once(
    session: Session,
    keyring: Keyring,
    consultation: Consultation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(telling, "BATCH", 2)
    readers = [
        follow(session, make_reader(session, keyring, OPENED=Channel.AT_ONCE), consultation)
        for _ in range(5)
    ]
    news.announce(session, NewsKind.OPENED, consultation, NOON)
    _run_jobs(session, keyring)
    told = [letter.account_id for letter in waiting(session, keyring)]
    assert told == [reader.account_id for reader in readers]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (NewsKind.REVIEW, {"approver"}),
        (NewsKind.OVERDUE, {"approver", "officer"}),
        (NewsKind.QUEUE, {"moderator", "senior"}),
        (NewsKind.ANSWERS, set()),
    ],
)
def test_tasks_go_to_those_whose_work_they_are(
    session: Session, keyring: Keyring, kind: NewsKind, told: set[str]
) -> None:
    agency = make_agency(session)
    consultation = make_consultation(session, keyring, agency=agency)
    chosen = dict.fromkeys(("REVIEW", "OVERDUE", "QUEUE", "ANSWERS"), Channel.AT_ONCE)
    staff = {
        "officer": make_reader(session, keyring, Role.OFFICER, agency=agency, **chosen),
        "approver": make_reader(session, keyring, Role.APPROVER, agency=agency, **chosen),
        "stranger": make_reader(
            session, keyring, Role.APPROVER, agency=make_agency(session), **chosen
        ),
        "moderator": make_reader(session, keyring, Role.MODERATOR, **chosen),
        "senior": make_reader(session, keyring, Role.SENIOR_MODERATOR, **chosen),
        "citizen": make_reader(session, keyring, **chosen),
    }
    about = None if kind is NewsKind.QUEUE else consultation
    news.announce(session, kind, about, NOON)
    _run_jobs(session, keyring)
    letters = {letter.account_id for letter in waiting(session, keyring)}
    assert {who for who, actor in staff.items() if actor.account_id in letters} == told


def test_a_digest_holds_the_news_of_its_span(
    session: Session, keyring: Keyring, consultation: Consultation
) -> None:
    daily = follow(session, make_reader(session, keyring), consultation)
    weekly = make_reader(session, keyring, OPENED=Channel.WEEKLY, SUMMARY=Channel.WEEKLY)
    follow(session, weekly, consultation)
    none = make_reader(session, keyring, OPENED=Channel.NONE, SUMMARY=Channel.SITE)
    follow(session, none, consultation)
    numbers = []
    for kind, age in ((NewsKind.OPENED, 5), (NewsKind.SUMMARY, 0.5), (NewsKind.OPENED, 8)):
        told = news.announce(session, kind, consultation, age)
        assert told is not None
        told.created_at = MONDAY - timedelta(days=age)
        numbers.append(told.id)
    session.flush()
    letters = run_rounds(session, keyring, MONDAY)
    assert [(each.account_id, each.news) for each in letters] == [
        (daily.account_id, (numbers[1],)),
        (weekly.account_id, (numbers[0], numbers[1])),
    ]
    assert run_rounds(session, keyring, MONDAY) == []
    assert run_rounds(session, keyring, MONDAY + timedelta(days=1)) == []


def taking_part(
    session: Session, actor: Actor, consultation: Consultation, code: str = "decision.held"
) -> str:
    """Let somebody take part and have a new message."""
    person = joined(session, actor, consultation).id
    notice = notify(session, person, code, reference="ABC", rule="", reason="")
    notice.created_at = MONDAY - timedelta(hours=2)
    session.flush()
    return person


def test_people_hear_of_their_own_contributions_only_when_they_asked(
    session: Session, keyring: Keyring, consultation: Consultation
) -> None:
    asked = make_reader(session, keyring, own=Channel.AT_ONCE)
    silent, stranger = make_reader(session, keyring), make_reader(session, keyring)
    choose(session, stranger, own=Channel.AT_ONCE)
    person = taking_part(session, asked, consultation)
    other = taking_part(session, silent, consultation)
    letters = run_rounds(session, keyring, MONDAY + timedelta(hours=1))
    assert letters == [Letter(LetterKind.OWN, asked.account_id or 0)]
    assert notices_for(session, person)[0].told_at == MONDAY + timedelta(hours=1)
    assert notices_for(session, other)[0].told_at is None
    assert run_rounds(session, keyring, MONDAY + timedelta(hours=2)) == []


def test_news_in_many_consultations_is_one_letter(session: Session, keyring: Keyring) -> None:
    asked = make_reader(session, keyring, own=Channel.AT_ONCE)
    for _ in range(3):
        taking_part(session, asked, make_consultation(session, keyring))
    assert len(run_rounds(session, keyring, MONDAY)) == 1


def test_a_message_that_was_read_is_not_told_of(
    session: Session, keyring: Keyring, consultation: Consultation
) -> None:
    asked = make_reader(session, keyring, own=Channel.AT_ONCE)
    person = taking_part(session, asked, consultation)
    mark_read(session, [person], up_to=NOON)
    assert run_rounds(session, keyring, MONDAY) == []


def test_each_kind_of_message_is_told_in_its_own_way(
    session: Session, keyring: Keyring, consultation: Consultation
) -> None:
    reader = make_reader(session, keyring, ANSWERED=Channel.AT_ONCE, DECIDED=Channel.DAILY)
    taking_part(session, reader, consultation, "decision.held")
    taking_part(session, reader, consultation, "draft.changed")
    assert run_rounds(session, keyring, MONDAY - timedelta(hours=1)) == []
    taking_part(session, reader, consultation, "response.published")
    assert len(run_rounds(session, keyring, MONDAY - timedelta(minutes=60))) == 0
    letters = run_rounds(session, keyring, MONDAY)
    assert [letter.kind for letter in letters] == [LetterKind.OWN]
    person = joined(session, reader, consultation).id
    told = {notice.code for notice in notices_for(session, person) if notice.told_at}
    assert told == {"decision.held", "response.published"}


def test_a_digest_says_that_there_is_news_of_ones_own(
    session: Session, keyring: Keyring, consultation: Consultation
) -> None:
    reader = follow(session, make_reader(session, keyring, own=Channel.DAILY), consultation)
    taking_part(session, reader, consultation)
    told = news.announce(session, NewsKind.ANSWERS, consultation, NOON)
    assert told is not None
    told.created_at = MONDAY - timedelta(hours=3)
    [letter] = run_rounds(session, keyring, MONDAY)
    assert (letter.kind, letter.details) == (LetterKind.DIGEST, {"own": True})


def test_once_the_key_is_destroyed_nobody_can_be_found(
    session: Session, keyring: Keyring, consultation: Consultation
) -> None:
    taking_part(session, make_reader(session, keyring, own=Channel.AT_ONCE), consultation)
    consultation.sealed_key = None
    session.flush()
    assert run_rounds(session, keyring, MONDAY) == []


def test_the_database_keeps_no_pair_of_account_and_participant(
    session: Session, keyring: Keyring, consultation: Consultation
) -> None:
    reader = make_reader(session, keyring, own=Channel.AT_ONCE)
    person = taking_part(session, reader, consultation)
    telling.enqueue_round(session, MONDAY)
    _run_jobs(session, keyring)
    holding = set()
    for table in Base.metadata.sorted_tables:
        rows = session.execute(select(table)).all()
        if any(person in map(str, row) for row in rows):
            holding.add(table.name)
    # A note of who it is for would be in one of these, or new beside them.
    assert holding == {"participant", "participation_key", "notice"}
    accounts = {"account_id", "account"}
    for name in holding:
        assert not accounts & {column.name for column in Base.metadata.tables[name].columns}
    [payload] = session.scalars(select(jobs.Job.payload).where(jobs.Job.name == telling.ROUND))
    assert set(payload) == {"hour", "after"}
    assert session.execute(text("SELECT count(*) FROM outgoing_mail")).scalar() == 1


def test_a_news_item_that_is_gone_is_told_to_nobody(session: Session, keyring: Keyring) -> None:
    assert session.get(News, 404) is None
    assert telling.fan_out(session, keyring, 404, 0) == 0
