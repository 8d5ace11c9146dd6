"""Loading a draft for writing, and storing its clauses in order."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from consultations import policy
from consultations.drafting.companions import COMPANIONS, Companions
from consultations.models import Clause, Consultation, Draft, DraftState
from consultations.outline_keys import assign_keys
from consultations.outline_numbering import Kind
from consultations.outline_tree import Outline, Provision
from consultations.participation import Hold, locked_consultation
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, NotFoundError

#: Columns of a clause that are part of the text itself.
TEXT = ("number", "heading", "body")


def writable(session: Session, actor: Actor, consultation_id: int) -> Consultation:
    """Return a consultation whose draft this officer may write now, held until the commit.

    A draft that one person publishes must not change under the hands of another, and two people
    who begin the next draft at once must find one.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage``.
    """
    consultation = locked_consultation(session, consultation_id, Hold.ALONE)
    policy.require_officer(actor, consultation)
    policy.require_stage(consultation, now(), *policy.DRAFTING_STAGES)
    return consultation


def open_draft(session: Session, actor: Actor, draft_id: int) -> Draft:
    """Return a working draft that this officer may write now, with its clauses.

    Raises
    ------
    NotFoundError
        ``draft.unknown``.
    ConflictError
        ``draft.published``, or as ``writable``.
    """
    writable(session, actor, consultation_of(session, draft_id))
    draft = loaded(session, draft_id)
    if draft.state is DraftState.PUBLISHED:
        raise ConflictError("draft.published")
    return draft


def consultation_of(session: Session, draft_id: int) -> int:
    """Return the number of a draft's consultation; raise NotFoundError ``draft.unknown``."""
    found = session.scalar(select(Draft.consultation_id).where(Draft.id == draft_id))
    if found is None:
        raise NotFoundError("draft.unknown")
    return found


def loaded(session: Session, draft_id: int) -> Draft:
    """Return a draft with its clauses as they are in the database now."""
    return session.scalars(
        select(Draft)
        .where(Draft.id == draft_id)
        .options(selectinload(Draft.clauses))
        .execution_options(populate_existing=True)
    ).one()


def working_draft(session: Session, consultation_id: int) -> Draft | None:
    """Return the draft that is being written, with its clauses; None if there is none."""
    return _newest(session, consultation_id, DraftState.WORKING)


def latest_published(session: Session, consultation_id: int) -> Draft | None:
    """Return the newest published draft with its clauses; None if there is none."""
    return _newest(session, consultation_id, DraftState.PUBLISHED)


def published_clauses(session: Session, consultation_id: int) -> list[Clause]:
    """Return the clauses of the newest published draft; none if there is none."""
    draft = latest_published(session, consultation_id)
    return draft.clauses if draft else []


def all_keys(session: Session, consultation_id: int) -> frozenset[str]:
    """Return every key that any draft of the consultation ever used."""
    return frozenset(session.scalars(_all_keys(consultation_id)))


def outline(clauses: Sequence[Clause]) -> Outline:
    """Return stored clauses as the outline that the pure functions work on."""
    return Outline(
        tuple(
            Provision(
                clause.key,
                clause.parent_key,
                Kind(clause.kind),
                clause.number,
                clause.heading,
                clause.body,
            )
            for clause in clauses
        )
    )


def with_lasting_keys(session: Session, draft: Draft, corrected: Outline) -> Outline:
    """Give units that a correction made a key that no other unit ever had.

    A unit that was taken out by mistake and comes back gets the key it had in the published draft,
    so that what people said about it stays with it.
    """
    known = {clause.key for clause in draft.clauses}
    made = [provision for provision in corrected if provision.key not in known]
    if not made:
        return corrected
    present = {provision.key for provision in corrected} & known
    missing = [
        clause
        for clause in published_clauses(session, draft.consultation_id)
        if clause.key not in present
    ]
    alone = Outline(tuple(replace(provision, parent_key=None) for provision in made))
    used = all_keys(session, draft.consultation_id) | known
    keyed = assign_keys(alone, missing, used)
    return _renamed(corrected, {old.key: new.key for old, new in zip(alone, keyed, strict=True)})


def write_outline(
    session: Session, draft: Draft, new: Outline, companions: Mapping[str, Companions]
) -> None:
    """Make an outline the clauses of a draft, with the translation and explanation of each."""
    rows = {clause.key: clause for clause in draft.clauses}
    order = []
    for provision in new:
        clause = rows.get(provision.key) or Clause(key=provision.key, position=-1)
        clause.parent_key, clause.kind = provision.parent_key, provision.kind.value
        for name in TEXT:
            setattr(clause, name, getattr(provision, name))
        beside = companions.get(provision.key, Companions())
        for name in COMPANIONS:
            setattr(clause, name, getattr(beside, name))
        order.append(clause)
    _store_order(session, draft, order)


def sign(session: Session, draft: Draft, actor: Actor) -> None:
    """Note who wrote last, because someone else must publish it."""
    draft.prepared_by_id = actor.account_id
    draft.hands = policy.with_hand(draft.hands, actor)
    session.flush()


def _store_order(session: Session, draft: Draft, order: Sequence[Clause]) -> None:
    """Store the clauses of a draft in this order.

    Positions are unique in a draft, so those that change first move out of the way.
    """
    staying = {id(clause) for clause in order}
    draft.clauses = [clause for clause in draft.clauses if id(clause) in staying]
    session.flush()
    places = {id(clause): place for place, clause in enumerate(order)}
    for clause in draft.clauses:
        if clause.position != places[id(clause)]:
            clause.position = -2 - places[id(clause)]
    session.flush()
    draft.clauses = list(order)
    for place, clause in enumerate(order):
        clause.position = place
    session.flush()


def _newest(session: Session, consultation_id: int, state: DraftState) -> Draft | None:
    return session.scalars(
        select(Draft)
        .where(Draft.consultation_id == consultation_id, Draft.state == state)
        .options(selectinload(Draft.clauses))
        .order_by(Draft.number.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()


def _all_keys(consultation_id: int) -> Select[str]:
    return (
        select(Clause.key)
        .join(Draft, Draft.id == Clause.draft_id)
        .where(Draft.consultation_id == consultation_id)
        .distinct()
    )


def _renamed(corrected: Outline, names: Mapping[str, str]) -> Outline:
    return Outline(
        tuple(
            replace(
                provision,
                key=names.get(provision.key, provision.key),
                parent_key=names.get(provision.parent_key or "", provision.parent_key),
            )
            for provision in corrected
        )
    )
