"""Reads: the consultations that a person took part in, with what is theirs there."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from consultations.models import Consultation, Contribution, ParticipationKey, Vote
from consultations.participation import own_keys
from core.actor import Actor
from core.notices import Notice


@dataclass(frozen=True)
class OwnPlace:
    """One consultation that a person took part in."""

    consultation: Consultation
    participant_id: str
    contributions: int
    votes: int
    #: Messages that the person has not marked as read.
    unread: int


def own_places(session: Session, participants: Mapping[int, str]) -> list[OwnPlace]:
    """Return where a person took part, the newest consultation first; four queries.

    Parameters
    ----------
    participants : mapping of int to str
        Who the person is, by the number of the consultation.
    """
    found: Sequence[Consultation] = session.scalars(
        select(Consultation)
        .where(Consultation.id.in_(participants))
        .order_by(Consultation.created_at.desc(), Consultation.id.desc())
    ).all()
    people = list(participants.values())
    written = _counted(session, Contribution, people)
    votes = _counted(session, Vote, people)
    unread = _counted(session, Notice, people, Notice.read_at.is_(None))
    return [
        OwnPlace(each, person, written[person], votes[person], unread[person])
        for each in found
        for person in [participants[each.id]]
    ]


def _counted(
    session: Session,
    model: type[Contribution] | type[Vote] | type[Notice],
    people: Sequence[str],
    *conditions: ColumnElement[bool],
) -> Counter[str]:
    rows = session.execute(
        select(model.participant_id, func.count())
        .where(model.participant_id.in_(people), *conditions)
        .group_by(model.participant_id)
    )
    return Counter({str(person): number for person, number in rows})


def unread_messages(session: Session, actor: Actor) -> int:
    """How many messages to somebody who is signed in are new, in all consultations; two queries."""
    count = 0
    for keys in own_keys(session, actor):
        counted = (
            select(func.count(Notice.id))
            .join(ParticipationKey, ParticipationKey.participant_id == Notice.participant_id)
            .where(
                ParticipationKey.consultation_id.in_(keys.values()),
                ParticipationKey.person_key.in_(keys),
                Notice.read_at.is_(None),
            )
        )
        count += session.scalar(counted) or 0
    return count
