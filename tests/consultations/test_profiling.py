"""Telling something about oneself: voluntary, with consent, in one consultation; the population."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import analysing, profiling
from consultations.models import ParticipantProfile, Stage
from core.actor import Role, system_actor
from core.errors import ConflictError, InvalidError, NotAllowedError
from core.keyring import Keyring
from tests.consultations.planted import make_staff
from tests.factories import joined, make_actor, make_consultation, make_statement, make_vote

ANSWERS = {"age": "18_29", "region": "north", "gender": ""}
SHARES = b"stratum,value,share\ngender,woman,51\ngender,man,49\n"


def test_answers_are_kept_once_and_can_be_changed_and_deleted(
    session: Session, keyring: Keyring
) -> None:
    consultation, actor = make_consultation(session, keyring), make_actor(session, keyring)
    joined(session, actor, consultation)
    number = consultation.id
    profiling.tell(session, actor, number, answers=ANSWERS, agreed=True)
    profiling.tell(session, actor, number, answers={"age": "60_up"}, agreed=True)
    kept = profiling.own_profile(session, actor, consultation)
    assert kept is not None
    assert (kept.age, kept.region, kept.gender) == ("60_up", "", "")
    profiling.forget(session, actor, number)
    profiling.forget(session, actor, number)
    assert session.scalar(select(func.count(ParticipantProfile.participant_id))) == 0


def test_it_is_asked_after_taking_part_and_only_with_consent(
    session: Session, keyring: Keyring
) -> None:
    consultation, actor = make_consultation(session, keyring), make_actor(session, keyring)
    with pytest.raises(NotAllowedError, match=r"profile.take_part_first"):
        profiling.tell(session, actor, consultation.id, answers=ANSWERS, agreed=True)
    joined(session, actor, consultation)
    with pytest.raises(InvalidError, match=r"profile.agree"):
        profiling.tell(session, actor, consultation.id, answers=ANSWERS, agreed=False)
    with pytest.raises(InvalidError, match=r"profile.answer_unknown"):
        profiling.tell(session, actor, consultation.id, answers={"age": "7"}, agreed=True)


def test_a_profile_of_one_consultation_is_unknown_in_another(
    session: Session, keyring: Keyring
) -> None:
    actor = make_actor(session, keyring)
    one, other = make_consultation(session, keyring), make_consultation(session, keyring)
    joined(session, actor, one)
    joined(session, actor, other)
    profiling.tell(session, actor, one.id, answers=ANSWERS, agreed=True)
    assert profiling.own_profile(session, actor, other) is None


def test_a_snapshot_counts_answers_of_those_who_took_part(
    session: Session, keyring: Keyring
) -> None:
    consultation, actor = make_consultation(session, keyring), make_actor(session, keyring)
    person = joined(session, actor, consultation)
    make_vote(session, make_statement(session, consultation), person, 1)
    joined(session, make_actor(session, keyring), consultation)
    profiling.tell(session, actor, consultation.id, answers=ANSWERS, agreed=True)
    run = analysing.request_run(session, system_actor(), consultation.id)
    inputs = analysing.load(session, run.id)
    assert inputs.activity["strata"]["region"] == {"north": 1}
    assert inputs.activity["strata"]["gender"] == {"": 1}
    assert b"18_29" in inputs.participants


def test_an_officer_gives_the_population_with_its_source(
    session: Session, keyring: Keyring
) -> None:
    staff = make_staff(session, keyring)
    number = make_consultation(session, keyring, agency=staff.agency).id
    profiling.set_population(session, staff.officer, number, data=SHARES, source="Census 2568")
    kept = profiling.population_of(session, number)
    assert kept is not None
    assert kept.shares == {"gender": {"woman": 0.51, "man": 0.49}}
    with pytest.raises(InvalidError, match=r"population.source_required"):
        profiling.set_population(session, staff.officer, number, data=SHARES, source=" ")
    stranger = make_actor(
        session, keyring, Role.OFFICER, agency=make_staff(session, keyring).agency
    )
    for actor in (staff.approver, stranger):
        with pytest.raises(NotAllowedError):
            profiling.set_population(session, actor, number, data=SHARES, source="x")


def test_votes_row_by_row_are_announced_before_anyone_votes(
    session: Session, keyring: Keyring
) -> None:
    staff = make_staff(session, keyring)
    early = make_consultation(session, keyring, agency=staff.agency, stage=Stage.PREPARING)
    profiling.announce_open_votes(session, staff.officer, early.id, open_votes=True)
    assert early.open_votes
    opened = make_consultation(session, keyring, agency=staff.agency)
    with pytest.raises(ConflictError, match=r"open_votes.too_late"):
        profiling.announce_open_votes(session, staff.officer, opened.id, open_votes=True)
