"""Votes and statements of many at the same moment, over separate connections."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from consultations import commenting, participation, proposing, voting
from consultations.comment_words import Words
from consultations.models import (
    Choice,
    Comment,
    Consultation,
    Participant,
    ParticipationKey,
    Statement,
    Vote,
)
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, PlatformError
from core.keyring import Keyring
from moderation.rules import screen
from tests.factories import make_actor, make_consultation, make_draft, make_statement

AT_ONCE = 8


@pytest.fixture
def session(fresh_session: Session) -> Session:
    """A database of its own: these tests use several connections or transactions."""
    return fresh_session


def together(session: Session, deeds: list[Callable[[Session], Any]]) -> list[Any]:
    """Run deeds at once, each committed on a connection of its own; refusals give their code."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    barrier = threading.Barrier(len(deeds))

    def run(deed: Callable[[Session], Any]) -> Any:
        barrier.wait()
        with Session(engine, expire_on_commit=False) as own, own.begin():
            try:
                return deed(own)
            except PlatformError as error:
                own.rollback()
                return error.code

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def prepared(session: Session, keyring: Keyring) -> tuple[Actor, Statement]:
    consultation = make_consultation(session, keyring)
    statement = make_statement(session, consultation)
    actor = make_actor(session, keyring)
    session.commit()
    return actor, statement


def test_many_first_votes_of_one_person_leave_one_vote(session: Session, keyring: Keyring) -> None:
    actor, statement = prepared(session, keyring)
    choices = [Choice.AGREE, Choice.DISAGREE, Choice.PASS] * 4
    acknowledged = together(
        session,
        [
            lambda own, choice=choice: voting.cast(own, actor, statement.reference, choice)
            for choice in choices
        ],
    )
    assert acknowledged == choices
    rows = session.scalars(select(Vote)).all()
    assert len(rows) == 1
    assert rows[0].choice in set(choices)
    assert len(session.scalars(select(Participant)).all()) == 1
    assert len(session.scalars(select(ParticipationKey)).all()) == 1


def test_the_vote_acknowledged_last_is_the_one_that_stays(
    session: Session, keyring: Keyring
) -> None:
    actor, statement = prepared(session, keyring)
    order: list[Choice] = []
    lock = threading.Lock()
    engine = session.get_bind()
    assert isinstance(engine, Engine)

    def vote(choice: Choice) -> None:
        with Session(engine) as own:
            voting.cast(own, actor, statement.reference, choice)
            with lock:  # one vote's row is locked until its commit: the order is the database's
                own.commit()
                order.append(choice)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(vote, [Choice.AGREE, Choice.DISAGREE, Choice.PASS] * 5))
    assert len(order) == 15
    assert session.scalars(select(Vote.choice)).one() == order[-1]


def test_many_people_at_once_have_a_vote_each(session: Session, keyring: Keyring) -> None:
    _, statement = prepared(session, keyring)
    people = [make_actor(session, keyring) for _ in range(AT_ONCE)]
    session.commit()
    together(
        session,
        [
            lambda own, actor=actor: voting.cast(own, actor, statement.reference, Choice.AGREE)
            for actor in people
        ],
    )
    assert Counter(session.scalars(select(Vote.choice))) == {1: AT_ONCE}


def test_a_vote_that_waits_for_the_close_comes_too_late(session: Session, keyring: Keyring) -> None:
    """The time is read after the lock, so waiting behind the closing step does not save a vote."""
    actor, statement = prepared(session, keyring)
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    outcome: list[str] = []

    def vote() -> None:
        with Session(engine) as own, own.begin():
            try:
                voting.cast(own, actor, statement.reference, Choice.AGREE)
                outcome.append("counted")
            except ConflictError as error:
                own.rollback()
                outcome.append(error.code)

    with Session(engine) as closing:
        consultation = closing.get_one(
            Consultation, statement.consultation_id, with_for_update={"of": Consultation}
        )
        voter = threading.Thread(target=vote)
        voter.start()
        voter.join(timeout=0.3)
        consultation.closes_at = now() - timedelta(microseconds=1)
        closing.commit()
        voter.join()
    assert outcome == ["consultation.closed"]
    assert session.scalars(select(Vote)).all() == []


def test_statements_proposed_at_once_get_numbers_of_their_own(
    session: Session, keyring: Keyring
) -> None:
    consultation = make_consultation(session, keyring)
    people = [make_actor(session, keyring) for _ in range(AT_ONCE)]
    session.commit()
    together(
        session,
        [
            lambda own, actor=actor, place=place: proposing.propose(
                own, actor, consultation.id, body=f"ประโยคที่ {place}", screen=screen
            )
            for place, actor in enumerate(people)
        ],
    )
    numbers = session.scalars(select(Statement.number).order_by(Statement.number)).all()
    assert numbers == list(range(1, AT_ONCE + 1))


def test_the_same_sentence_proposed_at_once_is_taken_once(
    session: Session, keyring: Keyring
) -> None:
    consultation = make_consultation(session, keyring)
    people = [make_actor(session, keyring) for _ in range(AT_ONCE)]
    session.commit()
    outcomes = together(
        session,
        [
            lambda own, actor=actor: proposing.propose(
                own, actor, consultation.id, body="ประโยคเดียวกัน", screen=screen
            )
            for actor in people
        ],
    )
    assert Counter(map(str, outcomes))["statement.exists"] == AT_ONCE - 1
    assert len(session.scalars(select(Statement)).all()) == 1


def test_a_comment_form_sent_twice_at_once_counts_once(session: Session, keyring: Keyring) -> None:
    consultation = make_consultation(session, keyring)
    make_draft(session, consultation)
    actor = make_actor(session, keyring)
    participation.join(session, actor, consultation)
    session.commit()

    def send(own: Session) -> Comment:
        return commenting.submit(
            own,
            actor,
            consultation.id,
            clause_key="s1",
            words=Words("ส่งสองครั้ง"),
            quote=None,
            screen=screen,
        )

    outcomes = together(session, [send] * 4)
    assert [each for each in outcomes if isinstance(each, str)] == ["comment.repeated"] * 3
    assert len(session.scalars(select(Comment)).all()) == 1


def test_refusals_have_the_family_that_forms_expect() -> None:
    assert issubclass(proposing.StatementExistsError, ConflictError)
    assert not issubclass(proposing.StatementExistsError, InvalidError)
