"""Reads: the answer desk: a page of items with their words, and what each one rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import (
    Clause,
    Comment,
    Disposition,
    Draft,
    DraftState,
    Finding,
    OfficialResponse,
    ResponseState,
    Stance,
    ThemeComment,
    Visibility,
)
from consultations.queries.answer_duty import LARGEST, Item, ItemKind
from consultations.queries.answer_items import Entry, entries
from consultations.queries.answer_rows import DeskRow, desk_rows
from consultations.queries.findings import findings_where
from core.errors import NotFoundError

#: Items on one page of the desk.
PAGE_SIZE: Final = 30


class Show(StrEnum):
    """Which items the desk shows; what is begun stands with what must be answered."""

    REQUIRED = "required"
    UNANSWERED = "unanswered"
    MINE = "mine"
    OVERDUE = "overdue"
    WAITING = "waiting"
    OFFERED = "offered"


class Order(StrEnum):
    """In which order."""

    SUMMARY = "summary"
    DUE = "due"
    PEOPLE = "people"


@dataclass(frozen=True)
class Asked:
    """What somebody asks of the desk.

    Attributes
    ----------
    account_id : int or None
        Who asks: whose items are "mine".
    today, due_on : date, date or None
        The day, and by which day the agency promised its answers.
    """

    account_id: int | None
    today: date
    due_on: date | None
    show: Show = Show.REQUIRED
    disposition: Disposition | None = None
    order: Order = Order.SUMMARY
    page: int = 1


@dataclass(frozen=True)
class Desk:
    """One page of the desk, with how many items each choice would show."""

    rows: Sequence[DeskRow]
    asked: Asked
    counts: Mapping[Show, int]
    total: int
    #: Required items, and those with an answer; answers that wait, or are approved and not public.
    required: int
    answered: int
    waiting: int
    approved: int

    @property
    def page_count(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True)
class Voice:
    """A published contribution behind an item, or the words quoted from it."""

    reference: str
    words: str
    language: str
    stance: Stance | None = None
    proposed_wording: str = ""
    reason: str = ""


def desk_page(session: Session, consultation_id: int, asked: Asked) -> Desk:
    """Return one page of the desk; twelve queries at most, whatever there is."""
    found = entries(session, consultation_id)
    counts = {show: sum(_shows(each, asked, show) for each in found) for show in Show}
    wanted = [each for each in found if _shows(each, asked, asked.show)]
    if asked.disposition is not None:
        wanted = [each for each in wanted if each.disposition is asked.disposition]
    wanted = _ordered(wanted, asked)
    first = (asked.page - 1) * PAGE_SIZE
    return Desk(
        rows=desk_rows(session, wanted[first : first + PAGE_SIZE]),
        asked=asked,
        counts=counts,
        total=len(wanted),
        required=sum(each.is_required for each in found),
        answered=sum(each.is_required and each.response_id is not None for each in found),
        waiting=sum(each.state is ResponseState.WORKING for each in found),
        approved=sum(each.state is ResponseState.APPROVED for each in found),
    )


def required_rows(session: Session, consultation_id: int) -> list[DeskRow]:
    """Return everything that must be answered, with its words."""
    return desk_rows(
        session, [each for each in entries(session, consultation_id) if each.is_required]
    )


def desk_row(session: Session, consultation_id: int, item: Item) -> DeskRow:
    """Return one item.

    Raises
    ------
    NotFoundError
        ``response.item_unknown``.
    """
    found = [each for each in entries(session, consultation_id) if each.item == item]
    if not found:
        raise NotFoundError("response.item_unknown")
    return desk_rows(session, found)[0]


def unanswered_count(session: Session, consultation_id: int) -> int:
    """Return how many items that must be answered have no answer yet, published or not."""
    return sum(
        each.is_required and each.response_id is None for each in entries(session, consultation_id)
    )


def unpublished_count(session: Session, consultation_id: int) -> int:
    """Return how many items that must be answered have no published answer."""
    return sum(
        each.is_required and not each.is_published for each in entries(session, consultation_id)
    )


def is_overdue(entry: Entry, today: date, promised: date | None) -> bool:
    """Whether an item should have been answered by now, by its own day or by the promised one."""
    due = entry.due_on or promised
    return entry.is_required and not entry.is_published and due is not None and due < today


def disposition_named(value: str) -> Disposition | None:
    """Return a disposition by its name; None for anything else."""
    return Disposition(value) if value in set(Disposition) else None


def own_response(session: Session, consultation_id: int, number: int) -> OfficialResponse:
    """Return an answer of this consultation; raises NotFoundError ``response.unknown``."""
    response = session.get(OfficialResponse, number) if number <= LARGEST else None
    if response is None or response.consultation_id != consultation_id:
        raise NotFoundError("response.unknown")
    return response


def voices(session: Session, item: Item, *, limit: int = 30) -> list[Voice]:
    """Return published contributions behind an item, the first written first."""
    if item.kind is ItemKind.FINDING:
        found = findings_where(session, Finding.id == item.number)
        pieces = [piece for row in found for piece in row.evidence if piece.reference]
        return [Voice(p.reference, p.text, p.language) for p in pieces[:limit]]
    query = select(Comment).where(Comment.visibility == Visibility.PUBLISHED)
    if item.kind is ItemKind.THEME:
        query = query.join(ThemeComment, ThemeComment.comment_id == Comment.id)
        query = query.where(ThemeComment.theme_id == item.number)
    else:
        query = query.where(Comment.id == item.number)
    return [
        Voice(c.reference, c.body, c.language, c.stance, c.proposed_wording, c.reason)
        for c in session.scalars(query.order_by(Comment.id).limit(limit))
    ]


def clauses(session: Session, consultation_id: int) -> Sequence[Clause]:
    """Return the clauses of the newest published draft that an answer can be about."""
    newest = (
        select(Draft.id)
        .where(Draft.consultation_id == consultation_id, Draft.state == DraftState.PUBLISHED)
        .order_by(Draft.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    return session.scalars(
        select(Clause).where(Clause.draft_id == newest).order_by(Clause.position)
    ).all()


def _shows(entry: Entry, asked: Asked, show: Show) -> bool:
    mine = asked.account_id is not None and asked.account_id in (
        entry.assigned_to_id,
        entry.drafted_by_id,
    )
    return {
        Show.REQUIRED: entry.is_required or entry.response_id is not None,
        Show.UNANSWERED: entry.is_required and entry.response_id is None,
        Show.MINE: mine,
        Show.OVERDUE: is_overdue(entry, asked.today, asked.due_on),
        Show.WAITING: entry.state is ResponseState.WORKING,
        Show.OFFERED: not entry.is_required and entry.response_id is None,
    }[show]


def _ordered(found: list[Entry], asked: Asked) -> list[Entry]:
    if asked.order is Order.DUE:
        return sorted(found, key=lambda each: each.due_on or asked.due_on or date.max)
    if asked.order is Order.PEOPLE:
        return sorted(found, key=lambda each: -each.people)
    return found
