"""Loading a draft for writing, and storing its clauses in order."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from consultations import policy
from consultations.models import Clause, Consultation, Draft, DraftState, Stage
from consultations.outline_numbering import Kind
from consultations.outline_tree import Outline, Provision
from consultations.participation import locked_consultation
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, NotFoundError

#: Stages at which a draft can be written: before anyone commented, and while answers are written.
WRITING_STAGES = (Stage.PREPARING, Stage.ANSWERING)
#: Columns of a clause that hold words.
WORDS = (
    "number",
    "heading",
    "body",
    "heading_en",
    "body_en",
    "explanation_th",
    "explanation_en",
)


def writable(session: Session, actor: Actor, consultation_id: int) -> Consultation:
    """Return a consultation whose draft this officer may write now.

    Raises
    ------
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage``.
    """
    consultation = locked_consultation(session, consultation_id)
    policy.require_officer(actor, consultation)
    policy.require_stage(consultation, now(), *WRITING_STAGES)
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
    draft = loaded(session, draft_id)
    writable(session, actor, draft.consultation_id)
    if draft.state is DraftState.PUBLISHED:
        raise ConflictError("draft.published")
    return draft


def loaded(session: Session, draft_id: int) -> Draft:
    """Return a draft with its clauses; raise NotFoundError ``draft.unknown`` if there is none."""
    draft = session.scalars(
        select(Draft)
        .where(Draft.id == draft_id)
        .options(selectinload(Draft.clauses))
        .execution_options(populate_existing=True)
    ).first()
    if draft is None:
        raise NotFoundError("draft.unknown")
    return draft


def working_draft(session: Session, consultation: Consultation) -> Draft | None:
    """Return the draft that is being written, with its clauses; None if there is none."""
    return session.scalars(
        select(Draft)
        .where(Draft.consultation_id == consultation.id, Draft.state == DraftState.WORKING)
        .options(selectinload(Draft.clauses))
        .execution_options(populate_existing=True)
    ).first()


def latest_published(session: Session, consultation_id: int) -> Draft | None:
    """Return the newest published draft with its clauses; None if there is none."""
    return session.scalars(
        select(Draft)
        .where(Draft.consultation_id == consultation_id, Draft.state == DraftState.PUBLISHED)
        .options(selectinload(Draft.clauses))
        .order_by(Draft.number.desc())
        .limit(1)
    ).first()


def published_clauses(session: Session, consultation_id: int) -> list[Clause]:
    """Return the clauses of the newest published draft; none if there is none."""
    draft = latest_published(session, consultation_id)
    return draft.clauses if draft else []


def all_keys(consultation_id: int) -> Select[str]:
    """Every key that any draft of the consultation ever used."""
    return (
        select(Clause.key)
        .join(Draft, Draft.id == Clause.draft_id)
        .where(Draft.consultation_id == consultation_id)
        .distinct()
    )


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


def write_outline(session: Session, draft: Draft, new: Outline, known: Sequence[Clause]) -> None:
    """Make an outline the clauses of a draft; clauses with a known key keep their other words."""
    words = {clause.key: {name: getattr(clause, name) for name in WORDS[3:]} for clause in known}
    rows = {clause.key: clause for clause in draft.clauses}
    order = []
    for provision in new:
        clause = rows.get(provision.key) or Clause(
            key=provision.key, position=-1, **words.get(provision.key, {})
        )
        clause.parent_key, clause.kind = provision.parent_key, provision.kind.value
        clause.number, clause.heading = provision.number, provision.heading
        clause.body = provision.body
        order.append(clause)
    store_order(session, draft, order)


def store_order(session: Session, draft: Draft, order: Sequence[Clause]) -> None:
    """Store the clauses of a draft in this order.

    Positions are unique in a draft, so they first move out of the way.
    """
    stored = [clause for clause in draft.clauses if clause in order]
    draft.clauses = stored
    session.flush()
    for place, clause in enumerate(stored):
        clause.position = -2 - place
    session.flush()
    draft.clauses = list(order)
    for place, clause in enumerate(order):
        clause.position = place
    session.flush()
