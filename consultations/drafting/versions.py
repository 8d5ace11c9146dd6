"""Versions of a draft: begin the next, say why each clause changed, publish and tell people."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consultations import news, policy, search_index, seconding
from consultations.comparison import Mark, compare, needing_a_reason
from consultations.drafting import store, taking_over
from consultations.drafting.companions import companions_of
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
from consultations.participation import Hold, locked_consultation
from consultations.queries.answered_authors import answered_authors
from core import ledger, notices
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotFoundError
from core.mailing.kinds import NewsKind
from core.text import plain_text

LONGEST_NOTE = 5_000


def open_next(session: Session, actor: Actor, consultation_id: int) -> Draft:
    """Begin the next version as a copy of the published one; return it if it is begun already.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``draft.none_published``, or ``consultation.wrong_stage``.
    """
    store.writable(session, actor, consultation_id)
    working = store.working_draft(session, consultation_id)
    if working is not None:
        return working
    published = store.latest_published(session, consultation_id)
    if published is None:
        raise ConflictError("draft.none_published")
    draft = new_draft(session, actor, consultation_id)
    store.write_outline(
        session, draft, store.outline(published.clauses), companions_of(published.clauses)
    )
    ledger.record(
        session,
        actor,
        "draft.opened",
        consultation_id=consultation_id,
        subject=f"draft:{draft.number}",
    )
    session.flush()
    return draft


def new_draft(session: Session, actor: Actor, consultation_id: int) -> Draft:
    """Add an empty working draft with the next number. The consultation is held by the caller."""
    last = session.scalar(
        select(Draft.number)
        .where(Draft.consultation_id == consultation_id)
        .order_by(Draft.number.desc())
        .limit(1)
    )
    draft = Draft(
        consultation_id=consultation_id,
        number=(last or 0) + 1,
        created_at=now(),
        prepared_by_id=actor.account_id,
        hands=policy.with_hand((), actor),
        clauses=[],
    )
    session.add(draft)
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

    The credit of a wording that was taken over stays while the clause still has it.

    Raises
    ------
    InvalidError
        ``change.note_required`` for an initiative without a reason; ``text.too_long``.
    NotFoundError
        ``clause.unknown``: neither this draft nor the published one has it; ``response.unknown``.
    ConflictError
        As for every other change of a draft.
    """
    draft = store.open_draft(session, actor, draft_id)
    before = store.published_clauses(session, draft.consultation_id)
    if key not in {clause.key for clause in [*before, *draft.clauses]}:
        raise NotFoundError("clause.unknown")
    th, en = (_note(note, field) for note, field in ((note_th, "note_th"), (note_en, "note_en")))
    credited, lasting = taking_over.credits_of(session, draft, key)
    if not response_ids and not lasting and not th:
        raise InvalidError("change.note_required", field="note_th")
    _require_known(session, draft.consultation_id, response_ids)
    session.execute(
        delete(ChangeCause).where(ChangeCause.draft_id == draft.id, ChangeCause.clause_key == key)
    )
    named: list[int | None] = [*dict.fromkeys([*lasting, *response_ids])]
    session.add_all(
        ChangeCause(
            draft_id=draft.id,
            clause_key=key,
            response_id=response_id,
            taken_from_id=credited.get(response_id) if response_id else None,
            note_th=th,
            note_en=en,
        )
        for response_id in named or [None]
    )
    store.sign(session, draft, actor)


def publish(
    session: Session, actor: Actor, draft_id: int, *, note_th: str = "", note_en: str = ""
) -> Draft:
    """Publish the next version, and tell those whose words changed it. It never changes again.

    Raises
    ------
    NotFoundError
        ``draft.unknown``.
    NotAllowedError
        ``approval.approver_needed`` or ``approval.own_work``.
    InvalidError
        ``text.too_long``.
    ConflictError
        ``consultation.wrong_stage``; ``draft.published``; ``draft.unchanged``;
        ``consultation.needs_draft`` when no clause with a text is left;
        ``draft.change_unexplained`` with ``count``, while a changed clause names no reason;
        ``draft.response_unpublished`` while a named response is not public.
    """
    consultation = locked_consultation(
        session, store.consultation_of(session, draft_id), Hold.ALONE
    )
    draft = store.loaded(session, draft_id)
    policy.require_approver(actor, consultation, draft.prepared_by_id)
    seconding.require_no_hand(session, actor, draft.hands)
    if draft.state is DraftState.PUBLISHED:
        raise ConflictError("draft.published")
    policy.require_stage(consultation, now(), Stage.ANSWERING)
    before = store.published_clauses(session, consultation.id)
    causes = _settled_causes(session, draft, before)
    draft.note_th, draft.note_en = _note(note_th, "note_th"), _note(note_en, "note_en")
    draft.state, draft.published_at = DraftState.PUBLISHED, now()
    taken = _tell_authors(session, consultation, draft, before, causes)
    news.announce(
        session,
        NewsKind.DRAFT,
        consultation,
        f"draft {draft.number}",
        code="draft.published",
        draft=draft.number,
    )
    search_index.refresh(session, consultation)
    ledger.record(
        session,
        actor,
        "draft.published",
        consultation_id=consultation.id,
        subject=f"draft:{draft.number}",
        detail={
            "changed": len({cause.clause_key for cause in causes}),
            "sha256": _digest(draft.clauses),
            "taken_over": taken,
        },
    )
    session.flush()
    return draft


def _settled_causes(
    session: Session, draft: Draft, before: Sequence[Clause]
) -> Sequence[ChangeCause]:
    """Return the reasons of all changes; drop those of clauses that are as they were.

    Raises
    ------
    ConflictError
        When the draft is not ready, as ``publish``.
    """
    marks = [change.marks for change in compare(before, draft.clauses).changes]
    if all(Mark.UNCHANGED in found for found in marks):
        raise ConflictError("draft.unchanged")
    if not any(clause.takes_comments for clause in draft.clauses):
        raise ConflictError("consultation.needs_draft")
    changed = needing_a_reason(before, draft.clauses)
    causes = session.scalars(
        select(ChangeCause).where(ChangeCause.draft_id == draft.id).order_by(ChangeCause.id)
    ).all()
    unexplained = changed - {cause.clause_key for cause in causes}
    if unexplained:
        raise ConflictError("draft.change_unexplained", count=len(unexplained))
    settled = [cause for cause in causes if cause.clause_key in changed]
    _require_published(session, [cause.response_id for cause in settled if cause.response_id])
    for cause in causes:
        if cause.clause_key not in changed:
            session.delete(cause)
    return settled


def _tell_authors(
    session: Session,
    consultation: Consultation,
    draft: Draft,
    before: Sequence[Clause],
    causes: Sequence[ChangeCause],
) -> list[str]:
    """Leave one message for each person whose published words are behind a change.

    Those whose wording was taken over get another one; return their comments' references.
    """
    names = _names([*before, *draft.clauses])
    clauses: defaultdict[int, list[str]] = defaultdict(list)
    for cause in causes:
        if cause.response_id:
            clauses[cause.response_id].append(names[cause.clause_key])
    changed: defaultdict[str, set[str]] = defaultdict(set)
    for response_id, participant_id in answered_authors(session, clauses.keys()):
        changed[participant_id].update(clauses[response_id])
    order = list(dict.fromkeys(names.values()))
    for participant_id, found in sorted(changed.items()):
        notices.notify(
            session,
            participant_id,
            "draft.changed",
            consultation=consultation.slug,
            draft=draft.number,
            clauses=", ".join(sorted(found, key=order.index)),
        )
    return taking_over.tell_authors(session, consultation, draft, causes)


def _names(clauses: Sequence[Clause]) -> Mapping[str, str]:
    """Return what people call each clause: by its newest number, else heading, else key."""
    return {clause.key: clause.number or clause.heading or clause.key for clause in clauses}


def _digest(clauses: Sequence[Clause]) -> str:
    """Return what the record keeps of the text: enough to tell later whether it was changed."""
    text = [[clause.key, *(getattr(clause, name) for name in store.TEXT)] for clause in clauses]
    return hashlib.sha256(ledger.canonical_json(text).encode()).hexdigest()


def _require_known(session: Session, consultation_id: int, response_ids: Collection[int]) -> None:
    known = session.scalars(
        select(OfficialResponse.id).where(
            OfficialResponse.consultation_id == consultation_id,
            OfficialResponse.id.in_(response_ids),
        )
    )
    if set(response_ids) - set(known):
        raise NotFoundError("response.unknown")


def _require_published(session: Session, response_ids: Collection[int]) -> None:
    waiting = session.scalars(
        select(OfficialResponse.id).where(
            OfficialResponse.id.in_(response_ids),
            OfficialResponse.state != ResponseState.PUBLISHED,
        )
    ).all()
    if waiting:
        raise ConflictError("draft.response_unpublished", count=len(waiting))


def _note(value: str, field: str) -> str:
    return plain_text(value, max_length=LONGEST_NOTE, field=field) if value.strip() else ""
