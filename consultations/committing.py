"""Service: promise, let a second person make the promise public, report on it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultations import group_access, news, policy, seconding
from consultations.links import web_link
from consultations.models import (
    SETTLED,
    Commitment,
    CommitmentProgress,
    CommitmentState,
    Consultation,
    OfficialResponse,
    ResponseState,
)
from consultations.participation import locked_consultation
from core import ledger
from core.actor import Actor
from core.clock import BANGKOK, now
from core.errors import ConflictError, InvalidError, NotFoundError
from core.mailing.kinds import NewsKind
from core.text import plain_text, single_line

LONGEST_TEXT = 2000
LONGEST_OWNER = 200


@dataclass(frozen=True)
class Promise:
    """What is promised.

    Attributes
    ----------
    owner : str
        The unit that answers for it.
    due_on : date
        The day by which it is done; must not lie in the past.
    response_id : int or None
        Published response that it follows from.
    """

    text_th: str
    owner: str
    due_on: date
    text_en: str = ""
    response_id: int | None = None


@dataclass(frozen=True)
class Report:
    """How far a commitment is.

    Attributes
    ----------
    state : str
        A value of ``CommitmentState``.
    note_th : str
        What was done, or why the day moves or the promise is given up; always needed.
    evidence_url : str
        An address beginning with https:// or http://; needed to report it as done.
    due_on : date or None
        A new day; None keeps the promised one.
    """

    state: str
    note_th: str
    note_en: str = ""
    evidence_url: str = ""
    due_on: date | None = None


def promise(session: Session, actor: Actor, consultation_id: int, *, given: Promise) -> Commitment:
    """Write a commitment; a second person makes it public.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``, ``response.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage``.
    InvalidError
        ``commitment.due_past`` on ``due_on``; ``text.empty`` or ``text.too_long``.
    """
    consultation = locked_consultation(session, consultation_id)
    policy.require_agency_staff(actor, consultation)
    policy.require_stage(consultation, now(), *policy.COMMITTING_STAGES)
    _require_to_come(given.due_on)
    _require_response(session, consultation, given.response_id)
    latest = select(func.max(Commitment.number)).where(
        Commitment.consultation_id == consultation.id
    )
    commitment = Commitment(
        consultation_id=consultation.id,
        number=(session.scalar(latest) or 0) + 1,
        response_id=given.response_id,
        text_th=plain_text(given.text_th, max_length=LONGEST_TEXT, field="text_th"),
        text_en=_optional(given.text_en, "text_en"),
        owner=single_line(given.owner, max_length=LONGEST_OWNER, field="owner"),
        due_on=given.due_on,
        written_by_id=actor.account_id,
        written_at=now(),
    )
    session.add(commitment)
    session.flush()
    return commitment


def publish(session: Session, actor: Actor, commitment_id: int) -> Commitment:
    """Make a commitment public that somebody else wrote, and tell those who follow.

    Raises
    ------
    NotFoundError
        ``commitment.unknown``.
    NotAllowedError
        ``approval.approver_needed`` or ``approval.own_work``.
    ConflictError
        ``consultation.wrong_stage``, ``commitment.public``.
    """
    commitment, consultation = _found(session, commitment_id)
    policy.require_approver(actor, consultation, commitment.written_by_id)
    seconding.require_other(session, actor, commitment.written_by_id)
    policy.require_stage(consultation, now(), *policy.COMMITTING_STAGES)
    if commitment.promised_at is not None:
        raise ConflictError("commitment.public")
    commitment.promised_at = now()
    _record(session, actor, commitment, "commitment.promised")
    _tell(session, consultation, f"commitment {commitment.id}")
    session.flush()
    return commitment


def discard(session: Session, actor: Actor, commitment_id: int) -> None:
    """Delete a commitment that was never public; raises as ``promise`` and ``publish``."""
    commitment, consultation = _found(session, commitment_id)
    policy.require_agency_staff(actor, consultation)
    if commitment.promised_at is not None:
        raise ConflictError("commitment.public")
    session.delete(commitment)
    session.flush()


def report(
    session: Session, actor: Actor, commitment_id: int, *, given: Report
) -> CommitmentProgress:
    """Report in public how far a commitment is; a settled one takes no further report.

    On a step of a working group's plan its owner reports as well, from its adoption on.

    Raises
    ------
    NotFoundError
        ``commitment.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage``, ``commitment.not_public``, ``commitment.settled``.
    InvalidError
        ``commitment.state_unknown`` on ``state``; ``commitment.evidence_needed`` or
        ``link.invalid`` on ``evidence_url``; ``commitment.due_past`` on ``due_on``; ``text.empty``
        or ``text.too_long``.
    """
    commitment, consultation = _found(session, commitment_id)
    require_reporter(session, actor, commitment, consultation)
    if commitment.promised_at is None:
        raise ConflictError("commitment.not_public")
    if commitment.state in SETTLED:
        raise ConflictError("commitment.settled")
    if given.state not in set(CommitmentState):
        raise InvalidError("commitment.state_unknown", field="state")
    state, evidence = (
        CommitmentState(given.state),
        web_link(given.evidence_url, field="evidence_url"),
    )
    if state is CommitmentState.DONE and not evidence:
        raise InvalidError("commitment.evidence_needed", field="evidence_url")
    moves = given.due_on is not None and given.due_on != commitment.due_on
    progress = CommitmentProgress(
        commitment_id=commitment.id,
        state=state,
        note_th=plain_text(given.note_th, max_length=LONGEST_TEXT, field="note_th"),
        note_en=_optional(given.note_en, "note_en"),
        evidence_url=evidence,
        due_before=commitment.due_on if moves else None,
        reported_by_id=actor.account_id,
        reported_at=now(),
    )
    if moves and given.due_on is not None:
        _require_to_come(given.due_on)
        commitment.due_on = given.due_on
    commitment.state = state
    session.add(progress)
    session.flush()
    _record(session, actor, commitment, "commitment.reported")
    _tell(session, consultation, f"progress {progress.id}")
    return progress


def _found(session: Session, commitment_id: int) -> tuple[Commitment, Consultation]:
    number = select(Commitment.consultation_id).where(Commitment.id == commitment_id)
    consultation_id = session.scalar(number)
    if consultation_id is None:
        raise NotFoundError("commitment.unknown")
    consultation = locked_consultation(session, consultation_id)
    commitment = session.get(Commitment, commitment_id, populate_existing=True)
    if commitment is None:
        raise NotFoundError("commitment.unknown")
    return commitment, consultation


def require_reporter(
    session: Session, actor: Actor, commitment: Commitment, consultation: Consultation
) -> None:
    """Raise unless the actor may report on a commitment; as ``report``."""
    if commitment.proposal_id is None:
        policy.require_agency_staff(actor, consultation)
        policy.require_stage(consultation, now(), *policy.COMMITTING_STAGES)
        return
    group_access.require_living(consultation)
    if not group_access.owns_step(session, actor, commitment.proposal_id):
        policy.require_agency_staff(actor, consultation)


def _require_to_come(due_on: date) -> None:
    if due_on < _today():
        raise InvalidError("commitment.due_past", field="due_on")


def _require_response(
    session: Session, consultation: Consultation, response_id: int | None
) -> None:
    if response_id is None:
        return
    response = session.get(OfficialResponse, response_id)
    if (
        response is None
        or response.consultation_id != consultation.id
        or response.state is not ResponseState.PUBLISHED
    ):
        raise NotFoundError("response.unknown")


def _record(session: Session, actor: Actor, commitment: Commitment, action: str) -> None:
    ledger.record(
        session,
        actor,
        action,
        consultation_id=commitment.consultation_id,
        subject=f"commitment:{commitment.number}",
        detail={"state": commitment.state.value, "due_on": commitment.due_on.isoformat()},
    )


def _tell(session: Session, consultation: Consultation, occasion: str) -> None:
    news.announce(session, NewsKind.COMMITMENT, consultation, occasion, code="commitment.changed")


def _today() -> date:
    return now().astimezone(BANGKOK).date()


def _optional(value: str, field: str) -> str:
    return plain_text(value, max_length=LONGEST_TEXT, field=field) if value.strip() else ""
