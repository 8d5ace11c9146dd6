"""Reads: every decision and appeal as rows of open data. No text, no reference, no author."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations.models import Consultation, Contribution
from core.clock import BANGKOK
from moderation.models import Appeal, Decision

#: Rows of one file; the newest.
MOST_ROWS: Final = 100_000


@dataclass(frozen=True)
class RegisterRow:
    """One decision, and what became of an appeal against it."""

    #: Day of the decision in Bangkok.
    day: str
    consultation: str
    #: comment, statement or reply.
    about: str
    kind: str
    rule: str
    rules_version: str
    before: str
    after: str
    #: Code of the moderator.
    moderator: str
    #: Hours from when it began to wait, rounded up; empty when nothing had waited.
    hours: str
    #: open, overdue, upheld, reversed, or empty when nobody appealed.
    appeal: str
    #: Days from the appeal to its answer, rounded up; empty before there is one.
    appeal_days: str


COLUMNS: Final = tuple(RegisterRow.__dataclass_fields__)


def rows(session: Session, at: datetime, code_of: Callable[[int], str]) -> list[RegisterRow]:
    """Return all decisions on what people wrote in public consultations, newest first; one query.

    Parameters
    ----------
    session : Session
    at : datetime
        Present moment, by which open appeals are overdue.
    code_of : callable
        Gives the code of a moderator's account.
    """
    found = session.execute(
        select(Decision, Contribution.kind, Consultation.slug, Appeal)
        .join(Contribution, Contribution.id == Decision.contribution_id)
        .join(Consultation, Consultation.id == Contribution.consultation_id)
        .outerjoin(Appeal, Appeal.decision_id == Decision.id)
        .order_by(Decision.id.desc())
        .limit(MOST_ROWS)
    )
    return [_row(row, at, code_of) for row in found]


def cells(row: RegisterRow) -> Sequence[str]:
    """Return a row's values in the order of ``COLUMNS``."""
    return [str(value) for value in asdict(row).values()]


def _row(row: Any, at: datetime, code_of: Callable[[int], str]) -> RegisterRow:
    decision, about, slug, appeal = row
    wait = decision.decided_at - decision.waiting_since if decision.waiting_since else None
    return RegisterRow(
        day=decision.decided_at.astimezone(BANGKOK).date().isoformat(),
        consultation=slug,
        about=about.value,
        kind=decision.kind.value,
        rule=decision.rule,
        rules_version=decision.rules_version,
        before=decision.visibility_before.value,
        after=decision.visibility_after.value,
        moderator=code_of(decision.decided_by_id),
        hours="" if wait is None else str(-int(-wait.total_seconds() // 3600)),
        appeal=_appeal_state(appeal, at),
        appeal_days=_appeal_days(appeal),
    )


def _appeal_state(appeal: Appeal | None, at: datetime) -> str:
    if appeal is None:
        return ""
    if appeal.outcome is not None:
        return appeal.outcome.value
    return "overdue" if at > appeal.due_at else "open"


def _appeal_days(appeal: Appeal | None) -> str:
    if appeal is None or appeal.decided_at is None:
        return ""
    return str(-int(-(appeal.decided_at - appeal.appealed_at).total_seconds() // 86400))
