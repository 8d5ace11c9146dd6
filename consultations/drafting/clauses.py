"""Clauses of the working draft: write, add, remove, move, and correct how a document was split."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consultations.drafting import store
from consultations.models import Clause, Draft
from consultations.outline_tree import Outline
from core.actor import Actor
from core.errors import InvalidError, NotFoundError
from core.text import plain_text, single_line

LONGEST_CLAUSE = 50_000
LONGEST_HEADING = 500
LONGEST_NUMBER = 64


@dataclass(frozen=True)
class ClauseWords:
    """Everything a person can write about one clause."""

    number: str = ""
    heading: str = ""
    body: str = ""
    heading_en: str = ""
    body_en: str = ""
    explanation_th: str = ""
    explanation_en: str = ""


def write_clause(
    session: Session, actor: Actor, draft_id: int, key: str, words: ClauseWords
) -> Clause:
    """Change the words of one clause of the working draft.

    Raises
    ------
    NotFoundError
        ``clause.unknown``.
    InvalidError
        ``text.too_long``, or ``clause.empty`` when neither heading nor body is left.
    """
    draft = store.open_draft(session, actor, draft_id)
    clause = next((row for row in draft.clauses if row.key == key), None)
    if clause is None:
        raise NotFoundError("clause.unknown")
    clean = _cleaned(words)
    if not (clean.heading or clean.body):
        raise InvalidError("clause.empty", field="body")
    for name, value in vars(clean).items():
        setattr(clause, name, value)
    draft.prepared_by_id = actor.account_id
    session.flush()
    return clause


def add_after(session: Session, actor: Actor, draft_id: int, key: str) -> Clause:
    """Put a new, still empty clause after another; its key was never used before."""
    draft = store.open_draft(session, actor, draft_id)
    place = _place(draft, key)
    before = draft.clauses[place]
    kind = "section" if before.kind not in ("section", "clause", "paragraph") else before.kind
    used = set(session.scalars(store.all_keys(draft.consultation_id)))
    number = next(n for n in range(1, len(used) + 2) if f"new{n}" not in used)
    added = Clause(
        key=f"new{number}",
        parent_key=before.parent_key if before.body else before.key,
        kind=kind,
        position=-1,
        heading="…",
    )
    store.store_order(
        session, draft, [*draft.clauses[: place + 1], added, *draft.clauses[place + 1 :]]
    )
    return added


def remove_clause(session: Session, actor: Actor, draft_id: int, key: str) -> None:
    """Take a clause out of the working draft; what it held moves up to its holder."""
    draft = store.open_draft(session, actor, draft_id)
    gone = draft.clauses[_place(draft, key)]
    for clause in draft.clauses:
        if clause.parent_key == key:
            clause.parent_key = gone.parent_key
    store.store_order(session, draft, [clause for clause in draft.clauses if clause is not gone])


def move_clause(session: Session, actor: Actor, draft_id: int, key: str, *, up: bool) -> None:
    """Exchange a clause with its neighbour.

    Raises
    ------
    InvalidError
        ``clause.at_the_end``.
    """
    draft = store.open_draft(session, actor, draft_id)
    place = _place(draft, key)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(draft.clauses):
        raise InvalidError("clause.at_the_end", field="key")
    order = [*draft.clauses]
    order[place], order[other] = order[other], order[place]
    moved, passed = draft.clauses[place], draft.clauses[other]
    moved.parent_key = passed.parent_key if passed.body or up else passed.key
    store.store_order(session, draft, order)


def correct_split(
    session: Session, actor: Actor, draft_id: int, correction: Callable[[Outline], Outline]
) -> Draft:
    """Apply a correction of the split (``consultations.outline_editing``) to the working draft."""
    draft = store.open_draft(session, actor, draft_id)
    before = [*draft.clauses]
    store.write_outline(session, draft, correction(store.outline(before)), before)
    session.flush()
    return draft


def _place(draft: Draft, key: str) -> int:
    for place, clause in enumerate(draft.clauses):
        if clause.key == key:
            return place
    raise NotFoundError("clause.unknown")


def _cleaned(words: ClauseWords) -> ClauseWords:
    def line(value: str, maximum: int, field: str) -> str:
        return single_line(value, max_length=maximum, field=field) if value.strip() else ""

    def text(value: str, field: str) -> str:
        return plain_text(value, max_length=LONGEST_CLAUSE, field=field) if value.strip() else ""

    return ClauseWords(
        number=line(words.number, LONGEST_NUMBER, "number"),
        heading=line(words.heading, LONGEST_HEADING, "heading"),
        body=text(words.body, "body"),
        heading_en=line(words.heading_en, LONGEST_HEADING, "heading_en"),
        body_en=text(words.body_en, "body_en"),
        explanation_th=text(words.explanation_th, "explanation_th"),
        explanation_en=text(words.explanation_en, "explanation_en"),
    )
