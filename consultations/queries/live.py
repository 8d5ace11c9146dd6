"""Reads: how fresh the picture of a consultation is, and the clauses that it names."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations.models import Clause, Draft, DraftState, Statement, Visibility, Vote

#: New votes are counted up to here; beyond it "more than" is said.
MOST_COUNTED = 10_000
#: Newer votes of the whole site up to which they are read rather than the consultation's own.
_SCANNED = 100_000


def votes_since(
    session: Session, consultation_id: int, last_vote: int, *, most: int = MOST_COUNTED
) -> int:
    """Count votes that were cast after one of that number, up to `most`; two queries.

    A vote that was changed since keeps its number and is not counted.
    """
    gap = (session.scalar(select(func.max(Vote.id))) or 0) - last_vote
    if gap <= 0:
        return 0
    own = (
        Statement.consultation_id == consultation_id,
        Statement.visibility == Visibility.PUBLISHED,
        Statement.is_meta.is_(False),
    )
    newer = select(Vote.id, Vote.statement_id).where(Vote.id > last_vote)
    if gap <= _SCANNED:
        # The limit keeps databases from reading all votes of the consultation first.
        votes = newer.limit(_SCANNED).subquery()
        counted = select(func.count(votes.c.id)).join(
            Statement, Statement.id == votes.c.statement_id
        )
        return min(session.scalar(counted.where(*own)) or 0, most)
    joined = newer.join(Statement, Statement.id == Vote.statement_id).where(*own).limit(most)
    return session.scalar(select(func.count()).select_from(joined.subquery())) or 0


def clause_names(session: Session, consultation_id: int) -> Mapping[str, tuple[str, str]]:
    """Return number and heading of the newest published draft's clauses that hold words, by key.

    In the order of the draft; one query.
    """
    newest = (
        select(Draft.id)
        .where(Draft.consultation_id == consultation_id, Draft.state == DraftState.PUBLISHED)
        .order_by(Draft.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Clause.key, Clause.number, Clause.heading)
        .where(Clause.draft_id == newest, Clause.body != "")
        .order_by(Clause.position)
    )
    return {key: (number, heading) for key, number, heading in rows}
