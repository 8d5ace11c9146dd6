"""Reads: the published responses, what each answers, and the clauses that it changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from consultations import policy
from consultations.models import (
    AnswerTask,
    Clause,
    Comment,
    Consultation,
    Draft,
    DraftState,
    Finding,
    OfficialResponse,
    ResponseState,
    Stage,
    StageChange,
    Theme,
    Visibility,
)
from consultations.queries.answer_duty import LARGEST, answered_counts
from consultations.queries.clause_changes import ClauseChange, clause_changes
from consultations.queries.findings import FindingRow, findings_where

#: Answers on one page.
PAGE_SIZE: Final = 30


@dataclass(frozen=True)
class Words:
    """A comment that is answered by itself: its words and the wording it proposes."""

    reference: str
    text: str
    proposed_wording: str
    language: str


@dataclass(frozen=True)
class Answered:
    """The one thing that a response answers; all None for a comment that is no longer published."""

    finding: FindingRow | None
    theme: Theme | None
    comment: Words | None


@dataclass(frozen=True)
class ResponseRow:
    """A published response, and the one thing that it answers.

    A comment that is no longer published is None: the response stays, the words do not. `clause`
    is what the clause that it is about is called in the newest published draft, or empty; `unit`
    answers for it.
    """

    response: OfficialResponse
    finding: FindingRow | None
    theme: Theme | None
    comment: Words | None
    clause: str
    unit: str
    changes: tuple[ClauseChange, ...]


@dataclass(frozen=True)
class LeftOpen:
    """How many items an ended consultation never answered, and why."""

    count: int
    reason: str


def published_responses(session: Session, consultation_id: int) -> list[ResponseRow]:
    """Return the published responses in the order in which they were written; eight queries."""
    return _rows(session, consultation_id, session.scalars(_published(consultation_id)).all())


def responses_page(
    session: Session, consultation_id: int, *, page: int
) -> tuple[list[ResponseRow], int]:
    """Return one page (from 1) of the published responses, and how many; nine queries."""
    query = _published(consultation_id)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    found = session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return _rows(session, consultation_id, found), total


def published_response(session: Session, consultation_id: int, number: int) -> ResponseRow | None:
    """Return one published response; None where there is none. Eight queries."""
    if number > LARGEST:
        return None
    query = _published(consultation_id).where(OfficialResponse.id == number)
    rows = _rows(session, consultation_id, session.scalars(query).all())
    return rows[0] if rows else None


def left_open(session: Session, consultation: Consultation) -> LeftOpen | None:
    """Return what an ended consultation never answered, with the reason that was given.

    None while it goes on, and where everything is answered. Two queries.
    """
    if consultation.stage not in policy.ENDED_STAGES:
        return None
    done, total = answered_counts(session, [consultation.id]).get(consultation.id, (0, 0))
    if done == total:
        return None
    reason = session.scalar(
        select(StageChange.reason)
        .where(
            StageChange.consultation_id == consultation.id,
            StageChange.to_stage == Stage.CONCLUDED,
        )
        .order_by(StageChange.id.desc())
        .limit(1)
    )
    return LeftOpen(total - done, reason or "")


def _published(consultation_id: int) -> Select[OfficialResponse]:
    return (
        select(OfficialResponse)
        .where(
            OfficialResponse.consultation_id == consultation_id,
            OfficialResponse.state == ResponseState.PUBLISHED,
        )
        .order_by(OfficialResponse.id)
    )


def _rows(
    session: Session, consultation_id: int, responses: Sequence[OfficialResponse]
) -> list[ResponseRow]:
    answered = answered_items(session, responses)
    changes = _changes(session, [response.id for response in responses])
    clauses = _clause_names(session, consultation_id)
    units = _units(session, [response.id for response in responses])
    return [
        ResponseRow(
            response,
            answered[response.id].finding,
            answered[response.id].theme,
            answered[response.id].comment,
            clauses.get(response.clause_key, ""),
            units.get(response.id, ""),
            tuple(changes.get(response.id, ())),
        )
        for response in responses
    ]


def answered_items(
    session: Session, responses: Collection[OfficialResponse]
) -> dict[int, Answered]:
    """Return what each response answers, by the response's number; four queries."""
    finding_ids = [r.finding_id for r in responses if r.finding_id is not None]
    theme_ids = [r.theme_id for r in responses if r.theme_id is not None]
    findings = {row.id: row for row in findings_where(session, Finding.id.in_(finding_ids))}
    themes = {row.id: row for row in session.scalars(select(Theme).where(Theme.id.in_(theme_ids)))}
    comments = _comments(session, [r.comment_id for r in responses if r.comment_id is not None])
    return {
        response.id: Answered(
            findings.get(response.finding_id or 0),
            themes.get(response.theme_id or 0),
            comments.get(response.comment_id or 0),
        )
        for response in responses
    }


def _units(session: Session, numbers: Sequence[int]) -> dict[int, str]:
    """Return the unit that answers for each response, where one was named."""
    rows = session.execute(
        select(OfficialResponse.id, AnswerTask.unit)
        .join(
            AnswerTask,
            or_(
                AnswerTask.finding_id == OfficialResponse.finding_id,
                AnswerTask.theme_id == OfficialResponse.theme_id,
                AnswerTask.comment_id == OfficialResponse.comment_id,
            ),
        )
        .where(OfficialResponse.id.in_(numbers), AnswerTask.unit != "")
    )
    return {row[0]: row[1] for row in rows}


def _comments(session: Session, numbers: Sequence[int]) -> dict[int, Words]:
    rows = session.scalars(
        select(Comment).where(Comment.id.in_(numbers), Comment.visibility == Visibility.PUBLISHED)
    )
    return {
        row.id: Words(row.reference, row.body, row.proposed_wording, row.language) for row in rows
    }


def _clause_names(session: Session, consultation_id: int) -> dict[str, str]:
    """Return what each clause is called in the newest published draft, by its key."""
    newest = (
        select(func.max(Draft.number))
        .where(Draft.consultation_id == consultation_id, Draft.state == DraftState.PUBLISHED)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Clause.key, Clause.number, Clause.heading)
        .join(Draft, Draft.id == Clause.draft_id)
        .where(Draft.consultation_id == consultation_id, Draft.number == newest)
    )
    return {key: f"{number} {heading}".strip() or key for key, number, heading in rows}


def _changes(session: Session, responses: Sequence[int]) -> dict[int, list[ClauseChange]]:
    """Return the clauses that each response changed, in published drafts only."""
    found: dict[int, list[ClauseChange]] = {}
    for change in clause_changes(session, responses):
        found.setdefault(change.response_id or 0, []).append(change)
    return found
