"""Reads: those affected, how they were told, and which of them have answered; never a contact."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, defer, selectinload

from consultations.models import (
    COUNTING,
    Contribution,
    NoticeState,
    Participant,
    Stakeholder,
    StakeholderNotice,
)
from core.errors import NotFoundError

#: States in which a group counts as told.
TOLD = frozenset({NoticeState.DELIVERED, NoticeState.GIVEN})


@dataclass(frozen=True)
class GroupLine:
    """A group with the notices to it, oldest first.

    Attributes
    ----------
    answered : bool
        Whether an organisation of this name, as its account declares it, has contributed.
    """

    group: Stakeholder
    notices: Sequence[StakeholderNotice]
    answered: bool

    @property
    def told(self) -> Sequence[StakeholderNotice]:
        """Notices that were given."""
        return [notice for notice in self.notices if notice.state in TOLD]


@dataclass(frozen=True)
class Register:
    """All groups of a consultation, in the order of their numbers."""

    lines: Sequence[GroupLine]

    @property
    def told(self) -> int:
        """How many groups were told."""
        return sum(bool(line.told) for line in self.lines)

    @property
    def answered(self) -> int:
        """How many of them have answered under their own name."""
        return sum(line.answered for line in self.lines)


def register(session: Session, consultation_id: int) -> Register:
    """Return the register of a consultation; 3 queries."""
    groups = session.scalars(
        select(Stakeholder)
        .where(Stakeholder.consultation_id == consultation_id)
        .options(selectinload(Stakeholder.notices).options(defer(StakeholderNotice.proof)))
        .order_by(Stakeholder.number)
    ).all()
    names = _organisations(session, consultation_id) if groups else frozenset()
    return Register(
        [GroupLine(group, list(group.notices), group.name.casefold() in names) for group in groups]
    )


def at(session: Session, consultation_id: int, number: int) -> Stakeholder:
    """Return a group by its number; raise NotFoundError ``stakeholder.unknown``."""
    found = session.scalars(
        select(Stakeholder).where(
            Stakeholder.consultation_id == consultation_id, Stakeholder.number == number
        )
    ).first()
    if found is None:
        raise NotFoundError("stakeholder.unknown")
    return found


def notice_at(session: Session, consultation_id: int, notice_id: int) -> StakeholderNotice:
    """Return a notice of a consultation; raise NotFoundError ``stakeholder.notice_unknown``."""
    found = session.scalars(
        select(StakeholderNotice)
        .join(Stakeholder, Stakeholder.id == StakeholderNotice.stakeholder_id)
        .where(StakeholderNotice.id == notice_id, Stakeholder.consultation_id == consultation_id)
    ).first()
    if found is None:
        raise NotFoundError("stakeholder.notice_unknown")
    return found


def _organisations(session: Session, consultation_id: int) -> frozenset[str]:
    """Return the names under which organisations have contributed what counts."""
    found = session.scalars(
        select(Participant.organisation).where(
            Participant.consultation_id == consultation_id,
            Participant.organisation != "",
            exists().where(
                Contribution.participant_id == Participant.id,
                Contribution.visibility.in_(COUNTING),
            ),
        )
    )
    return frozenset(name.casefold() for name in found)
