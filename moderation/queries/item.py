"""Reads: everything that a moderator needs to decide on one contribution."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations.models import (
    Clause,
    Comment,
    Contribution,
    ContributionRevision,
    Draft,
    DraftState,
    Statement,
    Visibility,
)
from core.actor import Actor
from core.errors import NotAllowedError, NotFoundError
from core.text import matching_key
from moderation import cases
from moderation.models import Decision, DecisionKind, Flag
from moderation.queries.queue import Entry, as_entry, select_entries

#: Newest contributions of a consultation among which equal texts are looked for.
EQUAL_AMONG = 5000
#: Equal texts that are listed; the others are counted.
EQUAL_SHOWN = 10


@dataclass(frozen=True)
class PastDecision:
    """A decision without the moderator who took it."""

    kind: DecisionKind
    rule: str
    reason: str
    visibility_before: Visibility
    visibility_after: Visibility
    decided_at: datetime
    #: Revision of the contribution that was decided on.
    seen_revision: int = 0


@dataclass(frozen=True)
class PastFlag:
    """A flag without the participant who set it."""

    rule: str
    note: str
    flagged_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True)
class Equal:
    """Another contribution with the same words."""

    reference: str
    body: str
    language: str
    visibility: Visibility
    #: Whether the same participant wrote it. The same opinion of different people is no duplicate.
    same_author: bool


@dataclass(frozen=True)
class Item:
    """One contribution with its context, its history and what can be done."""

    entry: Entry
    #: The clause that a comment's author had before them, or that a statement is about now.
    clause: Clause | None
    #: Words that the author has replaced since, oldest first.
    earlier: Sequence[ContributionRevision]
    #: Oldest first.
    decisions: Sequence[PastDecision]
    flags: Sequence[PastFlag]
    equals: Sequence[Equal]
    #: Contributions with the same words, those that are not listed included.
    equal_count: int
    possible_kinds: tuple[DecisionKind, ...]
    #: Code of why this moderator must leave it to someone else; empty if they need not.
    objection: str

    def changes_since(
        self, revision: int
    ) -> tuple[Sequence[PastDecision], Sequence[ContributionRevision]]:
        """Return what happened to it since a revision: decisions, and words that were replaced."""
        decisions = [each for each in self.decisions if each.seen_revision >= revision]
        return decisions, [each for each in self.earlier if each.revision >= revision]


def load(session: Session, actor: Actor, reference: str) -> Item:
    """Return a contribution for a decision; the number of queries does not grow with data.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``.
    NotAllowedError
        ``decision.moderators_only`` or ``decision.own_agency``. What a moderator wrote or flagged
        themselves is shown to them, with an objection.
    """
    row = session.execute(select_entries(reference)).first()
    if row is None:
        raise NotFoundError("contribution.unknown")
    entry = as_entry(row)
    contribution = entry.contribution
    objection = cases.objection(session, actor, contribution, entry.consultation)
    if objection in {"decision.moderators_only", "decision.own_agency"}:
        raise NotAllowedError(objection)
    equals = _equals(session, contribution)
    return Item(
        entry=entry,
        clause=_clause(session, contribution),
        earlier=_earlier(session, contribution.id),
        decisions=_decisions(session, contribution.id),
        flags=_flags(session, contribution.id),
        equals=equals[:EQUAL_SHOWN],
        equal_count=len(equals),
        possible_kinds=cases.possible_kinds(
            contribution.visibility, is_flagged=entry.flag_count > 0
        ),
        objection=objection,
    )


def _clause(session: Session, contribution: Comment | Statement) -> Clause | None:
    if not contribution.clause_key:
        return None
    wanted = select(Clause).join(Draft).where(Clause.key == contribution.clause_key)
    if isinstance(contribution, Statement):
        wanted = wanted.where(
            Draft.consultation_id == contribution.consultation_id,
            Draft.state == DraftState.PUBLISHED,
        )
    else:
        wanted = wanted.where(Draft.id == contribution.draft_id)
    return session.scalars(wanted.order_by(Draft.number.desc()).limit(1)).first()


def _earlier(session: Session, contribution_id: int) -> Sequence[ContributionRevision]:
    return session.scalars(
        select(ContributionRevision)
        .where(ContributionRevision.contribution_id == contribution_id)
        .order_by(ContributionRevision.revision)
    ).all()


def _decisions(session: Session, contribution_id: int) -> list[PastDecision]:
    rows = session.execute(
        select(
            Decision.kind,
            Decision.rule,
            Decision.reason,
            Decision.visibility_before,
            Decision.visibility_after,
            Decision.decided_at,
            Decision.seen_revision,
        )
        .where(Decision.contribution_id == contribution_id)
        .order_by(Decision.id)
    )
    return [PastDecision(*row) for row in rows]


def _flags(session: Session, contribution_id: int) -> list[PastFlag]:
    rows = session.execute(
        select(Flag.rule, Flag.note, Flag.flagged_at, Flag.settled_at)
        .where(Flag.contribution_id == contribution_id)
        .order_by(Flag.id)
    )
    return [PastFlag(*row) for row in rows]


def _equals(session: Session, contribution: Contribution) -> list[Equal]:
    """Return contributions of the same consultation whose words match, newest first."""
    length = len(contribution.body)
    rows = session.execute(
        select(
            Contribution.reference,
            Contribution.body,
            Contribution.language,
            Contribution.visibility,
            Contribution.participant_id,
        )
        .where(
            Contribution.consultation_id == contribution.consultation_id,
            Contribution.id != contribution.id,
            # What the key ignores does not double a text's length.
            func.length(Contribution.body).between(length // 2, 2 * length + 20),
        )
        .order_by(Contribution.id.desc())
        .limit(EQUAL_AMONG)
    )
    key = matching_key(contribution.body)
    author = contribution.participant_id
    return [
        Equal(
            reference=row.reference,
            body=row.body,
            language=row.language,
            visibility=row.visibility,
            same_author=author is not None and row.participant_id == author,
        )
        for row in rows
        if matching_key(row.body) == key
    ]
