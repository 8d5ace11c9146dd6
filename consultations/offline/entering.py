"""Service: one person enters a response, another one confirms it, corrects it or gives it back.

Whoever wrote the present words never confirms them, nor does another account of the same person.
A correction makes its writer the one whose words are checked, so it goes back to the first.
"""

import hashlib
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.announcement import REASON_LENGTH
from consultations.models import (
    Consultation,
    OfflineEntry,
    OfflineScan,
    OfflineState,
    Origin,
    Participant,
)
from consultations.models.contribution import new_reference
from consultations.offline import entries, recording
from consultations.offline import said as words
from consultations.offline.offer import Offer, offer_of
from consultations.offline.said import Provenance, Said
from consultations.offline.scans import MOST_PAGES, Page
from consultations.screening import Screen
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError
from core.text import plain_text


def enter(
    session: Session,
    actor: Actor,
    consultation_id: int,
    *,
    provenance: Provenance,
    said: Said,
    pages: Sequence[Page] = (),
) -> OfflineEntry:
    """Keep one response, sealed, for another person to check.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.not_open_yet``, ``offline.too_late`` or ``participation.ended``.
    InvalidError
        As ``said.clean`` and ``said.clean_provenance``; ``offline.form_used``,
        ``offline.scan_missing`` or ``scan.too_many``.
    """
    consultation = entries.opened(session, actor, consultation_id)
    given = words.clean_provenance(provenance, consultation)
    cleaned = words.clean(said, offer_of(session, consultation.id))
    if given.channel == Origin.PAPER and not pages:
        raise InvalidError("offline.scan_missing", field="scans")
    if len(pages) > MOST_PAGES:
        raise InvalidError("scan.too_many", field="scans", maximum=MOST_PAGES)
    entry = entries.keep(session, actor, consultation, given, cleaned)
    for page in pages:
        _add_page(session, actor, entry, page)
    entries.record(session, actor, "offline.entered", entry)
    return entry


def correct(
    session: Session,
    actor: Actor,
    consultation_id: int,
    reference: str,
    revision: int,
    *,
    provenance: Provenance,
    said: Said,
) -> OfflineEntry:
    """Write the words anew; whoever else may confirm them then.

    Raises
    ------
    NotFoundError, NotAllowedError, InvalidError
        As ``enter``; NotFoundError ``offline.unknown``.
    ConflictError
        As ``enter``; ``offline.changed``, ``offline.settled`` or ``offline.in_batch``.
    """
    consultation, entry = entries.open_entry(session, actor, consultation_id, reference, revision)
    given = words.clean_provenance(provenance, consultation)
    cleaned = words.clean(said, offer_of(session, consultation.id))
    entries.put_words(session, actor, consultation, entry, given, cleaned)
    entry.state, entry.note = OfflineState.WAITING, ""
    entry.revision += 1
    entries.record(session, actor, "offline.corrected", entry)
    return entry


def give_back(
    session: Session,
    actor: Actor,
    consultation_id: int,
    reference: str,
    revision: int,
    *,
    reason: str,
) -> OfflineEntry:
    """Give a response back to whoever entered it; raises as ``confirm`` and ``reason.needed``."""
    _consultation, entry = entries.open_entry(session, actor, consultation_id, reference, revision)
    entries.require_other(session, actor, entry)
    _decide(actor, entry, OfflineState.RETURNED, reason)
    entries.record(session, actor, "offline.returned", entry, reason)
    return entry


def reject(
    session: Session,
    actor: Actor,
    consultation_id: int,
    reference: str,
    revision: int,
    *,
    reason: str,
) -> OfflineEntry:
    """Refuse a response for good; words and scan go, the reason stays.

    Raises
    ------
    NotFoundError, NotAllowedError, ConflictError
        As ``confirm``.
    InvalidError
        ``reason.needed`` or ``text.too_long``.
    """
    _consultation, entry = entries.open_entry(session, actor, consultation_id, reference, revision)
    entries.require_other(session, actor, entry)
    _decide(actor, entry, OfflineState.REJECTED, reason)
    for page in session.scalars(select(OfflineScan).where(OfflineScan.entry_id == entry.id)):
        session.delete(page)
    entry.sealed_words, entry.form_number, entry.repeat_index = None, None, None
    # The form can be entered again, under the number and the slip that are printed on it.
    entry.reference, entry.slip_index = (
        new_reference(),
        hashlib.sha256(f"rejected {entry.id}".encode()).digest(),
    )
    entries.record(session, actor, "offline.rejected", entry, reason)
    return entry


def confirm(
    session: Session,
    actor: Actor,
    consultation_id: int,
    reference: str,
    revision: int,
    *,
    screen: Screen,
) -> Participant:
    """Confirm that the words are those of the paper: from now on they count.

    Raises
    ------
    NotFoundError
        ``consultation.unknown`` or ``offline.unknown``.
    NotAllowedError
        ``consultation.other_agency`` or ``approval.own_work``.
    ConflictError
        ``consultation.not_open_yet``, ``offline.too_late``, ``offline.changed``,
        ``offline.settled``, ``offline.returned`` or ``offline.in_batch``.
    InvalidError
        As ``said.clean``: what was asked has changed since.
    """
    consultation, entry = entries.open_entry(session, actor, consultation_id, reference, revision)
    entries.require_other(session, actor, entry)
    if entry.state is OfflineState.RETURNED:
        raise ConflictError("offline.returned")
    entry.checked_by_id, entry.checked_at = actor.account_id, now()
    offer = offer_of(session, consultation.id)
    return put_in(session, actor, consultation, entry, offer, screen)


def put_in(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    entry: OfflineEntry,
    offer: Offer,
    screen: Screen,
) -> Participant:
    """Make contributions of an entry that is confirmed; raises as ``said.clean``."""
    said = words.clean(entries.said_in(entries.keyring_of(actor), entry), offer)
    return recording.put_in(session, actor, consultation, entry, said, offer, screen)


def _add_page(session: Session, actor: Actor, entry: OfflineEntry, page: Page) -> None:
    session.add(
        OfflineScan(
            entry_id=entry.id,
            kind=page.kind,
            size=len(page.content),
            digest=hashlib.sha256(page.content).hexdigest(),
            sealed=entries.keyring_of(actor).seal_file(page.content),
            added_at=now(),
        )
    )


def _decide(actor: Actor, entry: OfflineEntry, state: OfflineState, reason: str) -> None:
    if not reason.strip():
        raise InvalidError("reason.needed", field="reason")
    entry.note = plain_text(reason, max_length=REASON_LENGTH, field="reason")
    entry.state = state
    entry.checked_by_id, entry.checked_at = actor.account_id, now()
    entry.revision += 1
