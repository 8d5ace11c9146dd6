"""Reads: where words stand in consultations and in the clauses of their drafts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, text
from sqlalchemy.orm import Session

from consultations.models import Clause, Consultation, Passage
from core.database import is_sqlite

#: Clauses that are shown of one consultation.
CLAUSES_SHOWN: Final = 3
#: Shorter terms hold no trigram.
_TRIGRAM: Final = 3


class ClauseFound(NamedTuple):
    """A clause of the latest published draft in which words stand that someone looks for."""

    key: str
    number: str
    heading: str
    heading_en: str
    body: str
    body_en: str


def holding_all(session: Session, terms: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """Return the numbers of the consultations in which every folded term stands."""
    found = select(Passage.consultation_id).distinct()
    holding = [found.where(_holds(session, term)) for term in terms]
    for each in holding:
        found = found.where(Passage.consultation_id.in_(each))
    return holding[0] if len(holding) == 1 else found


def in_title(term: str) -> ColumnElement[bool]:
    """Whether a term stands in a title; good enough for the order of what was found."""
    titles = (Consultation.title_th, Consultation.title_en)
    return or_(*(title.icontains(term, autoescape=True) for title in titles))


def clauses_found(
    session: Session, consultation_ids: Sequence[int], terms: Sequence[str]
) -> Mapping[int, Sequence[ClauseFound]]:
    """Return the first clauses of each consultation that hold all terms. One query, or none."""
    if not terms or not consultation_ids:
        return {}
    found = (
        select(
            Passage.consultation_id,
            Passage.clause_id,
            func.row_number()
            .over(partition_by=Passage.consultation_id, order_by=Passage.id)
            .label("place"),
        )
        .where(
            Passage.consultation_id.in_(consultation_ids),
            Passage.clause_id.is_not(None),
            and_(*(_holds(session, term) for term in terms)),
        )
        .subquery()
    )
    rows = session.execute(
        select(
            found.c.consultation_id,
            *(getattr(Clause, name) for name in ClauseFound._fields),
        )
        .join(found, found.c.clause_id == Clause.id)
        .where(found.c.place <= CLAUSES_SHOWN)
        .order_by(found.c.consultation_id, found.c.place)
    )
    clauses: defaultdict[int, list[ClauseFound]] = defaultdict(list)
    for number, *words in rows:
        clauses[number].append(ClauseFound(*words))
    return clauses


def _holds(session: Session, term: str) -> ColumnElement[bool]:
    """Whether a folded term stands in a passage, each database in its quickest way."""
    if not is_sqlite(session):
        return Passage.words.contains(term, autoescape=True)
    if len(term) < _TRIGRAM:
        return func.instr(Passage.words, term) > 0
    # A quoted string is a phrase: nothing in it is an operator.
    phrase = '"' + term.replace('"', '""') + '"'
    matching = text("SELECT rowid FROM passage_words WHERE passage_words MATCH :phrase")
    asked = matching.bindparams(bindparam("phrase", phrase, unique=True))
    return Passage.id.in_(asked.columns(Passage.id))
