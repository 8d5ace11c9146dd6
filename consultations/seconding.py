"""What one person proposes and another one approves: kept, decided, and written to the ledger.

The services say what happens then; here is only who may, and whether it still holds.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from consultations import policy
from consultations.announcement import REASON_LENGTH
from consultations.models import Consultation, Motion, MotionKind, MotionState
from consultations.queries.approving import open_motions
from core import ledger
from core.accounts import persons
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.text import plain_text


def require_other(session: Session, actor: Actor, author_id: int | None) -> None:
    """Raise NotAllowedError ``approval.own_work`` if the actor is the author's person.

    Two accounts of one person are one person.
    """
    if author_id is None or actor.account_id is None or actor.keyring is None:
        return
    if persons.same_person(session, actor.keyring, actor.account_id, author_id):
        raise NotAllowedError("approval.own_work")


def require_no_hand(session: Session, actor: Actor, hands: Sequence[int]) -> None:
    """Raise NotAllowedError ``approval.own_work`` if the actor's person had a hand in it."""
    for account_id in hands:
        require_other(session, actor, account_id)


def dates_basis(consultation: Consultation) -> str:
    """Return what a proposal about dates rests on: the stage and the announced closing."""
    closes_at = consultation.closes_at
    words = f"{consultation.stage.value}|{closes_at.isoformat() if closes_at else ''}"
    return hashlib.sha256(words.encode()).hexdigest()


def propose(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    kind: MotionKind,
    *,
    reason: str,
    basis: str = "",
    closes_at: datetime | None = None,
) -> Motion:
    """Keep a proposal for somebody else to decide.

    Raises
    ------
    NotAllowedError
        ``consultation.other_agency``.
    InvalidError
        ``reason.needed`` or ``text.too_long``.
    ConflictError
        ``motion.waiting``: the same is proposed already.
    """
    policy.require_agency_staff(actor, consultation)
    if not reason.strip():
        raise InvalidError("reason.needed", field="reason")
    words = plain_text(reason, max_length=REASON_LENGTH, field="reason")
    for other in open_motions(session, [consultation.id]):
        if other.kind is kind and other.basis == basis:
            raise ConflictError("motion.waiting")
        if other.kind is kind:
            _end(other, MotionState.STALE)
    motion = Motion(
        consultation_id=consultation.id,
        kind=kind,
        reason=words,
        closes_at=closes_at,
        basis=basis,
        proposed_by_id=actor.account_id,
        proposed_at=now(),
    )
    session.add(motion)
    session.flush()
    _record(session, actor, motion, "motion.proposed")
    return motion


def approve(
    session: Session, actor: Actor, consultation: Consultation, motion: Motion, basis: str
) -> None:
    """Note the approval; the caller then does what was proposed.

    Raises
    ------
    NotAllowedError
        ``approval.approver_needed`` or ``approval.own_work``.
    ConflictError
        ``motion.decided`` or ``motion.stale``: what it rests on has changed.
    """
    _require_decider(session, actor, consultation, motion)
    if motion.basis != basis:
        raise ConflictError("motion.stale")
    _end(motion, MotionState.APPROVED, actor)
    _record(session, actor, motion, "motion.approved")


def refuse(
    session: Session, actor: Actor, consultation: Consultation, motion: Motion, reason: str
) -> None:
    """Refuse a proposal and say why; raises as ``approve``, and InvalidError ``reason.needed``."""
    _require_decider(session, actor, consultation, motion)
    if not reason.strip():
        raise InvalidError("reason.needed", field="reason")
    motion.refusal = plain_text(reason, max_length=REASON_LENGTH, field="reason")
    _end(motion, MotionState.REFUSED, actor)
    _record(session, actor, motion, "motion.refused")


def put_aside(session: Session, consultation_ids: Sequence[int], kinds: set[MotionKind]) -> None:
    """Put aside open proposals that the course of things has overtaken."""
    for motion in open_motions(session, consultation_ids):
        if motion.kind in kinds:
            _end(motion, MotionState.STALE)


def motion_of(session: Session, consultation_id: int, number: int) -> Motion:
    """Return a proposal of a consultation; NotFoundError ``motion.unknown``."""
    motion = session.get(Motion, number, populate_existing=True)
    if motion is None or motion.consultation_id != consultation_id:
        raise NotFoundError("motion.unknown")
    return motion


def _require_decider(
    session: Session, actor: Actor, consultation: Consultation, motion: Motion
) -> None:
    # Locked, so that of two people who decide at the same moment one decides.
    session.refresh(motion, with_for_update=True)
    policy.require_approver(actor, consultation, motion.proposed_by_id)
    require_other(session, actor, motion.proposed_by_id)
    if motion.state is not MotionState.OPEN:
        raise ConflictError("motion.decided")


def _end(motion: Motion, state: MotionState, actor: Actor | None = None) -> None:
    motion.state, motion.decided_at = state, now()
    motion.decided_by_id = actor.account_id if actor else None


def _record(session: Session, actor: Actor, motion: Motion, action: str) -> None:
    reason = motion.refusal or motion.reason
    ledger.record(
        session,
        actor,
        action,
        consultation_id=motion.consultation_id,
        subject=f"motion:{motion.id}",
        detail={
            "kind": motion.kind.value,
            "closes_at": motion.closes_at.isoformat() if motion.closes_at else None,
            "reason_sha256": hashlib.sha256(reason.encode()).hexdigest(),
        },
    )
    session.flush()
