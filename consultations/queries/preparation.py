"""Reads: how far the preparation of a consultation is, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from consultations.kind_templates import template_of
from consultations.models import (
    Clause,
    Consultation,
    Draft,
    HearingForm,
    ImportPreview,
    Origin,
    Stakeholder,
    Statement,
)
from consultations.outline_numbering import Kind
from consultations.queries import readiness
from core.actor import Actor


class Step(StrEnum):
    """A step of the preparation, in order."""

    KIND = "kind"
    BASICS = "basics"
    DATES = "dates"
    DRAFT = "draft"
    PARTICIPATION = "participation"
    HEARING = "hearing"
    STAKEHOLDERS = "stakeholders"
    CHECK = "check"


class StepState(StrEnum):
    """How far a step is."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CANNOT_START = "cannot_start"


#: The step in which each open point is mended.
STEP_OF: dict[str, Step] = {
    "consultation.needs_summary": Step.BASICS,
    "consultation.needs_scope": Step.BASICS,
    "consultation.blank_left": Step.BASICS,
    "consultation.needs_dates": Step.DATES,
    "consultation.dates_past": Step.DATES,
    "consultation.needs_draft": Step.DRAFT,
    "hearing.affected": Step.BASICS,
    "hearing.english": Step.BASICS,
    "hearing.announced": Step.DATES,
    "hearing.answers_due": Step.DATES,
    "hearing.answers_in_time": Step.DATES,
    "hearing.contact": Step.PARTICIPATION,
    "hearing.offline": Step.PARTICIPATION,
    "hearing.form": Step.HEARING,
    "hearing.analysis": Step.HEARING,
    "hearing.unconfirmed": Step.HEARING,
    "hearing.stakeholders": Step.STAKEHOLDERS,
    "hearing.notices": Step.STAKEHOLDERS,
    "hearing.approver": Step.CHECK,
}
#: Steps that are begun by filling in a page of their own.
_ON_THEIR_OWN = frozenset({Step.DRAFT, Step.HEARING, Step.STAKEHOLDERS})


@dataclass(frozen=True)
class StepLine:
    """One step with its state and the codes of what it still misses."""

    step: Step
    state: StepState
    points: Sequence[str]


@dataclass(frozen=True)
class Preparation:
    """Everything that the task list shows."""

    lines: Sequence[StepLine]
    points: Sequence[str]
    #: Number and clauses of the draft that opens the consultation; None while there is none.
    draft_number: int | None
    clauses: int
    statements: int
    #: Whether the actor has an import to check.
    has_import: bool
    needs_draft: bool
    #: Whether the text asks open questions instead of saying what is to hold.
    asks: bool = False

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(line.state is StepState.DONE for line in self.lines)

    @property
    def first_open(self) -> Step:
        """The step to go on with."""
        for line in self.lines:
            if line.state in (StepState.NOT_STARTED, StepState.IN_PROGRESS):
                return line.step
        return Step.CHECK


def preparation(
    session: Session, actor: Actor, consultation: Consultation, at: datetime
) -> Preparation:
    """Return how far the preparation is; at most 10 queries."""
    points = readiness.open_points(session, consultation, at)
    number, clauses, questions = _draft(session, consultation.id)
    statements = session.scalar(
        select(func.count(Statement.id)).where(
            Statement.consultation_id == consultation.id, Statement.origin == Origin.AGENCY
        )
    )
    has_import = session.scalar(
        select(ImportPreview.id).where(
            ImportPreview.consultation_id == consultation.id,
            ImportPreview.account_id == actor.account_id,
        )
    )
    begun = {
        Step.KIND: True,
        Step.BASICS: bool(consultation.summary_th or consultation.scope_th),
        Step.DATES: consultation.opens_at is not None or consultation.closes_at is not None,
        Step.DRAFT: number is not None or has_import is not None,
        Step.PARTICIPATION: bool(statements),
        Step.HEARING: session.get(HearingForm, consultation.id) is not None,
        Step.STAKEHOLDERS: _has_stakeholders(session, consultation.id),
    }
    lines = [_line(step, consultation, points, begun=begun[step]) for step in begun]
    ready = all(line.state is StepState.DONE for line in lines)
    check = StepState.NOT_STARTED if ready else StepState.CANNOT_START
    return Preparation(
        lines=[*lines, StepLine(Step.CHECK, check, ())],
        points=points,
        draft_number=number,
        clauses=clauses,
        statements=statements or 0,
        has_import=has_import is not None,
        needs_draft=template_of(consultation).needs_draft,
        asks=questions > 0,
    )


def _line(
    step: Step, consultation: Consultation, points: Sequence[str], *, begun: bool
) -> StepLine:
    missing = [code for code in points if STEP_OF.get(code) is step]
    saved = consultation.prepared_steps
    is_seen = saved is None or step in saved or step is Step.KIND
    if step in _ON_THEIR_OWN:
        is_needed = step is not Step.DRAFT or template_of(consultation).needs_draft
        is_seen = begun or saved is None or not is_needed
    if is_seen and not missing:
        return StepLine(step, StepState.DONE, ())
    state = StepState.IN_PROGRESS if begun or is_seen else StepState.NOT_STARTED
    if step in _ON_THEIR_OWN and not begun:
        state = StepState.NOT_STARTED
    if saved is None and not begun:
        state = StepState.NOT_STARTED
    return StepLine(step, state, missing)


def _draft(session: Session, consultation_id: int) -> tuple[int | None, int, int]:
    row = session.execute(
        select(
            Draft.number,
            func.count(Clause.id),
            func.count(Clause.id).filter(Clause.kind == Kind.QUESTION.value),
        )
        .outerjoin(Clause, (Clause.draft_id == Draft.id) & (Clause.body != ""))
        .where(Draft.consultation_id == consultation_id)
        .group_by(Draft.id, Draft.number)
        .order_by(Draft.number)
        .limit(1)
    ).first()
    return (row[0], row[1], row[2]) if row else (None, 0, 0)


def _has_stakeholders(session: Session, consultation_id: int) -> bool:
    has_one = exists().where(Stakeholder.consultation_id == consultation_id)
    return bool(session.scalar(select(has_one)))
