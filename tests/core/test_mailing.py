"""What accounts want to be told, quiet hours, and letters that wait."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import BANGKOK, now
from core.errors import InvalidError
from core.keyring import Keyring
from core.mailing import outbox, preferences
from core.mailing.hours import QuietHours, channels_at
from core.mailing.kinds import Channel, NewsKind, channels_of
from core.mailing.models import OutgoingMail
from core.mailing.outbox import PAUSES, Letter, LetterKind
from tests.factories import make_actor

MONDAY = datetime(2026, 11, 23, 8, tzinfo=BANGKOK)


def in_bangkok(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BANGKOK)


@pytest.mark.parametrize(
    ("quiet", "moment", "expected"),
    [
        (QuietHours(21, 7), in_bangkok(20, 20, 59), in_bangkok(20, 20, 59)),
        (QuietHours(21, 7), in_bangkok(20, 21), in_bangkok(21, 7)),
        (QuietHours(21, 7), in_bangkok(21, 6, 59), in_bangkok(21, 7)),
        (QuietHours(21, 7), in_bangkok(21, 7), in_bangkok(21, 7)),
        (QuietHours(1, 5), in_bangkok(20, 3, 30), in_bangkok(20, 5)),
        (QuietHours(9, 9), in_bangkok(20, 9), in_bangkok(20, 9)),
        (QuietHours(22, 0), in_bangkok(20, 23), in_bangkok(21, 0)),
    ],
)
def test_a_letter_waits_for_the_end_of_the_quiet_hours(
    quiet: QuietHours, moment: datetime, expected: datetime
) -> None:
    assert quiet.next_free(moment.astimezone(UTC)) == expected


def test_daily_letters_go_out_at_eight_and_weekly_ones_on_mondays() -> None:
    assert channels_at(MONDAY) == {Channel.AT_ONCE, Channel.DAILY, Channel.WEEKLY}
    assert channels_at(MONDAY + timedelta(days=1)) == {Channel.AT_ONCE, Channel.DAILY}
    assert channels_at(MONDAY + timedelta(hours=1)) == {Channel.AT_ONCE}


def test_an_account_without_choices_has_the_defaults(session: Session, keyring: Keyring) -> None:
    account_id = make_actor(session, keyring).account_id or 0
    wish = preferences.of_account(session, account_id)
    assert wish.channels[NewsKind.DECIDED] is Channel.SITE
    assert wish.channels[NewsKind.OPENED] is Channel.DAILY
    assert wish.quiet == QuietHours(21, 7)


def test_choices_of_one_account_are_not_those_of_another(
    session: Session, keyring: Keyring
) -> None:
    first, second = (make_actor(session, keyring).account_id or 0 for _ in range(2))
    preferences.choose(session, first, {NewsKind.OPENED: Channel.NONE}, QuietHours(0, 6))
    preferences.choose(session, first, {NewsKind.OPENED: Channel.AT_ONCE}, QuietHours(0, 6))
    wishes = preferences.of_accounts(session, [first, second])
    assert wishes[first].channels[NewsKind.OPENED] is Channel.AT_ONCE
    assert wishes[first].quiet == QuietHours(0, 6)
    assert wishes[second].channels[NewsKind.OPENED] is Channel.DAILY


def test_news_of_ones_own_contribution_cannot_be_hidden(session: Session, keyring: Keyring) -> None:
    account_id = make_actor(session, keyring).account_id or 0
    assert Channel.NONE not in channels_of(NewsKind.DECIDED)
    with pytest.raises(InvalidError) as refused:
        preferences.choose(session, account_id, {NewsKind.DECIDED: Channel.NONE}, QuietHours())
    assert refused.value.code == "mail.channel_unknown"


def test_stopping_leaves_what_is_hidden_hidden(session: Session, keyring: Keyring) -> None:
    account_id = make_actor(session, keyring).account_id or 0
    chosen = {NewsKind.OPENED: Channel.NONE, NewsKind.DECIDED: Channel.WEEKLY}
    preferences.choose(session, account_id, chosen, QuietHours())
    preferences.stop(session, account_id, list(NewsKind))
    channels = preferences.of_account(session, account_id).channels
    assert channels[NewsKind.OPENED] is Channel.NONE
    assert channels[NewsKind.DECIDED] is channels[NewsKind.ANSWERS] is Channel.SITE


def test_an_address_pauses_at_the_third_refusal_in_a_row(
    session: Session, keyring: Keyring
) -> None:
    account_id = make_actor(session, keyring).account_id or 0
    for _ in range(2):
        preferences.note_refusal(session, account_id)
    preferences.note_delivery(session, account_id)
    for _ in range(2):
        preferences.note_refusal(session, account_id)
    assert not preferences.of_account(session, account_id).is_paused
    preferences.note_refusal(session, account_id)
    assert preferences.of_account(session, account_id).is_paused
    preferences.resume(session, account_id)
    assert not preferences.of_account(session, account_id).is_paused


def test_a_waiting_letter_tells_nothing_not_even_by_its_length(
    session: Session, keyring: Keyring
) -> None:
    for address in ("a@b.co", "a.rather.long.address@department.example.go.th"):
        outbox.post(session, keyring, Letter(LetterKind.CONFIRM, 77, address))
    session.flush()
    first, second = session.scalars(select(OutgoingMail.sealed)).all()
    assert "example" not in first + second
    assert len(first) == len(second)


def test_a_letter_is_claimed_once(session: Session, keyring: Keyring) -> None:
    outbox.post(session, keyring, Letter(LetterKind.OWN, 5))
    outbox.post(session, keyring, Letter(LetterKind.OWN, 6), due_at=now() + timedelta(hours=1))
    session.flush()
    [claimed] = outbox.claim(session, keyring, limit=10)
    assert claimed.letter == Letter(LetterKind.OWN, 5)
    assert outbox.claim(session, keyring, limit=10) == []
    assert not outbox.is_due(session)


def test_a_letter_of_a_worker_that_died_goes_out_under_the_same_number(
    session: Session, keyring: Keyring
) -> None:
    outbox.post(session, keyring, Letter(LetterKind.OWN, 5))
    session.flush()
    [first] = outbox.claim(session, keyring, limit=1)
    with time_machine.travel(now() + outbox.CLAIM + timedelta(seconds=1)):
        [second] = outbox.claim(session, keyring, limit=1)
    assert (second.message_id, second.attempts) == (first.message_id, 2)


def test_attempts_get_rarer_and_end(session: Session, keyring: Keyring) -> None:
    outbox.post(session, keyring, Letter(LetterKind.OWN, 5))
    session.flush()
    moment, waits = now(), []
    for _ in range(len(PAUSES) + 1):
        with time_machine.travel(moment, tick=False):
            [claimed] = outbox.claim(session, keyring, limit=1)
            kept = outbox.postpone(session, claimed.id)
            mail = session.get(OutgoingMail, claimed.id)
            waits.append(mail.due_at - moment if mail else None)
            moment = mail.due_at if mail else moment
    assert waits == [*PAUSES, None]
    assert not kept
    assert session.scalars(select(OutgoingMail)).all() == []


def test_a_letter_sealed_under_another_secret_is_not_opened(
    session: Session, keyring: Keyring
) -> None:
    outbox.post(session, keyring, Letter(LetterKind.OWN, 5))
    session.flush()
    [claimed] = outbox.claim(session, Keyring(b"another secret of enough length ..."), limit=1)
    assert claimed.letter is None
