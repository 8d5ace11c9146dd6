"""Service: publish, hold or hide a contribution, with a rule and a reason."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations.models import Contribution, ContributionRevision, Visibility
from core import ledger, notices
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError
from core.text import plain_text
from moderation import cases
from moderation.models import Decision, DecisionKind, Flag
from moderation.reasons import RULES_VERSION, find_rule

#: Longest reason to the author, in characters.
REASON_LENGTH = 2000


def decide(
    session: Session,
    actor: Actor,
    reference: str,
    *,
    kind: str,
    rule: str = "",
    reason: str = "",
    expected_revision: int,
) -> Decision:
    """Decide on a contribution. The author and those who flagged it are told.

    A decision is never changed, only followed by another, which may reverse it. Nothing is deleted:
    a contribution that is published again has its votes and its place as before.

    Parameters
    ----------
    session : Session
    actor : Actor
        A moderator who neither works for the agency, nor wrote the contribution, nor flagged it.
    reference : str
        Public code of the contribution.
    kind : str
        A value of ``DecisionKind``.
    rule : str
        Code of the broken rule; needed to hold and to hide, ignored to publish.
    reason : str
        Words to the author; needed to hold and to hide.
    expected_revision : int
        Revision of the contribution that the moderator had before them.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``.
    NotAllowedError
        As ``moderation.cases.objection``.
    ConflictError
        ``contribution.withdrawn``, or ``contribution.decided_meanwhile``: it changed since.
    InvalidError
        ``decision.kind_unknown`` or ``decision.no_change`` on ``kind``; ``rule.needed``,
        ``rule.unknown`` or ``rule.holds_only`` on ``rule``; ``text.empty`` or ``text.too_long`` on
        ``reason``.
    """
    contribution, consultation = cases.locked_contribution(session, reference)
    objection = cases.objection(session, actor, contribution, consultation)
    if objection or actor.account_id is None:
        raise NotAllowedError(objection)
    _require_seen(contribution, expected_revision)
    flags = cases.open_flags(session, contribution.id)
    chosen = _chosen_kind(kind, contribution.visibility, is_flagged=bool(flags))
    broken_rule, words = _grounds(chosen, rule, reason)
    moment = now()
    decision = Decision(
        contribution_id=contribution.id,
        seen_revision=contribution.revision,
        kind=chosen,
        rule=broken_rule,
        rules_version=RULES_VERSION,
        reason=words,
        visibility_before=contribution.visibility,
        visibility_after=_outcome(chosen, contribution),
        decided_by_id=actor.account_id,
        decided_at=moment,
        waiting_since=_waiting_since(session, contribution, flags),
    )
    session.add(decision)
    contribution.visibility = decision.visibility_after
    contribution.revision += 1
    _tell(session, contribution, decision, flags)
    _record(session, actor, contribution, decision)
    session.flush()
    return decision


def _require_seen(contribution: Contribution, expected_revision: int) -> None:
    if contribution.visibility is Visibility.WITHDRAWN:
        raise ConflictError("contribution.withdrawn")
    if contribution.revision != expected_revision:
        raise ConflictError("contribution.decided_meanwhile")


def _chosen_kind(kind: str, visibility: Visibility, *, is_flagged: bool) -> DecisionKind:
    try:
        chosen = DecisionKind(kind)
    except ValueError as error:
        raise InvalidError("decision.kind_unknown", field="kind") from error
    if chosen not in cases.possible_kinds(visibility, is_flagged=is_flagged):
        raise InvalidError("decision.no_change", field="kind")
    return chosen


def _outcome(kind: DecisionKind, contribution: Contribution) -> Visibility:
    """Return where a decision leads; what its author wants counted only is never published."""
    outcome = cases.OUTCOMES[kind]
    return contribution.visibility_if_approved if outcome is Visibility.PUBLISHED else outcome


def _grounds(kind: DecisionKind, rule: str, reason: str) -> tuple[str, str]:
    """Return the rule's code and the cleaned reason, as far as the kind needs them."""
    if kind is DecisionKind.PUBLISH:
        if not reason.strip():
            return "", ""
        return "", plain_text(reason, max_length=REASON_LENGTH, field="reason")
    broken = find_rule(rule)
    if kind is DecisionKind.HIDE and not broken.may_hide:
        raise InvalidError("rule.holds_only", field="rule")
    return broken.code, plain_text(reason, max_length=REASON_LENGTH, field="reason")


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
    session: Session, contribution: Contribution, decision: Decision, flags: Sequence[Flag]
) -> None:
    """Settle the flags, and leave a message for the author and for each who flagged."""
    outcome = decision.visibility_after.value
    if contribution.participant_id is not None:
        notices.notify(
            session,
            contribution.participant_id,
            f"decision.{outcome}",
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


def _record(session: Session, actor: Actor, contribution: Contribution, decision: Decision) -> None:
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
