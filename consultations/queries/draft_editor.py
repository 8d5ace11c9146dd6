"""Reads: a draft as it is being written, and which of its changes still need a reason."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from consultations import policy
from consultations.comparison import Mark, compare, needing_a_reason
from consultations.models import (
    ChangeCause,
    Clause,
    Consultation,
    Draft,
    DraftState,
    OfficialResponse,
)
from core.actor import Actor
from core.errors import NotFoundError


@dataclass(frozen=True)
class EditorPage:
    """A draft of the agency, clause by clause."""

    draft: Draft
    is_working: bool
    #: What happened to each changed clause since the published draft before; empty for the first.
    marks: Mapping[str, Sequence[str]]
    removed: Sequence[Clause]
    #: Keys of changed clauses that must name a reason, and of those that do.
    to_explain: frozenset[str]
    explained: Mapping[str, Sequence[ChangeCause]]

    @property
    def unexplained(self) -> frozenset[str]:
        """Keys of changed clauses without a reason."""
        return self.to_explain - self.explained.keys()


def editor_page(
    session: Session, actor: Actor, consultation: Consultation, number: int
) -> EditorPage:
    """Return a draft for the agency that writes it. Four queries.

    Raises
    ------
    NotAllowedError
        ``consultation.other_agency``.
    NotFoundError
        ``draft.unknown``.
    """
    policy.require_agency_staff(actor, consultation)
    drafts = {
        draft.number: draft
        for draft in session.scalars(
            select(Draft)
            .where(Draft.consultation_id == consultation.id)
            .options(selectinload(Draft.clauses))
        )
    }
    if number not in drafts:
        raise NotFoundError("draft.unknown")
    draft, before = drafts[number], drafts.get(number - 1)
    old = before.clauses if before else []
    changes = compare(old, draft.clauses).changes if before else ()
    causes: defaultdict[str, list[ChangeCause]] = defaultdict(list)
    for cause in session.scalars(select(ChangeCause).where(ChangeCause.draft_id == draft.id)):
        causes[cause.clause_key].append(cause)
    return EditorPage(
        draft=draft,
        is_working=draft.state is DraftState.WORKING,
        marks={
            change.key: sorted(mark.value for mark in change.marks)
            for change in changes
            if Mark.UNCHANGED not in change.marks
        },
        removed=[
            change.before
            for change in changes
            if change.after is None and isinstance(change.before, Clause)
        ],
        to_explain=frozenset(needing_a_reason(old, draft.clauses)) if before else frozenset(),
        explained=causes,
    )


def responses_to_cite(session: Session, consultation: Consultation) -> Sequence[OfficialResponse]:
    """Return the consultation's responses, those about a clause first."""
    return session.scalars(
        select(OfficialResponse)
        .where(OfficialResponse.consultation_id == consultation.id)
        .order_by(OfficialResponse.clause_key.desc(), OfficialResponse.id)
    ).all()
