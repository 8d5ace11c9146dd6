"""Reads: the receipt of a contribution: what the ledger says about it, and its author's words."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, with_polymorphic

from consultations import commitments, policy
from consultations.models import Comment, Consultation, Contribution, Statement
from core import ledger
from core.errors import NotFoundError

#: Letters that people write for the digits of a reference, which has no such letters.
_MISREAD = str.maketrans("OIL", "011", " -")
#: What a receipt tells of; who reported a contribution, and when, is not part of it.
_TOLD = frozenset(
    {
        "comment.submitted",
        "comment.edited",
        "comment.withdrawn",
        "statement.proposed",
        "statement.seeded",
        "dissent.submitted",
        "dissent.edited",
        "dissent.withdrawn",
        "answer_reply.submitted",
        "answer_reply.withdrawn",
        "contribution.decided",
        "contribution.covered",
        "appeal.made",
        "appeal.decided",
    }
)
_CODE = re.compile("[0-9A-HJKMNP-TV-Z]{12}")


@dataclass(frozen=True)
class Entry:
    """One entry of the ledger about a contribution."""

    action: str
    recorded_at: datetime
    #: Place in the chain; None until it is sealed, a few seconds after the deed.
    position: int | None
    #: SHA-256 that binds the entry to its place, in hexadecimal; empty until then.
    chain_hash: str
    #: Digest of the words that the entry is about; empty where it is about none.
    digest: str


@dataclass(frozen=True)
class Receipt:
    """What anybody with the code may see; the words are for their author."""

    contribution: Comment | Statement
    consultation: Consultation
    entries: Sequence[Entry]

    @property
    def present(self) -> Entry | None:
        """The newest entry that fixes words."""
        return next((entry for entry in reversed(self.entries) if entry.digest), None)

    @property
    def content(self) -> str:
        """The exact line that the digest covers, for the author."""
        return ledger.canonical_json(commitments.content_of(self.contribution))

    @property
    def is_intact(self) -> bool:
        """Whether the words that are stored now are those whose digest the ledger has."""
        if self.present is None:
            return True
        written = self.contribution
        return (
            commitments.digest(written.salt, commitments.content_of(written)) == self.present.digest
        )


def normal_code(code: str) -> str:
    """Return a code as it is stored: capitals without gaps, and digits for what looks like them."""
    return code.upper().translate(_MISREAD)


def receipt(session: Session, code: str) -> Receipt:
    """Return the receipt with a code, whatever became of the contribution. Three queries.

    Raises
    ------
    NotFoundError
        ``receipt.unknown``.
    """
    reference = normal_code(code)
    if not _CODE.fullmatch(reference):
        raise NotFoundError("receipt.unknown")
    row = with_polymorphic(Contribution, [Comment, Statement])
    found = session.execute(
        select(row, Consultation)
        .join(Consultation, Consultation.id == row.consultation_id)
        .where(row.reference == reference)
    ).first()
    if found is None or not policy.is_public(found[1]):
        raise NotFoundError("receipt.unknown")
    contribution: Any = found[0]
    consultation = found[1]
    entries = ledger.entries_about(session, consultation.id, contribution.reference)
    return Receipt(contribution, consultation, [_entry(it) for it in entries if it.action in _TOLD])


def _entry(entry: ledger.LedgerEntry) -> Entry:
    return Entry(
        action=entry.action,
        recorded_at=entry.recorded_at,
        position=entry.position,
        chain_hash=entry.chain_hash.hex() if entry.chain_hash else "",
        digest=json.loads(entry.content)["detail"].get("digest", ""),
    )
