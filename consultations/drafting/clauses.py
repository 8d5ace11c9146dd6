"""Clauses of the working draft: write, add, remove, move, and correct how a document was split."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consultations.drafting import placing, store
from consultations.drafting.companions import Companions, carried_over, companions_of
from consultations.models import Clause, Draft
from consultations.outline_numbering import Kind, recognise, recognise_bare
from consultations.outline_tree import Outline, Provision
from core.actor import Actor
from core.errors import InvalidError, NotFoundError
from core.text import plain_text, single_line, unify_thai

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
    if any(getattr(clause, name) != value for name, value in vars(clean).items()):
        for name, value in vars(clean).items():
            setattr(clause, name, value)
        store.sign(session, draft, actor)
    return clause


def add_after(
    session: Session, actor: Actor, draft_id: int, key: str, words: ClauseWords
) -> Clause:
    """Put a new clause behind another; its kind follows from its number.

    Its key was never used before, unless the published draft had the same clause.

    Raises
    ------
    NotFoundError, InvalidError
        As ``write_clause``.
    """
    draft = store.open_draft(session, actor, draft_id)
    clean = _cleaned(words)
    new = Provision("", None, _kind(clean.number), clean.number, clean.heading, clean.body)
    before = store.outline(draft.clauses)
    after = store.with_lasting_keys(session, draft, placing.added(before, key, new))
    companions = companions_of(draft.clauses)
    made = next(provision.key for provision in after if provision.key not in companions)
    companions[made] = Companions(
        clean.heading_en, clean.body_en, clean.explanation_th, clean.explanation_en
    )
    store.write_outline(session, draft, after, companions)
    store.sign(session, draft, actor)
    return next(clause for clause in draft.clauses if clause.key == made)


def remove_clause(session: Session, actor: Actor, draft_id: int, key: str) -> Draft:
    """Take a clause out of the working draft; what it held moves up to its holder.

    Raises
    ------
    NotFoundError
        ``clause.unknown``.
    """
    draft = store.open_draft(session, actor, draft_id)
    after = placing.removed(store.outline(draft.clauses), key)
    store.write_outline(session, draft, after, companions_of(draft.clauses))
    store.sign(session, draft, actor)
    return draft


def move_clause(session: Session, actor: Actor, draft_id: int, key: str, *, up: bool) -> Draft:
    """Move a clause, with all it holds, past its neighbour.

    Raises
    ------
    NotFoundError
        ``clause.unknown``.
    InvalidError
        ``clause.at_the_end``.
    """
    draft = store.open_draft(session, actor, draft_id)
    after = placing.moved(store.outline(draft.clauses), key, up=up)
    store.write_outline(session, draft, after, companions_of(draft.clauses))
    store.sign(session, draft, actor)
    return draft


def correct_split(
    session: Session, actor: Actor, draft_id: int, correction: Callable[[Outline], Outline]
) -> Draft:
    """Apply a correction of the split (``consultations.outline_editing``) to the working draft.

    Translations and explanations stay with the words that they belong to.

    Raises
    ------
    NotFoundError, InvalidError
        As the correction.
    """
    draft = store.open_draft(session, actor, draft_id)
    before = store.outline(draft.clauses)
    after = store.with_lasting_keys(session, draft, correction(before))
    companions = carried_over(before, after, companions_of(draft.clauses))
    store.write_outline(session, draft, after, companions)
    store.sign(session, draft, actor)
    return draft


def _kind(number: str) -> Kind:
    label = recognise(number, is_heading=True) or recognise_bare(f"{number} …")
    return label.kind if label else Kind.PARAGRAPH


def _cleaned(words: ClauseWords) -> ClauseWords:
    """Clean what was typed as an imported text is cleaned, so that only real changes show.

    Raises
    ------
    InvalidError
        ``text.too_long``, or ``clause.empty``.
    """

    def line(value: str, maximum: int, field: str) -> str:
        if not value.strip():
            return ""
        return unify_thai(single_line(value, max_length=maximum, field=field))

    def text(value: str, field: str) -> str:
        if not value.strip():
            return ""
        return unify_thai(plain_text(value, max_length=LONGEST_CLAUSE, field=field))

    if not (words.heading.strip() or words.body.strip()):
        raise InvalidError("clause.empty", field="body")
    return ClauseWords(
        number=line(words.number, LONGEST_NUMBER, "number"),
        heading=line(words.heading, LONGEST_HEADING, "heading"),
        body=text(words.body, "body"),
        heading_en=line(words.heading_en, LONGEST_HEADING, "heading_en"),
        body_en=text(words.body_en, "body_en"),
        explanation_th=text(words.explanation_th, "explanation_th"),
        explanation_en=text(words.explanation_en, "explanation_en"),
    )
