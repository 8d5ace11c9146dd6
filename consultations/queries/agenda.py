"""Reads: what the people of an agency have to do now, the most urgent first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import policy
from consultations.announcement import last_day
from consultations.models import (
    AnalysisRun,
    Consultation,
    Draft,
    DraftState,
    ImportPreview,
    Motion,
    OfficialResponse,
    ResponseState,
    RunState,
    Stage,
    Summary,
    SummaryState,
)
from consultations.queries.approving import open_motions
from consultations.queries.workspace import Task
from core.actor import Actor, Role
from core.clock import BANGKOK

#: From so many days before they are due, answers stand among what needs someone today.
DUE_SOON: Final = timedelta(days=14)
CLOSING_SOON: Final = 7


class Need(StrEnum):
    """Why a consultation needs someone, in the order of urgency."""

    ANSWERS_OVERDUE = "answers_overdue"
    DECIDE_MOTION = "decide_motion"
    APPROVE_PUBLICATION = "approve_publication"
    APPROVE_ANSWERS = "approve_answers"
    APPROVE_SUMMARY = "approve_summary"
    APPROVE_DRAFT = "approve_draft"
    ANSWERS_DUE = "answers_due"
    CLOSING_SOON = "closing_soon"
    CHECK_IMPORT = "check_import"
    ANALYSIS_DONE = "analysis_done"
    ANALYSIS_NEEDED = "analysis_needed"
    ANSWERS_TO_WRITE = "answers_to_write"
    FINISH_PREPARING = "finish_preparing"
    WAITING_FOR_SECOND = "waiting_for_second"


_ORDER: Final = tuple(Need)
_FAR: Final = date.max


@dataclass(frozen=True)
class AgendaItem:
    """One thing to do.

    Parameters
    ----------
    count : int
        How many things it is about; 0 where that says nothing.
    due : date or None
        The day by which it is to be done.
    days : int or None
        Days from today until then; negative when it is over.
    draft : int or None
        Number of the draft that it is about.
    """

    need: Need
    consultation: Consultation
    count: int = 0
    due: date | None = None
    days: int | None = None
    draft: int | None = None
    #: Number of the proposal that it is about.
    motion: int | None = None


@dataclass(frozen=True)
class _Waiting:
    """What waits in the agency's consultations, each by the consultation's number."""

    mine: dict[int, int]
    answers: dict[int, int]
    summaries: dict[int, int | None]
    drafts: dict[int, tuple[int, int | None]]
    analysed: dict[int, datetime]
    imports: frozenset[int]
    motions: Sequence[Motion]


def agenda(session: Session, actor: Actor, tasks: Sequence[Task], at: datetime) -> list[AgendaItem]:
    """Return what needs this actor, the most urgent first; 6 queries.

    Parameters
    ----------
    tasks : sequence of Task
        As ``workspace.agency_tasks`` gives them.
    """
    waiting = _waiting(session, actor, [task.consultation.id for task in tasks])
    today = at.astimezone(BANGKOK).date()
    found = [item for task in tasks for item in _items(actor, task, waiting, today)]
    return sorted(found, key=lambda item: (_ORDER.index(item.need), item.due or _FAR))


def _items(actor: Actor, task: Task, waiting: _Waiting, today: date) -> Iterator[AgendaItem]:
    consultation = task.consultation
    yield from _deadlines(task, today)
    yield from _motions(actor, consultation, waiting)
    if actor.serves(consultation.agency_id, Role.OFFICER):
        if consultation.id in waiting.imports:
            yield AgendaItem(Need.CHECK_IMPORT, consultation)
        if task.stage is Stage.PREPARING:
            yield AgendaItem(Need.FINISH_PREPARING, consultation)
    if task.stage is Stage.IN_REVIEW:
        author = consultation.submitted_by_id
        yield AgendaItem(
            _second(actor, consultation, author, Need.APPROVE_PUBLICATION), consultation
        )
    if task.stage in (Stage.CLOSED, Stage.SUMMARY) and consultation.id not in waiting.summaries:
        yield _after_closing(task, waiting)
    if task.stage is Stage.SUMMARY and consultation.id in waiting.summaries:
        author = waiting.summaries[consultation.id]
        yield AgendaItem(_second(actor, consultation, author, Need.APPROVE_SUMMARY), consultation)
    if task.stage is Stage.ANSWERING:
        yield from _answering(actor, task, waiting)


def _motions(actor: Actor, consultation: Consultation, waiting: _Waiting) -> Iterator[AgendaItem]:
    for motion in waiting.motions:
        if motion.consultation_id == consultation.id:
            need = _second(actor, consultation, motion.proposed_by_id, Need.DECIDE_MOTION)
            yield AgendaItem(need, consultation, motion=motion.id)


def _deadlines(task: Task, today: date) -> Iterator[AgendaItem]:
    consultation = task.consultation
    due = consultation.answers_due_on
    if due is not None and task.answers_overdue:
        need, days = Need.ANSWERS_OVERDUE, (due - today).days
        yield AgendaItem(need, consultation, task.unanswered, due, days)
    elif due is not None and _owes_answers(task) and due <= today + DUE_SOON:
        need, days = Need.ANSWERS_DUE, (due - today).days
        yield AgendaItem(need, consultation, task.unanswered, due, days)
    closes_at = consultation.closes_at
    if closes_at is not None and task.days_left is not None and task.days_left <= CLOSING_SOON:
        yield AgendaItem(
            Need.CLOSING_SOON, consultation, due=last_day(closes_at), days=task.days_left
        )


def _owes_answers(task: Task) -> bool:
    ended = (Stage.CONCLUDED, Stage.MONITORING, Stage.ARCHIVED)
    return policy.has_closed(task.stage) and task.stage not in ended


def _after_closing(task: Task, waiting: _Waiting) -> AgendaItem:
    consultation = task.consultation
    analysed = waiting.analysed.get(consultation.id)
    closes_at = consultation.closes_at
    is_new = analysed is not None and (closes_at is None or analysed >= closes_at)
    return AgendaItem(Need.ANALYSIS_DONE if is_new else Need.ANALYSIS_NEEDED, consultation)


def _answering(actor: Actor, task: Task, waiting: _Waiting) -> Iterator[AgendaItem]:
    consultation = task.consultation
    drafted = waiting.answers.get(consultation.id, 0)
    mine = waiting.mine.get(consultation.id, 0)
    is_approver = actor.serves(consultation.agency_id, Role.APPROVER)
    if is_approver and drafted > mine:
        yield AgendaItem(Need.APPROVE_ANSWERS, consultation, drafted - mine)
    elif drafted:
        yield AgendaItem(Need.WAITING_FOR_SECOND, consultation, drafted)
    if task.unanswered > drafted:
        yield AgendaItem(Need.ANSWERS_TO_WRITE, consultation, task.unanswered - drafted)
    number, author = waiting.drafts.get(consultation.id, (0, None))
    if number and is_approver and author != actor.account_id:
        yield AgendaItem(Need.APPROVE_DRAFT, consultation, draft=number)


def _second(actor: Actor, consultation: Consultation, author: int | None, need: Need) -> Need:
    """Return what it is for this actor: theirs to decide, or somebody else's."""
    may = actor.serves(consultation.agency_id, Role.APPROVER) and actor.account_id != author
    return need if may else Need.WAITING_FOR_SECOND


def _waiting(session: Session, actor: Actor, numbers: Sequence[int]) -> _Waiting:
    answers, mine = _drafted(session, actor, numbers)
    summaries = session.execute(
        select(Summary.consultation_id, Summary.prepared_by_id).where(
            Summary.consultation_id.in_(numbers), Summary.state == SummaryState.WORKING
        )
    )
    drafts = session.execute(
        select(Draft.consultation_id, Draft.number, Draft.prepared_by_id).where(
            Draft.consultation_id.in_(numbers), Draft.state == DraftState.WORKING, Draft.number > 1
        )
    )
    runs = session.execute(
        select(AnalysisRun.consultation_id, func.max(AnalysisRun.queued_at))
        .where(AnalysisRun.consultation_id.in_(numbers), AnalysisRun.state == RunState.DONE)
        .group_by(AnalysisRun.consultation_id)
    )
    imports = session.scalars(
        select(ImportPreview.consultation_id).where(
            ImportPreview.account_id == actor.account_id, ImportPreview.consultation_id.in_(numbers)
        )
    )
    return _Waiting(
        mine=mine,
        answers=answers,
        summaries={row[0]: row[1] for row in summaries},
        drafts={row[0]: (row[1], row[2]) for row in drafts},
        analysed={row[0]: row[1] for row in runs},
        imports=frozenset(imports),
        motions=open_motions(session, numbers),
    )


def _drafted(
    session: Session, actor: Actor, numbers: Sequence[int]
) -> tuple[dict[int, int], dict[int, int]]:
    """Return how many answers wait for approval, and how many of them the actor wrote."""
    drafted = session.execute(
        select(OfficialResponse.consultation_id, OfficialResponse.drafted_by_id, func.count())
        .where(
            OfficialResponse.consultation_id.in_(numbers),
            OfficialResponse.state == ResponseState.WORKING,
        )
        .group_by(OfficialResponse.consultation_id, OfficialResponse.drafted_by_id)
    )
    answers: dict[int, int] = {}
    mine: dict[int, int] = {}
    for number, author, count in drafted:
        answers[number] = answers.get(number, 0) + count
        if author == actor.account_id:
            mine[number] = mine.get(number, 0) + count
    return answers, mine
