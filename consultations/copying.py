"""Service: begin a consultation with the structure of an earlier one, never with contributions."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from consultations import participation, policy
from consultations.models import (
    Clause,
    Consultation,
    Draft,
    Origin,
    Statement,
    Visibility,
)
from core import ledger
from core.actor import Actor
from core.clock import now
from core.errors import NotFoundError

_CLAUSE = (
    *("key", "parent_key", "position", "kind", "number", "heading", "body"),
    *("heading_en", "body_en", "explanation_th", "explanation_en"),
)


def copy_structure(session: Session, actor: Actor, consultation_id: int, source_id: int) -> None:
    """Copy the newest draft and the agency's own statements of an earlier consultation.

    Only what the agency wrote itself is copied. The clauses keep their keys, which are names within
    one consultation and lead to no contribution of another.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``: one of the two is not the officer's.
    ConflictError
        ``consultation.wrong_stage``.
    """
    consultation = participation.locked_consultation(
        session, consultation_id, participation.Hold.CHANGE
    )
    policy.require_officer(actor, consultation)
    policy.require_preparing(consultation, now())
    source = session.get(Consultation, source_id)
    if source is None:
        raise NotFoundError("consultation.unknown")
    policy.require_officer(actor, source)
    clauses = _copy_draft(session, actor, consultation_id, source_id)
    statements = _copy_statements(session, consultation_id, source_id)
    ledger.record(
        session,
        actor,
        "consultation.copied",
        consultation_id=consultation_id,
        detail={"source": source_id, "clauses": clauses, "statements": statements},
    )
    session.flush()


def _copy_draft(session: Session, actor: Actor, consultation_id: int, source_id: int) -> int:
    newest = select(func.max(Draft.number)).where(Draft.consultation_id == source_id)
    draft = session.scalars(
        select(Draft)
        .where(Draft.consultation_id == source_id, Draft.number == newest.scalar_subquery())
        .options(selectinload(Draft.clauses))
    ).first()
    if draft is None:
        return 0
    session.add(
        Draft(
            consultation_id=consultation_id,
            number=1,
            created_at=now(),
            prepared_by_id=actor.account_id,
            hands=policy.with_hand((), actor),
            clauses=[
                Clause(**{name: getattr(clause, name) for name in _CLAUSE})
                for clause in draft.clauses
            ],
        )
    )
    return len(draft.clauses)


def _copy_statements(session: Session, consultation_id: int, source_id: int) -> int:
    found = session.scalars(
        select(Statement)
        .where(
            Statement.consultation_id == source_id,
            Statement.origin == Origin.AGENCY,
            Statement.visibility == Visibility.PUBLISHED,
        )
        .order_by(Statement.number)
    ).all()
    session.add_all(
        Statement(
            consultation_id=consultation_id,
            number_in_id=consultation_id,
            number=number,
            origin=Origin.AGENCY,
            body=statement.body,
            language=statement.language,
            clause_key=statement.clause_key,
            matching_digest=statement.matching_digest,
            visibility=Visibility.PUBLISHED,
            created_at=now(),
        )
        for number, statement in enumerate(found, 1)
    )
    return len(found)
