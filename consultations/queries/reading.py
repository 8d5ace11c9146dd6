"""Reads: a draft with its clauses, what changed between two drafts, and because of whom."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.comparison import Change, Mark, ProvisionView, compare
from consultations.models import (
    ChangeCause,
    Clause,
    Consultation,
    Draft,
    DraftState,
    OfficialResponse,
    ResponseState,
)
from consultations.queries.answers import Answered, answered_items
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
    #: What the response answers; None for an initiative.
    answered: Answered | None
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
    #: How many units hold each clause, by key: 0 at the top.
    depths: Mapping[str, int]
    #: Marks of the clauses that differ from the draft before, and why.
    marks: Mapping[str, Sequence[str]]
    causes: Mapping[str, Sequence[Cause]]


@dataclass(frozen=True)
class ChangedClause:
    """One clause in both drafts, what differs, and why."""

    change: Change
    marks: Sequence[str]
    causes: Sequence[Cause]

    @property
    def heading(self) -> Sequence[Piece]:
        """Word-level difference of the heading, made when it is asked for."""
        before, after = self.change.before, self.change.after
        return _pieces(before.heading if before else "", after.heading if after else "")

    @property
    def body(self) -> Sequence[Piece]:
        """Word-level difference of the body, made when it is asked for."""
        before, after = self.change.before, self.change.after
        return _pieces(before.body if before else "", after.body if after else "")

    @property
    def clause(self) -> ProvisionView:
        """The newer form, or the older one of a removed clause."""
        found = self.change.after or self.change.before
        if found is None:
            raise TypeError
        return found

    @property
    def is_changed(self) -> bool:
        """Whether anything differs."""
        return Mark.UNCHANGED not in self.change.marks

    @property
    def follows_from_others(self) -> bool:
        """Whether only its number differs, which no response has to cause."""
        return self.change.marks == {Mark.RENUMBERED}

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

    @property
    def response_ids(self) -> set[int]:
        """Numbers of the responses that caused changes."""
        causes = [cause for clause in self.clauses for cause in clause.causes]
        return {cause.response_id for cause in causes if cause.response_id is not None}


#: Marks in the order in which people read them.
_ORDER = (Mark.NEW, Mark.REMOVED, Mark.EDITED, Mark.MOVED, Mark.RENUMBERED)


def draft_page(
    session: Session, consultation: Consultation, number: int | None = None
) -> DraftPage:
    """Return a published draft, the newest by default. Three queries.

    What a response behind a change answers is left to the comparison.

    Raises
    ------
    NotFoundError
        ``draft.unknown``.
    """
    versions = _versions(session, consultation)
    chosen = _chosen(versions, number if number is not None else max(versions, default=0))
    clauses = _clauses(session, consultation, chosen.number, chosen.number - 1)
    before, after = clauses[chosen.number - 1], clauses[chosen.number]
    changes = compare(before, after).changes if before else ()
    return DraftPage(
        version=chosen,
        versions=[*versions.values()],
        clauses=after,
        depths=_depths(after),
        marks={
            change.key: marks_of(change) for change in changes if Mark.UNCHANGED not in change.marks
        },
        causes=_causes(session, consultation, [chosen.number], answers=False) if before else {},
    )


def comparison_page(
    session: Session, consultation: Consultation, before: int, after: int
) -> ComparisonPage:
    """Return two published drafts compared clause by clause, then word by word. Seven queries.

    Where drafts lie between the two, the reasons of all of them are given.

    Raises
    ------
    NotFoundError
        ``draft.unknown``, also when the first is not older than the second.
    """
    versions = _versions(session, consultation)
    old, new = _chosen(versions, before), _chosen(versions, after)
    if before >= after:
        raise NotFoundError("draft.unknown")
    clauses = _clauses(session, consultation, before, after)
    causes = _causes(session, consultation, range(before + 1, after + 1), answers=True)
    return ComparisonPage(
        before=old,
        after=new,
        versions=[*versions.values()],
        clauses=[
            ChangedClause(change, marks_of(change), causes.get(change.key, ()))
            for change in compare(clauses[before], clauses[after]).changes
        ],
    )


def published_clause(session: Session, consultation_id: int, number: int, key: str) -> Clause:
    """Return one clause of a published draft; NotFoundError ``clause.unknown``. One query."""
    clause = session.scalars(
        select(Clause)
        .join(Draft, Draft.id == Clause.draft_id)
        .where(
            Draft.consultation_id == consultation_id,
            Draft.state == DraftState.PUBLISHED,
            Draft.number == number,
            Clause.key == key,
        )
    ).first()
    if clause is None:
        raise NotFoundError("clause.unknown")
    return clause


def marks_of(change: Change) -> list[str]:
    """Return what happened to a clause, in the order in which people read it."""
    return [mark.value for mark in _ORDER if mark in change.marks]


def _versions(session: Session, consultation: Consultation) -> dict[int, Version]:
    rows = session.execute(
        select(Draft.number, Draft.published_at, Draft.note_th, Draft.note_en)
        .where(Draft.consultation_id == consultation.id, Draft.state == DraftState.PUBLISHED)
        .order_by(Draft.number)
    )
    return {row.number: Version(*row) for row in rows}


def _chosen(versions: Mapping[int, Version], number: int) -> Version:
    if number not in versions:
        raise NotFoundError("draft.unknown")
    return versions[number]


def _clauses(
    session: Session, consultation: Consultation, *numbers: int
) -> dict[int, list[Clause]]:
    """Return the clauses of published drafts, by the draft's number; none for an unknown one."""
    rows = session.execute(
        select(Draft.number, Clause)
        .join(Clause, Clause.draft_id == Draft.id)
        .where(
            Draft.consultation_id == consultation.id,
            Draft.state == DraftState.PUBLISHED,
            Draft.number.in_(numbers),
        )
        .order_by(Clause.position)
    )
    found: dict[int, list[Clause]] = {number: [] for number in numbers}
    for number, clause in rows:
        found[number].append(clause)
    return found


def _depths(clauses: Sequence[Clause]) -> dict[str, int]:
    depths: dict[str | None, int] = {None: -1}
    for clause in clauses:
        depths[clause.key] = depths.get(clause.parent_key, -1) + 1
    return {clause.key: depths[clause.key] for clause in clauses}


def _causes(
    session: Session, consultation: Consultation, numbers: Collection[int], *, answers: bool
) -> dict[str, list[Cause]]:
    """Return why clauses changed in published drafts, by key; the newest draft's reasons first.

    Parameters
    ----------
    answers : bool
        Whether to read what the responses answer.
    """
    rows = session.execute(
        select(ChangeCause, OfficialResponse)
        .join(Draft, Draft.id == ChangeCause.draft_id)
        .outerjoin(OfficialResponse, OfficialResponse.id == ChangeCause.response_id)
        .where(
            Draft.consultation_id == consultation.id,
            Draft.state == DraftState.PUBLISHED,
            Draft.number.in_(numbers),
        )
        .order_by(Draft.number.desc(), ChangeCause.id)
    ).all()
    responses = {response for _cause, response in rows if response is not None}
    answered = answered_items(session, responses) if answers else {}
    causes: defaultdict[str, list[Cause]] = defaultdict(list)
    for cause, response in rows:
        if response is not None and response.state is not ResponseState.PUBLISHED:
            continue
        causes[cause.clause_key].append(
            Cause(
                response_id=response.id if response else None,
                answered=answered.get(response.id) if response else None,
                disposition=response.disposition.value if response else "",
                reason_th=response.reason_th if response else "",
                reason_en=response.reason_en if response else "",
                note_th=cause.note_th,
                note_en=cause.note_en,
            )
        )
    return causes


def _pieces(before: str, after: str) -> Sequence[Piece]:
    if before == after:
        return [Piece("same", after)] if after else []
    return difference(before, after)
