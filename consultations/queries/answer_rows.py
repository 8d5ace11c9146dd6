"""Reads: the words of items that an agency answers, and what they rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from consultations.models import (
    COUNTING,
    Comment,
    Contribution,
    Finding,
    OfficialResponse,
    Section,
    Theme,
    ThemeComment,
)
from consultations.queries.answer_duty import Item, ItemKind
from consultations.queries.answer_items import Entry
from consultations.queries.findings import findings_where

Facts = dict[Item, dict[str, Any]]


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
        Published comments behind a theme, and their authors; for a comment 1, and its author with
        its supporters; 0 for a finding.
    evidence : int
        Published pieces of evidence of a finding.
    """

    item: Item
    text_th: str
    text_en: str
    entry: Entry
    response: OfficialResponse | None
    language: str = ""
    section: Section | None = None
    comments: int = 0
    people: int = 0
    evidence: int = 0


def desk_rows(session: Session, found: Sequence[Entry]) -> list[DeskRow]:
    """Return items with their words, in the order given; seven queries at most."""
    numbers = {kind: [e.item.number for e in found if e.item.kind is kind] for kind in ItemKind}
    responses = {
        response.id: response
        for response in session.scalars(
            select(OfficialResponse).where(
                OfficialResponse.id.in_([e.response_id for e in found if e.response_id])
            )
        )
    }
    facts = {
        **_findings(session, numbers[ItemKind.FINDING]),
        **_themes(session, numbers[ItemKind.THEME]),
        **_comments(session, numbers[ItemKind.COMMENT], found),
    }
    return [
        DeskRow(
            item=each.item,
            entry=each,
            response=responses.get(each.response_id or 0),
            **facts[each.item],
        )
        for each in found
        if each.item in facts
    ]


def _findings(session: Session, numbers: Sequence[int]) -> Facts:
    if not numbers:
        return {}
    return {
        Item(ItemKind.FINDING, row.id): {
            "text_th": row.text_th,
            "text_en": row.text_en,
            "section": row.section,
            "evidence": len(row.evidence),
        }
        for row in findings_where(session, Finding.id.in_(numbers))
    }


def _themes(session: Session, numbers: Sequence[int]) -> Facts:
    if not numbers:
        return {}
    counts = _theme_counts(session, numbers)
    return {
        Item(ItemKind.THEME, theme.id): {
            "text_th": theme.label_th or theme.terms,
            "text_en": theme.label_en or theme.terms,
            "comments": counts.get(theme.id, (0, 0))[0],
            "people": counts.get(theme.id, (0, 0))[1],
        }
        for theme in session.scalars(select(Theme).where(Theme.id.in_(numbers)))
    }


def _theme_counts(session: Session, numbers: Sequence[int]) -> Mapping[int, tuple[int, int]]:
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


def _comments(session: Session, numbers: Sequence[int], found: Sequence[Entry]) -> Facts:
    if not numbers:
        return {}
    people = {entry.item: entry.people for entry in found}
    return {
        Item(ItemKind.COMMENT, comment.id): {
            "text_th": comment.body,
            "text_en": comment.body,
            "language": comment.language,
            "comments": 1,
            "people": people[Item(ItemKind.COMMENT, comment.id)],
        }
        for comment in session.scalars(select(Comment).where(Comment.id.in_(numbers)))
    }
