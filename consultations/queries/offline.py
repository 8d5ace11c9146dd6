"""Reads: what waits between the two people, and what came by which channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations.models import (
    BatchState,
    Comment,
    Consultation,
    Contribution,
    Draft,
    DraftState,
    OfflineBatch,
    OfflineEntry,
    OfflineScan,
    OfflineState,
    Origin,
    Vote,
)
from core.errors import NotFoundError

#: Entries on one page of the list.
PER_PAGE = 50


@dataclass(frozen=True)
class Listed:
    """A line of the list of responses."""

    reference: str
    state: OfflineState
    origin: Origin
    said_on: date
    form_number: int | None
    entered_at: datetime
    note: str
    worded_by_id: int | None


@dataclass(frozen=True)
class BatchRow:
    """A line of the list of files."""

    id: int
    name: str
    filename: str
    state: BatchState
    accepted: int
    left_out: int
    entered_at: datetime
    entered_by_id: int | None
    note: str


@dataclass(frozen=True)
class Desk:
    """Everything on the officers' page: typed responses, files, and how many there are."""

    entries: Sequence[Listed]
    total: int
    batches: Sequence[BatchRow]


@dataclass(frozen=True)
class PageShown:
    """A scanned page, without its dots."""

    id: int
    kind: str
    size: int


@dataclass(frozen=True)
class OfflineReceipt:
    """What the number of a whole response tells anybody: no words."""

    reference: str
    consultation: Consultation
    state: OfflineState
    origin: Origin
    said_on: date
    contributions: Sequence[str]


@dataclass(frozen=True)
class SlipWords:
    """What the holder of a slip sees: their words, and how many votes count from it."""

    consultation: Consultation
    draft_number: int | None
    comments: Sequence[Comment]
    votes: int


def behind_slip(session: Session, entry: OfflineEntry) -> SlipWords:
    """Return what a slip opens; four queries."""
    consultation = session.get_one(Consultation, entry.consultation_id)
    person = entry.participant_id or ""
    comments = session.scalars(
        select(Comment).where(Comment.participant_id == person).order_by(Comment.id)
    ).all()
    votes = select(func.count()).where(Vote.participant_id == person)
    drafts = select(func.max(Draft.number)).where(
        Draft.consultation_id == consultation.id, Draft.state == DraftState.PUBLISHED
    )
    return SlipWords(consultation, session.scalar(drafts), comments, session.scalar(votes) or 0)


def desk(session: Session, consultation_id: int, *, page: int = 1) -> Desk:
    """Return the lists of the officers' page, what waits first; three queries."""
    typed = (OfflineEntry.consultation_id == consultation_id, OfflineEntry.batch_id.is_(None))
    is_settled = OfflineEntry.state.in_((OfflineState.CONFIRMED, OfflineState.REJECTED))
    rows = session.execute(
        select(
            OfflineEntry.reference,
            OfflineEntry.state,
            OfflineEntry.origin,
            OfflineEntry.said_on,
            OfflineEntry.form_number,
            OfflineEntry.entered_at,
            OfflineEntry.note,
            OfflineEntry.worded_by_id,
        )
        .where(*typed)
        .order_by(is_settled, OfflineEntry.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    batches = session.execute(
        select(
            OfflineBatch.id,
            OfflineBatch.name,
            OfflineBatch.filename,
            OfflineBatch.state,
            OfflineBatch.accepted,
            OfflineBatch.left_out,
            OfflineBatch.entered_at,
            OfflineBatch.entered_by_id,
            OfflineBatch.note,
        )
        .where(OfflineBatch.consultation_id == consultation_id)
        .order_by(OfflineBatch.id.desc())
        .limit(PER_PAGE)
    )
    total = session.scalar(select(func.count(OfflineEntry.id)).where(*typed)) or 0
    return Desk([Listed(*row) for row in rows], total, [BatchRow(*row) for row in batches])


def entry_at(session: Session, consultation_id: int, reference: str) -> OfflineEntry:
    """Return a response of a consultation; NotFoundError ``offline.unknown``. One query."""
    found = session.scalars(
        select(OfflineEntry).where(
            OfflineEntry.consultation_id == consultation_id, OfflineEntry.reference == reference
        )
    ).first()
    if found is None:
        raise NotFoundError("offline.unknown")
    return found


def batch_at(session: Session, consultation_id: int, number: int) -> OfflineBatch:
    """Return a file of a consultation; NotFoundError ``offline.unknown``. One query."""
    found = session.get(OfflineBatch, number)
    if found is None or found.consultation_id != consultation_id:
        raise NotFoundError("offline.unknown")
    return found


def entries_of_batch(session: Session, batch_id: int, *, page: int = 1) -> Sequence[OfflineEntry]:
    """Return the responses of a file in its order; one query."""
    return session.scalars(
        select(OfflineEntry)
        .where(OfflineEntry.batch_id == batch_id)
        .order_by(OfflineEntry.row, OfflineEntry.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()


def pages_of(session: Session, entry_id: int) -> Sequence[PageShown]:
    """Return the scanned pages of a response; one query."""
    rows = session.execute(
        select(OfflineScan.id, OfflineScan.kind, OfflineScan.size)
        .where(OfflineScan.entry_id == entry_id)
        .order_by(OfflineScan.id)
    )
    return [PageShown(*row) for row in rows]


def receipt_of(session: Session, code: str) -> OfflineReceipt | None:
    """Return what a response's number tells anybody; None if there is none. Three queries."""
    entry = session.scalars(
        select(OfflineEntry).where(
            OfflineEntry.reference == code, OfflineEntry.state != OfflineState.REJECTED
        )
    ).first()
    if entry is None:
        return None
    numbers: Sequence[str] = ()
    if entry.participant_id is not None:
        numbers = session.scalars(
            select(Contribution.reference)
            .where(Contribution.participant_id == entry.participant_id)
            .order_by(Contribution.id)
        ).all()
    consultation = session.get_one(Consultation, entry.consultation_id)
    return OfflineReceipt(
        *(entry.reference, consultation, entry.state, entry.origin, entry.said_on), numbers
    )
