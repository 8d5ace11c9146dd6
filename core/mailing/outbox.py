"""Letters that wait: written in the transaction of what they tell of, sent by the job loop.

A letter is claimed before it is sent and gone afterwards. A worker that dies between the two leaves
it claimed; it goes out again later under the same Message-ID. Only so can somebody get a letter
twice.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core.clock import now
from core.keyring import Keyring
from core.mailing.models import OutgoingMail

_PURPOSE = "letter"
#: Bytes; all but long digests and addresses have the same length.
_FILL_TO = 256
#: How long after each failed attempt the next one follows; after the last the letter is dropped.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
#: A claimed letter belongs to its worker for so long.
CLAIM = timedelta(minutes=10)


class LetterKind(StrEnum):
    """What a letter is; each has templates of its name."""

    #: One piece of news about a followed consultation, or a task.
    NEWS = "news"
    #: News of a day or a week, by consultation.
    DIGEST = "digest"
    #: Something happened to one's own contributions; tells nothing more.
    OWN = "own"
    #: Asks whether an address belongs to the person who gave it.
    CONFIRM = "confirm"
    #: Holds a link to set a new password; the address is looked up only when it is written.
    RECOVER = "recover"
    #: Offers a seat to whoever reads a mailbox, with or without an account.
    INVITATION = "invitation"
    #: Tells that the password or the address of an account was changed.
    SECURITY = "security"
    #: Tells a group that a hearing affects it; goes to no account.
    HEARING = "hearing"


@dataclass(frozen=True)
class Letter:
    """What a letter says and to whom, as it is sealed; nothing personal but numbers and address."""

    kind: LetterKind
    account_id: int
    #: Another address than the account's; None for the account's own.
    address: str | None = None
    #: Numbers of the news to tell of.
    news: tuple[int, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Claimed:
    """A letter that this worker may send now."""

    id: int
    message_id: str
    attempts: int
    #: None when it cannot be opened: the site's secret was changed.
    letter: Letter | None


def post(
    session: Session, keyring: Keyring, letter: Letter, *, due_at: datetime | None = None
) -> None:
    """Put a letter out to be sent."""
    note = {
        "kind": letter.kind.value,
        "account": letter.account_id,
        "address": letter.address,
        "news": list(letter.news),
        "details": letter.details,
    }
    session.add(
        OutgoingMail(
            sealed=keyring.seal_note(_PURPOSE, note, fill_to=_FILL_TO), due_at=due_at or now()
        )
    )


def is_due(session: Session) -> bool:
    """Whether a letter waits to be sent now."""
    return bool(session.scalar(select(exists().where(OutgoingMail.due_at <= now()))))


def claim(session: Session, keyring: Keyring, *, limit: int) -> list[Claimed]:
    """Take letters that are due, the longest waiting first."""
    moment = now()
    found = session.scalars(
        select(OutgoingMail)
        .where(OutgoingMail.due_at <= moment)
        .order_by(OutgoingMail.due_at, OutgoingMail.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for mail in found:
        mail.attempts += 1
        mail.due_at = moment + CLAIM
    session.flush()
    return [
        Claimed(mail.id, mail.message_id, mail.attempts, _opened(keyring, mail.sealed))
        for mail in found
    ]


def drop(session: Session, mail_id: int) -> None:
    """Forget a letter: it was sent, or never will be."""
    mail = session.get(OutgoingMail, mail_id)
    if mail is not None:
        session.delete(mail)
        session.flush()


def postpone(session: Session, mail_id: int) -> bool:
    """Plan another attempt, later each time; False if that was the last and the letter is gone."""
    mail = session.get(OutgoingMail, mail_id)
    if mail is None:
        return False
    if mail.attempts > len(PAUSES):
        session.delete(mail)
        session.flush()
        return False
    mail.due_at = now() + PAUSES[mail.attempts - 1]
    session.flush()
    return True


def _opened(keyring: Keyring, sealed: str) -> Letter | None:
    note = keyring.open_note(_PURPOSE, sealed)
    if note is None:
        return None
    return Letter(
        kind=LetterKind(note["kind"]),
        account_id=note["account"],
        address=note["address"],
        news=tuple(note["news"]),
        details=note["details"],
    )
