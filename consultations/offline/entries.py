"""What the two people and the job share: a response is loaded, kept sealed, and recorded."""

import hashlib
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from consultations import policy, seconding
from consultations.models import Consultation, OfflineEntry, OfflineScan, OfflineState
from consultations.models.contribution import new_reference
from consultations.offline import codes
from consultations.offline import said as words
from consultations.offline.deadline import require_entering
from consultations.offline.said import Provenance, Said
from consultations.participation import Hold, locked_consultation
from core import ledger
from core.accounts.consents import WORDINGS, Purpose
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.keyring import Keyring

#: What a sealed response is sealed for.
SEALED_FOR: Final = "offline-words"
_OPEN: Final = frozenset({OfflineState.WAITING, OfflineState.RETURNED})


def opened(session: Session, actor: Actor, consultation_id: int) -> Consultation:
    """Load a consultation of the actor's agency in which responses may be entered now, locked."""
    consultation = locked_consultation(session, consultation_id, Hold.ALONE)
    policy.require_visible(actor, consultation)
    policy.require_agency_staff(actor, consultation)
    require_entering(session, consultation)
    return consultation


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
