"""Versions of a draft: import, begin the next, say why each clause changed, publish."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consultations import policy
from consultations.comparison import needing_a_reason
from consultations.drafting import store
from consultations.models import (
    ChangeCause,
    Clause,
    Consultation,
    Draft,
    DraftState,
    OfficialResponse,
    ResponseState,
    Stage,
)
from consultations.outline import Line, parse_outline
from consultations.outline_keys import assign_keys
from consultations.participation import locked_consultation
from core import ledger
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotFoundError
from core.text import plain_text

LONGEST_NOTE = 5_000


def import_lines(
    session: Session, actor: Actor, consultation_id: int, lines: Iterable[Line]
) -> Draft:
    """Split a document into clauses and make them the working draft, in place of what it held.

    Clauses that were in the version before, or in the working draft, keep their keys, their
    translation and their explanation.

    Raises
    ------
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage``.
    InvalidError
        ``document.empty``: there is no clause in it.
    """
    consultation = store.writable(session, actor, consultation_id)
    outline = parse_outline(lines)
    if not any(provision.body for provision in outline):
        raise InvalidError("document.empty", field="file")
    draft = store.working_draft(session, consultation) or _new_draft(session, actor, consultation)
    before = draft.clauses or store.published_clauses(session, consultation.id)
    used = set(session.scalars(store.all_keys(consultation.id)))
    store.write_outline(session, draft, assign_keys(outline, before, used), before)
    draft.prepared_by_id = actor.account_id
    ledger.record(
        session,
        actor,
        "draft.imported",
        consultation_id=consultation.id,
        subject=f"draft:{draft.number}",
        detail={"clauses": len(draft.clauses)},
    )
    session.flush()
    return draft


def open_next(session: Session, actor: Actor, consultation_id: int) -> Draft:
    """Begin the next version as a copy of the published one; return it if it is begun already.

    Raises
    ------
    ConflictError
        ``draft.none_published``, or ``consultation.wrong_stage``.
    """
    consultation = store.writable(session, actor, consultation_id)
    working = store.working_draft(session, consultation)
    if working is not None:
        return working
    published = store.latest_published(session, consultation.id)
    if published is None:
        raise ConflictError("draft.none_published")
    draft = _new_draft(session, actor, consultation)
    draft.clauses = [_copy(clause) for clause in published.clauses]
    ledger.record(
        session,
        actor,
        "draft.opened",
        consultation_id=consultation.id,
        subject=f"draft:{draft.number}",
    )
    session.flush()
    return draft


def explain_change(
    session: Session,
    actor: Actor,
    draft_id: int,
    key: str,
    *,
    response_ids: Sequence[int],
    note_th: str = "",
    note_en: str = "",
) -> None:
    """Name the responses that caused a clause to change; none means the agency's own initiative.

    Raises
    ------
    InvalidError
        ``change.note_required`` for an initiative without a reason.
    NotFoundError
        ``response.unknown``.
    """
    draft = store.open_draft(session, actor, draft_id)
    th, en = (_note(note, field) for note, field in ((note_th, "note_th"), (note_en, "note_en")))
    if not response_ids and not th:
        raise InvalidError("change.note_required", field="note_th")
    known = set(
        session.scalars(
            select(OfficialResponse.id).where(
                OfficialResponse.consultation_id == draft.consultation_id
            )
        )
    )
    if not set(response_ids) <= known:
        raise NotFoundError("response.unknown")
    session.execute(
        delete(ChangeCause).where(ChangeCause.draft_id == draft.id, ChangeCause.clause_key == key)
    )
    named: list[int | None] = [*dict.fromkeys(response_ids)]
    for response_id in named or [None]:
        session.add(
            ChangeCause(
                draft_id=draft.id,
                clause_key=key,
                response_id=response_id,
                note_th=th,
                note_en=en,
            )
        )
    session.flush()


def publish(
    session: Session, actor: Actor, draft_id: int, *, note_th: str = "", note_en: str = ""
) -> Draft:
    """Publish the next version; from then on it never changes.

    Raises
    ------
    NotAllowedError
        ``approval.approver_needed`` or ``approval.own_work``.
    ConflictError
        ``draft.unchanged``; ``draft.change_unexplained`` with ``count``, while a changed clause
        names no reason; ``draft.response_unpublished`` while a named response is not public.
    """
    draft = store.loaded(session, draft_id)
    consultation = locked_consultation(session, draft.consultation_id)
    policy.require_stage(consultation, now(), Stage.ANSWERING)
    policy.require_approver(actor, consultation, draft.prepared_by_id)
    if draft.state is DraftState.PUBLISHED:
        raise ConflictError("draft.published")
    changed = needing_a_reason(store.published_clauses(session, consultation.id), draft.clauses)
    if not changed:
        raise ConflictError("draft.unchanged")
    causes = session.scalars(select(ChangeCause).where(ChangeCause.draft_id == draft.id)).all()
    unexplained = changed - {cause.clause_key for cause in causes}
    if unexplained:
        raise ConflictError("draft.change_unexplained", count=len(unexplained))
    _require_published(session, [cause.response_id for cause in causes if cause.response_id])
    for cause in causes:
        if cause.clause_key not in changed:
            session.delete(cause)
    draft.state, draft.published_at = DraftState.PUBLISHED, now()
    draft.note_th, draft.note_en = _note(note_th, "note_th"), _note(note_en, "note_en")
    ledger.record(
        session,
        actor,
        "draft.published",
        consultation_id=consultation.id,
        subject=f"draft:{draft.number}",
        detail={"changed": len(changed)},
    )
    session.flush()
    return draft


def _new_draft(session: Session, actor: Actor, consultation: Consultation) -> Draft:
    last = session.scalar(
        select(Draft.number)
        .where(Draft.consultation_id == consultation.id)
        .order_by(Draft.number.desc())
        .limit(1)
    )
    draft = Draft(
        consultation_id=consultation.id,
        number=(last or 0) + 1,
        created_at=now(),
        prepared_by_id=actor.account_id,
        clauses=[],
    )
    session.add(draft)
    session.flush()
    return draft


def _copy(clause: Clause) -> Clause:
    kept = ("key", "parent_key", "position", "kind", *store.WORDS)
    return Clause(**{name: getattr(clause, name) for name in kept})


def _require_published(session: Session, response_ids: Sequence[int]) -> None:
    open_ones = session.scalars(
        select(OfficialResponse.id).where(
            OfficialResponse.id.in_(response_ids),
            OfficialResponse.state != ResponseState.PUBLISHED,
        )
    ).all()
    if open_ones:
        raise ConflictError("draft.response_unpublished", count=len(open_ones))


def _note(value: str, field: str) -> str:
    return plain_text(value, max_length=LONGEST_NOTE, field=field) if value.strip() else ""
