"""Reads: rows that the scorecard counts, for several consultations at once."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session, aliased, undefer

from consultations.models import (
    SETTLED,
    AnalysisRun,
    Commitment,
    CommitmentProgress,
    Finding,
    OfficialResponse,
    ResponseState,
    RunState,
    Section,
    Summary,
    SummaryState,
)
from consultations.queries.answer_duty import answered_counts
from consultations.scorecard import EVENTS, Principle, Share
from core.ledger import LedgerEntry

#: Few enough in a consultation to be read one by one.
_READ = (
    "consultation.approve",
    "consultation.open",
    "consultation.extend",
    "consultation.close",
    "contribution.decided",
    "response.published",
    "draft.published",
    "commitment.promised",
    "analysis.requested",
    "analysis.done",
    "analysis.failed",
)
_ARRIVED = EVENTS[Principle.RESPONSIVENESS][:-1]


@dataclass(frozen=True)
class Deed:
    """A ledger entry as the scorecard reads it."""

    action: str
    roles: Collection[str]
    detail: Mapping[str, Any]
    at: datetime


def pairs(
    session: Session,
    number: Any,
    holds: ColumnElement[bool],
    *which: ColumnElement[bool],
) -> dict[int, Share]:
    """Count rows of each consultation, and those of them for which something holds. One query."""
    rows = session.execute(
        select(number, func.sum(case((holds, 1), else_=0)), func.count())
        .where(*which)
        .group_by(number)
    )
    return {row[0]: Share(int(row[1]), int(row[2])) for row in rows}


def responses(session: Session, numbers: Sequence[int]) -> dict[int, list[OfficialResponse]]:
    """Return the published responses of each consultation. One query."""
    found: dict[int, list[OfficialResponse]] = defaultdict(list)
    for response in session.scalars(
        select(OfficialResponse).where(
            OfficialResponse.consultation_id.in_(numbers),
            OfficialResponse.state == ResponseState.PUBLISHED,
        )
    ):
        found[response.consultation_id].append(response)
    return found


def items(session: Session, numbers: Sequence[int]) -> dict[int, Share]:
    """Count the items that must be answered, and those that are. One query."""
    counts = answered_counts(session, numbers)
    return {number: Share(done, total) for number, (done, total) in counts.items()}


def findings(session: Session, numbers: Sequence[int]) -> dict[int, Share]:
    """Count what a summary says of agreement, and what of it is shared by all. One query."""
    rows = session.execute(
        select(Summary.consultation_id, Finding.section, func.count())
        .join(Finding, Finding.summary_id == Summary.id)
        .where(
            Summary.id.in_(_newest_summaries(numbers)),
            Finding.section.in_((Section.COMMON_GROUND, Section.DIFFERENCES)),
            Finding.left_out_reason.is_(None),
        )
        .group_by(Summary.consultation_id, Finding.section)
    )
    found: dict[int, Share] = {}
    for number, section, count in rows:
        shared = count if section is Section.COMMON_GROUND else 0
        found[number] = found.get(number, Share()) + Share(shared, count)
    return found


def commitments(
    session: Session, numbers: Sequence[int]
) -> dict[int, list[tuple[Commitment, datetime | None]]]:
    """Return public commitments with the moment at which they were done or given up, if so."""
    settled = (
        select(func.min(CommitmentProgress.reported_at))
        .where(
            CommitmentProgress.commitment_id == Commitment.id,
            CommitmentProgress.state.in_(SETTLED),
        )
        .correlate(Commitment)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Commitment, settled).where(
            Commitment.consultation_id.in_(numbers), Commitment.promised_at.is_not(None)
        )
    )
    found: dict[int, list[tuple[Commitment, datetime | None]]] = defaultdict(list)
    for commitment, moment in rows:
        found[commitment.consultation_id].append((commitment, moment))
    return found


def deeds(session: Session, numbers: Sequence[int]) -> dict[int, list[Deed]]:
    """Return the deeds that figures are counted from, in the order of the ledger. One query."""
    rows = session.execute(
        select(
            LedgerEntry.consultation_id,
            LedgerEntry.action,
            LedgerEntry.content,
            LedgerEntry.recorded_at,
        )
        .where(LedgerEntry.consultation_id.in_(numbers), LedgerEntry.action.in_(_READ))
        .order_by(LedgerEntry.id)
    )
    found: dict[int, list[Deed]] = defaultdict(list)
    for number, action, content, moment in rows:
        written = json.loads(content)
        found[number or 0].append(Deed(action, written["roles"], written["detail"], moment))
    return found


def waits(session: Session, numbers: Sequence[int]) -> dict[int, Sequence[float]]:
    """Return, for each decision, the days since its contribution last arrived, by the ledger."""
    arrived = aliased(LedgerEntry)
    since = (
        select(func.max(arrived.recorded_at))
        .where(
            arrived.subject == LedgerEntry.subject,
            arrived.consultation_id == LedgerEntry.consultation_id,
            arrived.action.in_(_ARRIVED),
            arrived.id < LedgerEntry.id,
        )
        .correlate(LedgerEntry)
        .scalar_subquery()
    )
    rows = session.execute(
        select(LedgerEntry.consultation_id, LedgerEntry.recorded_at, since).where(
            LedgerEntry.consultation_id.in_(numbers),
            LedgerEntry.action == "contribution.decided",
        )
    )
    found: dict[int, list[float]] = defaultdict(list)
    for number, decided, arrival in rows:
        if number is not None and arrival is not None:
            found[number].append((decided - arrival) / timedelta(days=1))
    return dict(found)


def pictures(session: Session, numbers: Sequence[int]) -> dict[int, dict[str, Any] | None]:
    """Return what the latest run of each consultation shows. One query."""
    newest = (
        select(func.max(AnalysisRun.id))
        .where(AnalysisRun.state == RunState.DONE, AnalysisRun.consultation_id.in_(numbers))
        .group_by(AnalysisRun.consultation_id)
    )
    runs = session.scalars(
        select(AnalysisRun).where(AnalysisRun.id.in_(newest)).options(undefer(AnalysisRun.picture))
    )
    return {run.consultation_id: run.picture for run in runs}


def _newest_summaries(numbers: Sequence[int]) -> Select[int]:
    return (
        select(func.max(Summary.id))
        .where(Summary.state == SummaryState.PUBLISHED, Summary.consultation_id.in_(numbers))
        .group_by(Summary.consultation_id)
    )
