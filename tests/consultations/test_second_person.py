"""What somebody prepared cannot be approved through their own second account."""

import pytest
from sqlalchemy.orm import Session

from consultations import seconding
from core.accounts.models import IdentityLink
from core.actor import Actor, Role
from core.clock import now
from core.errors import NotAllowedError
from core.keyring import Keyring
from tests.factories import make_actor, make_agency


def verify(session: Session, actor: Actor, person: bytes) -> None:
    values = {"issuer": "https://id.example", "person_index": person, "verified_on": now().date()}
    subject = f"subject of {actor.account_id}".encode()
    session.add(IdentityLink(account_id=actor.account_id, subject_index=subject, **values))
    session.flush()


def test_a_second_account_of_the_same_person_cannot_approve(
    session: Session, keyring: Keyring
) -> None:
    agency = make_agency(session)
    author, other, stranger = (
        make_actor(session, keyring, Role.APPROVER, agency=agency) for _ in range(3)
    )
    seconding.require_other(session, other, author.account_id)
    for actor, person in ((author, b"a" * 32), (other, b"a" * 32), (stranger, b"b" * 32)):
        verify(session, actor, person)
    with pytest.raises(NotAllowedError, match=r"approval\.own_work"):
        seconding.require_other(session, other, author.account_id)
    seconding.require_other(session, stranger, author.account_id)
    seconding.require_other(session, other, None)
