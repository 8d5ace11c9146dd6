"""Service: what the holder of a slip may do: look, join their votes with those of the site.

The rule: of two votes of one person on one thing the later one counts, and on the same day the
one made on the site. Only the person can say that two are one, by the code on their slip; nothing
that is kept leads from the one to the other, and the comments stay under two pseudonyms.
"""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consultations import participation, tallies
from consultations.models import ClauseVote, Consultation, OfflineEntry, OfflineState, Vote
from consultations.offline import codes
from consultations.offline.deadline import require_entering
from consultations.participation import Hold, locked_consultation
from core import ledger
from core.actor import Actor
from core.clock import BANGKOK, now
from core.errors import ConflictError, NotAllowedError, NotFoundError
from core.keyring import Keyring


def entry_of_slip(session: Session, keyring: Keyring, code: str) -> OfflineEntry:
    """Return the response that a slip's code opens; NotFoundError ``slip.unknown``. One query."""
    found = session.scalars(
        select(OfflineEntry).where(
            OfflineEntry.slip_index == codes.slip_index(keyring, code),
            OfflineEntry.state != OfflineState.REJECTED,
        )
    ).first()
    if found is None:
        raise NotFoundError("slip.unknown")
    return found


def erasable(session: Session, keyring: Keyring, code: str) -> str:
    """Return the participant whose words the holder of a slip may erase.

    Raises
    ------
    NotFoundError
        ``slip.unknown``.
    ConflictError
        ``slip.not_counted``: it does not count yet, or is erased already.
    """
    entry = entry_of_slip(session, keyring, code)
    if entry.participant_id is None:
        raise ConflictError("slip.not_counted")
    return entry.participant_id


def match(session: Session, actor: Actor, code: str) -> OfflineEntry:
    """Let each vote of one person count once: those on the slip and those on the site.

    Raises
    ------
    NotFoundError
        ``slip.unknown``.
    NotAllowedError
        ``participation.sign_in``, or ``slip.take_part_first``: there is nothing to join it with.
    ConflictError
        ``slip.not_counted``, ``slip.matched``, ``offline.too_late``.
    """
    if actor.keyring is None or actor.is_anonymous:
        raise NotAllowedError("participation.sign_in")
    number = entry_of_slip(session, actor.keyring, code).consultation_id
    consultation = locked_consultation(session, number, Hold.CHANGE)
    entry = entry_of_slip(session, actor.keyring, code)
    session.refresh(entry, with_for_update=True)
    if entry.participant_id is None:
        raise ConflictError("slip.not_counted")
    if entry.matched_on is not None:
        raise ConflictError("slip.matched")
    require_entering(session, consultation)
    own = participation.find_participant(session, actor, consultation)
    if own is None:
        raise NotAllowedError("slip.take_part_first")
    _join_votes(session, entry, own.id)
    entry.matched_on = now().astimezone(BANGKOK).date()
    _record(session, actor, consultation, entry)
    return entry


def _join_votes(session: Session, entry: OfflineEntry, own_id: str) -> None:
    """Move the votes of a response to the person on the site, where those do not prevail."""
    offline_id = entry.participant_id or ""
    losing_votes = _outvoted(session, Vote, offline_id, own_id)
    losing = [*losing_votes, *_outvoted(session, ClauseVote, offline_id, own_id)]
    tallies.lock(session, [each.statement_id for each in losing_votes])
    for vote in losing_votes:
        tallies.shift(session, vote.statement_id, vote.choice, None)
    for each in losing:
        session.delete(each)
    session.flush()
    moved = _move(session, Vote, offline_id, own_id) + _move(
        session, ClauseVote, offline_id, own_id
    )
    from_site = sum(each.participant_id == offline_id for each in losing)
    entry.match = {"from_offline": moved, "from_site": from_site}


def _move(session: Session, table: type[Vote | ClauseVote], offline_id: str, own_id: str) -> int:
    """Give what is left of the votes to the person on the site; return how many."""
    moved = session.execute(
        update(table)
        .where(table.participant_id == offline_id)
        .values(participant_id=own_id)
        .returning(table.id)
    )
    return len(moved.all())


def _outvoted(
    session: Session, table: type[Vote | ClauseVote], offline_id: str, own_id: str
) -> list[Any]:
    """Return the vote that no longer counts of each pair on the same thing."""
    subject = Vote.statement_id if table is Vote else ClauseVote.clause_id
    whose = Vote.participant_id if table is Vote else ClauseVote.participant_id
    rows = session.execute(select(subject, table).where(whose.in_((offline_id, own_id)))).all()
    pairs: dict[int, dict[str, Any]] = {}
    for thing, vote in rows:
        given: Any = vote
        pairs.setdefault(thing, {})[given.participant_id] = given
    return [
        pair[own_id] if pair[offline_id].voted_on > pair[own_id].voted_on else pair[offline_id]
        for _thing, pair in sorted(pairs.items())
        if len(pair) > 1
    ]


def _record(
    session: Session, actor: Actor, consultation: Consultation, entry: OfflineEntry
) -> None:
    # Not by its number: the ledger must not tell the day on which this person was on the site.
    ledger.record(session, actor, "offline.matched", consultation_id=consultation.id)
    session.flush()
    session.expire(entry)
