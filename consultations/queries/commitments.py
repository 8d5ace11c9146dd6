"""Reads: what an agency has promised after a hearing, how far it is, and where the law is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from consultations.models import (
    SETTLED,
    Commitment,
    CommitmentState,
    LawStep,
    OfficialResponse,
    ResponseState,
)
from core.clock import BANGKOK, now
from core.errors import NotFoundError


@dataclass(frozen=True)
class CommitmentRow:
    """A commitment with its reports, the newest last."""

    commitment: Commitment
    is_late: bool

    @property
    def is_open(self) -> bool:
        """Whether something is still to come."""
        return self.commitment.state not in SETTLED


@dataclass(frozen=True)
class CommitmentPage:
    """What was promised and what became of the law."""

    commitments: Sequence[CommitmentRow]
    law: Sequence[LawStep]

    def count(self, state: CommitmentState) -> int:
        """Return how many public commitments are in a state."""
        return sum(
            row.commitment.state is state and row.commitment.promised_at is not None
            for row in self.commitments
        )

    @property
    def late(self) -> int:
        """How many are open beyond their day."""
        return sum(row.is_late for row in self.commitments)


def commitment_page(session: Session, consultation_id: int, *, public_only: bool) -> CommitmentPage:
    """Return the commitments by due day, late ones marked, and the steps of the law; 3 queries."""
    query = (
        select(Commitment)
        .where(Commitment.consultation_id == consultation_id)
        .options(selectinload(Commitment.progress))
        .order_by(Commitment.due_on, Commitment.number)
    )
    if public_only:
        query = query.where(Commitment.promised_at.is_not(None))
    rows = commitment_rows(session.scalars(query))
    law = session.scalars(
        select(LawStep)
        .where(LawStep.consultation_id == consultation_id)
        .order_by(LawStep.reached_on, LawStep.id)
    ).all()
    return CommitmentPage(rows, law)


def commitment_rows(found: Iterable[Commitment]) -> list[CommitmentRow]:
    """Return commitments, those beyond their day marked."""
    today = now().astimezone(BANGKOK).date()
    return [CommitmentRow(each, _is_late(each, today)) for each in found]


def commitment_numbered(session: Session, consultation_id: int, number: int) -> Commitment:
    """Return one commitment with its reports; NotFoundError ``commitment.unknown``. Two queries."""
    found = session.scalars(
        select(Commitment)
        .where(Commitment.consultation_id == consultation_id, Commitment.number == number)
        .options(selectinload(Commitment.progress))
    ).first()
    if found is None:
        raise NotFoundError("commitment.unknown")
    return found


def open_count(session: Session, consultation_id: int) -> int:
    """Return how many public commitments are neither done nor given up. One query."""
    query = select(func.count()).where(
        Commitment.consultation_id == consultation_id,
        Commitment.promised_at.is_not(None),
        Commitment.state.not_in(SETTLED),
    )
    return session.scalar(query) or 0


def answered_responses(session: Session, consultation_id: int) -> Sequence[OfficialResponse]:
    """Return the published responses that a commitment can follow from. One query."""
    return session.scalars(
        select(OfficialResponse)
        .where(
            OfficialResponse.consultation_id == consultation_id,
            OfficialResponse.state == ResponseState.PUBLISHED,
        )
        .order_by(OfficialResponse.id)
    ).all()


def _is_late(commitment: Commitment, today: date) -> bool:
    return (
        commitment.promised_at is not None
        and commitment.state not in SETTLED
        and commitment.due_on < today
    )
