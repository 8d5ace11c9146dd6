"""Service: printed forms, each with a number of its own."""

from typing import Final

from sqlalchemy.orm import Session

from consultations import policy
from consultations.models import Consultation
from consultations.participation import Hold, locked_consultation
from core import ledger
from core.actor import Actor
from core.errors import ConflictError, InvalidError, NotFoundError

#: Forms on one sheet for the printer, and in one consultation.
AT_ONCE: Final = 50
MOST: Final = 100_000


def number_new(session: Session, actor: Actor, consultation_id: int, copies: int) -> range:
    """Give numbers to new forms.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``participation.ended``.
    InvalidError
        ``offline.copies``.
    """
    consultation = locked_consultation(session, consultation_id, Hold.CHANGE)
    policy.require_visible(actor, consultation)
    policy.require_agency_staff(actor, consultation)
    if consultation.sealed_key is None:
        raise ConflictError("participation.ended")
    first = consultation.forms_printed + 1
    if not 1 <= copies <= AT_ONCE or first + copies > MOST:
        raise InvalidError("offline.copies", field="copies", maximum=AT_ONCE)
    consultation.forms_printed += copies
    ledger.record(
        session,
        actor,
        "offline.forms_numbered",
        consultation_id=consultation.id,
        detail={"first": first, "last": consultation.forms_printed},
    )
    session.flush()
    return range(first, consultation.forms_printed + 1)


def printed(consultation: Consultation, first: int, last: int) -> range:
    """Return the numbers of forms to print again; NotFoundError ``offline.unknown``."""
    if not 1 <= first <= last <= consultation.forms_printed or last - first >= AT_ONCE:
        raise NotFoundError("offline.unknown")
    return range(first, last + 1)
