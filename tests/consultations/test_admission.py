"""Whom a consultation takes in: anyone with an account, or verified people only."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from consultations import policy, voting
from consultations.models import Admission, Choice, Tier
from core.actor import ANONYMOUS
from core.errors import NotAllowedError
from core.keyring import Keyring
from tests.factories import joined, make_actor, make_consultation, make_statement


def test_anyone_takes_part_unless_said_otherwise(session: Session, keyring: Keyring) -> None:
    consultation = make_consultation(session, keyring)
    assert consultation.admission is Admission.EVERYONE
    policy.require_can_take_part(make_actor(session, keyring), consultation)
    assert policy.is_admitted(ANONYMOUS, consultation)


def test_only_verified_people_and_organisations_take_part_where_it_is_said(
    session: Session, keyring: Keyring
) -> None:
    consultation = make_consultation(session, keyring, admission=Admission.VERIFIED)
    citizen = make_actor(session, keyring)
    with pytest.raises(NotAllowedError, match=r"participation\.verified_only"):
        joined(session, citizen, consultation)
    assert joined(session, replace(citizen, is_verified=True), consultation).tier is Tier.PERSON


def test_an_organisation_has_a_name_and_no_vote(session: Session, keyring: Keyring) -> None:
    consultation = make_consultation(session, keyring, admission=Admission.VERIFIED)
    statement = make_statement(session, consultation)
    office = replace(make_actor(session, keyring), organisation="สมาคมคนรักน้ำ")
    participant = joined(session, office, consultation)
    assert (participant.tier, participant.organisation) == (Tier.ORGANISATION, "สมาคมคนรักน้ำ")
    with pytest.raises(NotAllowedError, match=r"participation\.organisation_vote"):
        voting.cast(session, office, statement.reference, Choice.AGREE)
