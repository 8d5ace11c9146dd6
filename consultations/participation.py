"""From a signed-in person to their participant in one consultation, and nowhere else."""

from collections.abc import Iterator, Sequence
from enum import Enum

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consultations import policy
from consultations.lifecycle import PRIVATE_STAGES
from consultations.models import Consultation, Participant, ParticipationKey, Tier, Tombstone
from core.actor import Actor
from core.clock import BANGKOK, now
from core.errors import ConflictError, NotFoundError


class Hold(Enum):
    """How firmly a consultation's row is held until the transaction ends."""

    #: Nobody may change its stage or dates; others may rely on them too.
    SHARED = "shared"
    #: Nobody else may write what is ordered within it, such as its drafts.
    ALONE = "alone"
    #: Nobody may change it or rely on it.
    CHANGE = "change"


_LOCKS: dict[Hold, dict[str, bool]] = {
    Hold.SHARED: {"read": True},
    Hold.ALONE: {"key_share": True},
    Hold.CHANGE: {},
}

#: Keys looked up in one query.
_AT_ONCE = 5000


def locked_consultation(
    session: Session, consultation_id: int, hold: Hold = Hold.SHARED
) -> Consultation:
    """Load a consultation for a write that depends on its dates, or on being alone.

    What is checked after this still holds at the commit. SQLite's writing transactions are alone
    already.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    """
    consultation = session.get(
        Consultation,
        consultation_id,
        populate_existing=True,
        with_for_update={**_LOCKS[hold], "of": Consultation},
    )
    if consultation is None:
        raise NotFoundError("consultation.unknown")
    return consultation


def find_participant(
    session: Session, actor: Actor, consultation: Consultation
) -> Participant | None:
    """Return the actor's participant in a consultation; None if they have not taken part.

    Somebody who took part before they were verified goes on as the participant they were.
    """
    keys = person_keys(actor, consultation)
    if not keys:
        return None
    found = {
        key: participant
        for participant, key in session.execute(
            select(Participant, ParticipationKey.person_key)
            .join(ParticipationKey, ParticipationKey.participant_id == Participant.id)
            .where(
                ParticipationKey.consultation_id == consultation.id,
                ParticipationKey.person_key.in_(keys),
            )
        )
    }
    return next((found[key] for key in keys if key in found), None)


def taken_part_in(
    session: Session, actor: Actor, consultations: Sequence[Consultation]
) -> set[int]:
    """Return which of the consultations the actor takes part in, by their numbers; one query."""
    known = {(entry.id, key) for entry in consultations for key in person_keys(actor, entry)}
    if not known:
        return set()
    rows = session.execute(
        select(ParticipationKey.consultation_id, ParticipationKey.person_key).where(
            ParticipationKey.consultation_id.in_({number for number, _key in known}),
            ParticipationKey.person_key.in_([key for _number, key in known]),
        )
    )
    return {number for number, key in rows if (number, key) in known}


def participants_of(session: Session, actor: Actor) -> dict[int, str]:
    """Return who the actor is, by the number of each consultation taken part in; two queries.

    Only an actor who is signed in can ask: nothing that is stored tells it.
    """
    found: dict[int, str] = {}
    for keys in own_keys(session, actor):
        rows = session.execute(
            select(
                ParticipationKey.consultation_id,
                ParticipationKey.person_key,
                ParticipationKey.participant_id,
            ).where(
                ParticipationKey.consultation_id.in_(keys.values()),
                ParticipationKey.person_key.in_(keys),
            )
        )
        people = {key: (number, person) for number, key, person in rows if keys.get(key) == number}
        found |= dict(people[key] for key in keys if key in people)
    return found


def own_keys(session: Session, actor: Actor) -> Iterator[dict[bytes, int]]:
    """Give the keys that the actor has, or would have, in every consultation, in batches.

    Yields
    ------
    dict of bytes to int
        The number of the consultation by the key. One query in all.
    """
    if actor.keyring is None or actor.person_tag is None:
        return
    places = session.execute(
        select(Consultation.id, Consultation.sealed_key).where(Consultation.sealed_key.is_not(None))
    ).all()
    # The present tag comes last, so that it prevails where the person has two participants.
    tags = (*reversed(actor.earlier_tags), actor.person_tag)
    for start in range(0, len(places), _AT_ONCE):
        yield {
            actor.keyring.person_key(sealed, tag): number
            for tag in tags
            for number, sealed in places[start : start + _AT_ONCE]
            if sealed is not None
        }


def all_taken_part_in(session: Session, actor: Actor) -> set[int]:
    """Return all public consultations that the actor takes part in; two queries.

    The keys have to be made for each consultation: nothing tells where a person takes part.
    """
    if actor.keyring is None or actor.person_tag is None:
        return set()
    public = session.scalars(
        select(Consultation).where(
            Consultation.stage.not_in(PRIVATE_STAGES), Consultation.sealed_key.is_not(None)
        )
    ).all()
    return taken_part_in(session, actor, public)


def join(session: Session, actor: Actor, consultation: Consultation) -> Participant:
    """Return the actor's participant, making one at the first contribution or vote.

    Raises
    ------
    NotAllowedError
        ``participation.sign_in`` or ``participation.own_agency``.
    ConflictError
        ``participation.ended``: the consultation's key is destroyed; ``participation.erased``:
        the person erased all that they did here, and nobody votes twice.
    """
    policy.require_can_take_part(actor, consultation)
    keys = person_keys(actor, consultation)
    if not keys:
        raise ConflictError("participation.ended")
    found = find_participant(session, actor, consultation)
    if found is not None:
        found.tier, found.organisation = _tier(actor), actor.organisation
        return found
    if any(session.get(Tombstone, (consultation.id, key)) is not None for key in keys):
        raise ConflictError("participation.erased")
    participant = Participant(
        consultation_id=consultation.id,
        tier=_tier(actor),
        organisation=actor.organisation,
        joined_on=now().astimezone(BANGKOK).date(),
    )
    try:
        with session.begin_nested():
            session.add(participant)
            session.flush()
            session.add(
                ParticipationKey(
                    participant_id=participant.id,
                    consultation_id=consultation.id,
                    person_key=keys[0],
                )
            )
    except IntegrityError:
        # Two first votes of one person at the same moment: the other one made the participant.
        found = find_participant(session, actor, consultation)
        if found is None:
            raise
        return found
    return participant


def _tier(actor: Actor) -> Tier:
    if actor.organisation:
        return Tier.ORGANISATION
    return Tier.PERSON if actor.is_verified else Tier.EMAIL


def person_keys(actor: Actor, consultation: Consultation) -> list[bytes]:
    """Return the keys that the actor's person may have here, the present one first."""
    if actor.keyring is None or actor.person_tag is None or consultation.sealed_key is None:
        return []
    tags = (actor.person_tag, *actor.earlier_tags)
    return [actor.keyring.person_key(consultation.sealed_key, tag) for tag in tags]
