"""Service: a file of responses: preview, hand on, check as a whole, make it count bit by bit."""

import hashlib
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, undefer

from consultations import policy, seconding
from consultations.announcement import REASON_LENGTH
from consultations.models import BatchState, Consultation, OfflineBatch, OfflineEntry, OfflineState
from consultations.offline import entering, entries, sheets
from consultations.offline.deadline import is_frozen
from consultations.offline.fates import Fate, fates_of
from consultations.offline.offer import offer_of
from consultations.participation import Hold, locked_consultation
from consultations.screening import Screen
from core import jobs, ledger
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError, PlatformError
from core.text import plain_text, single_line

TASK: Final = "offline.import"
NAME_LENGTH: Final = 200
#: Responses that are made to count in one transaction.
AT_ONCE: Final = 20


def upload(
    session: Session, actor: Actor, consultation_id: int, *, name: str, filename: str, data: bytes
) -> OfflineBatch:
    """Keep a file, sealed, so that its preview can be looked at; no response of it is kept.

    Raises
    ------
    NotFoundError, NotAllowedError, ConflictError
        As ``entering.enter``; ConflictError ``offline.same_file``: it is here already.
    InvalidError
        ``text.empty`` or ``text.too_long`` for the name, or as ``sheets.read_sheet``.
    """
    consultation = entries.opened(session, actor, consultation_id)
    called = single_line(name, max_length=NAME_LENGTH, field="name")
    sheets.read_sheet(data, filename)
    digest = hashlib.sha256(data).hexdigest()
    same = session.scalar(
        select(OfflineBatch.id).where(
            OfflineBatch.consultation_id == consultation.id, OfflineBatch.digest == digest
        )
    )
    if same is not None:
        raise ConflictError("offline.same_file", number=same)
    batch = OfflineBatch(
        consultation_id=consultation.id,
        name=called,
        filename=filename[-200:],
        digest=digest,
        sealed_file=entries.keyring_of(actor).seal_file(data),
        entered_by_id=actor.account_id,
        entered_at=now(),
    )
    session.add(batch)
    session.flush()
    return batch


def preview(session: Session, actor: Actor, batch: OfflineBatch) -> list[Fate]:
    """Return what would become of each response of a file; nothing changes.

    Raises
    ------
    ConflictError
        ``offline.handed_on``: it is no preview any more.
    """
    content = session.scalar(select(OfflineBatch.sealed_file).where(OfflineBatch.id == batch.id))
    if batch.state is not BatchState.PREVIEW or content is None:
        raise ConflictError("offline.handed_on")
    keyring = entries.keyring_of(actor)
    consultation = _read_for(session, actor, batch.consultation_id)
    rows = sheets.read_sheet(keyring.open_file(content), batch.filename)
    return fates_of(session, keyring, consultation, rows)


def hand_on(session: Session, actor: Actor, consultation_id: int, number: int) -> OfflineBatch:
    """Keep the responses that are taken, for another person to check; the file itself goes.

    Raises
    ------
    NotFoundError, NotAllowedError, ConflictError
        As ``entering.enter``; NotFoundError ``offline.unknown``.
    InvalidError
        ``offline.none_taken``.
    """
    consultation = entries.opened(session, actor, consultation_id)
    batch = _of(session, consultation_id, number)
    fates = preview(session, actor, batch)
    taken = [fate for fate in fates if fate.is_taken]
    if not taken:
        raise InvalidError("offline.none_taken")
    for fate in taken:
        if fate.provenance is None or fate.said is None:
            continue
        entry = entries.keep(session, actor, consultation, fate.provenance, fate.said)
        entry.batch_id, entry.row, entry.repeat_index = batch.id, fate.rows[0], fate.repeat
    batch.accepted, batch.left_out = len(taken), len(fates) - len(taken)
    # Whoever hands it on has looked at the preview and answers for it.
    batch.entered_by_id, batch.sealed_file = actor.account_id, None
    _end(session, actor, batch, BatchState.WAITING, "offline.batch_entered")
    return batch


def drop(session: Session, actor: Actor, consultation_id: int, number: int) -> None:
    """Drop a file that was not handed on; raises NotFoundError ``offline.unknown``."""
    policy.require_agency_staff(actor, locked_consultation(session, consultation_id))
    batch = _of(session, consultation_id, number)
    if batch.state is not BatchState.PREVIEW:
        raise ConflictError("offline.handed_on")
    session.delete(batch)
    session.flush()


def confirm(session: Session, actor: Actor, consultation_id: int, number: int) -> OfflineBatch:
    """Confirm all responses of a file; a job makes them count.

    Raises
    ------
    NotFoundError, NotAllowedError, ConflictError
        As ``entering.confirm``; ConflictError ``offline.settled``.
    """
    batch = _waiting(session, actor, consultation_id, number)
    batch.checked_by_id, batch.checked_at = actor.account_id, now()
    _end(session, actor, batch, BatchState.IMPORTING, "offline.batch_confirmed")
    jobs.enqueue(
        session,
        TASK,
        {"batch_id": batch.id},
        key=job_key(batch.id),
        requested_by_id=actor.account_id,
        consultation_id=consultation_id,
    )
    return batch


def reject(
    session: Session, actor: Actor, consultation_id: int, number: int, *, reason: str
) -> OfflineBatch:
    """Refuse a file; its responses go, so that the mended file can come again.

    Raises
    ------
    NotFoundError, NotAllowedError, ConflictError
        As ``confirm``.
    InvalidError
        ``reason.needed`` or ``text.too_long``.
    """
    batch = _waiting(session, actor, consultation_id, number)
    if not reason.strip():
        raise InvalidError("reason.needed", field="reason")
    batch.note = plain_text(reason, max_length=REASON_LENGTH, field="reason")
    batch.checked_by_id, batch.checked_at = actor.account_id, now()
    session.execute(delete(OfflineEntry).where(OfflineEntry.batch_id == batch.id))
    batch.digest = None
    _end(session, actor, batch, BatchState.REJECTED, "offline.batch_rejected")
    return batch


def import_some(session: Session, actor: Actor, batch_id: int, screen: Screen) -> tuple[int, int]:
    """Make some of a confirmed file's responses count; doing it again goes on where it stopped.

    What was confirmed in time counts even when the job comes late, unless an analysis was made
    meanwhile. A response that no longer fits what is asked is rejected; the others go on.

    Returns
    -------
    tuple of int
        How many are settled, and how many there are.
    """
    batch = session.get(OfflineBatch, batch_id)
    if batch is None or batch.state is not BatchState.IMPORTING:
        return 0, 0
    consultation = locked_consultation(session, batch.consultation_id, Hold.ALONE)
    offer, too_late = offer_of(session, consultation.id), is_frozen(session, consultation)
    waiting = session.scalars(
        select(OfflineEntry)
        .where(OfflineEntry.batch_id == batch_id, OfflineEntry.state == OfflineState.WAITING)
        .order_by(OfflineEntry.id)
        .limit(AT_ONCE)
        .options(undefer(OfflineEntry.sealed_words))
    ).all()
    for entry in waiting:
        entry.checked_by_id, entry.checked_at = batch.checked_by_id, batch.checked_at
        try:
            if too_late:
                raise ConflictError("offline.too_late")
            entering.put_in(session, actor, consultation, entry, offer, screen)
        except PlatformError as error:
            entry.state, entry.note = OfflineState.REJECTED, error.code
            entry.sealed_words = entry.form_number = entry.repeat_index = None
            entries.record(session, actor, "offline.rejected", entry, error.code)
    left = _count(session, batch_id, OfflineState.WAITING)
    if not left:
        batch.state = BatchState.DONE
    session.flush()
    return batch.accepted - left, batch.accepted


def job_key(batch_id: int) -> str:
    """Return the key of the job that makes a file count."""
    return f"{TASK}:{batch_id}"


def _read_for(session: Session, actor: Actor, consultation_id: int) -> Consultation:
    consultation = session.get_one(Consultation, consultation_id)
    policy.require_agency_staff(actor, consultation)
    return consultation


def _of(session: Session, consultation_id: int, number: int) -> OfflineBatch:
    batch = session.get(OfflineBatch, number, populate_existing=True, with_for_update=True)
    if batch is None or batch.consultation_id != consultation_id:
        raise NotFoundError("offline.unknown")
    return batch


def _waiting(session: Session, actor: Actor, consultation_id: int, number: int) -> OfflineBatch:
    """Load a file that somebody else handed on, for a decision."""
    entries.opened(session, actor, consultation_id)
    batch = _of(session, consultation_id, number)
    if batch.entered_by_id is None:
        raise NotAllowedError("approval.own_work")
    seconding.require_other(session, actor, batch.entered_by_id)
    if batch.state is not BatchState.WAITING:
        raise ConflictError("offline.settled")
    return batch


def _count(session: Session, batch_id: int, state: OfflineState) -> int:
    found = select(func.count(OfflineEntry.id)).where(
        OfflineEntry.batch_id == batch_id, OfflineEntry.state == state
    )
    return session.scalar(found) or 0


def _end(
    session: Session, actor: Actor, batch: OfflineBatch, state: BatchState, action: str
) -> None:
    batch.state = state
    session.flush()
    ledger.record(
        session,
        actor,
        action,
        consultation_id=batch.consultation_id,
        subject=f"offline-batch:{batch.id}",
        detail={"responses": batch.accepted, "left_out": batch.left_out},
    )
    session.flush()
