"""Service: share out the items to answer, and keep private notes on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from consultations import policy
from consultations.models import (
    AnswerNote,
    AnswerTask,
    Consultation,
    OfficialResponse,
    ResponseState,
)
from consultations.participation import Hold, locked_consultation
from consultations.queries.answer_duty import (
    RESPONSE_COLUMNS,
    TASK_COLUMNS,
    Item,
    require_item,
)
from core.accounts.models import Account, AccountStatus, RoleGrant
from core.actor import AGENCY_ROLES, Actor
from core.clock import now
from core.errors import ConflictError, InvalidError
from core.text import plain_text, single_line

UNIT_LENGTH = 200
NOTE_LENGTH = 5_000
#: Most items that are shared out in one act.
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Work:
    """Who answers, for which unit, and by when.

    Attributes
    ----------
    account_id : int or None
        Somebody who works for the agency; None for nobody in particular.
    due_on : date or None
        None: by the day that the agency promised to the public.
    """

    account_id: int | None = None
    unit: str = ""
    due_on: date | None = None


def assign(
    session: Session, actor: Actor, consultation_id: int, items: Sequence[Item], work: Work
) -> list[AnswerTask]:
    """Give some items to somebody, with unit and day; what was given before is replaced.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``, ``response.item_unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    InvalidError
        ``task.choose_items``, ``task.too_many``, ``task.colleague_unknown``, ``task.due_late``,
        ``text.too_long``.
    ConflictError
        ``consultation.wrong_stage``; ``response.published``: unit and answer are public by then.
    """
    consultation = _workable(session, actor, consultation_id)
    if not items:
        raise InvalidError("task.choose_items", field="items")
    if len(items) > MOST_AT_ONCE:
        raise InvalidError("task.too_many", field="items", maximum=MOST_AT_ONCE)
    _require_colleague(session, consultation, work.account_id)
    promised = consultation.answers_due_on
    if work.due_on is not None and promised is not None and work.due_on > promised:
        raise InvalidError("task.due_late", field="due_on")
    unit = work.unit.strip()
    unit = single_line(unit, max_length=UNIT_LENGTH, field="unit") if unit else ""
    tasks = []
    for item in items:
        task = _task(session, consultation_id, item)
        _require_unpublished(session, item)
        task.assigned_to_id, task.unit, task.due_on = work.account_id, unit, work.due_on
        tasks.append(task)
    session.flush()
    return tasks


def note(
    session: Session, actor: Actor, consultation_id: int, item: Item, *, body: str
) -> AnswerNote:
    """Keep a note that only people of the agency read.

    Raises
    ------
    NotFoundError, NotAllowedError, ConflictError
        As ``assign``; a note can be kept after the answer is published too.
    InvalidError
        ``text.empty``, ``text.too_long``.
    """
    _workable(session, actor, consultation_id)
    made = AnswerNote(
        task_id=_task(session, consultation_id, item).id,
        body=plain_text(body, max_length=NOTE_LENGTH, field="body"),
        written_by_id=actor.account_id,
        written_at=now(),
    )
    session.add(made)
    session.flush()
    return made


def _workable(session: Session, actor: Actor, consultation_id: int) -> Consultation:
    consultation = locked_consultation(session, consultation_id, Hold.ALONE)
    policy.require_agency_staff(actor, consultation)
    policy.require_stage(consultation, now(), *policy.ANSWERING_STAGES)
    return consultation


def _task(session: Session, consultation_id: int, item: Item) -> AnswerTask:
    """Return the row of an item, making it when there is none."""
    require_item(session, consultation_id, item)
    column = TASK_COLUMNS[item.kind]
    task = session.scalars(select(AnswerTask).where(column == item.number)).first()
    if task is None:
        task = AnswerTask(consultation_id=consultation_id, **{column.key: item.number})
        session.add(task)
        session.flush()
    return task


def _require_colleague(
    session: Session, consultation: Consultation, account_id: int | None
) -> None:
    if account_id is None:
        return
    works_here = exists().where(
        Account.id == account_id,
        Account.status == AccountStatus.ACTIVE,
        RoleGrant.account_id == Account.id,
        RoleGrant.agency_id == consultation.agency_id,
        RoleGrant.role.in_(AGENCY_ROLES),
    )
    if not session.scalar(select(works_here)):
        raise InvalidError("task.colleague_unknown", field="account_id")


def _require_unpublished(session: Session, item: Item) -> None:
    found = select(OfficialResponse.id).where(
        RESPONSE_COLUMNS[item.kind] == item.number,
        OfficialResponse.state == ResponseState.PUBLISHED,
    )
    if session.scalar(found) is not None:
        raise ConflictError("response.published")
