"""Freezes votes and comments of one moment as canonical rows without anything that leads back."""

import csv
import hashlib
import io
import secrets
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from consultations.models import (
    Comment,
    Participant,
    Snapshot,
    Statement,
    Support,
    Visibility,
    Vote,
)
from core.clock import now

VOTE_COLUMNS = ("participant", "statement", "choice")
STATEMENT_COLUMNS = ("statement", "text", "language", "origin")
COMMENT_COLUMNS = ("comment", "text", "stance", "author", "language", "clause")
PARTICIPANT_COLUMNS = ("participant", "imported_group")
SUPPORT_COLUMNS = ("comment", "participant")

Cells = Sequence[object]


@dataclass(frozen=True)
class _Rows:
    """Published rows of one consultation, as the database holds them."""

    votes: Sequence[Row[str, str, int]]
    statements: Sequence[Statement]
    comments: Sequence[Comment]
    people: Sequence[Participant]
    supports: Sequence[Row[str, str]]


def freeze(session: Session, consultation_id: int) -> Snapshot:
    """Make a snapshot of everything published; the caller adds what is done with it.

    Statements about the consultation itself stay out. Voters are p1, p2, ... and authors a1, a2,
    ..., in the order of a hash with salts that nobody keeps: two snapshots cannot be joined by
    person, and a comment does not reveal how its author voted.
    """
    rows = _published(session, consultation_id)
    voters = _labels({row[0] for row in rows.votes}, "p")
    authors = _labels({c.participant_id for c in rows.comments if c.participant_id}, "a")
    groups = {person.id: person.imported_group or "" for person in rows.people}
    files = (
        csv_bytes(VOTE_COLUMNS, ((voters[person], *rest) for person, *rest in rows.votes)),
        csv_bytes(STATEMENT_COLUMNS, map(_statement_cells, rows.statements)),
        csv_bytes(COMMENT_COLUMNS, (_comment_cells(c, authors) for c in rows.comments)),
        csv_bytes(PARTICIPANT_COLUMNS, ((label, groups[p]) for p, label in voters.items())),
        # Supporters stand under the labels of their votes, which give them their group.
        csv_bytes(
            SUPPORT_COLUMNS,
            ((comment, voters[person]) for comment, person in rows.supports if person in voters),
        ),
    )
    digests = [hashlib.sha256(data).hexdigest() for data in files]
    packed = [zlib.compress(data) for data in files]
    snapshot = Snapshot(
        consultation_id=consultation_id,
        taken_at=now(),
        vote_count=len(rows.votes),
        comment_count=len(rows.comments),
        tier_counts=_tier_counts(rows),
        votes_digest=digests[0],
        statements_digest=digests[1],
        comments_digest=digests[2],
        participants_digest=digests[3],
        votes_csv=packed[0],
        statements_csv=packed[1],
        comments_csv=packed[2],
        participants_csv=packed[3],
        supports_csv=packed[4],
        supports_digest=digests[4],
    )
    session.add(snapshot)
    return snapshot


def csv_bytes(columns: Sequence[str], rows: Iterable[Cells]) -> bytes:
    """Return the one CSV spelling of a set of rows: UTF-8, header, sorted, line feeds."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(sorted([str(cell) for cell in row] for row in rows))
    return out.getvalue().encode()


def csv_rows(data: bytes) -> list[dict[str, str]]:
    """Read back what ``csv_bytes`` wrote."""
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def _published(session: Session, consultation_id: int) -> _Rows:
    shown = (
        Statement.consultation_id == consultation_id,
        Statement.visibility == Visibility.PUBLISHED,
        Statement.is_meta.is_(False),
    )
    votes = session.execute(
        select(Vote.participant_id, Statement.reference, Vote.choice)
        .join(Statement, Statement.id == Vote.statement_id)
        .where(*shown)
    ).all()
    statements = session.scalars(select(Statement).where(*shown)).all()
    comments = session.scalars(
        select(Comment).where(
            Comment.consultation_id == consultation_id,
            Comment.visibility == Visibility.PUBLISHED,
        )
    ).all()
    people = session.scalars(
        select(Participant).where(Participant.consultation_id == consultation_id)
    ).all()
    supports = session.execute(
        select(Comment.reference, Support.participant_id)
        .join(Support, Support.comment_id == Comment.id)
        .where(
            Comment.consultation_id == consultation_id,
            Comment.visibility == Visibility.PUBLISHED,
        )
    ).all()
    return _Rows(votes, statements, comments, people, supports)


def _labels(identifiers: set[str], prefix: str) -> dict[str, str]:
    salt = secrets.token_bytes(32)
    order = sorted(identifiers, key=lambda item: hashlib.sha256(salt + item.encode()).digest())
    return {item: f"{prefix}{place}" for place, item in enumerate(order, 1)}


def _statement_cells(statement: Statement) -> Cells:
    return statement.reference, statement.body, statement.language, statement.origin.value


def _comment_cells(comment: Comment, authors: dict[str, str]) -> Cells:
    return (
        comment.reference,
        comment.body,
        comment.stance.value if comment.stance else "",
        authors.get(comment.participant_id or "", ""),
        "" if comment.language == "und" else comment.language,
        comment.clause_key,
    )


def _tier_counts(rows: _Rows) -> dict[str, dict[str, int]]:
    """Count people by tier: those who took part in any way, voters, commenters."""
    voters: set[str | None] = {row[0] for row in rows.votes}
    commenters = {comment.participant_id for comment in rows.comments}
    proposers = {statement.participant_id for statement in rows.statements}
    kinds: dict[str, set[str | None]] = {
        "participants": voters | commenters | proposers,
        "voters": voters,
        "commenters": commenters,
    }
    counts: dict[str, dict[str, int]] = {}
    for person in rows.people:
        for kind, members in kinds.items():
            if person.id in members:
                tier = counts.setdefault(person.tier.value, dict.fromkeys(kinds, 0))
                tier[kind] += 1
    return counts
