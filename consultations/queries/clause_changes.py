"""Reads: the clauses of published drafts that responses changed, and what they are called."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from consultations.models import ChangeCause, Clause, Draft, DraftState


@dataclass(frozen=True)
class ClauseChange:
    """A clause of a published draft that changed because of a response.

    Attributes
    ----------
    draft_number : int
        Of the newer draft.
    clause_number, clause_heading : str
        As printed in the newer draft, or in the draft before where the clause was removed.
    is_removed : bool
        The newer draft no longer has the clause.
    """

    draft_number: int
    clause_key: str
    clause_number: str
    clause_heading: str
    is_removed: bool
    response_id: int | None
    note_th: str
    note_en: str


def clause_changes(session: Session, response_ids: Collection[int]) -> list[ClauseChange]:
    """Return what responses changed in published drafts, the older drafts first; one query."""
    return _changes(session, ChangeCause.response_id.in_(response_ids))


def all_clause_changes(session: Session, consultation_id: int) -> list[ClauseChange]:
    """Return what changed in published drafts, the agency's own initiative included; one query."""
    return _changes(session, Draft.consultation_id == consultation_id)


def _changes(session: Session, condition: ColumnElement[bool]) -> list[ClauseChange]:
    before, gone = aliased(Draft), aliased(Clause)
    rows = session.execute(
        select(
            ChangeCause,
            Draft.number,
            Clause.id,
            func.coalesce(Clause.number, gone.number, ""),
            func.coalesce(Clause.heading, gone.heading, ""),
        )
        .join(Draft, Draft.id == ChangeCause.draft_id)
        .outerjoin(Clause, and_(Clause.draft_id == Draft.id, Clause.key == ChangeCause.clause_key))
        .outerjoin(
            before,
            and_(
                before.consultation_id == Draft.consultation_id,
                before.number == Draft.number - 1,
            ),
        )
        .outerjoin(gone, and_(gone.draft_id == before.id, gone.key == ChangeCause.clause_key))
        .where(condition, Draft.state == DraftState.PUBLISHED)
        .order_by(Draft.number, ChangeCause.id)
    )
    return [
        ClauseChange(
            draft_number=draft_number,
            clause_key=cause.clause_key,
            clause_number=number,
            clause_heading=heading,
            is_removed=found is None,
            response_id=cause.response_id,
            note_th=cause.note_th,
            note_en=cause.note_en,
        )
        for cause, draft_number, found, number, heading in rows
    ]
