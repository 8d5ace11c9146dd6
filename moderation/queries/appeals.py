"""Reads: appeals for those who answer them, and for the authors who may make one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from consultations.models import Consultation, Contribution, SealedWords
from core.actor import Actor
from core.errors import NotAllowedError, NotFoundError
from moderation import appeals, covers
from moderation.covers import Original
from moderation.models import RESTRICTING, Appeal, Decision

#: Appeals on the page of those that wait, and of those that were answered last.
SHOWN = 100


@dataclass(frozen=True)
class Case:
    """An appeal with what it is about. Nothing tells who wrote it, or who took the decision."""

    appeal: Appeal
    decision: Decision
    contribution: Contribution
    consultation: Consultation

    def is_overdue(self, at: datetime) -> bool:
        """Whether it should have been answered by now."""
        return self.appeal.decided_at is None and at > self.appeal.due_at


@dataclass(frozen=True)
class Hearing:
    """One case for a senior moderator."""

    case: Case
    #: The author's words with nothing covered.
    original: Original
    #: Code of why this moderator must leave it to someone else; empty if they need not.
    objection: str


@dataclass(frozen=True)
class Redress:
    """What an author can still do, or has done, against the decision that stands."""

    #: Until when an appeal is possible; None when it is not.
    until: datetime | None
    made: Appeal | None


def waiting(session: Session, actor: Actor) -> list[Case]:
    """Return the open appeals, the one that is due first in front; one query."""
    found = _cases(actor).where(Appeal.decided_at.is_(None)).order_by(Appeal.due_at, Appeal.id)
    return [Case(*row) for row in session.execute(found.limit(SHOWN))]


def answered(session: Session, actor: Actor) -> list[Case]:
    """Return the appeals that were answered last, the newest answer in front; one query."""
    found = _cases(actor).where(Appeal.decided_at.is_not(None))
    ordered = found.order_by(Appeal.decided_at.desc(), Appeal.id.desc())
    return [Case(*row) for row in session.execute(ordered.limit(SHOWN))]


def waiting_count(session: Session, actor: Actor) -> int:
    """Return how many appeals are open for a moderator; one query."""
    open_ones = _cases(actor).where(Appeal.decided_at.is_(None)).subquery()
    return session.scalar(select(func.count()).select_from(open_ones)) or 0


def hearing(session: Session, actor: Actor, appeal_id: int) -> Hearing:
    """Return one case.

    Raises
    ------
    NotFoundError
        ``appeal.unknown``.
    NotAllowedError
        ``decision.moderators_only`` or ``decision.own_agency``.
    """
    row = session.execute(_cases(Actor()).where(Appeal.id == appeal_id)).first()
    if row is None:
        raise NotFoundError("appeal.unknown")
    case = Case(*row)
    objection = appeals.objection(
        session, actor, case.contribution, case.consultation, case.decision
    )
    if objection in {"decision.moderators_only", "decision.own_agency"}:
        raise NotAllowedError(objection)
    original = covers.original_of(session, actor.keyring, case.contribution)
    return Hearing(case, original, objection)


def redress(
    session: Session, contributions: Sequence[Contribution], at: datetime
) -> dict[int, Redress]:
    """Return what authors can do about some contributions, by number; three queries.

    Those against which nothing stands, and nothing was appealed, are left out.
    """
    numbers = [each.id for each in contributions]
    decisions: dict[int, list[Decision]] = {}
    for decision in session.scalars(
        select(Decision)
        .where(Decision.contribution_id.in_(numbers), Decision.kind.in_(RESTRICTING))
        .order_by(Decision.id.desc())
    ):
        decisions.setdefault(decision.contribution_id, []).append(decision)
    if not decisions:
        return {}
    made = {
        each.decision_id: each
        for each in session.scalars(select(Appeal).where(Appeal.contribution_id.in_(numbers)))
    }
    sealed = {
        row.contribution_id: row
        for row in session.scalars(
            select(SealedWords).where(SealedWords.contribution_id.in_(numbers))
        )
    }
    found: dict[int, Redress] = {}
    for each in contributions:
        own = decisions.get(each.id, [])
        standing = appeals.standing_among(each.visibility, own, sealed.get(each.id))
        last = next((made[decision.id] for decision in own if decision.id in made), None)
        if standing is not None and standing.id not in made:
            until = appeals.last_moment(standing)
            found[each.id] = Redress(until if at <= until else None, last)
        elif last is not None:
            found[each.id] = Redress(None, last)
    return found


def _cases(actor: Actor) -> Select[Appeal, Decision, Contribution, Consultation]:
    statement = (
        select(Appeal, Decision, Contribution, Consultation)
        .join(Decision, Decision.id == Appeal.decision_id)
        .join(Contribution, Contribution.id == Appeal.contribution_id)
        .join(Consultation, Consultation.id == Contribution.consultation_id)
    )
    if actor.agency_id is None:
        return statement
    return statement.where(Consultation.agency_id != actor.agency_id)
