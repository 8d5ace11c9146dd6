"""The live picture: made anew by the clock while people vote, within bounds."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import analysing, policy
from consultations.analysing import refreshing
from consultations.models import AnalysisRun, Consultation, Snapshot, Stage, Statement
from core.actor import system_actor
from core.clock import now
from core.keyring import Keyring
from tests.factories import (
    make_comment,
    make_consultation,
    make_draft,
    make_participant,
    make_statement,
    make_vote,
)

MINUTE = timedelta(minutes=1)


def refresh(session: Session, later: timedelta = timedelta(0)) -> int:
    """Ask for what is due, as the job loop does; return how many runs began."""
    due = analysing.due_for_refresh(session, now() + later)
    for number in due:
        analysing.request_run(session, system_actor(), number, automatic=True)
    return len(due)


def voted(session: Session, statement: Statement, times: int = 1) -> None:
    consultation = session.get_one(Consultation, statement.consultation_id)
    for _ in range(times):
        make_vote(session, statement, make_participant(session, consultation), 1)


def finished(session: Session, *, failed: bool = False) -> None:
    """End the newest run, without the engine."""
    run = session.scalars(select(AnalysisRun).order_by(AnalysisRun.id.desc())).first()
    assert run is not None
    code = "analysis.refused" if failed else ""
    outcome = analysing.Outcome(failure_code=code, opinions_json=b"", themes_json=b"")
    analysing.store(session, run.id, outcome)


@pytest.fixture
def statement(session: Session, keyring: Keyring) -> Statement:
    return make_statement(session, make_consultation(session, keyring))


def test_the_first_vote_or_comment_brings_the_first_picture(
    session: Session, keyring: Keyring, statement: Statement
) -> None:
    assert refresh(session) == 0
    voted(session, statement)
    assert refresh(session) == 1
    make_comment(session, make_draft(session, make_consultation(session, keyring)))
    assert refresh(session) == 1


def test_nothing_begins_while_a_run_is_under_way(session: Session, statement: Statement) -> None:
    voted(session, statement)
    assert refresh(session) == 1
    voted(session, statement, refreshing.AFTER_VOTES)
    assert refresh(session, later=timedelta(days=1)) == 0


def test_a_few_votes_wait_many_do_not(session: Session, statement: Statement) -> None:
    voted(session, statement)
    refresh(session)
    finished(session)
    assert refresh(session, later=timedelta(days=1)) == 0
    voted(session, statement)
    assert refresh(session, later=2 * MINUTE) == 0
    assert refresh(session, later=refreshing.AFTER + MINUTE) == 1
    finished(session)
    voted(session, statement, refreshing.AFTER_VOTES)
    assert refresh(session) == 0
    assert refresh(session, later=2 * MINUTE) == 1


def test_after_a_failure_it_waits_longer(session: Session, statement: Statement) -> None:
    voted(session, statement)
    refresh(session)
    finished(session, failed=True)
    voted(session, statement, refreshing.AFTER_VOTES)
    assert refresh(session, later=refreshing.AFTER + MINUTE) == 0
    assert refresh(session, later=refreshing.AFTER_FAILURE) == 1


def test_a_run_that_took_long_is_not_asked_for_again_soon(
    session: Session, statement: Statement
) -> None:
    voted(session, statement)
    refresh(session)
    finished(session)
    run = session.scalars(select(AnalysisRun)).one()
    run.queued_at = now() - 20 * MINUTE
    voted(session, statement, refreshing.AFTER_VOTES)
    assert refresh(session) == 0
    assert refresh(session, later=200 * MINUTE) == 1


def test_only_open_consultations_are_refreshed(session: Session, statement: Statement) -> None:
    voted(session, statement)
    consultation = session.get_one(Consultation, statement.consultation_id)
    consultation.stage = Stage.CLOSED
    assert consultation.stage not in policy.TAKING_STAGES
    assert refresh(session) == 0
    consultation.stage, consultation.closes_at = Stage.OPEN, now() - MINUTE
    assert refresh(session) == 0


def test_at_most_a_few_runs_begin_at_once(session: Session, keyring: Keyring) -> None:
    for _ in range(refreshing.AT_ONCE + 1):
        voted(session, make_statement(session, make_consultation(session, keyring)))
    assert refresh(session) == refreshing.AT_ONCE
    assert refresh(session) == 1


def test_old_automatic_runs_make_room_and_those_of_people_stay(
    session: Session, statement: Statement
) -> None:
    number = statement.consultation_id
    voted(session, statement)
    analysing.request_run(session, system_actor(), number)
    finished(session)
    for _ in range(6):
        analysing.request_run(session, system_actor(), number, automatic=True)
        finished(session)
    runs = session.scalars(select(AnalysisRun.automatic).order_by(AnalysisRun.id)).all()
    assert runs == [False, True, True, True]
    assert session.scalar(select(func.count(Snapshot.id))) == 4
