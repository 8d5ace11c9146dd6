"""Reads: every item that an agency answers or may answer, in a light row each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from consultations.models import (
    AnswerTask,
    Comment,
    Consultation,
    DiscussionPlace,
    Disposition,
    Finding,
    OfficialResponse,
    ResponseState,
    Theme,
    ThemeKind,
)
from consultations.queries.answer_duty import (
    RESPONSE_COLUMNS,
    RICH_LENGTH,
    TASK_COLUMNS,
    Item,
    ItemKind,
    is_answered_finding,
    is_single_comment,
    latest_summaries,
)

Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Entry:
    """An item without its words.

    Attributes
    ----------
    is_required : bool
        Whether it stands above the threshold.
    people : int
        Behind a theme; author and supporters of a comment; 0 for a finding.
    proposes, is_rich : bool
        Of a comment: whether it proposes a wording, and whether it is rich in evidence.
    drafted_by_id, assigned_to_id : int or None
        Accounts.
    """

    item: Item
    is_required: bool
    people: int
    proposes: bool
    is_rich: bool
    response_id: int | None
    state: ResponseState | None
    disposition: Disposition | None
    drafted_by_id: int | None
    due_on: date | None
    assigned_to_id: int | None
    unit: str

    @property
    def is_published(self) -> bool:
        """Whether everybody can read the answer."""
        return self.state is ResponseState.PUBLISHED


def entries(session: Session, consultation_id: int) -> list[Entry]:
    """Return every item in the order of the summary, then comments with most support; 5 queries.

    Comments below the threshold come too: an agency may answer them.
    """
    consultation = session.get_one(Consultation, consultation_id)
    summary = session.scalar(latest_summaries([consultation_id]))
    return [
        *_findings(session, summary),
        *_themes(session, consultation, summary),
        *_comments(session, consultation, is_summarised=summary is not None),
    ]


def _findings(session: Session, summary: int | None) -> list[Entry]:
    query: Query = select(Finding.id)
    rows = session.execute(
        _with_work(query, ItemKind.FINDING, Finding.id)
        .where(Finding.summary_id == summary, is_answered_finding())
        .order_by(func.coalesce(Finding.moved_to, Finding.position), Finding.position)
    )
    return [_entry(ItemKind.FINDING, number, work) for number, *work in rows]


def _themes(session: Session, consultation: Consultation, summary: int | None) -> list[Entry]:
    least = consultation.answer_people
    query: Query = select(Theme.id, Theme.people_count)
    rows = session.execute(
        _with_work(query, ItemKind.THEME, Theme.id)
        .where(Theme.summary_id == summary, Theme.kind == ThemeKind.THEME)
        .order_by(Theme.position)
    )
    return [
        _entry(
            ItemKind.THEME,
            number,
            work,
            is_required=least <= 1 or people >= least,
            people=people,
        )
        for number, people, *work in rows
    ]


def _comments(session: Session, consultation: Consultation, *, is_summarised: bool) -> list[Entry]:
    """Return comments that propose a wording or are rich in evidence, most supported first."""
    least = consultation.answer_supports
    query: Query = select(
        Comment.id,
        DiscussionPlace.supports,
        Comment.proposed_wording != "",
        func.length(Comment.reason) >= RICH_LENGTH,
    ).join(DiscussionPlace, DiscussionPlace.comment_id == Comment.id)
    rows = session.execute(
        _with_work(query, ItemKind.COMMENT, Comment.id)
        .where(Comment.consultation_id == consultation.id, is_single_comment())
        .order_by(DiscussionPlace.supports.desc(), Comment.id)
    )
    return [
        _entry(
            ItemKind.COMMENT,
            number,
            work,
            is_required=is_summarised and supports >= least,
            people=supports + 1,
            proposes=bool(proposes),
            is_rich=bool(is_rich),
        )
        for number, supports, proposes, is_rich, *work in rows
    ]


def _with_work(query: Query, kind: ItemKind, number: InstrumentedAttribute[int]) -> Query:
    """Add how far the answer is, and who works on it."""
    return (
        query.add_columns(
            OfficialResponse.id,
            OfficialResponse.state,
            OfficialResponse.disposition,
            OfficialResponse.drafted_by_id,
            AnswerTask.due_on,
            AnswerTask.assigned_to_id,
            AnswerTask.unit,
        )
        .outerjoin(OfficialResponse, RESPONSE_COLUMNS[kind] == number)
        .outerjoin(AnswerTask, TASK_COLUMNS[kind] == number)
    )


def _entry(
    kind: ItemKind,
    number: int,
    work: Sequence[Any],
    *,
    is_required: bool = True,
    people: int = 0,
    proposes: bool = False,
    is_rich: bool = False,
) -> Entry:
    response_id, state, disposition, drafted_by_id, due_on, assigned_to_id, unit = work
    return Entry(
        item=Item(kind, number),
        is_required=is_required,
        people=people,
        proposes=proposes,
        is_rich=is_rich,
        response_id=response_id,
        state=state,
        disposition=disposition,
        drafted_by_id=drafted_by_id,
        due_on=due_on,
        assigned_to_id=assigned_to_id,
        unit=unit or "",
    )
