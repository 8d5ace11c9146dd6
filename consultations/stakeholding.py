"""Service: the register of those affected; how they are reached is for officers alone."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import participation, policy, stakeholder_contacts
from consultations.models import Consultation, Stakeholder, StakeholderKind
from consultations.personal_data import personal_details
from consultations.queries import stakeholders
from consultations.stakeholder_contacts import Contact, keyring_of
from consultations.stakeholder_files import MOST_ROWS, Entry
from core import ledger
from core.accounts.registering import checked_address
from core.actor import Actor
from core.clock import now
from core.errors import InvalidError
from core.text import plain_text, single_line

NAME_LENGTH: Final = 200
TEXT_LENGTH: Final = 2_000


def add(session: Session, actor: Actor, consultation_id: int, entries: Sequence[Entry]) -> int:
    """Add groups to the register; return how many. One that stands there already is passed over.

    Raises
    ------
    NotFoundError, NotAllowedError
        ``consultation.unknown``; ``consultation.other_agency``.
    InvalidError
        ``stakeholder.kind_unknown``, ``stakeholder.personal``, ``stakeholders.too_many``,
        ``account.email_invalid``, or about the texts.
    """
    consultation = _own(session, actor, consultation_id)
    rows = session.execute(
        select(Stakeholder.kind, Stakeholder.name, Stakeholder.number).where(
            Stakeholder.consultation_id == consultation_id
        )
    ).all()
    known = {(row.kind, row.name.casefold()) for row in rows}
    number, before = max((row.number for row in rows), default=0), len(rows)
    for entry in entries:
        made = Stakeholder(consultation_id=consultation_id, added_at=now())
        _fill(made, actor, entry)
        if (made.kind, made.name.casefold()) in known:
            continue
        number += 1
        made.number, made.added_by_id = number, actor.account_id
        known.add((made.kind, made.name.casefold()))
        session.add(made)
    added = len(known) - before
    if len(known) > MOST_ROWS:
        raise InvalidError("stakeholders.too_many", field="name", maximum=MOST_ROWS)
    _log(session, actor, consultation, "stakeholders.added", {"groups": added})
    return added


def edit(session: Session, actor: Actor, consultation_id: int, number: int, entry: Entry) -> None:
    """Change what the register says of a group.

    Raises
    ------
    NotFoundError, NotAllowedError, InvalidError
        As ``add``; ``stakeholder.unknown``.
    """
    consultation = _own(session, actor, consultation_id)
    found = stakeholders.at(session, consultation_id, number)
    _fill(found, actor, entry)
    _log(session, actor, consultation, "stakeholder.changed", {"number": number})


def remove(session: Session, actor: Actor, consultation_id: int, number: int) -> None:
    """Take a group out of the register while nobody has seen it.

    Raises
    ------
    NotFoundError, NotAllowedError
        As ``edit``.
    ConflictError
        ``consultation.wrong_stage``: it is a public record by now.
    """
    consultation = _own(session, actor, consultation_id)
    policy.require_preparing(consultation, now())
    session.delete(stakeholders.at(session, consultation_id, number))
    _log(session, actor, consultation, "stakeholder.removed", {"number": number})


def contacts(
    session: Session, actor: Actor, consultation: Consultation, groups: Sequence[Stakeholder]
) -> dict[int, Contact]:
    """Return how groups are reached, by their numbers; for officers of the agency alone.

    Raises
    ------
    NotAllowedError
        ``consultation.other_agency``.
    """
    policy.require_officer(actor, consultation)
    keyring = keyring_of(actor)
    return {each.number: stakeholder_contacts.opened(keyring, each) for each in groups}


def _own(session: Session, actor: Actor, consultation_id: int) -> Consultation:
    hold = participation.Hold.CHANGE
    consultation = participation.locked_consultation(session, consultation_id, hold)
    policy.require_officer(actor, consultation)
    return consultation


def _fill(stakeholder: Stakeholder, actor: Actor, entry: Entry) -> None:
    if entry.kind not in set(StakeholderKind):
        raise InvalidError("stakeholder.kind_unknown", field="kind")
    stakeholder.kind = StakeholderKind(entry.kind)
    stakeholder.name = single_line(entry.name, max_length=NAME_LENGTH, field="name")
    stakeholder.effect_th = _text(entry.effect_th, "effect_th")
    stakeholder.effect_en = _text(entry.effect_en, "effect_en")
    for field in ("name", "effect_th", "effect_en"):
        if personal_details(getattr(stakeholder, field)):
            raise InvalidError("stakeholder.personal", field=field)
    email = checked_address(entry.email) if entry.email.strip() else ""
    contact = _text(entry.contact, "contact")
    keyring = keyring_of(actor)
    stakeholder.sealed_contact = stakeholder_contacts.sealed(keyring, contact, email)


def _text(text: str, field: str) -> str:
    return plain_text(text, max_length=TEXT_LENGTH, field=field) if text.strip() else ""


def _log(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    action: str,
    detail: dict[str, object],
) -> None:
    ledger.record(session, actor, action, consultation_id=consultation.id, detail=detail)
    session.flush()
