"""Reads: a draft with its clauses, what changed between two drafts, and because of whom."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from consultations.comparison import Change, Mark, compare
from consultations.models import (
    ChangeCause,
    Clause,
    Comment,
    Consultation,
    Draft,
    DraftState,
    OfficialResponse,
    ResponseState,
    Visibility,
)
from consultations.word_difference import Piece, difference
from core.errors import NotFoundError


@dataclass(frozen=True)
class Version:
    """One published draft, for the list of versions."""

    number: int
    published_at: datetime | None
    note_th: str
    note_en: str


@dataclass(frozen=True)
class Cause:
    """Why a clause changed: a published response, or the agency's own initiative."""

    response_id: int | None
    disposition: str
    reason_th: str
    reason_en: str
    note_th: str
    note_en: str


@dataclass(frozen=True)
class DraftPage:
    """A published draft as its reader sees it."""

    version: Version
    versions: Sequence[Version]
    clauses: Sequence[Clause]
    comment_counts: Mapping[str, int]
    #: Marks of the clauses that differ from the draft before, and why.
    marks: Mapping[str, Sequence[str]]
    causes: Mapping[str, Sequence[Cause]]


@dataclass(frozen=True)
class ChangedClause:
    """One clause in both drafts, its word-level difference, and why it changed."""

    change: Change
    marks: Sequence[str]
    heading: Sequence[Piece]
    body: Sequence[Piece]
    causes: Sequence[Cause]

    @property
    def clause(self) -> Clause:
        """The newer form, or the older one of a removed clause."""
        found = self.change.after or self.change.before
        if not isinstance(found, Clause):
            raise TypeError
        return found

    @property
    def is_changed(self) -> bool:
        """Whether anything differs."""
        return Mark.UNCHANGED not in self.change.marks

    @property
    def is_because_of_comments(self) -> bool:
        """Whether a response caused it."""
        return any(cause.response_id for cause in self.causes)


@dataclass(frozen=True)
class ComparisonPage:
    """Two drafts side by side."""

    before: Version
    after: Version
    versions: Sequence[Version]
    clauses: Sequence[ChangedClause]


#: Marks in the order in which people read them.
_ORDER = (Mark.NEW, Mark.REMOVED, Mark.EDITED, Mark.MOVED, Mark.RENUMBERED)


def draft_page(
    session: Session, consultation: Consultation, number: int | None = None
) -> DraftPage:
    """Return a published draft, the newest by default.

    Raises
    ------
    NotFoundError
        ``draft.unknown``.
    """
    drafts = _published(session, consultation)
    chosen = _chosen(drafts, number if number is not None else max(drafts, default=0))
    before = drafts.get(chosen.number - 1)
    changes = compare(before.clauses, chosen.clauses).changes if before else ()
    marks = {change.key: _names(change) for change in changes if Mark.UNCHANGED not in change.marks}
    return DraftPage(
        version=_version(chosen),
        versions=[_version(draft) for draft in drafts.values()],
        clauses=chosen.clauses,
        comment_counts=_comment_counts(session, consultation),
        marks=marks,
        causes=_causes(session, chosen) if before else {},
    )


def comparison_page(
    session: Session, consultation: Consultation, before: int, after: int
) -> ComparisonPage:
    """Return two published drafts compared clause by clause, then word by word.

    Raises
    ------
    NotFoundError
        ``draft.unknown``.
    """
    drafts = _published(session, consultation)
    old, new = _chosen(drafts, before), _chosen(drafts, after)
    causes = _causes(session, new)
    return ComparisonPage(
        before=_version(old),
        after=_version(new),
        versions=[_version(draft) for draft in drafts.values()],
        clauses=[
            _changed(change, causes.get(change.key, ()))
            for change in compare(old.clauses, new.clauses).changes
        ],
    )


def _published(session: Session, consultation: Consultation) -> dict[int, Draft]:
    found = session.scalars(
        select(Draft)
        .where(Draft.consultation_id == consultation.id, Draft.state == DraftState.PUBLISHED)
        .options(selectinload(Draft.clauses))
        .order_by(Draft.number)
    )
    return {draft.number: draft for draft in found}


def _chosen(drafts: Mapping[int, Draft], number: int) -> Draft:
    if number not in drafts:
        raise NotFoundError("draft.unknown")
    return drafts[number]


def _version(draft: Draft) -> Version:
    return Version(draft.number, draft.published_at, draft.note_th, draft.note_en)


def _names(change: Change) -> list[str]:
    return [mark.value for mark in _ORDER if mark in change.marks]


def _comment_counts(session: Session, consultation: Consultation) -> dict[str, int]:
    rows = session.execute(
        select(Comment.clause_key, func.count(Comment.id))
        .where(
            Comment.consultation_id == consultation.id,
            Comment.visibility == Visibility.PUBLISHED,
        )
        .group_by(Comment.clause_key)
    )
    return Counter({str(key): int(count) for key, count in rows})


def _causes(session: Session, draft: Draft) -> dict[str, list[Cause]]:
    rows = session.execute(
        select(ChangeCause, OfficialResponse)
        .outerjoin(OfficialResponse, OfficialResponse.id == ChangeCause.response_id)
        .where(ChangeCause.draft_id == draft.id)
        .order_by(ChangeCause.id)
    )
    causes: defaultdict[str, list[Cause]] = defaultdict(list)
    for cause, response in rows:
        if response is not None and response.state is not ResponseState.PUBLISHED:
            continue
        causes[cause.clause_key].append(
            Cause(
                response_id=response.id if response else None,
                disposition=response.disposition.value if response else "",
                reason_th=response.reason_th if response else "",
                reason_en=response.reason_en if response else "",
                note_th=cause.note_th,
                note_en=cause.note_en,
            )
        )
    return causes


def _changed(change: Change, causes: Sequence[Cause]) -> ChangedClause:
    before, after = change.before, change.after
    return ChangedClause(
        change=change,
        marks=_names(change),
        heading=difference(before.heading if before else "", after.heading if after else ""),
        body=difference(before.body if before else "", after.body if after else ""),
        causes=causes,
    )
