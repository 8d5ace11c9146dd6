"""Reads: the published responses, what each answers, and the clauses that it changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations.models import (
    ChangeCause,
    Comment,
    Draft,
    DraftState,
    Finding,
    OfficialResponse,
    ResponseState,
    Theme,
    Visibility,
)
from consultations.queries.findings import FindingRow, findings_where


@dataclass(frozen=True)
class Words:
    """A comment that is answered by itself: its words and the wording it proposes."""

    reference: str
    text: str
    proposed_wording: str
    language: str


@dataclass(frozen=True)
class Change:
    """A clause of a newer draft that a response changed. `number` is the draft's."""

    number: int
    clause_key: str


@dataclass(frozen=True)
class ResponseRow:
    """A published response, and the one thing that it answers.

    A comment that is no longer published is None: the response stays, the words do not.
    """

    response: OfficialResponse
    finding: FindingRow | None
    theme: Theme | None
    comment: Words | None
    changes: tuple[Change, ...]


def published_responses(session: Session, consultation_id: int) -> list[ResponseRow]:
    """Return the published responses in the order in which they were written; six queries."""
    responses = session.scalars(
        select(OfficialResponse)
        .where(
            OfficialResponse.consultation_id == consultation_id,
            OfficialResponse.state == ResponseState.PUBLISHED,
        )
        .order_by(OfficialResponse.id)
    ).all()
    finding_ids = [r.finding_id for r in responses if r.finding_id is not None]
    theme_ids = [r.theme_id for r in responses if r.theme_id is not None]
    findings = {row.id: row for row in findings_where(session, Finding.id.in_(finding_ids))}
    themes = {row.id: row for row in session.scalars(select(Theme).where(Theme.id.in_(theme_ids)))}
    comments = _comments(session, [r.comment_id for r in responses if r.comment_id is not None])
    changes = _changes(session, [response.id for response in responses])
    return [
        ResponseRow(
            response,
            findings.get(response.finding_id or 0),
            themes.get(response.theme_id or 0),
            comments.get(response.comment_id or 0),
            tuple(changes.get(response.id, ())),
        )
        for response in responses
    ]


def response_count(session: Session, consultation_id: int) -> int:
    """Return how many responses are published."""
    count = select(func.count(OfficialResponse.id)).where(
        OfficialResponse.consultation_id == consultation_id,
        OfficialResponse.state == ResponseState.PUBLISHED,
    )
    return session.scalar(count) or 0


def _comments(session: Session, numbers: Sequence[int]) -> dict[int, Words]:
    rows = session.scalars(
        select(Comment).where(Comment.id.in_(numbers), Comment.visibility == Visibility.PUBLISHED)
    )
    return {
        row.id: Words(row.reference, row.body, row.proposed_wording, row.language) for row in rows
    }


def _changes(session: Session, responses: Sequence[int]) -> dict[int, list[Change]]:
    """Return the clauses that each response changed, in published drafts only."""
    rows = session.execute(
        select(ChangeCause.response_id, Draft.number, ChangeCause.clause_key)
        .join(Draft, Draft.id == ChangeCause.draft_id)
        .where(ChangeCause.response_id.in_(responses), Draft.state == DraftState.PUBLISHED)
        .order_by(Draft.number, ChangeCause.id)
    )
    found: dict[int, list[Change]] = {}
    for response_id, number, key in rows:
        found.setdefault(response_id or 0, []).append(Change(number, key))
    return found
