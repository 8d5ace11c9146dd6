"""Reads: a draft as it is being written, and which of its changes still need a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from consultations import policy
from consultations.comparison import Change, Mark, compare, needing_a_reason
from consultations.models import (
    ChangeCause,
    Clause,
    Consultation,
    Draft,
    DraftState,
    OfficialResponse,
    Stage,
)
from consultations.outline_numbering import Kind
from consultations.queries.answers import Answered, answered_items
from consultations.queries.reading import marks_of
from core.actor import Actor, Role
from core.clock import now
from core.errors import ConflictError, NotFoundError


@dataclass(frozen=True)
class EditorPage:
    """A draft of the agency, clause by clause."""

    draft: Draft
    #: Whether this actor can write it now, publish it now, or begin the one after it now.
    may_write: bool
    may_publish: bool
    may_open_next: bool
    #: What happened to each changed clause since the published draft before; empty for the first.
    marks: Mapping[str, Sequence[str]]
    removed: Sequence[Clause]
    #: Keys of changed clauses that must name a reason, and of those that do.
    to_explain: frozenset[str]
    explained: frozenset[str]

    @property
    def is_working(self) -> bool:
        """Whether the draft can still change."""
        return self.draft.state is DraftState.WORKING

    @property
    def unexplained(self) -> frozenset[str]:
        """Keys of changed clauses without a reason."""
        return self.to_explain - self.explained


@dataclass(frozen=True)
class ClauseInHand:
    """One clause of a working draft, with its neighbours in reading order."""

    draft_id: int
    clause: Clause
    before: Clause | None
    after: Clause | None


@dataclass(frozen=True)
class ChangeInHand:
    """One clause that changed, in both forms, and the reasons given so far."""

    draft_id: int
    change: Change
    marks: Sequence[str]
    causes: Sequence[ChangeCause]

    @property
    def clause(self) -> Clause:
        """The newer form, or the older one of a removed clause."""
        found = self.change.after or self.change.before
        if not isinstance(found, Clause):
            raise TypeError
        return found


def editor_page(
    session: Session, actor: Actor, consultation: Consultation, number: int
) -> EditorPage:
    """Return a draft for the agency that writes it. Five queries.

    Raises
    ------
    NotAllowedError
        ``consultation.other_agency``.
    NotFoundError
        ``draft.unknown``.
    """
    policy.require_agency_staff(actor, consultation)
    draft, before = _with_predecessor(session, consultation, number)
    changes = compare(before.clauses, draft.clauses).changes if before else ()
    is_working = draft.state is DraftState.WORKING
    stage = policy.current_stage(consultation, now())
    is_officer = actor.serves(consultation.agency_id, Role.OFFICER)
    is_newest = not _has_later(session, draft)
    return EditorPage(
        draft=draft,
        may_write=is_working and is_officer and stage in policy.DRAFTING_STAGES,
        may_publish=is_working
        and before is not None
        and stage is Stage.ANSWERING
        and actor.serves(consultation.agency_id, Role.APPROVER)
        and actor.account_id not in draft.hands,
        may_open_next=is_newest and not is_working and is_officer and stage is Stage.ANSWERING,
        marks={
            change.key: marks_of(change) for change in changes if Mark.UNCHANGED not in change.marks
        },
        removed=[
            change.before
            for change in changes
            if change.after is None and isinstance(change.before, Clause)
        ],
        to_explain=frozenset(needing_a_reason(before.clauses, draft.clauses))
        if before
        else frozenset(),
        explained=frozenset(
            session.scalars(select(ChangeCause.clause_key).where(ChangeCause.draft_id == draft.id))
        ),
    )


def draft_id_at(session: Session, consultation: Consultation, number: int) -> int:
    """Return a draft by its number in the consultation; raise NotFoundError ``draft.unknown``."""
    found = session.scalar(
        select(Draft.id).where(Draft.consultation_id == consultation.id, Draft.number == number)
    )
    if found is None:
        raise NotFoundError("draft.unknown")
    return found


def clause_in_hand(
    session: Session, consultation: Consultation, number: int, key: str
) -> ClauseInHand:
    """Return a clause that is to be written or mended. Two queries.

    Raises
    ------
    NotFoundError
        ``draft.unknown``, ``clause.unknown``.
    ConflictError
        ``draft.published``.
    """
    draft = session.scalars(
        select(Draft)
        .where(Draft.consultation_id == consultation.id, Draft.number == number)
        .options(selectinload(Draft.clauses))
    ).first()
    if draft is None:
        raise NotFoundError("draft.unknown")
    if draft.state is DraftState.PUBLISHED:
        raise ConflictError("draft.published")
    row: list[Clause | None] = [None, *draft.clauses, None]
    for before, clause, after in zip(row, row[1:], row[2:], strict=False):
        if clause is not None and clause.key == key:
            return ClauseInHand(draft.id, clause, before, after)
    raise NotFoundError("clause.unknown")


def change_in_hand(
    session: Session, consultation: Consultation, number: int, key: str
) -> ChangeInHand:
    """Return a change that is to be explained. Three queries.

    Raises
    ------
    NotFoundError
        ``draft.unknown``, or ``clause.unknown`` when the clause does not differ.
    ConflictError
        ``draft.published``.
    """
    draft, before = _with_predecessor(session, consultation, number)
    if draft.state is DraftState.PUBLISHED:
        raise ConflictError("draft.published")
    changes = compare(before.clauses, draft.clauses).changes if before else ()
    change = next((found for found in changes if found.key == key), None)
    if change is None or Mark.UNCHANGED in change.marks:
        raise NotFoundError("clause.unknown")
    causes = session.scalars(
        select(ChangeCause)
        .where(ChangeCause.draft_id == draft.id, ChangeCause.clause_key == key)
        .order_by(ChangeCause.id)
    ).all()
    return ChangeInHand(draft.id, change, marks_of(change), causes)


def responses_to_cite(
    session: Session, consultation: Consultation, key: str
) -> list[tuple[OfficialResponse, Answered]]:
    """Return the consultation's responses, about this clause first, about none last.

    Each with what it answers. Five queries.
    """
    found = session.scalars(
        select(OfficialResponse)
        .where(OfficialResponse.consultation_id == consultation.id)
        .order_by(OfficialResponse.id)
    ).all()
    near = sorted(found, key=lambda each: (each.clause_key != key, not each.clause_key))
    answered = answered_items(session, near)
    return [(response, answered[response.id]) for response in near]


def _with_predecessor(
    session: Session, consultation: Consultation, number: int
) -> tuple[Draft, Draft | None]:
    found = {
        draft.number: draft
        for draft in session.scalars(
            select(Draft)
            .where(Draft.consultation_id == consultation.id, Draft.number.in_((number - 1, number)))
            .options(selectinload(Draft.clauses))
        )
    }
    if number not in found:
        raise NotFoundError("draft.unknown")
    return found[number], found.get(number - 1)


def _has_later(session: Session, draft: Draft) -> bool:
    later = select(Draft.id).where(
        Draft.consultation_id == draft.consultation_id, Draft.number > draft.number
    )
    return session.scalar(later.limit(1)) is not None


def working_questions(session: Session, consultation_id: int) -> Sequence[Clause]:
    """Return the open questions of the text that is being written, in order. One query."""
    return session.scalars(
        select(Clause)
        .join(Draft, Draft.id == Clause.draft_id)
        .where(
            Draft.consultation_id == consultation_id,
            Draft.state == DraftState.WORKING,
            Clause.kind == Kind.QUESTION.value,
        )
        .order_by(Clause.position)
    ).all()
