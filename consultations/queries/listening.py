"""Reads: open questions of a consultation, and what people answer to each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session

from consultations.models import (
    COUNTING,
    Clause,
    Comment,
    DiscussionPlace,
    Draft,
    DraftState,
    Visibility,
)
from consultations.outline_numbering import Kind

#: Answers that are shown with each question: those that most people support.
MOST_SHOWN = 3


@dataclass(frozen=True)
class Answer:
    """A published answer with how many support it."""

    reference: str
    body: str
    language: str
    supports: int


@dataclass(frozen=True)
class QuestionRow:
    """A question with how many answered it and what most support."""

    clause: Clause
    #: Answers that count, also those that nobody is shown, and people who gave them.
    answers: int
    people: int
    supports: int
    most_supported: Sequence[Answer]


def questions(session: Session, consultation_id: int) -> list[QuestionRow]:
    """Return the questions that were put to people, in order; at most 3 queries."""
    asked = session.scalars(
        select(Clause)
        .join(Draft, Draft.id == Clause.draft_id)
        .where(
            Draft.consultation_id == consultation_id,
            Draft.state == DraftState.PUBLISHED,
            Clause.kind == Kind.QUESTION.value,
        )
        .order_by(Draft.number, Clause.position)
    ).all()
    keys = [each.key for each in asked]
    if not keys:
        return []
    counts = {
        row.clause_key: row
        for row in session.execute(
            select(
                DiscussionPlace.clause_key,
                func.count().label("answers"),
                func.count(Comment.participant_id.distinct()).label("people"),
                func.coalesce(func.sum(DiscussionPlace.supports), 0).label("supports"),
            )
            .join(Comment, Comment.id == DiscussionPlace.comment_id)
            .where(
                DiscussionPlace.consultation_id == consultation_id,
                DiscussionPlace.clause_key.in_(keys),
                DiscussionPlace.visibility.in_(COUNTING),
            )
            .group_by(DiscussionPlace.clause_key)
        )
    }
    shown = _most_supported(session, consultation_id, keys)
    return [
        QuestionRow(each, row.answers, row.people, row.supports, shown[each.key])
        if (row := counts.get(each.key))
        else QuestionRow(each, 0, 0, 0, [])
        for each in asked
    ]


def _most_supported(
    session: Session, consultation_id: int, keys: Sequence[str]
) -> dict[str, list[Answer]]:
    ranked = _ranked(consultation_id, keys)
    found: defaultdict[str, list[Answer]] = defaultdict(list)
    for comment, key, supports in session.execute(
        select(Comment, ranked.c.clause_key, ranked.c.supports)
        .join(ranked, ranked.c.comment_id == Comment.id)
        .where(ranked.c.place <= MOST_SHOWN)
        .order_by(ranked.c.clause_key, ranked.c.place)
    ):
        found[key].append(Answer(comment.reference, comment.body, comment.language, supports))
    return found


def _ranked(consultation_id: int, keys: Sequence[str]) -> Subquery:
    place = func.row_number().over(
        partition_by=DiscussionPlace.clause_key,
        order_by=(DiscussionPlace.supports.desc(), DiscussionPlace.comment_id),
    )
    return (
        select(
            DiscussionPlace.comment_id,
            DiscussionPlace.clause_key,
            DiscussionPlace.supports,
            place.label("place"),
        )
        .where(
            DiscussionPlace.consultation_id == consultation_id,
            DiscussionPlace.clause_key.in_(keys),
            DiscussionPlace.visibility == Visibility.PUBLISHED,
        )
        .subquery()
    )
