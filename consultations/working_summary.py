"""What every change of a summary that is not published asks first."""

from sqlalchemy.orm import Session

from consultations import policy
from consultations.models import Finding, Summary, SummaryState
from consultations.participation import locked_consultation
from core import ledger
from core.actor import Actor
from core.errors import ConflictError, NotFoundError


def open_finding(session: Session, actor: Actor, finding_id: int) -> Finding:
    """Return a finding that the actor may change now.

    Raises
    ------
    NotFoundError
        ``finding.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``summary.published``.
    """
    finding = session.get(Finding, finding_id)
    if finding is None:
        raise NotFoundError("finding.unknown")
    change(session, actor, finding.summary_id)
    return finding


def change(session: Session, actor: Actor, summary_id: int) -> Summary:
    """Take note that the actor changes a summary; raises as ``open_finding``."""
    summary = session.get_one(Summary, summary_id)
    consultation = locked_consultation(session, summary.consultation_id)
    policy.require_agency_staff(actor, consultation)
    if summary.state is SummaryState.PUBLISHED:
        raise ConflictError("summary.published")
    # Nobody publishes what they had a hand in, however little of it.
    summary.prepared_by_id = actor.account_id
    summary.hands = policy.with_hand(summary.hands, actor)
    return summary


def record(
    session: Session, actor: Actor, action: str, finding: Finding, detail: dict[str, object]
) -> None:
    """Write what was done to a sentence into the ledger."""
    summary = session.get_one(Summary, finding.summary_id)
    ledger.record(
        session,
        actor,
        action,
        consultation_id=summary.consultation_id,
        subject=f"finding:{finding.id}",
        detail=detail,
    )
    session.flush()
