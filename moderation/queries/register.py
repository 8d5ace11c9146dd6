"""Reads: the public register of moderation. Counts only: no text, no reference, no person."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations.models import Contribution, Visibility
from core.clock import BANGKOK
from moderation.models import Appeal, AppealOutcome, Decision, DecisionKind, Flag
from moderation.reasons import RULES

#: Calendar months that the register covers, the present one included.
MONTHS = 12
_TAKEN_AWAY = frozenset({Visibility.HELD, Visibility.HIDDEN})


@dataclass(frozen=True)
class Figures:
    """Decisions of one month, or of all months together."""

    published: int
    held: int
    hidden: int
    #: Decisions that covered words.
    covered: int
    #: Published decisions that undid a hold or a hiding.
    reversed: int
    #: From when a contribution began to wait until the decision; None when nothing had waited.
    median_wait: timedelta | None


@dataclass(frozen=True)
class RuleFigures:
    """How often a rule was the reason to hold, hide or cover, by month."""

    rule: str
    #: In the order of ``Register.months``.
    counts: tuple[int, ...]
    total: int


@dataclass(frozen=True)
class Register:
    """What the public can see of moderation."""

    #: First days of the months with decisions, oldest first.
    months: tuple[date, ...]
    by_month: tuple[Figures, ...]
    by_rule: tuple[RuleFigures, ...]
    total: Figures
    #: Contributions that wait for a moderator now: new ones, held ones, and those with open flags.
    waiting: int
    appeals: "AppealFigures"


@dataclass(frozen=True)
class AppealFigures:
    """Appeals of the months that the register covers."""

    made: int
    upheld: int
    reversed: int
    open: int
    #: Open ones that should have been answered by now.
    overdue: int


@dataclass(frozen=True)
class _Deed:
    month: date
    kind: DecisionKind
    rule: str
    before: Visibility
    wait: timedelta | None


def load(session: Session, at: datetime) -> Register:
    """Return the figures of the last months, in three queries.

    Parameters
    ----------
    session : Session
    at : datetime
        Present moment. Months are those of the calendar in Bangkok.
    """
    rows = session.execute(
        select(
            Decision.kind,
            Decision.rule,
            Decision.visibility_before,
            Decision.waiting_since,
            Decision.decided_at,
        ).where(Decision.decided_at >= first_month(at))
    )
    deeds = [_deed(row) for row in rows]
    months = tuple(sorted({deed.month for deed in deeds}))
    broken = Counter((deed.rule, deed.month) for deed in deeds)
    return Register(
        months=months,
        by_month=tuple(
            _figures([deed for deed in deeds if deed.month == month]) for month in months
        ),
        by_rule=tuple(_rule_figures(rule.code, months, broken) for rule in RULES),
        total=_figures(deeds),
        waiting=_waiting(session),
        appeals=_appeals(session, at),
    )


def first_month(at: datetime) -> datetime:
    """Return when the first month that the register covers began."""
    local = at.astimezone(BANGKOK)
    months = local.year * 12 + local.month - MONTHS
    year, month = divmod(months, 12)
    return datetime(year, month + 1, 1, tzinfo=BANGKOK)


def _deed(row: Any) -> _Deed:
    wait = None if row.waiting_since is None else row.decided_at - row.waiting_since
    month = row.decided_at.astimezone(BANGKOK).date().replace(day=1)
    return _Deed(month, row.kind, row.rule, row.visibility_before, wait)


def _figures(deeds: Sequence[_Deed]) -> Figures:
    kinds = Counter(deed.kind for deed in deeds)
    waits = [deed.wait.total_seconds() for deed in deeds if deed.wait is not None]
    return Figures(
        published=kinds[DecisionKind.PUBLISH],
        held=kinds[DecisionKind.HOLD],
        hidden=kinds[DecisionKind.HIDE],
        covered=kinds[DecisionKind.COVER],
        reversed=sum(
            deed.kind is DecisionKind.PUBLISH and deed.before in _TAKEN_AWAY for deed in deeds
        ),
        median_wait=timedelta(seconds=median(waits)) if waits else None,
    )


def _rule_figures(
    rule: str, months: tuple[date, ...], broken: Counter[tuple[str, date]]
) -> RuleFigures:
    counts = tuple(broken[rule, month] for month in months)
    return RuleFigures(rule, counts, sum(counts))


def _appeals(session: Session, at: datetime) -> AppealFigures:
    rows = session.execute(
        select(Appeal.outcome, Appeal.due_at).where(Appeal.appealed_at >= first_month(at))
    ).all()
    outcomes = Counter(outcome for outcome, _due in rows)
    return AppealFigures(
        made=len(rows),
        upheld=outcomes[AppealOutcome.UPHELD],
        reversed=outcomes[AppealOutcome.REVERSED],
        open=outcomes[None],
        overdue=sum(outcome is None and at > due for outcome, due in rows),
    )


def _waiting(session: Session) -> int:
    flagged = select(Flag.contribution_id).where(Flag.settled_at.is_(None))
    waits = Contribution.visibility.in_((Visibility.PENDING, Visibility.HELD)) | (
        (Contribution.visibility == Visibility.PUBLISHED) & Contribution.id.in_(flagged)
    )
    return session.scalar(select(func.count(Contribution.id)).where(waits)) or 0
