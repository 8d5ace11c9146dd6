"""What deciding on one and on several contributions share."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from consultations.models import Contribution, Visibility
from core.actor import Actor
from core.errors import ConflictError, InvalidError
from moderation import cases, verdicts
from moderation.models import Appeal, Decision, DecisionKind
from moderation.reasons import find_rule
from moderation.verdicts import Verdict


@dataclass(frozen=True)
class Wish:
    """What a moderator wants to decide.

    Parameters
    ----------
    kind : str
        A value of ``DecisionKind``.
    rule, reason : str
        Needed to hold and to hide.
    expected_revision : int
        Revision of the contribution that the moderator had before them.
    """

    kind: str
    rule: str
    reason: str
    expected_revision: int


def decide_one(session: Session, actor: Actor, reference: str, wish: Wish) -> Decision:
    """Decide on one contribution; raises as ``deciding.decide``."""
    contribution, _consultation = cases.locked_contribution(session, reference)
    verdicts.require_may_decide(session, actor, contribution)
    verdicts.require_seen(contribution, wish.expected_revision)
    _require_no_appeal(session, contribution)
    is_flagged = bool(cases.open_flags(session, contribution.id))
    chosen = _chosen_kind(wish.kind, contribution.visibility, is_flagged=is_flagged)
    broken_rule, words = _grounds(chosen, wish.rule, wish.reason)
    verdict = Verdict(chosen, _outcome(chosen, contribution), broken_rule, words)
    return verdicts.take(session, actor, contribution, verdict)


def require_grounds(kind: str, rule: str, reason: str) -> None:
    """Raise InvalidError, as ``deciding.decide`` does, unless kind, rule and reason hold."""
    _grounds(_known_kind(kind), rule, reason)


def _require_no_appeal(session: Session, contribution: Contribution) -> None:
    """Raise while an appeal is open against what keeps the contribution out of sight."""
    if contribution.visibility not in (Visibility.HELD, Visibility.HIDDEN):
        return
    is_open = exists().where(Appeal.contribution_id == contribution.id, Appeal.decided_at.is_(None))
    if session.scalar(select(is_open)):
        raise ConflictError("appeal.open")


def _chosen_kind(kind: str, visibility: Visibility, *, is_flagged: bool) -> DecisionKind:
    chosen = _known_kind(kind)
    if chosen not in cases.possible_kinds(visibility, is_flagged=is_flagged):
        raise InvalidError("decision.no_change", field="kind")
    return chosen


def _known_kind(kind: str) -> DecisionKind:
    if kind not in {known.value for known in cases.OUTCOMES}:
        raise InvalidError("decision.kind_unknown", field="kind")
    return DecisionKind(kind)


def _outcome(kind: DecisionKind, contribution: Contribution) -> Visibility:
    """Return where a decision leads; what its author wants counted only is never published."""
    outcome = cases.OUTCOMES[kind]
    return contribution.visibility_if_approved if outcome is Visibility.PUBLISHED else outcome


def _grounds(kind: DecisionKind, rule: str, reason: str) -> tuple[str, str]:
    """Return the rule's code and the cleaned reason, as far as the kind needs them."""
    if kind is DecisionKind.PUBLISH:
        if not reason.strip():
            return "", ""
        return "", verdicts.reason_words(reason)
    broken = find_rule(rule)
    if kind is DecisionKind.HIDE and not broken.may_hide:
        raise InvalidError("rule.holds_only", field="rule")
    return broken.code, verdicts.reason_words(reason)
