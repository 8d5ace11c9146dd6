"""The planted conversation while people check its summary."""

from dataclasses import dataclass
from datetime import timedelta

import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import ratifying
from consultations.models import (
    Consultation,
    Finding,
    Participant,
    ParticipationKey,
    Section,
    Stage,
    Summary,
)
from core.actor import Actor, Role, system_actor
from core.clock import now
from core.keyring import Keyring
from tests.consultations.planted import Planted, Staff, published_summary


@dataclass(frozen=True)
class Check:
    """A conversation whose summary can be checked, and everybody in it."""

    planted: Planted
    staff: Staff
    summary: Summary
    #: Those who voted, each as they come back signed in; the groups alternate.
    people: list[Actor]
    findings: list[Finding]

    @property
    def consultation(self) -> Consultation:
        """The consultation."""
        return self.planted.consultation

    @property
    def shared(self) -> Finding:
        """A sentence about common ground."""
        return next(each for each in self.findings if each.section is Section.COMMON_GROUND)


def signed_in(
    session: Session, keyring: Keyring, participant: Participant, consultation: Consultation
) -> Actor:
    """Return the participant as somebody who is signed in."""
    tag = keyring.email_person_tag(f"{participant.id}@example.org")
    assert consultation.sealed_key is not None
    session.add(
        ParticipationKey(
            participant_id=participant.id,
            consultation_id=consultation.id,
            person_key=keyring.person_key(consultation.sealed_key, tag),
        )
    )
    session.flush()
    return Actor(None, frozenset({Role.PARTICIPANT}), None, tag, keyring)


def make_check(session: Session, keyring: Keyring, *, comments: int = 0) -> Check:
    """Make the conversation with its summary published a moment ago, to be checked for a week."""
    planted, staff, summary = published_summary(session, keyring, comments=comments)
    consultation = planted.consultation
    consultation.stage = Stage.RATIFICATION
    consultation.opens_at = now() - timedelta(days=30)
    consultation.closes_at = now() - timedelta(days=5)
    consultation.check_ends_at = now() + timedelta(days=7)
    people = [signed_in(session, keyring, each, consultation) for each in planted.people]
    findings = session.scalars(
        select(Finding).where(Finding.summary_id == summary.id).order_by(Finding.position)
    ).all()
    session.flush()
    return Check(planted, staff, summary, people, list(findings))


def answer_all(session: Session, check: Check, finding: Finding | None, verdicts: str) -> None:
    """Answer as the people in turn: r reflects, m misses, w wrong, - says nothing."""
    names = {"r": "reflects", "m": "misses", "w": "wrong"}
    for actor, letter in zip(check.people, verdicts, strict=False):
        if letter in names:
            ratifying.answer(
                session,
                actor,
                check.consultation.id,
                finding_id=finding.id if finding else None,
                verdict=names[letter],
            )


def end(session: Session, check: Check) -> None:
    """Let the check's time be over."""
    ends_at = check.consultation.check_ends_at
    assert ends_at is not None
    with time_machine.travel(ends_at, tick=False):
        ratifying.close_due(session, system_actor())
    session.refresh(check.summary)
