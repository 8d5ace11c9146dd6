"""Reads: what comes in while a consultation is open, for the agency that holds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from consultations.models import (
    AnalysisRun,
    Clause,
    Comment,
    Consultation,
    Contribution,
    Draft,
    DraftState,
    Origin,
    Participant,
    Tier,
    Visibility,
)
from consultations.queries import catalogue, results
from consultations.queries.catalogue import Counts
from consultations.queries.results import CampaignRow
from core.clock import BANGKOK
from core.database import is_sqlite

#: Days that are drawn, the newest at the end.
DAYS: Final = 42
#: Steps of the heat map, from none to the most.
LEVELS: Final = 4


@dataclass(frozen=True)
class Day:
    """What came in on one day in Bangkok."""

    day: date
    people: int
    contributions: int


@dataclass(frozen=True)
class ClauseHeat:
    """Published comments on one clause; level 0 is none, ``LEVELS`` the most."""

    key: str
    kind: str
    number: str
    heading: str
    comments: int
    support: int
    oppose: int
    level: int


@dataclass(frozen=True)
class Monitor:
    """Everything that the page shows, moderation aside."""

    counts: Counts
    days: Sequence[Day]
    clauses: Sequence[ClauseHeat]
    #: People by how well it is known that they are one person; every tier is named.
    tiers: dict[Tier, int]
    #: The newest run, whatever became of it, and the campaigns that the newest finished one found.
    run: AnalysisRun | None
    campaigns: Sequence[CampaignRow]

    @property
    def silent(self) -> Sequence[ClauseHeat]:
        """Clauses that nobody has commented on."""
        return [clause for clause in self.clauses if not clause.comments]


def monitor(session: Session, consultation: Consultation, at: datetime) -> Monitor:
    """Return what came in so far; at most 12 queries, whatever there is."""
    identity = consultation.id
    shown = results.latest_picture(session, identity)
    return Monitor(
        counts=catalogue.counts_of(session, [identity])[identity],
        days=_days(session, consultation, at),
        clauses=_clauses(session, identity),
        tiers=_tiers(session, identity),
        run=results.latest_run(session, identity),
        campaigns=shown.campaigns if shown else (),
    )


def _days(session: Session, consultation: Consultation, at: datetime) -> list[Day]:
    opens_at, closes_at = consultation.opens_at, consultation.closes_at
    if opens_at is None or opens_at > at:
        return []
    last = min(at, closes_at or at).astimezone(BANGKOK).date()
    first = max(opens_at.astimezone(BANGKOK).date(), last - timedelta(days=DAYS - 1))
    people = _by_day(
        session,
        select(Participant.joined_on, func.count())
        .where(Participant.consultation_id == consultation.id, Participant.joined_on >= first)
        .group_by(Participant.joined_on),
    )
    day = _day_of(session, Contribution.created_at)
    written = _by_day(
        session,
        select(day, func.count())
        .where(
            Contribution.consultation_id == consultation.id,
            Contribution.origin != Origin.AGENCY,
            Contribution.visibility == Visibility.PUBLISHED,
            Contribution.created_at >= datetime.combine(first, datetime.min.time(), BANGKOK),
        )
        .group_by(day),
    )
    span = ((last - first).days + 1) if last >= first else 0
    return [
        Day(each, people.get(each, 0), written.get(each, 0))
        for each in (first + timedelta(days=n) for n in range(span))
    ]


def _day_of(session: Session, moment: Any) -> ColumnElement[Any]:
    """Day in Bangkok of a moment that is kept in UTC."""
    # Literals, because PostgreSQL does not see that two parameters of one query are equal.
    if is_sqlite(session):
        return func.date(moment, literal_column("'+7 hours'"))
    return func.date(func.timezone(literal_column("'Asia/Bangkok'"), moment))


def _by_day(session: Session, counting: Any) -> dict[date, int]:
    rows = session.execute(counting)
    return {
        date.fromisoformat(row[0]) if isinstance(row[0], str) else row[0]: row[1] for row in rows
    }


def _clauses(session: Session, consultation_id: int) -> list[ClauseHeat]:
    newest = (
        select(func.max(Draft.number))
        .where(Draft.consultation_id == consultation_id, Draft.state == DraftState.PUBLISHED)
        .scalar_subquery()
    )
    clauses = session.execute(
        select(Clause.key, Clause.kind, Clause.number, Clause.heading)
        .join(Draft, Draft.id == Clause.draft_id)
        .where(Draft.consultation_id == consultation_id, Draft.number == newest, Clause.body != "")
        .order_by(Clause.position)
    ).all()
    rows = session.execute(
        select(Comment.clause_key, Comment.stance, func.count())
        .where(
            Comment.consultation_id == consultation_id, Comment.visibility == Visibility.PUBLISHED
        )
        .group_by(Comment.clause_key, Comment.stance)
    )
    stances: dict[str, dict[str, int]] = {}
    for key, stance, count in rows:
        stances.setdefault(key, {})[stance.value if stance else ""] = count
    totals = {key: sum(found.values()) for key, found in stances.items()}
    most = max((totals.get(clause.key, 0) for clause in clauses), default=0)
    return [
        ClauseHeat(
            clause.key,
            clause.kind,
            clause.number,
            clause.heading,
            comments=totals.get(clause.key, 0),
            support=stances.get(clause.key, {}).get("support", 0),
            oppose=stances.get(clause.key, {}).get("oppose", 0),
            level=-(-totals.get(clause.key, 0) * LEVELS // most) if most else 0,
        )
        for clause in clauses
    ]


def _tiers(session: Session, consultation_id: int) -> dict[Tier, int]:
    rows = session.execute(
        select(Participant.tier, func.count())
        .where(Participant.consultation_id == consultation_id)
        .group_by(Participant.tier)
    )
    found = {row[0]: row[1] for row in rows}
    return {tier: found.get(tier, 0) for tier in Tier if tier is not Tier.IMPORTED or tier in found}
