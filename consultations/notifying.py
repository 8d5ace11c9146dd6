"""Service: notices to those affected, with the proof that they were given."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import participation, policy, stakeholder_contacts
from consultations.models import (
    Consultation,
    NoticeChannel,
    NoticeState,
    Stakeholder,
    StakeholderNotice,
)
from consultations.queries import stakeholders
from consultations.stakeholder_contacts import keyring_of
from core import ledger
from core.actor import Actor
from core.clock import BANGKOK, now
from core.errors import ConflictError, InvalidError
from core.text import plain_text

WORDS_LENGTH: Final = 2_000
PROOF_BYTES: Final = 5_000_000
#: Beginnings of the files that are taken as proof, by the end of their names.
PROOFS: Final = {
    "pdf": b"%PDF-",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
}


@dataclass(frozen=True)
class Given:
    """A notice as an officer notes it.

    Parameters
    ----------
    channel : str
        A value of ``NoticeChannel``.
    notified_on : date
        In the past or today when it was given; later when it is planned.
    proof_name, proof : str, bytes
        File that proves it; empty when there is none.
    """

    channel: str
    notified_on: date
    words: str = ""
    proof_name: str = ""
    proof: bytes = b""


def note(
    session: Session, actor: Actor, consultation_id: int, number: int, given: Given
) -> StakeholderNotice:
    """Note a notice that was given, or plan one; letters are sent by the site on their day.

    Raises
    ------
    NotFoundError, NotAllowedError
        As ``stakeholding.edit``.
    InvalidError
        ``stakeholder.channel_unknown``; ``stakeholder.no_address``: a letter needs one;
        ``stakeholder.proof_unknown`` or ``stakeholder.proof_large``; ``text.too_long``.
    """
    consultation = _own(session, actor, consultation_id)
    stakeholder = stakeholders.at(session, consultation_id, number)
    if given.channel not in set(NoticeChannel):
        raise InvalidError("stakeholder.channel_unknown", field="channel")
    by_mail = given.channel == NoticeChannel.EMAIL
    keyring = keyring_of(actor)
    if by_mail and not stakeholder_contacts.opened(keyring, stakeholder).email:
        raise InvalidError("stakeholder.no_address", field="channel")
    later = given.notified_on > now().astimezone(BANGKOK).date()
    made = StakeholderNotice(
        stakeholder_id=stakeholder.id,
        channel=NoticeChannel(given.channel),
        state=NoticeState.PLANNED if by_mail or later else NoticeState.GIVEN,
        notified_on=given.notified_on,
        words=_text(given.words, "words"),
        noted_by_id=actor.account_id,
        noted_at=now(),
    )
    _keep_proof(made, given.proof_name, given.proof)
    stakeholder.notices.append(made)
    detail: dict[str, object] = {
        "number": number,
        "channel": made.channel.value,
        "proof_sha256": made.proof_digest,
    }
    _log(session, actor, consultation, "stakeholder.notice", detail)
    return made


def prove(
    session: Session, actor: Actor, consultation_id: int, notice_id: int, given: Given
) -> StakeholderNotice:
    """Say that a planned notice was given, or put proof with one that was.

    Raises
    ------
    NotFoundError, NotAllowedError, InvalidError
        As ``note``; ``stakeholder.notice_unknown``; ``stakeholder.not_yet``: the day lies ahead.
    ConflictError
        ``stakeholder.by_mail``: the site itself sends it, and knows whether it was delivered.
    """
    consultation = _own(session, actor, consultation_id)
    notice = stakeholders.notice_at(session, consultation_id, notice_id)
    if notice.channel is NoticeChannel.EMAIL:
        raise ConflictError("stakeholder.by_mail")
    if given.notified_on > now().astimezone(BANGKOK).date():
        raise InvalidError("stakeholder.not_yet", field="notified_on")
    notice.state, notice.notified_on = NoticeState.GIVEN, given.notified_on
    _keep_proof(notice, given.proof_name, given.proof)
    detail: dict[str, object] = {"notice": notice.id, "proof_sha256": notice.proof_digest}
    _log(session, actor, consultation, "stakeholder.notice_given", detail)
    return notice


def remind(
    session: Session,
    actor: Actor,
    consultation_id: int,
    *,
    numbers: Sequence[int],
    words: str,
) -> int:
    """Send a reminder by e-mail to groups that have an address; return to how many.

    Raises
    ------
    NotFoundError, NotAllowedError, ConflictError
        As ``stakeholding.edit``; ``consultation.not_open_yet`` or ``consultation.closed``.
    InvalidError
        ``text.empty`` or ``text.too_long``.
    """
    consultation = _own(session, actor, consultation_id)
    policy.require_taking_contributions(consultation, now())
    said = plain_text(words, max_length=WORDS_LENGTH, field="words")
    found = session.scalars(
        select(Stakeholder).where(
            Stakeholder.consultation_id == consultation_id, Stakeholder.number.in_(numbers)
        )
    ).all()
    keyring, sent = keyring_of(actor), 0
    today = now().astimezone(BANGKOK).date()
    for stakeholder in found:
        if not stakeholder_contacts.opened(keyring, stakeholder).email:
            continue
        made = StakeholderNotice(
            channel=NoticeChannel.EMAIL,
            state=NoticeState.PLANNED,
            notified_on=today,
            words=said,
            noted_by_id=actor.account_id,
            noted_at=now(),
        )
        stakeholder.notices.append(made)
        session.flush()
        sent += stakeholder_contacts.post(session, keyring, consultation, stakeholder, made)
    _log(session, actor, consultation, "stakeholders.reminded", {"groups": sent})
    return sent


def send_due(session: Session, actor: Actor, consultation_id: int) -> int:
    """Send the planned letters whose day has come; return how many.

    Raises
    ------
    NotFoundError, NotAllowedError
        As ``stakeholding.edit``.
    """
    _own(session, actor, consultation_id)
    keyring = keyring_of(actor)
    return stakeholder_contacts.post_due(session, keyring, now(), only=consultation_id)


def settle(session: Session, notice_id: int, *, was_taken: bool) -> None:
    """Keep whether a letter was taken by the receiver's mail server, as its proof."""
    notice = session.get(StakeholderNotice, notice_id)
    if notice is not None:
        notice.state = NoticeState.DELIVERED if was_taken else NoticeState.REFUSED
        notice.notified_on = now().astimezone(BANGKOK).date()
        session.flush()


def _own(session: Session, actor: Actor, consultation_id: int) -> Consultation:
    hold = participation.Hold.CHANGE
    consultation = participation.locked_consultation(session, consultation_id, hold)
    policy.require_officer(actor, consultation)
    return consultation


def _keep_proof(notice: StakeholderNotice, name: str, data: bytes) -> None:
    if not data:
        return
    ending = name.rpartition(".")[2].lower()
    if ending not in PROOFS or not data.startswith(PROOFS[ending]):
        raise InvalidError("stakeholder.proof_unknown", field="proof")
    if len(data) > PROOF_BYTES:
        raise InvalidError("stakeholder.proof_large", field="proof")
    notice.proof_name = f"proof.{ending}"
    notice.proof, notice.proof_digest = data, hashlib.sha256(data).hexdigest()


def _text(text: str, field: str) -> str:
    return plain_text(text, max_length=WORDS_LENGTH, field=field) if text.strip() else ""


def _log(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    action: str,
    detail: dict[str, object],
) -> None:
    ledger.record(session, actor, action, consultation_id=consultation.id, detail=detail)
    session.flush()
