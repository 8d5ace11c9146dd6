"""Following a consultation, and the news that those who follow it get."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import convening, following, news, reminding
from consultations.lifecycle import Event
from consultations.models import Following, Participant, ParticipationKey, Stage
from consultations.queries.followed import followed_by
from consultations.queries.news import public_news, still_to_close
from core.actor import ANONYMOUS, Role, system_actor
from core.clock import now
from core.errors import NotAllowedError, NotFoundError
from core.keyring import Keyring
from tests.consultations.two_people import reschedule
from tests.factories import make_actor, make_agency, make_consultation


def codes(session: Session, consultation_id: int | None = None) -> Sequence[str]:
    return [told.news.code for told in public_news(session, consultation_id)]


def test_following_twice_is_following_once_and_can_be_ended(
    session: Session, keyring: Keyring
) -> None:
    made, other = make_consultation(session, keyring), make_consultation(session, keyring)
    one, two = make_actor(session, keyring), make_actor(session, keyring)
    for actor in (one, one, two):
        following.follow(session, actor, made.id)
    following.follow(session, one, other.id)

    following.unfollow(session, one, made.id)
    following.unfollow(session, one, made.id)

    assert followed_by(session, two) == {made.id}
    assert followed_by(session, one) == {other.id}
    assert followed_by(session, ANONYMOUS) == set()


def test_following_does_not_take_part_and_leaves_no_time(
    session: Session, keyring: Keyring
) -> None:
    made = make_consultation(session, keyring)

    following.follow(session, make_actor(session, keyring), made.id)

    assert session.scalar(select(func.count()).select_from(Participant)) == 0
    assert session.scalar(select(func.count()).select_from(ParticipationKey)) == 0
    assert set(Following.__table__.c.keys()) == {"account_id", "consultation_id"}


def test_only_what_one_can_see_can_be_followed_and_only_by_an_account(
    session: Session, keyring: Keyring
) -> None:
    hidden = make_consultation(session, keyring, stage=Stage.PREPARING)
    with pytest.raises(NotFoundError):
        following.follow(session, make_actor(session, keyring), hidden.id)
    with pytest.raises(NotAllowedError):
        following.follow(session, ANONYMOUS, make_consultation(session, keyring).id)


def test_the_steps_of_a_life_cycle_are_news_once_it_is_public(
    session: Session, keyring: Keyring
) -> None:
    agency = make_agency(session)
    approver = make_actor(session, keyring, Role.APPROVER, agency=agency)
    made = make_consultation(session, keyring, agency=agency, stage=Stage.SCHEDULED)
    convening.advance_due(session, system_actor())
    reschedule(session, approver, made.id, Event.CLOSE, reason="ครบแล้ว")
    hidden = make_consultation(session, keyring, stage=Stage.PREPARING)
    news.announce(session, None, hidden, "one", code="x.y")

    assert codes(session) == ["consultation.closed", "consultation.opened"]
    opened = public_news(session, made.id)[1].news
    assert opened.created_at == made.opens_at


def test_an_occasion_is_told_once(session: Session, keyring: Keyring) -> None:
    made = make_consultation(session, keyring)
    for occasion in ("draft 2", "draft 2", "draft 3"):
        news.announce(session, None, made, occasion, code="draft.published")

    assert codes(session, made.id) == ["draft.published", "draft.published"]


def test_a_near_closing_is_told_once_and_again_when_it_was_moved(
    session: Session, keyring: Keyring
) -> None:
    soon = make_consultation(session, keyring, closes_at=now() + timedelta(days=2))
    make_consultation(session, keyring, closes_at=now() + timedelta(days=20))
    make_consultation(session, keyring, closes_at=now() - timedelta(minutes=1))

    assert reminding.remind(session) == 1
    assert reminding.remind(session) == 0
    soon.closes_at = now() + timedelta(days=3, minutes=-1)
    reminding.remind(session)

    assert codes(session) == ["consultation.closing_soon"] * 2


def test_a_calendar_holds_what_is_still_to_close(session: Session, keyring: Keyring) -> None:
    later = make_consultation(session, keyring, closes_at=now() + timedelta(days=9))
    sooner = make_consultation(
        session, keyring, stage=Stage.SCHEDULED, closes_at=now() + timedelta(days=3)
    )
    make_consultation(session, keyring, closes_at=now() - timedelta(days=1))
    make_consultation(session, keyring, stage=Stage.IN_REVIEW)

    assert [each.id for each in still_to_close(session, now())] == [sooner.id, later.id]
