"""Reads: the clause that someone writes about, and what is like it already."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from consultations import similarity
from consultations.models import (
    Clause,
    Comment,
    ContributionKind,
    ContributionRevision,
    Draft,
    DraftState,
    Origin,
    Participant,
    Stance,
    Tier,
    Visibility,
)
from consultations.pseudonyms import pseudonym
from core.errors import NotFoundError

#: Of the comments on a clause, the newest so many are compared with what someone is writing, and of
#: each the beginning, in characters: enough to tell its subject.
_MOST_COMPARED = 60
_BEGINNING = 500


@dataclass(frozen=True)
class Target:
    """What a comment is about: a clause of the latest published draft, or, without key, all."""

    key: str
    number: str
    heading_th: str
    heading_en: str
    body: str
    body_en: str
    explanation_th: str
    explanation_en: str
    draft_number: int
    #: Kind of unit as in ``consultations.outline``; empty for the whole.
    kind: str = ""


@dataclass(frozen=True)
class PublishedComment:
    """One published comment, as everyone may see it."""

    reference: str
    #: Short code of its author in this consultation.
    author: str
    #: Whom its author speaks for; empty for a person.
    organisation: str
    tier: Tier | None
    origin: Origin
    clause_key: str
    #: Number of the clause as printed in the draft that the comment was written on.
    clause_number: str
    clause_heading: str
    draft_number: int
    quote: str
    stance: Stance | None
    body: str
    language: str
    reason: str
    proposed_wording: str
    created_at: datetime
    is_edited: bool
    #: Written by the participant who asks.
    is_own: bool


def comment_target(session: Session, consultation_id: int, key: str) -> Target:
    """Return what a comment with this clause key would be about. One query.

    Raises
    ------
    NotFoundError
        ``draft.unknown`` when no draft is published, ``clause.unknown``.
    """
    row = session.execute(
        select(Draft.number, Clause)
        .outerjoin(Clause, (Clause.draft_id == Draft.id) & (Clause.key == key))
        .where(Draft.consultation_id == consultation_id, Draft.state == DraftState.PUBLISHED)
        .order_by(Draft.number.desc())
        .limit(1)
    ).first()
    if row is None:
        raise NotFoundError("draft.unknown")
    draft_number, clause = row
    if not key:
        return Target("", "", "", "", "", "", "", "", draft_number)
    if clause is None or not clause.takes_comments:
        raise NotFoundError("clause.unknown")
    return Target(
        key=clause.key,
        number=clause.number,
        heading_th=clause.heading,
        heading_en=clause.heading_en,
        body=clause.body,
        body_en=clause.body_en,
        explanation_th=clause.explanation_th,
        explanation_en=clause.explanation_en,
        draft_number=draft_number,
        kind=clause.kind,
    )


def similar_comments(
    session: Session, consultation_id: int, clause_key: str, text: str, *, limit: int = 3
) -> list[PublishedComment]:
    """Return published comments on a clause that say much the same as a text. One query.

    Without a text, or when nothing is like it, the newest ones: whoever is about to write sees
    what has been said.
    """
    rows = session.execute(
        _published(consultation_id)
        .where(Comment.clause_key == clause_key)
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .limit(_MOST_COMPARED if text.strip() else limit)
    ).all()
    if not text.strip():
        return [_comment(row) for row in rows]
    pairs = [(row.Comment.body[:_BEGINNING], row) for row in rows]
    near = similarity.most_similar(text[:_BEGINNING], pairs, limit=limit)
    return [_comment(row) for row in near or rows[:limit]]


def _published(consultation_id: int) -> Select[*tuple[Any, ...]]:
    is_edited = (
        select(ContributionRevision.revision)
        .where(ContributionRevision.contribution_id == Comment.id)
        .correlate(Comment)
        .exists()
    )
    return (
        select(
            Comment,
            Participant.tier,
            Participant.organisation,
            Draft.number.label("draft_number"),
            Clause.number.label("clause_number"),
            Clause.heading.label("clause_heading"),
            is_edited.label("is_edited"),
        )
        .join(Draft, Draft.id == Comment.draft_id)
        .outerjoin(
            Clause, (Clause.draft_id == Comment.draft_id) & (Clause.key == Comment.clause_key)
        )
        .outerjoin(Participant, Participant.id == Comment.participant_id)
        .where(*_is_published(consultation_id))
    )


def _is_published(consultation_id: int) -> tuple[ColumnElement[bool], ...]:
    # The kind is implied; naming it lets the index of the table of all contributions be used.
    return (
        Comment.consultation_id == consultation_id,
        Comment.kind == ContributionKind.COMMENT,
        Comment.visibility == Visibility.PUBLISHED,
    )


def _comment(row: Any, own_id: str | None = None) -> PublishedComment:
    comment: Comment = row.Comment
    return PublishedComment(
        reference=comment.reference,
        author=pseudonym(comment.participant_id) if comment.participant_id else "",
        organisation=row.organisation or "",
        tier=row.tier,
        origin=comment.origin,
        clause_key=comment.clause_key,
        clause_number=row.clause_number or "",
        clause_heading=row.clause_heading or "",
        draft_number=row.draft_number,
        quote=comment.quote_exact,
        stance=comment.stance,
        body=comment.body,
        language=comment.language,
        reason=comment.reason,
        proposed_wording=comment.proposed_wording,
        created_at=comment.created_at,
        is_edited=row.is_edited,
        is_own=own_id is not None and comment.participant_id == own_id,
    )
