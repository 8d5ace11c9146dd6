"""Reads: what a consultation asks on paper: the clauses of its newest draft, and its statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import (
    Choice,
    Clause,
    ContributionKind,
    Draft,
    DraftState,
    Statement,
    Visibility,
)

#: Names of the choices, as forms and files have them.
CHOICES: Final[Mapping[str, Choice]] = {
    "agree": Choice.AGREE,
    "disagree": Choice.DISAGREE,
    "pass": Choice.PASS,
}
#: Most statements on a form; people stop reading before that.
MOST_STATEMENTS: Final = 60


@dataclass(frozen=True)
class Asked:
    """A statement on the form."""

    id: int
    number: int
    body: str
    language: str


@dataclass(frozen=True)
class Offer:
    """What can be said.

    Parameters
    ----------
    draft : Draft or None
        The newest published draft.
    clauses : mapping of str to Clause
        Those that take comments, by key, in their order.
    statements : mapping of int to Asked
        By their number, in its order.
    """

    draft: Draft | None
    clauses: Mapping[str, Clause]
    statements: Mapping[int, Asked]


def offer_of(session: Session, consultation_id: int) -> Offer:
    """Return what a consultation asks; three queries."""
    draft = session.scalars(
        select(Draft)
        .where(Draft.consultation_id == consultation_id, Draft.state == DraftState.PUBLISHED)
        .order_by(Draft.number.desc())
        .limit(1)
    ).first()
    clauses: list[Clause] = []
    if draft is not None:
        of_draft = select(Clause).where(Clause.draft_id == draft.id).order_by(Clause.position)
        clauses = [each for each in session.scalars(of_draft) if each.takes_comments]
    rows = session.execute(
        select(Statement.id, Statement.number, Statement.body, Statement.language)
        .where(
            Statement.consultation_id == consultation_id,
            Statement.kind == ContributionKind.STATEMENT,
            Statement.visibility == Visibility.PUBLISHED,
            Statement.is_meta.is_(False),
        )
        .order_by(Statement.number)
        .limit(MOST_STATEMENTS)
    ).all()
    statements = {row.number: Asked(*row) for row in rows}
    return Offer(draft, {each.key: each for each in clauses}, statements)
