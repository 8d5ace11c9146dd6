"""Service: the file with everything that is held about oneself, packed once and taken once.

What an account and its participants have in common must never stand in the database in clear. So
the request, made while the person is signed in, leaves a sealed note for the job; the packed file
is encrypted with a key that only the person's own browser session holds.
"""

import base64
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import ForeignKey, LargeBinary, String, Text, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import jobs
from core.accounts.models import Account
from core.accounts.passwords import matches
from core.clock import now
from core.database import Base, UtcDateTime
from core.errors import InvalidError, NotFoundError
from core.keyring import Keyring

TASK = "own_data.pack"
#: How long after the request the file can be taken; then it is gone.
WITHIN = timedelta(minutes=15)
_PURPOSE = "own-data"


class OwnExport(Base):
    """One file for one account; unreadable without the key in the owner's browser."""

    __tablename__ = "own_export"

    id: Mapped[str] = mapped_column(
        String(32), primary_key=True, default=lambda: secrets.token_hex(16)
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    #: Sealed: who the person is in each consultation, and the key of the file. None once packed.
    note: Mapped[str | None] = mapped_column(Text)
    #: The encrypted archive; None until it is packed.
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class Asked:
    """What the job needs to pack a file."""

    account_id: int
    participants: dict[int, str]
    key: str


def request(
    session: Session,
    keyring: Keyring,
    account_id: int,
    *,
    password: str,
    participants: dict[int, str],
) -> tuple[OwnExport, str]:
    """Ask for the file; a job packs it. Earlier files of the account are dropped.

    Returns
    -------
    OwnExport
    str
        The file's key. It is kept nowhere: whoever asked has to hold it.

    Raises
    ------
    InvalidError
        ``password.wrong``.
    """
    account = session.get_one(Account, account_id)
    if not matches(password, account.password_hash):
        raise InvalidError("password.wrong", field="password")
    session.execute(delete(OwnExport).where(OwnExport.account_id == account_id))
    key = base64.urlsafe_b64encode(os.urandom(32)).decode()
    people = {str(number): person for number, person in participants.items()}
    note = {"people": people, "key": key}
    made = OwnExport(
        account_id=account_id,
        requested_at=now(),
        note=keyring.seal_note(_PURPOSE, note, fill_to=4096),
    )
    session.add(made)
    session.flush()
    jobs.enqueue(session, TASK, {"export": made.id}, key=f"{TASK}:{made.id}")
    return made, key


def load(session: Session, keyring: Keyring, export_id: str) -> Asked | None:
    """Return what to pack; None if the file is not wanted any more."""
    made = session.get(OwnExport, export_id)
    if made is None or made.note is None or _is_over(made):
        return None
    note: dict[str, Any] | None = keyring.open_note(_PURPOSE, made.note, within=WITHIN)
    if note is None:
        return None
    people = {int(number): person for number, person in note["people"].items()}
    return Asked(made.account_id, people, note["key"])


def store(session: Session, export_id: str, key: str, archive: bytes) -> None:
    """Keep the packed file, encrypted, and forget the note."""
    made = session.get(OwnExport, export_id)
    if made is not None:
        made.content, made.note = Fernet(key.encode()).encrypt(archive), None
        made.ready_at = now()
        session.flush()


def state(session: Session, account_id: int, export_id: str) -> OwnExport:
    """Return one's own file, ready or not; raises as ``take``."""
    made = session.get(OwnExport, export_id)
    if made is None or made.account_id != account_id or _is_over(made):
        raise NotFoundError("own_data.gone")
    return made


def take(session: Session, account_id: int, export_id: str, key: str) -> bytes:
    """Return the archive and erase it: it can be taken once.

    Raises
    ------
    NotFoundError
        ``own_data.gone``: taken, too old, somebody else's, of another browser, or never there.
    """
    made = session.get(OwnExport, export_id, with_for_update=True)
    if made is None or made.account_id != account_id or _is_over(made) or not made.content:
        raise NotFoundError("own_data.gone")
    try:
        archive = Fernet(key.encode()).decrypt(made.content)
    except (InvalidToken, ValueError) as error:
        raise NotFoundError("own_data.gone") from error
    session.delete(made)
    session.flush()
    return archive


def forget_old(session: Session) -> None:
    """Drop the files whose time is over."""
    session.execute(delete(OwnExport).where(OwnExport.requested_at <= now() - WITHIN))


def _is_over(made: OwnExport) -> bool:
    return made.requested_at <= now() - WITHIN
