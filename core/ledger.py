"""Append-only record of every deed: written with the deed, sealed into a hash chain soon after.

An entry is written without a position, in the transaction of its deed, so that deeds do not wait
for each other. Sealing gives entries their position and links each to the one before it.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import LargeBinary, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.actor import Actor
from core.clock import now
from core.database import Base, UtcDateTime, is_sqlite

GENESIS = b"\x00" * 32
_SEALING_LOCK = 0x5A524E01


class LedgerEntry(Base):
    """One deed. Holds codes, numbers and digests, never a name, an address or a person's words."""

    __tablename__ = "ledger_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Place in the chain, from 1; empty until sealed.
    position: Mapped[int | None] = mapped_column(unique=True)
    consultation_id: Mapped[int | None] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(64))
    #: What the deed was about, as in the content; a column so that it can be looked up.
    subject: Mapped[str] = mapped_column(String(120), default="", server_default="", index=True)
    #: Canonical JSON of the whole entry; what the chain protects.
    content: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    chain_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))


@dataclass(frozen=True)
class Verification:
    """Outcome of checking the chain: how far it holds, and where it first breaks (or None)."""

    sealed: int
    head: bytes
    broken_at: int | None


def record(
    session: Session,
    actor: Actor,
    action: str,
    *,
    consultation_id: int | None = None,
    subject: str = "",
    detail: dict[str, object] | None = None,
) -> LedgerEntry:
    """Write an entry about a deed in the deed's own transaction.

    The actor appears by role only. The time is kept to the minute, and a random salt keeps anyone
    from guessing an entry's content from its hash alone.
    """
    moment = now()
    content = {
        "action": action,
        "consultation": consultation_id,
        "detail": detail or {},
        "roles": sorted(actor.roles),
        "salt": secrets.token_hex(16),
        "subject": subject,
        "time": moment.strftime("%Y-%m-%dT%H:%MZ"),
    }
    entry = LedgerEntry(
        consultation_id=consultation_id,
        action=action,
        subject=subject,
        content=canonical_json(content),
        recorded_at=moment,
    )
    session.add(entry)
    return entry


def canonical_json(value: object) -> str:
    """Return the one JSON spelling of a value: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def link(previous: bytes, position: int, content: str) -> bytes:
    """Hash (32 bytes) that binds an entry to its place and to the entry before it."""
    return hashlib.sha256(previous + position.to_bytes(8, "big") + content.encode()).digest()


def seal(session: Session, *, limit: int = 500) -> int:
    """Give up to ``limit`` waiting entries their place in the chain; return how many."""
    _lock(session)
    last = session.scalars(
        select(LedgerEntry)
        .where(LedgerEntry.position.is_not(None))
        .order_by(LedgerEntry.position.desc())
        .limit(1)
    ).first()
    position = last.position or 0 if last else 0
    head = last.chain_hash or GENESIS if last else GENESIS
    waiting = session.scalars(
        select(LedgerEntry)
        .where(LedgerEntry.position.is_(None))
        .order_by(LedgerEntry.id)
        .limit(limit)
    ).all()
    for entry in waiting:
        position += 1
        head = link(head, position, entry.content)
        entry.position, entry.chain_hash = position, head
    session.flush()
    return len(waiting)


def verify(session: Session) -> Verification:
    """Recompute the whole chain and report the first place where it does not hold."""
    head, position = GENESIS, 0
    with session.execute(
        select(LedgerEntry.position, LedgerEntry.content, LedgerEntry.chain_hash)
        .where(LedgerEntry.position.is_not(None))
        .order_by(LedgerEntry.position)
        .execution_options(yield_per=1000)
    ) as rows:
        for stored_position, content, chain_hash in rows:
            expected = link(head, position + 1, content)
            if stored_position != position + 1 or chain_hash != expected:
                return Verification(position, head, position + 1)
            head, position = expected, position + 1
    return Verification(position, head, None)


def entries_about(session: Session, consultation_id: int, subject: str) -> list[LedgerEntry]:
    """Return the entries about one thing of a consultation, the first in front; one query."""
    rows = session.scalars(
        select(LedgerEntry)
        .where(LedgerEntry.subject == subject, LedgerEntry.consultation_id == consultation_id)
        .order_by(LedgerEntry.id)
    )
    return list(rows)


def anchor_line(found: Verification) -> str:
    """Return the line to keep outside the database: how many entries, and the head over them."""
    return f"{found.sealed} {found.head.hex()}"


def holds(session: Session, line: str) -> bool:
    """Whether the chain still passes through the head that an anchor line names."""
    position, _, head = line.strip().partition(" ")
    if position == "0":
        return head == GENESIS.hex()
    if not position.isdecimal():
        return False
    stored = session.scalar(
        select(LedgerEntry.chain_hash).where(LedgerEntry.position == int(position))
    )
    return stored is not None and stored.hex() == head


def _lock(session: Session) -> None:
    """Let one sealer at a time work. On SQLite the writing transaction is already alone."""
    if not is_sqlite(session):
        session.execute(select(func.pg_advisory_xact_lock(_SEALING_LOCK)))
