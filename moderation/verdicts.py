"""How a decision is stored, told and recorded, whichever act takes it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from consultations.models import Contribution, ContributionRevision, Visibility
from core import ledger, notices
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, NotAllowedError
from core.text import plain_text
from moderation import cases, sampling
from moderation.models import Claim, Decision, DecisionKind, Escalation, Flag, Review, ReviewSource
from moderation.reasons import RULES_VERSION

#: Longest reason to the author, in characters.
REASON_LENGTH = 2000


@dataclass(frozen=True)
class Verdict:
    """What was decided.

    Parameters
    ----------
    kind : DecisionKind
    outcome : Visibility
        How visible the contribution is from now on.
    rule, reason : str
        Empty where the kind needs none.
    is_told : bool
        Whether the author hears of the decision itself; of an appeal they hear otherwise.
    """

    kind: DecisionKind
    outcome: Visibility
    rule: str = ""
    reason: str = ""
    is_told: bool = True


def require_may_decide(session: Session, actor: Actor, contribution: Contribution) -> int:
    """Return the moderator's account; raises NotAllowedError as ``cases.objection``."""
    consultation = cases.consultation_of(session, contribution)
    objection = cases.objection(session, actor, contribution, consultation)
    if objection or actor.account_id is None:
        raise NotAllowedError(objection)
    return actor.account_id


def require_seen(contribution: Contribution, expected_revision: int) -> None:
    """Raise unless the contribution is still what the moderator had before them.

    Raises
    ------
    ConflictError
        ``contribution.withdrawn`` or ``contribution.decided_meanwhile``.
    """
    if contribution.visibility is Visibility.WITHDRAWN:
        raise ConflictError("contribution.withdrawn")
    if contribution.revision != expected_revision:
        raise ConflictError("contribution.decided_meanwhile")


def reason_words(reason: str, field_name: str = "reason") -> str:
    """Return the cleaned words to the author; raises InvalidError as ``plain_text``."""
    return plain_text(reason, max_length=REASON_LENGTH, field=field_name)


def take(session: Session, actor: Actor, contribution: Contribution, verdict: Verdict) -> Decision:
    """Store a decision with all that follows: flags settled, people told, ledger, claim released.

    The caller has checked that the actor may take it and has locked the contribution.
    """
    flags = cases.open_flags(session, contribution.id)
    decision = Decision(
        contribution_id=contribution.id,
        seen_revision=contribution.revision,
        kind=verdict.kind,
        rule=verdict.rule,
        rules_version=RULES_VERSION,
        reason=verdict.reason,
        visibility_before=contribution.visibility,
        visibility_after=verdict.outcome,
        decided_by_id=actor.account_id or 0,
        decided_at=now(),
        waiting_since=_waiting_since(session, contribution, flags),
    )
    session.add(decision)
    contribution.visibility = verdict.outcome
    contribution.revision += 1
    session.flush()
    _tell(session, contribution, decision, flags, is_told=verdict.is_told)
    _record(session, actor, contribution, decision)
    _settle(session, contribution, decision)
    session.flush()
    return decision


def record_words(
    session: Session, actor: Actor, contribution: Contribution, digest: dict[str, object]
) -> None:
    """Let the ledger have the digest of the words that are shown from now on."""
    ledger.record(
        session,
        actor,
        "contribution.covered",
        consultation_id=contribution.consultation_id,
        subject=contribution.reference,
        detail={**digest, "revision": contribution.revision},
    )
    session.flush()


def _waiting_since(
    session: Session, contribution: Contribution, flags: Sequence[Flag]
) -> datetime | None:
    if contribution.visibility is Visibility.PENDING:
        edits = select(func.max(ContributionRevision.changed_at)).where(
            ContributionRevision.contribution_id == contribution.id
        )
        return session.scalar(edits) or contribution.created_at
    if contribution.visibility is Visibility.HELD:
        holds = select(func.max(Decision.decided_at)).where(
            Decision.contribution_id == contribution.id
        )
        return session.scalar(holds)
    return flags[0].flagged_at if flags else None


def _tell(
    session: Session,
    contribution: Contribution,
    decision: Decision,
    flags: Sequence[Flag],
    *,
    is_told: bool,
) -> None:
    """Settle the flags, and leave a message for the author and for each who flagged."""
    outcome = decision.visibility_after.value
    if contribution.participant_id is not None and is_told:
        covers = decision.kind in (DecisionKind.COVER, DecisionKind.UNCOVER)
        notices.notify(
            session,
            contribution.participant_id,
            f"decision.{decision.kind.value if covers else outcome}",
            reference=contribution.reference,
            rule=decision.rule,
            reason=decision.reason,
            before=decision.visibility_before.value,
        )
    for flag in flags:
        flag.settled_at = decision.decided_at
        notices.notify(
            session,
            flag.participant_id,
            "flag.settled",
            reference=contribution.reference,
            rule=flag.rule,
            outcome=outcome,
        )


def _record(
    session: Session,
    actor: Actor,
    contribution: Contribution,
    decision: Decision,
) -> None:
    ledger.record(
        session,
        actor,
        "contribution.decided",
        consultation_id=contribution.consultation_id,
        subject=contribution.reference,
        detail={
            "revision": decision.seen_revision,
            "kind": decision.kind.value,
            "rule": decision.rule,
            "rules_version": decision.rules_version,
            "before": decision.visibility_before.value,
            "after": decision.visibility_after.value,
            "reason_digest": hashlib.sha256(decision.reason.encode()).hexdigest(),
        },
    )


def _settle(session: Session, contribution: Contribution, decision: Decision) -> None:
    """Release the claim, settle what was escalated, and put the decision beside its reviews."""
    number = contribution.id
    session.execute(delete(Claim).where(Claim.contribution_id == number))
    session.execute(
        update(Escalation)
        .where(Escalation.contribution_id == number, Escalation.settled_at.is_(None))
        .values(settled_at=decision.decided_at)
    )
    if decision.kind not in cases.OUTCOMES:
        return
    session.execute(
        update(Review)
        .where(
            Review.contribution_id == number,
            Review.decision_id.is_(None),
            Review.revision == decision.seen_revision,
        )
        .values(decision_id=decision.id)
    )
    if sampling.is_drawn(contribution.salt, decision.seen_revision):
        session.add(
            Review(
                contribution_id=number,
                decision_id=decision.id,
                source=ReviewSource.SAMPLE,
                revision=decision.seen_revision,
                asked_at=decision.decided_at,
            )
        )
