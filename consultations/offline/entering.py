"""Service: one person enters a response, another one confirms it, corrects it or gives it back.

Whoever wrote the present words never confirms them, nor does another account of the same person.
A correction makes its writer the one whose words are checked, so it goes back to the first.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from consultations import policy, seconding
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
from consultations.offline import codes, recording
from consultations.offline import said as words
from consultations.offline.deadline import require_entering
from consultations.offline.offer import Offer, offer_of
from consultations.offline.said import Provenance, Said
from consultations.offline.scans import MOST_PAGES, Page
from consultations.participation import Hold, locked_consultation
from consultations.screening import Screen
from core import ledger
from core.accounts.consents import WORDINGS, Purpose
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring
from core.text import plain_text

#: What a sealed response is sealed for.
SEALED_FOR: Final = "offline-words"
_OPEN: Final = frozenset({OfflineState.WAITING, OfflineState.RETURNED})


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
    consultation = opened(session, actor, consultation_id)
    given = words.clean_provenance(provenance, consultation)
    cleaned = words.clean(said, offer_of(session, consultation.id))
    if given.channel == Origin.PAPER and not pages:
        raise InvalidError("offline.scan_missing", field="scans")
    if len(pages) > MOST_PAGES:
        raise InvalidError("scan.too_many", field="scans", maximum=MOST_PAGES)
    entry = keep(session, actor, consultation, given, cleaned)
    for page in pages:
        _add_page(session, actor, entry, page)
    record(session, actor, "offline.entered", entry)
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
    consultation, entry = open_entry(session, actor, consultation_id, reference, revision)
    given = words.clean_provenance(provenance, consultation)
    cleaned = words.clean(said, offer_of(session, consultation.id))
    put_words(session, actor, consultation, entry, given, cleaned)
    entry.state, entry.note = OfflineState.WAITING, ""
    entry.revision += 1
    record(session, actor, "offline.corrected", entry)
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
    _consultation, entry = open_entry(session, actor, consultation_id, reference, revision)
    require_other(session, actor, entry)
    _decide(actor, entry, OfflineState.RETURNED, reason)
    record(session, actor, "offline.returned", entry, reason)
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
    _consultation, entry = open_entry(session, actor, consultation_id, reference, revision)
    require_other(session, actor, entry)
    _decide(actor, entry, OfflineState.REJECTED, reason)
    for page in session.scalars(select(OfflineScan).where(OfflineScan.entry_id == entry.id)):
        session.delete(page)
    entry.sealed_words, entry.form_number, entry.repeat_index = None, None, None
    # The form can be entered again, under the number and the slip that are printed on it.
    entry.reference, entry.slip_index = (
        new_reference(),
        hashlib.sha256(f"rejected {entry.id}".encode()).digest(),
    )
    record(session, actor, "offline.rejected", entry, reason)
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
    consultation, entry = open_entry(session, actor, consultation_id, reference, revision)
    require_other(session, actor, entry)
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
    said = words.clean(said_in(keyring_of(actor), entry), offer)
    return recording.put_in(session, actor, consultation, entry, said, offer, screen)


def opened(session: Session, actor: Actor, consultation_id: int) -> Consultation:
    """Load a consultation of the actor's agency in which responses may be entered now, locked."""
    consultation = locked_consultation(session, consultation_id, Hold.ALONE)
    policy.require_visible(actor, consultation)
    policy.require_agency_staff(actor, consultation)
    require_entering(session, consultation)
    return consultation


def keep(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    given: Provenance,
    cleaned: Said,
) -> OfflineEntry:
    """Add a cleaned response; InvalidError ``offline.form_used`` if its form is entered."""
    entry = OfflineEntry(
        reference=new_reference(),
        consultation_id=consultation.id,
        entered_by_id=actor.account_id,
        entered_at=now(),
        state=OfflineState.WAITING,
        revision=1,
    )
    put_words(session, actor, consultation, entry, given, cleaned)
    return entry


def put_words(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    entry: OfflineEntry,
    given: Provenance,
    cleaned: Said,
) -> None:
    """Put cleaned words into an entry; their writer cannot confirm them."""
    keyring = keyring_of(actor)
    entry.origin, entry.place = words.origin_of(given), given.place
    entry.said_on = given.said_on or now().date()
    entry.consent_version = WORDINGS[Purpose.OFFLINE].version
    entry.sealed_words = keyring.seal_note(SEALED_FOR, cleaned.note(), fill_to=256)
    entry.worded_by_id = actor.account_id
    if entry.slip_index is None or entry.form_number != given.form_number:
        _number(keyring, consultation, entry, given.form_number)
    try:
        with session.begin_nested():
            session.add(entry)
            session.flush()
    except IntegrityError:
        raise InvalidError("offline.form_used", field="form_number") from None


def said_in(keyring: Keyring, entry: OfflineEntry) -> Said:
    """Return the words of an entry that does not count yet; ConflictError ``offline.settled``."""
    note = keyring.open_note(SEALED_FOR, entry.sealed_words or "")
    if note is None:
        raise ConflictError("offline.settled")
    return words.from_note(note)


def slip_of(keyring: Keyring, consultation: Consultation, entry: OfflineEntry) -> str:
    """Return the code on the slip that goes with an entry; raises as ``codes.slip_code``."""
    number = entry.form_number
    label = codes.entry_label(entry.reference) if number is None else codes.form_label(number)
    return codes.slip_code(keyring, consultation, label)


def keyring_of(actor: Actor) -> Keyring:
    """Return the site's keys; NotAllowedError ``participation.sign_in`` for a visitor."""
    if actor.keyring is None:
        raise NotAllowedError("participation.sign_in")
    return actor.keyring


def open_entry(
    session: Session, actor: Actor, consultation_id: int, reference: str, revision: int
) -> tuple[Consultation, OfflineEntry]:
    """Load an entry that is still between the two people, locked; raises as ``confirm``."""
    consultation = opened(session, actor, consultation_id)
    entry = session.scalars(
        select(OfflineEntry)
        .where(
            OfflineEntry.reference == reference,
            OfflineEntry.consultation_id == consultation.id,
        )
        .options(undefer(OfflineEntry.sealed_words))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if entry is None:
        raise NotFoundError("offline.unknown")
    if entry.batch_id is not None:
        raise ConflictError("offline.in_batch")
    if entry.state not in _OPEN:
        raise ConflictError("offline.settled")
    if entry.revision != revision:
        raise ConflictError("offline.changed")
    return consultation, entry


def require_other(session: Session, actor: Actor, entry: OfflineEntry) -> None:
    """Raise NotAllowedError ``approval.own_work`` for the person who wrote the present words."""
    if entry.worded_by_id is None or actor.account_id is None:
        raise NotAllowedError("approval.own_work")
    seconding.require_other(session, actor, entry.worded_by_id)


def require_one_of_two(actor: Actor, entry: OfflineEntry) -> None:
    """Raise NotAllowedError ``offline.two_only`` for whoever is not one of the two people.

    Before the decision the second one can be anybody of the agency; afterwards it is settled.
    """
    two = {entry.entered_by_id, entry.worded_by_id, entry.checked_by_id}
    is_open = entry.state in _OPEN
    if actor.account_id is None or (not is_open and actor.account_id not in two):
        raise NotAllowedError("offline.two_only")


def page_for(
    session: Session, actor: Actor, consultation_id: int, reference: str, number: int
) -> tuple[str, bytes]:
    """Return a scanned page with its kind, for the two people.

    Raises
    ------
    NotFoundError
        ``offline.unknown``: there is none, or it has been deleted.
    NotAllowedError
        ``offline.two_only``.
    """
    found = session.execute(
        select(OfflineScan.kind, OfflineScan.sealed, OfflineEntry)
        .join(OfflineEntry, OfflineEntry.id == OfflineScan.entry_id)
        .where(
            OfflineScan.id == number,
            OfflineEntry.reference == reference,
            OfflineEntry.consultation_id == consultation_id,
        )
    ).first()
    if found is None:
        raise NotFoundError("offline.unknown")
    kind, sealed, entry = found
    require_one_of_two(actor, entry)
    return kind, keyring_of(actor).open_file(sealed)


def record(
    session: Session, actor: Actor, action: str, entry: OfflineEntry, reason: str = ""
) -> None:
    """Write a deed about an entry to the ledger, without any words."""
    detail: dict[str, object] = {"channel": entry.origin.value, "revision": entry.revision}
    if reason:
        detail["reason_sha256"] = hashlib.sha256(reason.encode()).hexdigest()
    ledger.record(
        session,
        actor,
        action,
        consultation_id=entry.consultation_id,
        subject=entry.reference,
        detail=detail,
    )
    session.flush()


def _number(
    keyring: Keyring, consultation: Consultation, entry: OfflineEntry, form_number: int | None
) -> None:
    if form_number is not None:
        entry.reference = codes.receipt_number(keyring, consultation, form_number)
    elif entry.form_number is not None:
        entry.reference = new_reference()
    entry.form_number = form_number
    entry.slip_index = codes.slip_index(keyring, slip_of(keyring, consultation, entry))


def _add_page(session: Session, actor: Actor, entry: OfflineEntry, page: Page) -> None:
    session.add(
        OfflineScan(
            entry_id=entry.id,
            kind=page.kind,
            size=len(page.content),
            digest=hashlib.sha256(page.content).hexdigest(),
            sealed=keyring_of(actor).seal_file(page.content),
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
