"""Reads: how many people, and how much of what they said, came by which channel."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations.models import (
    COUNTING,
    OFFLINE,
    Contribution,
    OfflineEntry,
    OfflineState,
    Origin,
    Participant,
    Tier,
)
from consultations.strata import LEAST

_ANY_ORIGIN = (Origin.PARTICIPANT, *OFFLINE)


@dataclass(frozen=True)
class ChannelCount:
    """What came by one channel; people is None where so few cannot be told."""

    channel: str
    contributions: int
    people: int | None


@dataclass(frozen=True)
class Channels:
    """Numbers by channel, and how many people may stand in them twice.

    Attributes
    ----------
    matched : int
        People who said that they had also taken part on the site: their votes count once.
    possible_doubles : int
        At most so many others may have taken part both ways.
    """

    rows: Sequence[ChannelCount]
    matched: int
    possible_doubles: int

    @property
    def has_offline(self) -> bool:
        """Whether anything came by another way than the site."""
        return len(self.rows) > 1


def by_channel(session: Session, consultation_id: int) -> Channels:
    """Count contributions and people by channel; four queries."""
    written = _contributions(session, consultation_id)
    people = _people(session, consultation_id)
    on_site = _on_site(session, consultation_id)
    every = {Origin.PARTICIPANT: on_site, **people}
    hidden = any(0 < count < LEAST for count in every.values()) and len(every) > 1
    rows = [
        ChannelCount(origin.value, written.get(origin, 0), None if hidden else every[origin])
        for origin in _ANY_ORIGIN
        if origin in every
    ]
    matched = session.scalar(
        select(func.count(OfflineEntry.id)).where(
            OfflineEntry.consultation_id == consultation_id, OfflineEntry.matched_on.is_not(None)
        )
    )
    unmatched = sum(people.values()) - (matched or 0)
    return Channels(rows, matched or 0, max(0, min(unmatched, on_site)))


def _contributions(session: Session, consultation_id: int) -> dict[Origin, int]:
    rows = session.execute(
        select(Contribution.origin, func.count())
        .where(
            Contribution.consultation_id == consultation_id,
            Contribution.visibility.in_(COUNTING),
            Contribution.origin.in_(_ANY_ORIGIN),
        )
        .group_by(Contribution.origin)
    )
    return {row.origin: row[1] for row in rows}


def _people(session: Session, consultation_id: int) -> dict[Origin, int]:
    rows = session.execute(
        select(OfflineEntry.origin, func.count())
        .where(
            OfflineEntry.consultation_id == consultation_id,
            OfflineEntry.state == OfflineState.CONFIRMED,
        )
        .group_by(OfflineEntry.origin)
    )
    return {row.origin: row[1] for row in rows}


def _on_site(session: Session, consultation_id: int) -> int:
    found = select(func.count()).where(
        Participant.consultation_id == consultation_id,
        Participant.tier.not_in((Tier.OFFLINE, Tier.IMPORTED)),
    )
    return session.scalar(found) or 0
