"""How those affected are reached: kept sealed, and turned into letters of the site's own outbox."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import policy
from consultations.announcement import last_day
from consultations.models import (
    Consultation,
    NoticeChannel,
    NoticeState,
    Stakeholder,
    StakeholderNotice,
)
from core.actor import Actor
from core.clock import BANGKOK
from core.errors import NotAllowedError
from core.keyring import Keyring
from core.mailing import outbox
from core.mailing.outbox import Letter, LetterKind

_PURPOSE = "stakeholder"
_FILL_TO = 256


@dataclass(frozen=True)
class Contact:
    """Whom to reach and how; empty where nothing is known, or no longer."""

    contact: str = ""
    email: str = ""


def keyring_of(actor: Actor) -> Keyring:
    """Return the keys that somebody who is signed in can use; raise NotAllowedError for others."""
    if actor.keyring is None:
        raise NotAllowedError("consultation.other_agency")
    return actor.keyring


def sealed(keyring: Keyring, contact: str, email: str) -> str:
    """Return what is stored; empty when there is nothing to keep."""
    if not contact and not email:
        return ""
    note = {"contact": contact, "email": email}
    return keyring.seal_note(_PURPOSE, note, fill_to=_FILL_TO)


def opened(keyring: Keyring, stakeholder: Stakeholder) -> Contact:
    """Return a group's contact."""
    stored = stakeholder.sealed_contact
    note = keyring.open_note(_PURPOSE, stored) if stored else None
    return Contact(**note) if note else Contact()


def post(
    session: Session,
    keyring: Keyring,
    consultation: Consultation,
    stakeholder: Stakeholder,
    notice: StakeholderNotice,
) -> bool:
    """Put a notice into the outbox; False if there is no address to send it to."""
    address = opened(keyring, stakeholder).email
    if not address:
        return False
    closes_at = consultation.closes_at
    details = {
        "notice": notice.id,
        "slug": consultation.slug,
        "title": consultation.title_th,
        "agency": consultation.agency.name_th,
        "closes": last_day(closes_at).isoformat() if closes_at else "",
        "words": notice.words,
    }
    outbox.post(session, keyring, Letter(LetterKind.HEARING, 0, address=address, details=details))
    notice.state = NoticeState.SENDING
    return True


def post_due(session: Session, keyring: Keyring, at: datetime, *, only: int | None = None) -> int:
    """Put the planned letters of public consultations whose day has come into the outbox.

    ``only`` is the number of one consultation; all when None. Returns how many.
    """
    query = (
        select(StakeholderNotice, Stakeholder, Consultation)
        .join(Stakeholder, Stakeholder.id == StakeholderNotice.stakeholder_id)
        .join(Consultation, Consultation.id == Stakeholder.consultation_id)
        .where(
            StakeholderNotice.state == NoticeState.PLANNED,
            StakeholderNotice.channel == NoticeChannel.EMAIL,
            StakeholderNotice.notified_on <= at.astimezone(BANGKOK).date(),
        )
        .order_by(StakeholderNotice.id)
    )
    if only is not None:
        query = query.where(Consultation.id == only)
    posted = 0
    for notice, stakeholder, consultation in session.execute(query).all():
        if policy.is_public(consultation) and not policy.has_closed(
            policy.current_stage(consultation, at)
        ):
            posted += post(session, keyring, consultation, stakeholder, notice)
    session.flush()
    return posted
