"""Importing a document: what needs time is done before the transaction that writes."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consultations.drafting import store
from consultations.drafting.companions import companions_of
from consultations.drafting.versions import new_draft
from consultations.models import Draft
from consultations.outline import Line, parse_outline
from consultations.outline_keys import assign_keys
from consultations.outline_tree import Outline, Provision
from core import ledger
from core.actor import Actor
from core.errors import InvalidError


@dataclass(frozen=True)
class KnownUnits:
    """What the units of a new text are recognised by: earlier units, and all keys ever used."""

    units: tuple[Provision, ...]
    used_keys: frozenset[str]


def known_units(session: Session, consultation_id: int) -> KnownUnits:
    """Return the units of the working draft, then those of the published one that it lacks."""
    working = store.working_draft(session, consultation_id)
    clauses = [*working.clauses] if working else []
    keys = {clause.key for clause in clauses}
    clauses += [
        clause
        for clause in store.published_clauses(session, consultation_id)
        if clause.key not in keys
    ]
    return KnownUnits(store.outline(clauses).provisions, store.all_keys(session, consultation_id))


def recognise_units(outline: Outline, known: KnownUnits) -> Outline:
    """Give the units of a new text the keys of the units they were. Seconds for a long text."""
    return assign_keys(outline, known.units, known.used_keys)


def import_outline(
    session: Session, actor: Actor, consultation_id: int, outline: Outline, known: KnownUnits
) -> Draft:
    """Make a document that was split the working draft, in place of what it held.

    Clauses that were in the working or the published draft keep their translation and explanation.

    Parameters
    ----------
    outline : Outline
        With lasting keys, as ``recognise_units`` gives it.
    known : KnownUnits
        What its units were recognised by.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage``.
    InvalidError
        ``document.empty``: there is no clause in it. ``document.overtaken``: the draft was changed
        since its units were read.
    """
    store.writable(session, actor, consultation_id)
    if not any(provision.body for provision in outline):
        raise InvalidError("document.empty", field="file")
    if known_units(session, consultation_id) != known:
        raise InvalidError("document.overtaken", field="file")
    draft = store.working_draft(session, consultation_id)
    companions = companions_of(store.published_clauses(session, consultation_id))
    if draft is None:
        draft = new_draft(session, actor, consultation_id)
    companions |= companions_of(draft.clauses)
    store.write_outline(session, draft, outline, companions)
    ledger.record(
        session,
        actor,
        "draft.imported",
        consultation_id=consultation_id,
        subject=f"draft:{draft.number}",
        detail={"clauses": len(draft.clauses)},
    )
    store.sign(session, draft, actor)
    return draft


def import_lines(
    session: Session, actor: Actor, consultation_id: int, lines: Iterable[Line]
) -> Draft:
    """Split a short document and import it in one step, where nobody waits for the database.

    Raises
    ------
    NotFoundError, NotAllowedError, ConflictError, InvalidError
        As ``import_outline``.
    """
    known = known_units(session, consultation_id)
    outline = recognise_units(parse_outline(lines), known)
    return import_outline(session, actor, consultation_id, outline, known)
