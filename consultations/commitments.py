"""Digests by which the ledger can prove what someone wrote without holding a word of it."""

import hashlib
from collections.abc import Mapping

from consultations.comment_words import comment_content
from consultations.models import Comment, OfficialResponse, Statement
from core.ledger import canonical_json


def digest(salt: bytes, content: Mapping[str, object]) -> str:
    """Return the hexadecimal SHA-256 of a contribution's content under its salt.

    Whoever has the salt and the words can check the digest; without the salt nobody can find the
    words by trying, and once the salt is deleted the digest says nothing any more.
    """
    return hashlib.sha256(b"sarn/v1|" + salt + canonical_json(content).encode()).hexdigest()


def content_of(written: Comment | Statement) -> dict[str, object]:
    """Return what the ledger's digest of a comment or a statement covers."""
    if isinstance(written, Comment):
        return comment_content(written)
    return {"body": written.body, "clause": written.clause_key}


def response_digest(response: OfficialResponse) -> str:
    """Return the hexadecimal SHA-256 of an answer as the ledger keeps it; answers are public."""
    words = "\n".join(
        (response.disposition, response.ground, response.reason_th, response.reason_en)
    )
    return hashlib.sha256(words.encode()).hexdigest()
