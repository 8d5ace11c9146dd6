"""Reads: statements as the voting pages show them, and a participant's own votes."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from consultations.models import Choice, Origin, Statement, Visibility, Vote
from core.errors import NotFoundError


@dataclass(frozen=True)
class CastVote:
    """One's own vote with its statement."""

    reference: str
    number: int
    body: str
    language: str
    origin: Origin
    choice: Choice


def published_statement(session: Session, consultation_id: int, reference: str) -> Statement:
    """Return a statement that people can vote on. One query.

    Raises
    ------
    NotFoundError
        ``statement.unknown``: there is none, or it is not published.
    """
    statement = session.scalars(
        select(Statement).where(
            Statement.reference == reference,
            Statement.consultation_id == consultation_id,
            Statement.visibility == Visibility.PUBLISHED,
            Statement.is_meta.is_(False),
        )
    ).first()
    if statement is None:
        raise NotFoundError("statement.unknown")
    return statement


def own_choice(session: Session, participant_id: str, statement_id: int) -> Choice | None:
    """Return a participant's choice on a statement; None when they have not voted on it."""
    choice = session.scalar(
        select(Vote.choice).where(
            Vote.statement_id == statement_id, Vote.participant_id == participant_id
        )
    )
    return None if choice is None else Choice(choice)


def latest_votes(session: Session, participant_id: str, *, limit: int) -> list[CastVote]:
    """Return a participant's votes, those first given last in front. One query."""
    return _read(session, _votes(participant_id).order_by(Vote.id.desc()).limit(limit))


def all_votes(session: Session, participant_id: str) -> list[CastVote]:
    """Return all of a participant's votes by number of the statement. One query."""
    return _read(session, _votes(participant_id).order_by(Statement.number))


def vote_count(session: Session, statement_id: int) -> int:
    """Return how many people have voted on a statement."""
    return session.scalar(select(func.count(Vote.id)).where(Vote.statement_id == statement_id)) or 0


def _votes(participant_id: str) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Statement.reference,
            Statement.number,
            Statement.body,
            Statement.language,
            Statement.origin,
            Vote.choice,
        )
        .join(Vote, Vote.statement_id == Statement.id)
        .where(
            Vote.participant_id == participant_id,
            Statement.visibility == Visibility.PUBLISHED,
        )
    )


def _read(session: Session, query: Select[*tuple[Any, ...]]) -> list[CastVote]:
    return [
        CastVote(reference, number, body, language, origin, Choice(choice))
        for reference, number, body, language, origin, choice in session.execute(query)
    ]
