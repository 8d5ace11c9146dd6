"""Functions that make minimal, valid rows; what a test does not name is noise."""

import itertools
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from consultations import tallies
from consultations.models import (
    Clause,
    Comment,
    Consultation,
    Draft,
    DraftState,
    Kind,
    Origin,
    Participant,
    Stage,
    Statement,
    Visibility,
    Vote,
)
from consultations.participation import join
from core.accounts.models import Account, Agency, RoleGrant
from core.actor import AGENCY_ROLES, Actor, Role
from core.clock import now
from core.keyring import Keyring

_numbers = itertools.count(1)


def make_agency(session: Session, **overrides: Any) -> Agency:
    number = next(_numbers)
    values = {
        "slug": f"agency-{number}",
        "name_th": f"หน่วยงาน {number}",
        "name_en": f"Agency {number}",
    }
    agency = Agency(**{**values, **overrides})
    session.add(agency)
    session.flush()
    return agency


def make_actor(
    session: Session, keyring: Keyring, *roles: Role, agency: Agency | None = None
) -> Actor:
    """Make an account with roles, and the actor it signs in as."""
    email = f"person{next(_numbers)}@example.org"
    wanted = {Role.PARTICIPANT, *roles}
    agency_id = agency.id if agency else None
    account = Account(
        email_sealed=keyring.seal_email(email),
        email_index=keyring.email_index(email),
        password_hash="not a hash",
        created_on=now().date(),
        grants=[
            RoleGrant(role=role, agency_id=agency_id if role in AGENCY_ROLES else None)
            for role in sorted(wanted)
        ],
    )
    session.add(account)
    session.flush()
    return Actor(account.id, frozenset(wanted), agency_id, keyring.email_person_tag(email), keyring)


def make_consultation(session: Session, keyring: Keyring, **overrides: Any) -> Consultation:
    """Make a consultation that is open now."""
    number = next(_numbers)
    agency = overrides.pop("agency", None) or make_agency(session)
    values: dict[str, Any] = {
        "slug": f"consultation-{number}",
        "agency_id": agency.id,
        "kind": Kind.BILL,
        "stage": Stage.OPEN,
        "title_th": f"ร่างกฎหมาย {number}",
        "title_en": f"Draft law {number}",
        "opens_at": now() - timedelta(days=1),
        "closes_at": now() + timedelta(days=14),
        "sealed_key": keyring.new_consultation_key(),
        "created_at": now(),
    }
    consultation = Consultation(**{**values, **overrides})
    session.add(consultation)
    session.flush()
    return consultation


def make_draft(
    session: Session, consultation: Consultation, bodies: list[str] | None = None, **overrides: Any
) -> Draft:
    """Make a published draft of sections with keys s1, s2, ..."""
    values: dict[str, Any] = {
        "consultation_id": consultation.id,
        "number": 1,
        "state": DraftState.PUBLISHED,
        "created_at": now(),
        "published_at": now(),
    }
    texts = bodies or ["ให้มีคณะกรรมการหนึ่งคณะ", "คณะกรรมการประชุมทุกเดือน"]
    draft = Draft(
        **{**values, **overrides},
        clauses=[
            Clause(key=f"s{n}", position=n - 1, kind="section", number=f"มาตรา {n}", body=body)
            for n, body in enumerate(texts, 1)
        ],
    )
    session.add(draft)
    session.flush()
    return draft


def make_participant(session: Session, consultation: Consultation, **overrides: Any) -> Participant:
    participant = Participant(
        **{"consultation_id": consultation.id, "joined_on": now().date(), **overrides}
    )
    session.add(participant)
    session.flush()
    return participant


def make_statement(session: Session, consultation: Consultation, **overrides: Any) -> Statement:
    """Make a published seed statement of the agency."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "consultation_id": consultation.id,
        "number_in_id": consultation.id,
        "number": number,
        "origin": Origin.AGENCY,
        "body": f"ข้อความที่ {number}",
        "language": "th",
        "visibility": Visibility.PUBLISHED,
        "created_at": now(),
    }
    statement = Statement(**{**values, **overrides})
    session.add(statement)
    session.flush()
    return statement


def make_comment(session: Session, draft: Draft, **overrides: Any) -> Comment:
    """Make a published comment by a participant of its own."""
    consultation = session.get_one(Consultation, draft.consultation_id)
    if "participant_id" not in overrides:
        overrides["participant_id"] = make_participant(session, consultation).id
    values: dict[str, Any] = {
        "consultation_id": consultation.id,
        "draft_id": draft.id,
        "clause_key": "s1",
        "body": f"ความเห็นที่ {next(_numbers)}",
        "language": "th",
        "visibility": Visibility.PUBLISHED,
        "created_at": now(),
    }
    comment = Comment(**{**values, **overrides})
    session.add(comment)
    session.flush()
    return comment


def make_vote(
    session: Session, statement: Statement, participant: Participant, choice: int
) -> Vote:
    """Make a vote, counted in its statement's tally."""
    vote = Vote(
        statement_id=statement.id,
        participant_id=participant.id,
        choice=choice,
        voted_on=now().date(),
    )
    session.add(vote)
    session.flush()
    tallies.shift(session, statement.id, None, choice)
    return vote


def joined(session: Session, actor: Actor, consultation: Consultation) -> Participant:
    """Return the actor's participant in a consultation."""
    return join(session, actor, consultation)
