"""Reads: what an agency must still do, and all that its people see of one consultation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import policy
from consultations.lifecycle import ORDER, Event
from consultations.models import (
    Clause,
    Consultation,
    Draft,
    DraftState,
    Motion,
    Origin,
    Stage,
    StageChange,
    Statement,
)
from consultations.queries import approving, catalogue, readiness
from consultations.queries.catalogue import Counts
from consultations.queries.finder import days_left
from core.actor import Actor, Role
from core.clock import BANGKOK

#: Consultations that can be chosen from, newest first.
LISTED = 200


class Next(StrEnum):
    """What has to be done next."""

    PREPARE = "prepare"
    REVIEW = "review"
    WAIT_FOR_OPENING = "wait_for_opening"
    WAIT_FOR_CLOSING = "wait_for_closing"
    SUMMARISE = "summarise"
    PUBLISH_SUMMARY = "publish_summary"
    OPEN_CHECKING = "open_checking"
    ANSWER = "answer"
    RESPOND = "respond"
    CONCLUDE = "conclude"
    FOLLOW_UP = "follow_up"
    NOTHING = "nothing"


_NEXT = {
    Stage.PREPARING: Next.PREPARE,
    Stage.IN_REVIEW: Next.REVIEW,
    Stage.SCHEDULED: Next.WAIT_FOR_OPENING,
    Stage.OPEN: Next.WAIT_FOR_CLOSING,
    Stage.EXTENDED: Next.WAIT_FOR_CLOSING,
    Stage.CLOSED: Next.SUMMARISE,
    Stage.SUMMARY: Next.PUBLISH_SUMMARY,
    Stage.RATIFICATION: Next.ANSWER,
    Stage.ANSWERING: Next.CONCLUDE,
    Stage.CONCLUDED: Next.FOLLOW_UP,
    Stage.MONITORING: Next.FOLLOW_UP,
    Stage.ARCHIVED: Next.NOTHING,
}


@dataclass(frozen=True)
class Task:
    """One consultation on the agency's desk.

    Parameters
    ----------
    days_left : int or None
        Until it closes, 0 on the last day; None unless it is open.
    unanswered : int
        Items that must be answered and have no published answer; 0 before the answering stage.
    answers_overdue : bool
        Whether the promised day of the answers has passed without a conclusion.
    """

    consultation: Consultation
    stage: Stage
    next: Next
    days_left: int | None
    counts: Counts
    unanswered: int
    answers_overdue: bool


@dataclass(frozen=True)
class DraftLine:
    """One draft in a list."""

    number: int
    state: DraftState
    published_at: datetime | None
    clauses: int


@dataclass(frozen=True)
class Dossier:
    """Everything that the agency's page of one consultation shows.

    Parameters
    ----------
    open_points : list of str
        Codes of what must be mended before review; empty at later stages.
    steps : list of Event
        Steps that lie with this actor now.
    """

    task: Task
    drafts: Sequence[DraftLine]
    open_points: list[str]
    steps: list[Event]
    #: Number of the draft that is written beside the answers; None while there is none.
    next_draft: int | None
    #: Whether this actor can begin it now.
    may_open_next: bool
    history: Sequence[StageChange]
    #: What one person proposed and another one has to decide.
    motions: Sequence[Motion]


def agency_tasks(session: Session, agency_id: int, at: datetime) -> list[Task]:
    """Return the agency's consultations in the order of their life; 6 queries at most."""
    consultations = session.scalars(
        select(Consultation)
        .where(Consultation.agency_id == agency_id)
        .order_by(Consultation.closes_at, Consultation.id)
    ).all()
    tasks = _tasks(session, consultations, at)
    return sorted(tasks, key=lambda task: ORDER.index(task.stage))


def dossier(session: Session, actor: Actor, consultation: Consultation, at: datetime) -> Dossier:
    """Return what the agency's page of one consultation shows; at most 11 queries."""
    task = _tasks(session, [consultation], at)[0]
    drafts = _drafts(session, consultation.id)
    answering = task.stage is Stage.ANSWERING
    working = [draft.number for draft in drafts if draft.state is DraftState.WORKING]
    is_officer = actor.serves(consultation.agency_id, Role.OFFICER)
    before_publication = task.stage in (Stage.PREPARING, Stage.IN_REVIEW)
    return Dossier(
        task=task,
        drafts=drafts,
        open_points=(
            readiness.open_points(session, consultation, at) if before_publication else []
        ),
        steps=policy.offered_steps(actor, consultation, at),
        next_draft=working[0] if answering and working else None,
        may_open_next=answering and is_officer and bool(drafts) and not working,
        history=catalogue.history(session, consultation.id),
        motions=approving.open_motions(session, [consultation.id]),
    )


def to_copy(session: Session, agency_id: int) -> Sequence[Consultation]:
    """Return the agency's newest consultations, to begin another from; one query."""
    return session.scalars(
        select(Consultation)
        .where(Consultation.agency_id == agency_id)
        .order_by(Consultation.id.desc())
        .limit(LISTED)
    ).all()


def seed_statements(session: Session, consultation_id: int) -> Sequence[Statement]:
    """Return the agency's own statements in the order of their numbers; one query."""
    return session.scalars(
        select(Statement)
        .where(Statement.consultation_id == consultation_id, Statement.origin == Origin.AGENCY)
        .order_by(Statement.number)
    ).all()


def clauses_to_choose(session: Session, consultation_id: int) -> list[tuple[str, str, str]]:
    """Return key, number and heading of the latest draft's clauses with words; one query."""
    latest = (
        select(func.max(Draft.number))
        .where(Draft.consultation_id == consultation_id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Clause.key, Clause.number, Clause.heading)
        .join(Draft, Draft.id == Clause.draft_id)
        .where(Draft.consultation_id == consultation_id, Draft.number == latest, Clause.body != "")
        .order_by(Clause.position)
    )
    return [(row.key, row.number, row.heading) for row in rows]


def _tasks(session: Session, consultations: Sequence[Consultation], at: datetime) -> list[Task]:
    numbers = [consultation.id for consultation in consultations]
    counts = catalogue.counts_of(session, numbers)
    unanswered = readiness.unanswered_counts(session, numbers)
    summarised = readiness.summarised(session, numbers)
    today = at.astimezone(BANGKOK).date()
    tasks = []
    for consultation in consultations:
        stage = policy.current_stage(consultation, at)
        waiting = unanswered.get(consultation.id, 0) if stage is Stage.ANSWERING else 0
        tasks.append(
            Task(
                consultation=consultation,
                stage=stage,
                next=_next(stage, waiting, is_summarised=consultation.id in summarised),
                days_left=days_left(consultation, at),
                counts=counts[consultation.id],
                unanswered=waiting,
                answers_overdue=_is_overdue(stage, consultation.answers_due_on, today),
            )
        )
    return tasks


def _next(stage: Stage, waiting: int, *, is_summarised: bool) -> Next:
    if stage is Stage.SUMMARY and is_summarised:
        return Next.OPEN_CHECKING
    if stage is Stage.ANSWERING and waiting:
        return Next.RESPOND
    return _NEXT[stage]


def _is_overdue(stage: Stage, due: date | None, today: date) -> bool:
    owing = policy.has_closed(stage) and ORDER.index(stage) < ORDER.index(Stage.CONCLUDED)
    return due is not None and owing and due < today


def _drafts(session: Session, consultation_id: int) -> list[DraftLine]:
    rows = session.execute(
        select(Draft.number, Draft.state, Draft.published_at, func.count(Clause.id))
        .outerjoin(Clause, Clause.draft_id == Draft.id)
        .where(Draft.consultation_id == consultation_id)
        .group_by(Draft.id, Draft.number, Draft.state, Draft.published_at)
        .order_by(Draft.number)
    )
    return [DraftLine(*row) for row in rows]
