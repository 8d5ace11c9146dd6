"""Reads: the moderators' queue by tab, with counts and signals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session, with_polymorphic

from consultations.models import (
    Comment,
    Consultation,
    Contribution,
    ContributionRevision,
    ModerationPolicy,
    Statement,
    Visibility,
)
from core.actor import Actor
from moderation.models import Decision, Flag
from moderation.rules import screen

#: Contributions on one page.
PAGE_SIZE = 20


class Tab(StrEnum):
    """Parts of the queue."""

    NEW = "new"
    FLAGGED = "flagged"
    HELD = "held"
    DONE = "done"


@dataclass(frozen=True)
class Entry:
    """A contribution with what a moderator looks at first. Nothing tells who wrote it."""

    contribution: Comment | Statement
    consultation: Consultation
    #: Number of flags that no decision has settled.
    flag_count: int
    #: Since when it waits for a moderator; None when it does not.
    waiting_since: datetime | None
    #: When it was last decided on; None when it never was.
    decided_at: datetime | None
    #: Codes of what the screen sees in it now.
    signals: tuple[str, ...]


@dataclass(frozen=True)
class Queue:
    """One page of one tab, with the number of contributions in every tab."""

    tab: Tab
    counts: dict[Tab, int]
    entries: Sequence[Entry]
    #: From 1.
    page: int
    page_count: int


_WORK = with_polymorphic(Contribution, [Comment, Statement])
_FLAGS = (
    select(
        Flag.contribution_id,
        func.count(Flag.id).label("number"),
        func.min(Flag.flagged_at).label("since"),
    )
    .where(Flag.settled_at.is_(None))
    .group_by(Flag.contribution_id)
    .subquery()
)
_LAST = (
    select(Decision.contribution_id, func.max(Decision.decided_at).label("at"))
    .group_by(Decision.contribution_id)
    .subquery()
)
_EDITS = (
    select(
        ContributionRevision.contribution_id,
        func.max(ContributionRevision.changed_at).label("at"),
    )
    .group_by(ContributionRevision.contribution_id)
    .subquery()
)
_ARRIVED = func.coalesce(_EDITS.c.at, _WORK.created_at)

_IN_TAB: dict[Tab, ColumnElement[bool]] = {
    Tab.NEW: _WORK.visibility == Visibility.PENDING,
    Tab.FLAGGED: and_(_WORK.visibility == Visibility.PUBLISHED, _FLAGS.c.number > 0),
    Tab.HELD: _WORK.visibility == Visibility.HELD,
    Tab.DONE: and_(
        _LAST.c.at.is_not(None),
        _WORK.visibility.in_((Visibility.PUBLISHED, Visibility.HIDDEN)),
        _FLAGS.c.number.is_(None),
    ),
}
_ORDER: dict[Tab, tuple[ColumnElement[Any], ...]] = {
    Tab.NEW: (_ARRIVED.asc(), _WORK.id.asc()),
    Tab.FLAGGED: (_FLAGS.c.number.desc(), _FLAGS.c.since.asc(), _WORK.id.asc()),
    Tab.HELD: (_LAST.c.at.asc(), _WORK.id.asc()),
    Tab.DONE: (_LAST.c.at.desc(), _WORK.id.desc()),
}


def load(session: Session, actor: Actor, *, tab: Tab, page: int = 1) -> Queue:
    """Return a page of the queue, in two queries.

    What has waited longest comes first; among flagged contributions, what most people have flagged.
    Those of an agency that the moderator works for are left out.

    Parameters
    ----------
    session : Session
    actor : Actor
    tab : Tab
    page : int
        From 1; a number beyond the last page gives the last.
    """
    counts = tab_counts(session, actor)
    page_count = max(1, -(-counts[tab] // PAGE_SIZE))
    page = min(max(1, page), page_count)
    rows = session.execute(
        _of_moderator(select_entries(), actor)
        .where(_IN_TAB[tab])
        .order_by(*_ORDER[tab])
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return Queue(tab, counts, [as_entry(row) for row in rows], page, page_count)


def tab_counts(session: Session, actor: Actor) -> dict[Tab, int]:
    """Return how many contributions are in each tab for a moderator; one query."""
    columns = [func.count(case((condition, 1))) for condition in _IN_TAB.values()]
    row = session.execute(_of_moderator(_joined(select(*columns)), actor)).one()
    return dict(zip(_IN_TAB, row, strict=True))


def select_entries(reference: str | None = None) -> Select[*tuple[Any, ...]]:
    """Return the statement whose rows ``as_entry`` reads: of all contributions, or of one."""
    statement = _joined(
        select(
            _WORK,
            Consultation,
            _ARRIVED,
            func.coalesce(_FLAGS.c.number, 0),
            _FLAGS.c.since,
            _LAST.c.at,
        )
    )
    return statement if reference is None else statement.where(_WORK.reference == reference)


def as_entry(row: Sequence[Any]) -> Entry:
    """Read a row of ``select_entries``."""
    contribution, consultation, arrived_at, flag_count, flagged_since, decided_at = row
    waiting_since = {
        Visibility.PENDING: arrived_at,
        Visibility.PUBLISHED: flagged_since,
        Visibility.HELD: decided_at,
    }.get(contribution.visibility)
    return Entry(
        contribution=contribution,
        consultation=consultation,
        flag_count=flag_count,
        waiting_since=waiting_since,
        decided_at=decided_at,
        signals=screen(_shown_words(contribution), ModerationPolicy.AFTER).signals,
    )


def _joined(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        statement.select_from(_WORK)
        .join(Consultation, Consultation.id == _WORK.consultation_id)
        .outerjoin(_FLAGS, _FLAGS.c.contribution_id == _WORK.id)
        .outerjoin(_LAST, _LAST.c.contribution_id == _WORK.id)
        .outerjoin(_EDITS, _EDITS.c.contribution_id == _WORK.id)
    )


def _of_moderator(statement: Select[*tuple[Any, ...]], actor: Actor) -> Select[*tuple[Any, ...]]:
    if actor.agency_id is None:
        return statement
    return statement.where(Consultation.agency_id != actor.agency_id)


def _shown_words(contribution: Contribution) -> str:
    """Return all that the contribution shows in its author's words."""
    if not isinstance(contribution, Comment):
        return contribution.body
    texts = (contribution.body, contribution.reason, contribution.proposed_wording)
    return "\n".join(text for text in texts if text)
