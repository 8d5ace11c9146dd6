"""From a person to their participant in one consultation, and to no other."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import participation
from consultations.models import Participant, ParticipationKey
from core.actor import ANONYMOUS, Role
from core.errors import ConflictError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from tests.factories import make_actor, make_agency, make_consultation
from tests.queries import count_queries


def test_a_person_is_one_participant_however_often_they_come(
    session: Session, keyring: Keyring
) -> None:
    made, citizen = make_consultation(session, keyring), make_actor(session, keyring)

    first = participation.join(session, citizen, made)
    again = participation.join(session, citizen, made)

    assert first is again
    assert participation.find_participant(session, citizen, made) is first
    assert len(session.scalars(select(Participant)).all()) == 1


def test_a_person_has_unlinkable_numbers_and_keys_in_two_consultations(
    session: Session, keyring: Keyring
) -> None:
    one, two = make_consultation(session, keyring), make_consultation(session, keyring)
    citizen = make_actor(session, keyring)

    for made in (one, two):
        participation.join(session, citizen, made)

    assert len(set(session.scalars(select(Participant.id)))) == 2
    assert len(set(session.scalars(select(ParticipationKey.person_key)))) == 2


def test_two_people_are_two_participants(session: Session, keyring: Keyring) -> None:
    made = make_consultation(session, keyring)
    people = [make_actor(session, keyring) for _ in range(2)]

    assert len({participation.join(session, person, made).id for person in people}) == 2


def test_nothing_stored_beside_a_participant_names_the_account(
    session: Session, keyring: Keyring
) -> None:
    columns = {
        column.name for table in (Participant, ParticipationKey) for column in table.__table__.c
    }

    assert not {name for name in columns if "account" in name or "email" in name}


def test_a_visitor_and_the_agencys_own_staff_do_not_take_part(
    session: Session, keyring: Keyring
) -> None:
    agency = make_agency(session)
    made = make_consultation(session, keyring, agency=agency)
    officer = make_actor(session, keyring, Role.OFFICER, agency=agency)

    with pytest.raises(NotAllowedError, match=r"participation\.sign_in"):
        participation.join(session, ANONYMOUS, made)
    with pytest.raises(NotAllowedError, match=r"participation\.own_agency"):
        participation.join(session, officer, made)
    assert participation.find_participant(session, ANONYMOUS, made) is None


def test_once_the_key_is_destroyed_nobody_is_found_or_joins(
    session: Session, keyring: Keyring
) -> None:
    made, citizen = make_consultation(session, keyring), make_actor(session, keyring)
    participation.join(session, citizen, made)
    made.sealed_key = None
    session.flush()

    assert participation.find_participant(session, citizen, made) is None
    assert participation.taken_part_in(session, citizen, [made]) == set()
    with pytest.raises(ConflictError, match=r"participation\.ended"):
        participation.join(session, citizen, made)


def test_where_a_person_took_part_is_known_to_them_alone_with_one_question(
    session: Session, keyring: Keyring
) -> None:
    entries = [make_consultation(session, keyring) for _ in range(3)]
    citizen, other = make_actor(session, keyring), make_actor(session, keyring)
    for made in entries[:2]:
        participation.join(session, citizen, made)
    participation.join(session, other, entries[2])

    with count_queries(session.get_bind()) as sent:  # type: ignore[arg-type]
        taken = participation.taken_part_in(session, citizen, entries)

    assert taken == {entries[0].id, entries[1].id}
    assert len(sent) == 1
    assert participation.taken_part_in(session, ANONYMOUS, entries) == set()
    assert participation.taken_part_in(session, citizen, []) == set()


def test_another_site_secret_finds_nobody(session: Session, keyring: Keyring) -> None:
    made, citizen = make_consultation(session, keyring), make_actor(session, keyring)
    participation.join(session, citizen, made)
    stranger = replace(citizen, person_tag=b"somebody else's tag, as long as one")

    assert participation.find_participant(session, stranger, made) is None


def test_a_consultation_that_does_not_exist_is_not_locked(session: Session) -> None:
    with pytest.raises(NotFoundError):
        participation.locked_consultation(session, 1)
