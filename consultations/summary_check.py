"""What the services of the check of a summary share: who may check which, and how it ends."""

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import participation, policy, shares
from consultations.models import Consultation, Participant, Summary, SummaryState
from consultations.queries import checking
from core import jobs, ledger
from core.actor import Actor
from core.clock import now
from core.errors import NotAllowedError, NotFoundError

#: Names of the jobs that group dissents, and that make open data anew.
GROUP, OPEN_DATA = "dissents.group", "open_data.make"


def checked_summary(session: Session, consultation_id: int) -> Summary | None:
    """Return the newest published summary: the one that is checked; None without one."""
    return session.scalars(
        select(Summary)
        .where(Summary.consultation_id == consultation_id, Summary.state == SummaryState.PUBLISHED)
        .order_by(Summary.number.desc())
        .limit(1)
    ).first()


def checker(
    session: Session, actor: Actor, consultation: Consultation
) -> tuple[Summary, Participant]:
    """Return the summary that is checked now, and who checks it.

    Raises
    ------
    NotFoundError
        ``consultation.unknown`` or ``summary.unknown``.
    ConflictError
        ``check.not_open_yet`` or ``check.over``.
    NotAllowedError
        ``participation.sign_in``, ``participation.own_agency``, or ``check.take_part_first``: only
        who voted or wrote can answer.
    """
    policy.require_visible(actor, consultation)
    policy.require_can_take_part(actor, consultation)
    policy.require_checking(consultation, now())
    summary = checked_summary(session, consultation.id)
    if summary is None:
        raise NotFoundError("summary.unknown")
    participant = participation.find_participant(session, actor, consultation)
    if participant is None or not checking.may_check(session, participant.id):
        raise NotAllowedError("check.take_part_first")
    return summary, participant


def close(session: Session, actor: Actor, consultation: Consultation, at: datetime) -> bool:
    """Keep the counts of a check that is over; whether there was something to keep.

    Nothing that is kept changes afterwards: no answer is taken any more.
    """
    summary = checked_summary(session, consultation.id)
    if summary is None or summary.checked_at is not None or consultation.check_ends_at is None:
        return False
    counts = checking.counted(session, summary)
    summary.checked_at, summary.check_counts = at, counts
    contested = sum(shares.is_contested(groups) for groups in counts["findings"].values())
    ledger.record(
        session,
        actor,
        "summary.checked",
        consultation_id=consultation.id,
        subject=f"summary:{summary.number}",
        detail={
            **counts["turnout"],
            "contested": contested,
            "counts_sha256": hashlib.sha256(ledger.canonical_json(counts).encode()).hexdigest(),
        },
    )
    session.flush()
    plan_grouping(session, summary)
    jobs.enqueue(
        session,
        OPEN_DATA,
        {"consultation_id": consultation.id},
        key=f"{OPEN_DATA}:{summary.run_id}:checked:{summary.id}",
    )
    return True


def plan_grouping(session: Session, summary: Summary, newest: int = 0) -> None:
    """Have the dissents of a summary grouped; ``newest`` tells one time from another."""
    jobs.enqueue(session, GROUP, {"summary_id": summary.id}, key=f"{GROUP}:{summary.id}:{newest}")
