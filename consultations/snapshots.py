"""Freezes votes and comments of one moment as canonical rows without anything that leads back."""

import csv
import hashlib
import io
import secrets
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from consultations.models import (
    COUNTING,
    Audience,
    Comment,
    Participant,
    ParticipantProfile,
    Snapshot,
    Statement,
    Support,
    Visibility,
    Vote,
)
from consultations.strata import NOT_SAID, STRATA, steady
from core.clock import BANGKOK, now

VOTE_COLUMNS = ("participant", "statement", "choice")
STATEMENT_COLUMNS = ("statement", "text", "language", "origin")
COMMENT_COLUMNS = ("comment", "text", "stance", "author", "language", "clause")
SUPPORT_COLUMNS = ("comment", "participant")
PARTICIPANT_COLUMNS = ("participant", "imported_group", *STRATA)

Cells = Sequence[object]


@dataclass(frozen=True)
class _Rows:
    """Published rows of one consultation, as the database holds them."""

    votes: Sequence[Row[str, str, int]]
    statements: Sequence[Statement]
    comments: Sequence[Comment]
    people: Sequence[Participant]
    supports: Sequence[Row[str, str]]
    profiles: Mapping[str, ParticipantProfile]


def freeze(session: Session, consultation_id: int) -> Snapshot:
    """Make a snapshot of all that counts; the caller adds what is done with it.

    Comments that are counted without being shown are part of it: nobody may be shown their words.

    Statements about the consultation itself stay out. Voters are p1, p2, ... and authors a1, a2,
    ..., in the order of a hash with salts that nobody keeps: two snapshots cannot be joined by
    person, and a comment does not reveal how its author voted.
    """
    rows = _published(session, consultation_id)
    files = _files(rows)
    digests = [hashlib.sha256(data).hexdigest() for data in files]
    packed = [zlib.compress(data) for data in files]
    snapshot = Snapshot(
        consultation_id=consultation_id,
        taken_at=now(),
        vote_count=len(rows.votes),
        comment_count=len(rows.comments),
        tier_counts=_tier_counts(rows),
        activity=activity(session, consultation_id, rows),
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


def _files(rows: _Rows) -> tuple[bytes, ...]:
    """Return votes, statements, comments, participants and supports as CSV."""
    voters = _labels({row[0] for row in rows.votes}, "p")
    authors = _labels({c.participant_id for c in rows.comments if c.participant_id}, "a")
    groups = {person.id: person.imported_group or "" for person in rows.people}
    return (
        csv_bytes(VOTE_COLUMNS, ((voters[person], *rest) for person, *rest in rows.votes)),
        csv_bytes(STATEMENT_COLUMNS, map(_statement_cells, rows.statements)),
        csv_bytes(COMMENT_COLUMNS, (_comment_cells(c, authors) for c in rows.comments)),
        csv_bytes(
            PARTICIPANT_COLUMNS,
            ((label, groups[p], *_answers(rows, p)) for p, label in voters.items()),
        ),
        # Supporters stand under the labels of their votes, which give them their group.
        csv_bytes(
            SUPPORT_COLUMNS,
            ((comment, voters[person]) for comment, person in rows.supports if person in voters),
        ),
    )


def counted_only(session: Session, consultation_id: int) -> frozenset[str]:
    """Return the references of comments whose words nobody may be shown; one query."""
    rows = session.scalars(
        select(Comment.reference).where(
            Comment.consultation_id == consultation_id, Comment.audience == Audience.COUNTED
        )
    )
    return frozenset(rows)


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
            Comment.visibility.in_(COUNTING),
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
    profiles = session.scalars(
        select(ParticipantProfile).where(ParticipantProfile.consultation_id == consultation_id)
    )
    by_person = {profile.participant_id: profile for profile in profiles}
    return _Rows(votes, statements, comments, people, supports, by_person)


def activity(session: Session, consultation_id: int, rows: _Rows) -> dict[str, Any]:
    """Count by Bangkok day, and answers about oneself; note the last vote there is.

    Returns
    -------
    dict
        ``days``: day, people who joined, comments and votes of each day with any, in order;
        ``strata``: people by answer to each question, everyone who took part, or as
        published before (``strata.steady``); ``last_vote``: number
        of the newest vote on the site, by which later ones are told apart.
    """
    votes = session.execute(
        select(Vote.voted_on, func.count(Vote.id))
        .join(Statement, Statement.id == Vote.statement_id)
        .where(
            Statement.consultation_id == consultation_id,
            Statement.visibility == Visibility.PUBLISHED,
            Statement.is_meta.is_(False),
        )
        .group_by(Vote.voted_on)
    )
    present = _took_part(rows)
    by_day: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for person in rows.people:
        if person.id in present:
            by_day[person.joined_on.isoformat()][0] += 1
    for comment in rows.comments:
        by_day[comment.created_at.astimezone(BANGKOK).date().isoformat()][1] += 1
    for day, count in votes:
        by_day[day.isoformat()][2] += count
    strata = {
        question: dict(Counter(_answers(rows, person)[place] for person in present))
        for place, question in enumerate(STRATA)
    }
    return {
        "days": [[day, *counts] for day, counts in sorted(by_day.items())],
        "strata": steady(_strata_before(session, consultation_id), strata),
        "last_vote": session.scalar(select(func.max(Vote.id))) or 0,
    }


def _strata_before(session: Session, consultation_id: int) -> Mapping[str, Mapping[str, int]]:
    """Return the answers in the newest snapshot; one query."""
    newest = (
        select(Snapshot.activity)
        .where(Snapshot.consultation_id == consultation_id)
        .order_by(Snapshot.id.desc())
        .limit(1)
    )
    found: Mapping[str, Mapping[str, int]] = (session.scalar(newest) or {}).get("strata", {})
    return found


def _answers(rows: _Rows, person: str) -> tuple[str, ...]:
    profile = rows.profiles.get(person)
    return tuple(getattr(profile, question, NOT_SAID) for question in STRATA)


def _took_part(rows: _Rows) -> set[str]:
    authors = {contribution.participant_id for contribution in (*rows.comments, *rows.statements)}
    return {row[0] for row in rows.votes} | {author for author in authors if author}


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
