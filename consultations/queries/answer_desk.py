"""Reads: what the agency has to answer, how far it is, and what each item rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, distinct, func, select
from sqlalchemy.orm import Session

from consultations.models import (
    COUNTING,
    Clause,
    Comment,
    Contribution,
    Draft,
    DraftState,
    Finding,
    OfficialResponse,
    ResponseState,
    Section,
    Stance,
    SummaryState,
    Theme,
    ThemeComment,
    ThemeKind,
    Visibility,
)
from consultations.queries.findings import findings_where, latest_summary
from core.errors import NotFoundError

#: Sections whose sentences the agency must answer; themes must be answered too, mere lists not.
ANSWERED_SECTIONS = (Section.COMMON_GROUND, Section.DIFFERENCES)
#: Most single comments with a proposed wording that the desk offers, the answered ones first.
OFFERED = 50


class ItemKind(StrEnum):
    """What a response answers."""

    FINDING = "finding"
    THEME = "theme"
    COMMENT = "comment"


@dataclass(frozen=True)
class Item:
    """One thing to answer: its kind and its number within the kind."""

    kind: ItemKind
    number: int


@dataclass(frozen=True)
class DeskRow:
    """An item, what it says, what it rests on and how far its answer is.

    Attributes
    ----------
    text_th, text_en : str
        What the item says; a comment's words stand in both. Empty when they are withheld.
    language : str
        Language of a comment; empty otherwise.
    section : Section or None
        Of a finding.
    comments, people : int
        Published comments behind a theme, and their authors; 1 for a comment, 0 for a finding.
    evidence : int
        Published pieces of evidence of a finding.
    """

    item: Item
    text_th: str
    text_en: str
    response: OfficialResponse | None
    language: str = ""
    section: Section | None = None
    comments: int = 0
    people: int = 0
    evidence: int = 0


@dataclass(frozen=True)
class Desk:
    """All items: those that must be answered, and single comments that may be."""

    required: Sequence[DeskRow]
    offered: Sequence[DeskRow]

    @property
    def answered(self) -> int:
        """How many of the required items have an answer."""
        return sum(row.response is not None for row in self.required)

    @property
    def waiting(self) -> int:
        """How many answers wait for approval."""
        return self._in_state(ResponseState.WORKING)

    @property
    def approved(self) -> int:
        """How many answers are approved and not published."""
        return self._in_state(ResponseState.APPROVED)

    def _in_state(self, state: ResponseState) -> int:
        rows = (*self.required, *self.offered)
        return sum(row.response is not None and row.response.state is state for row in rows)


@dataclass(frozen=True)
class Voice:
    """A published contribution behind an item, or the words quoted from it."""

    reference: str
    words: str
    language: str
    stance: Stance | None = None
    proposed_wording: str = ""


def answer_desk(session: Session, consultation_id: int) -> Desk:
    """Return everything to answer; eight queries at most, whatever there is."""
    offered = _comment_rows(session, consultation_id)
    summary = latest_summary(session, consultation_id, SummaryState.PUBLISHED)
    if summary is None:
        return Desk([], offered)
    required = [*_finding_rows(session, summary.id), *_theme_rows(session, summary.id)]
    return Desk(required, offered)


def desk_row(session: Session, consultation_id: int, item: Item) -> DeskRow:
    """Return one item.

    Raises
    ------
    NotFoundError
        ``response.item_unknown``.
    """
    rows: Sequence[DeskRow]
    if item.kind is ItemKind.COMMENT:
        rows = _comment_rows(session, consultation_id, only=item.number)
    else:
        rows = answer_desk(session, consultation_id).required
    found = next((row for row in rows if row.item == item), None)
    if found is None:
        raise NotFoundError("response.item_unknown")
    return found


def unanswered_count(session: Session, consultation_id: int) -> int:
    """Return how many items of the published summary have no answer yet, published or not."""
    desk = answer_desk(session, consultation_id)
    return len(desk.required) - desk.answered


def unpublished_count(session: Session, consultation_id: int) -> int:
    """Return how many items that must be answered have no published answer."""
    return sum(
        row.response is None or row.response.state is not ResponseState.PUBLISHED
        for row in answer_desk(session, consultation_id).required
    )


def own_response(session: Session, consultation_id: int, number: int) -> OfficialResponse:
    """Return an answer of this consultation; raises NotFoundError ``response.unknown``."""
    response = session.get(OfficialResponse, number)
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
        Voice(c.reference, c.body, c.language, c.stance, c.proposed_wording)
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


def _finding_rows(session: Session, summary_id: int) -> list[DeskRow]:
    findings = findings_where(
        session,
        Finding.summary_id == summary_id,
        Finding.section.in_(ANSWERED_SECTIONS),
        Finding.left_out_reason.is_(None),
    )
    numbers = select(Finding.id).where(Finding.summary_id == summary_id)
    responses = _responses(
        session, select(OfficialResponse).where(OfficialResponse.finding_id.in_(numbers))
    )
    return [
        DeskRow(
            Item(ItemKind.FINDING, row.id),
            row.text_th,
            row.text_en,
            responses.get(Item(ItemKind.FINDING, row.id)),
            section=row.section,
            evidence=len(row.evidence),
        )
        for row in findings
    ]


def _theme_rows(session: Session, summary_id: int) -> list[DeskRow]:
    query = select(Theme).where(Theme.summary_id == summary_id, Theme.kind == ThemeKind.THEME)
    themes = session.scalars(query.order_by(Theme.position)).all()
    numbers = select(Theme.id).where(Theme.summary_id == summary_id)
    counts = _theme_counts(session, numbers)
    responses = _responses(
        session, select(OfficialResponse).where(OfficialResponse.theme_id.in_(numbers))
    )
    return [
        DeskRow(
            Item(ItemKind.THEME, theme.id),
            theme.label_th or theme.terms,
            theme.label_en or theme.terms,
            responses.get(Item(ItemKind.THEME, theme.id)),
            comments=counts.get(theme.id, (0, 0))[0],
            people=counts.get(theme.id, (0, 0))[1],
        )
        for theme in themes
    ]


def _theme_counts(session: Session, numbers: Select[int]) -> Mapping[int, tuple[int, int]]:
    rows = session.execute(
        select(
            ThemeComment.theme_id,
            func.count(Contribution.id),
            func.count(distinct(Contribution.participant_id)),
        )
        .join(Contribution, Contribution.id == ThemeComment.comment_id)
        .where(ThemeComment.theme_id.in_(numbers), Contribution.visibility.in_(COUNTING))
        .group_by(ThemeComment.theme_id)
    )
    return {theme: (comments, people) for theme, comments, people in rows}


def _comment_rows(session: Session, consultation_id: int, only: int | None = None) -> list[DeskRow]:
    """Return comments that propose a wording, the answered ones first, then the oldest."""
    query = (
        select(Comment, OfficialResponse)
        .outerjoin(OfficialResponse, OfficialResponse.comment_id == Comment.id)
        .where(
            Comment.consultation_id == consultation_id,
            Comment.visibility == Visibility.PUBLISHED,
            Comment.proposed_wording != "",
        )
        .order_by(OfficialResponse.id.is_(None), Comment.id)
        .limit(OFFERED)
    )
    if only is not None:
        query = query.where(Comment.id == only)
    return [
        DeskRow(
            Item(ItemKind.COMMENT, comment.id),
            comment.body,
            comment.body,
            response,
            language=comment.language,
            comments=1,
            people=1,
        )
        for comment, response in session.execute(query)
    ]


def _responses(
    session: Session, query: Select[OfficialResponse]
) -> Mapping[Item, OfficialResponse]:
    found = {}
    for response in session.scalars(query):
        if response.finding_id is not None:
            found[Item(ItemKind.FINDING, response.finding_id)] = response
        elif response.theme_id is not None:
            found[Item(ItemKind.THEME, response.theme_id)] = response
    return found
