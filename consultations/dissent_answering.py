"""Service: group what was said against a summary, answer each group, publish the answer."""

import hashlib
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import policy
from consultations.models import (
    Consultation,
    Dissent,
    DissentGroup,
    Stage,
    Summary,
    Visibility,
)
from consultations.participation import locked_consultation
from core import ledger, notices, text
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotFoundError

#: Longest answer, in characters.
ANSWER_LENGTH = 5_000
_STAGES = (Stage.RATIFICATION, Stage.ANSWERING)


def answer_group(
    session: Session, actor: Actor, group_id: int, *, answer_th: str, answer_en: str
) -> DissentGroup:
    """Write the agency's answer to a group of dissents, or change it until it is published.

    Raises
    ------
    NotFoundError
        ``dissent.unknown_group``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage`` or ``response.published``.
    InvalidError
        ``response.reason_required`` without an answer in Thai; ``text.too_long``.
    """
    group, consultation = _group(session, group_id)
    policy.require_agency_staff(actor, consultation)
    policy.require_stage(consultation, now(), *_STAGES)
    if group.published_at is not None:
        raise ConflictError("response.published")
    if not answer_th.strip():
        raise InvalidError("response.reason_required", field="answer_th")
    group.answer_th = text.plain_text(answer_th, max_length=ANSWER_LENGTH, field="answer_th")
    group.answer_en = (
        text.plain_text(answer_en, max_length=ANSWER_LENGTH, field="answer_en")
        if answer_en.strip()
        else ""
    )
    group.answered_by_id = actor.account_id
    session.flush()
    return group


def publish_answer(session: Session, actor: Actor, group_id: int) -> DissentGroup:
    """Publish the answer to a group that somebody else wrote, and tell those who dissented.

    Raises
    ------
    NotFoundError
        ``dissent.unknown_group``.
    NotAllowedError
        ``approval.approver_needed`` or ``approval.own_work``.
    ConflictError
        ``consultation.wrong_stage``, ``response.published``, or ``dissent.no_answer``.
    """
    group, consultation = _group(session, group_id)
    policy.require_approver(actor, consultation, group.answered_by_id)
    policy.require_stage(consultation, now(), *_STAGES)
    if group.published_at is not None:
        raise ConflictError("response.published")
    if not group.answer_th:
        raise ConflictError("dissent.no_answer")
    group.published_at = now()
    authors = session.scalars(
        select(Dissent.participant_id)
        .where(Dissent.group_id == group.id, Dissent.visibility == Visibility.PUBLISHED)
        .distinct()
        .order_by(Dissent.participant_id)
    ).all()
    for author in authors:
        notices.notify(session, str(author), "dissent.answered", consultation=consultation.slug)
    words = f"{group.answer_th}\n{group.answer_en}"
    ledger.record(
        session,
        actor,
        "dissent.answered",
        consultation_id=consultation.id,
        subject=f"dissents:{group.id}",
        detail={"sha256": hashlib.sha256(words.encode()).hexdigest()},
    )
    session.flush()
    return group


def groups_by_words(session: Session, summary_id: int) -> dict[str, int]:
    """Return the group of each dissent by its words; one query."""
    rows = session.execute(
        select(Dissent.body, Dissent.group_id).where(
            Dissent.summary_id == summary_id, Dissent.group_id.is_not(None)
        )
    )
    return {row.body: row.group_id for row in rows if row.group_id is not None}


def texts_to_group(session: Session, summary_id: int) -> dict[int | None, dict[str, str]]:
    """Return the published dissents to group, by the finding they are about; one query."""
    rows = session.execute(
        select(Dissent.finding_id, Dissent.reference, Dissent.body)
        .where(Dissent.summary_id == summary_id, Dissent.visibility == Visibility.PUBLISHED)
        .order_by(Dissent.id)
    )
    found: dict[int | None, dict[str, str]] = {}
    for finding_id, reference, body in rows:
        found.setdefault(finding_id, {})[reference] = body
    return found


def store_groups(
    session: Session, summary_id: int, alike: Mapping[int | None, Sequence[Sequence[str]]]
) -> None:
    """Put dissents into groups: those that say the same together, every other one alone.

    Who is in a group stays in it, so that no answer ever moves to words that it was not about.
    """
    if session.get(Summary, summary_id) is None:
        return
    found = session.scalars(
        select(Dissent)
        .where(Dissent.summary_id == summary_id, Dissent.visibility == Visibility.PUBLISHED)
        .order_by(Dissent.id)
    ).all()
    by_reference = {dissent.reference: dissent for dissent in found}
    grouped = [list(names) for groups in alike.values() for names in groups]
    known = {name for names in grouped for name in names}
    grouped += [[dissent.reference] for dissent in found if dissent.reference not in known]
    position = session.scalar(
        select(func.count(DissentGroup.id)).where(DissentGroup.summary_id == summary_id)
    )
    for place, names in enumerate(grouped, start=position or 0):
        members = [by_reference[name] for name in names if name in by_reference]
        _put_together(session, summary_id, members, place)
    session.flush()


def _put_together(
    session: Session, summary_id: int, members: Sequence[Dissent], place: int
) -> None:
    new = [dissent for dissent in members if dissent.group_id is None]
    if not new:
        return
    # An answer that is out was given to other words: what came later is answered for itself.
    open_groups = select(DissentGroup.id).where(
        DissentGroup.id.in_([dissent.group_id for dissent in members if dissent.group_id]),
        DissentGroup.published_at.is_(None),
    )
    number = session.scalar(open_groups.order_by(DissentGroup.id).limit(1))
    if number is None:
        group = DissentGroup(summary_id=summary_id, finding_id=new[0].finding_id, position=place)
        session.add(group)
        session.flush()
        number = group.id
    for dissent in new:
        dissent.group_id = number


def _group(session: Session, group_id: int) -> tuple[DissentGroup, Consultation]:
    group = session.get(DissentGroup, group_id)
    if group is None:
        raise NotFoundError("dissent.unknown_group")
    summary = session.get_one(Summary, group.summary_id)
    return group, locked_consultation(session, summary.consultation_id)
