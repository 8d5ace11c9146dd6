"""Keeps the words of public consultations where they can be searched."""

from typing import Any

from sqlalchemy import Select, delete, exists, func, insert, select
from sqlalchemy.orm import Session

from consultations.lifecycle import PRIVATE_STAGES
from consultations.models import Clause, Consultation, Draft, DraftState, Passage
from consultations.search_words import fold

#: Consultations that one call of ``complete`` takes up.
_AT_ONCE = 50


def refresh(session: Session, consultation: Consultation) -> None:
    """Take up the words of a public consultation and its latest published draft anew."""
    session.flush()
    session.execute(delete(Passage).where(Passage.consultation_id == consultation.id))
    agency = consultation.agency
    about = (
        consultation.title_th,
        consultation.title_en,
        agency.name_th,
        agency.name_en,
        consultation.summary_th,
        consultation.summary_en,
    )
    rows = [_row(consultation.id, None, *about)]
    for clause in session.execute(_latest_clauses(consultation.id)):
        rows.append(_row(consultation.id, *clause))
    session.execute(insert(Passage), rows)


def complete(session: Session) -> int:
    """Take up public consultations that cannot be searched yet, such as imported ones.

    Returns
    -------
    int
        How many were taken up; 0 when none is left.
    """
    missing = session.scalars(
        select(Consultation)
        .where(
            Consultation.stage.not_in(PRIVATE_STAGES),
            ~exists().where(Passage.consultation_id == Consultation.id),
        )
        .order_by(Consultation.id)
        .limit(_AT_ONCE)
    ).all()
    for consultation in missing:
        refresh(session, consultation)
    return len(missing)


def _latest_clauses(consultation_id: int) -> Select[*tuple[Any, ...]]:
    latest = (
        select(func.max(Draft.number))
        .where(Draft.consultation_id == consultation_id, Draft.state == DraftState.PUBLISHED)
        .scalar_subquery()
    )
    return (
        select(
            Clause.id,
            Clause.number,
            Clause.heading,
            Clause.body,
            Clause.heading_en,
            Clause.body_en,
        )
        .join(Draft, Draft.id == Clause.draft_id)
        .where(Draft.consultation_id == consultation_id, Draft.number == latest)
        .order_by(Clause.position)
    )


def _row(consultation_id: int, clause_id: int | None, *texts: str) -> dict[str, object]:
    words = fold("\n".join(text for text in texts if text))
    return {"consultation_id": consultation_id, "clause_id": clause_id, "words": words}
