"""What stands between a consultation and its next step; asked by the service and by pages."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from consultations.kind_templates import has_blank, template_of
from consultations.lifecycle import Event
from consultations.models import (
    Clause,
    Consultation,
    Draft,
    DraftState,
    Stage,
    StageChange,
    Summary,
    SummaryState,
)
from consultations.queries import checklist, commitments
from consultations.queries.answer_duty import answered_counts
from core.errors import ConflictError


def open_points(session: Session, consultation: Consultation, at: datetime) -> list[str]:
    """Return the codes of what must be mended before review or approval; empty when ready.

    Beside what every consultation needs, one that began with a template needs what its checklist
    requires.
    """
    opens_at, closes_at = consultation.opens_at, consultation.closes_at
    points = []
    if not consultation.summary_th:
        points.append("consultation.needs_summary")
    if not consultation.scope_th:
        points.append("consultation.needs_scope")
    words = (consultation.summary_th, consultation.scope_th, consultation.affected_th)
    if any(map(has_blank, words)):
        points.append("consultation.blank_left")
    if opens_at is None or closes_at is None:
        points.append("consultation.needs_dates")
    elif not at < opens_at < closes_at:
        points.append("consultation.dates_past")
    if not _has_text(session, consultation):
        points.append("consultation.needs_draft")
    if consultation.template is not None:
        checked = checklist.checked_points(session, consultation, at)
        points += dict.fromkeys(each.problem for each in checked if each.blocks)
    return points


def require_ready(
    session: Session, consultation: Consultation, event: Event, at: datetime, reason: str
) -> None:
    """Raise unless everything is there that a step rests on.

    Raises
    ------
    ConflictError
        The first of ``open_points``; ``consultation.needs_published_summary``,
        ``consultation.needs_new_draft``, or ``consultation.unanswered`` with ``count`` when a
        conclusion gives no reason for leaving items unanswered; ``commitment.open`` with ``count``
        while promises are still to be kept at the end.
    """
    if event in (Event.SUBMIT, Event.APPROVE):
        for code in open_points(session, consultation, at):
            raise ConflictError(code)
    elif event is Event.RATIFY and not summarised(session, [consultation.id]):
        raise ConflictError("consultation.needs_published_summary")
    elif event is Event.NEXT_ROUND and not has_draft_for_next_round(session, consultation):
        raise ConflictError("consultation.needs_new_draft")
    elif event is Event.CONCLUDE and not reason:
        _require_none("consultation.unanswered", unanswered_count(session, consultation.id))
    elif event is Event.ARCHIVE:
        _require_none("commitment.open", commitments.open_count(session, consultation.id))


def _require_none(code: str, count: int) -> None:
    if count:
        raise ConflictError(code, count=count)


def unanswered_counts(session: Session, consultation_ids: Sequence[int]) -> dict[int, int]:
    """Return how many items of each consultation still need a published answer; one query.

    Items are those above the declared threshold. A consultation without any is missing from the
    mapping.
    """
    counts = answered_counts(session, consultation_ids)
    return {number: total - done for number, (done, total) in counts.items() if total > done}


def unanswered_count(session: Session, consultation_id: int) -> int:
    """Return how many items of one consultation still need a published answer."""
    return unanswered_counts(session, [consultation_id]).get(consultation_id, 0)


def summarised(session: Session, consultation_ids: Sequence[int]) -> set[int]:
    """Return which have published a summary since contributions last closed; one query."""
    since = (
        select(func.max(StageChange.changed_at))
        .where(
            StageChange.consultation_id == Summary.consultation_id,
            StageChange.to_stage == Stage.CLOSED,
        )
        .scalar_subquery()
    )
    return set(
        session.scalars(
            select(Summary.consultation_id).where(
                Summary.consultation_id.in_(consultation_ids),
                Summary.state == SummaryState.PUBLISHED,
                Summary.published_at >= func.coalesce(since, Summary.published_at),
            )
        )
    )


def has_draft_for_next_round(session: Session, consultation: Consultation) -> bool:
    """Whether a draft was published since the round closed, where the kind needs a draft."""
    since = session.scalar(
        select(func.max(StageChange.changed_at)).where(
            StageChange.consultation_id == consultation.id, StageChange.to_stage == Stage.CLOSED
        )
    )
    published = select(Draft.published_at).where(
        Draft.consultation_id == consultation.id, Draft.state == DraftState.PUBLISHED
    )
    latest = session.scalars(published.order_by(Draft.number.desc()).limit(1)).first()
    if latest is None:
        return not template_of(consultation).needs_draft
    return since is None or latest >= since


def first_draft(session: Session, consultation_id: int) -> Draft | None:
    """Return the draft that opens the consultation; None when there is none."""
    return session.scalars(
        select(Draft)
        .where(Draft.consultation_id == consultation_id)
        .order_by(Draft.number)
        .limit(1)
    ).first()


def _has_text(session: Session, consultation: Consultation) -> bool:
    """Whether the first draft has a clause that takes comments; some kinds may do without one."""
    draft = first_draft(session, consultation.id)
    if draft is None:
        return not template_of(consultation).needs_draft
    has_words = exists().where(Clause.draft_id == draft.id, Clause.body != "")
    return bool(session.scalar(select(has_words)))
