"""What the clock brings is told once: closings, promised answers, contributions that wait long."""

from datetime import timedelta

import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import reminding
from consultations.models import News, Stage, Visibility
from core.clock import now
from core.keyring import Keyring
from core.mailing.kinds import NewsKind
from moderation import reminding as moderators
from tests.factories import make_comment, make_consultation, make_draft


def told(session: Session) -> list[tuple[NewsKind, int | None]]:
    rows = session.execute(select(News.kind, News.consultation_id).order_by(News.id))
    return [(kind, number) for kind, number in rows]


def test_a_closing_within_three_days_is_told_once(session: Session, keyring: Keyring) -> None:
    near = make_consultation(session, keyring, closes_at=now() + timedelta(days=2))
    make_consultation(session, keyring, closes_at=now() + timedelta(days=4))
    make_consultation(session, keyring, stage=Stage.CLOSED, closes_at=now() + timedelta(days=2))
    assert reminding.remind(session) == 1
    assert reminding.remind(session) == 0
    assert told(session) == [(NewsKind.CLOSING, near.id)]


def test_a_closing_that_was_moved_is_told_again(session: Session, keyring: Keyring) -> None:
    consultation = make_consultation(session, keyring, closes_at=now() + timedelta(days=2))
    reminding.remind(session)
    consultation.closes_at = now() + timedelta(days=12)
    session.flush()
    with time_machine.travel(now() + timedelta(days=10)):
        assert reminding.remind(session) == 1


def test_promised_answers_are_told_before_and_after_their_day(
    session: Session, keyring: Keyring
) -> None:
    due = now().date() + timedelta(days=2)
    late = make_consultation(session, keyring, stage=Stage.ANSWERING, answers_due_on=due)
    make_consultation(session, keyring, stage=Stage.CONCLUDED, answers_due_on=due)
    make_consultation(session, keyring, stage=Stage.ANSWERING)
    assert reminding.remind(session) == 1
    with time_machine.travel(now() + timedelta(days=4)):
        assert reminding.remind(session) == 1
        assert reminding.remind(session) == 0
    assert told(session) == [(NewsKind.OVERDUE, late.id)] * 2


def test_moderators_hear_once_a_day_of_what_waits_long(session: Session, keyring: Keyring) -> None:
    draft = make_draft(session, make_consultation(session, keyring))
    recent = make_comment(session, draft, visibility=Visibility.PENDING)
    make_comment(session, draft, created_at=now() - timedelta(days=3))
    assert not moderators.remind(session)
    recent.created_at = now() - timedelta(hours=25)
    session.flush()
    assert moderators.remind(session)
    assert not moderators.remind(session)
    with time_machine.travel(now() + timedelta(days=1)):
        assert moderators.remind(session)
