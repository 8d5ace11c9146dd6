"""Service: note in public what becomes of the law after its hearing."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import news, policy
from consultations.links import web_link
from consultations.models import LawStage, LawStep
from consultations.participation import locked_consultation
from core import ledger
from core.actor import Actor
from core.clock import BANGKOK, now
from core.errors import ConflictError, InvalidError
from core.mailing.kinds import NewsKind
from core.text import plain_text

LONGEST_NOTE = 2000
#: Stages of a law that anyone can look up, so that the note has to say where.
_LOOKED_UP = (LawStage.PROMULGATED, LawStage.IN_FORCE, LawStage.EVALUATED)


@dataclass(frozen=True)
class LawNote:
    """Where the law is.

    Attributes
    ----------
    stage : str
        A value of ``LawStage``.
    source_url : str
        Where it can be looked up; needed once it is promulgated.
    """

    stage: str
    reached_on: date
    note_th: str = ""
    note_en: str = ""
    source_url: str = ""


def note_law(session: Session, actor: Actor, consultation_id: int, *, given: LawNote) -> LawStep:
    """Note that the law has reached a stage, and tell those who follow; each stage once.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage``, ``law.noted``.
    InvalidError
        ``law.stage_unknown`` on ``stage``; ``law.future`` on ``reached_on``; ``law.source_needed``
        or ``link.invalid`` on ``source_url``; ``text.too_long``.
    """
    consultation = locked_consultation(session, consultation_id)
    policy.require_agency_staff(actor, consultation)
    policy.require_stage(consultation, now(), *policy.COMMITTING_STAGES)
    step = LawStep(
        consultation_id=consultation.id,
        noted_by_id=actor.account_id,
        noted_at=now(),
        **_checked(given),
    )
    known = select(LawStep.id).where(
        LawStep.consultation_id == consultation.id, LawStep.stage == step.stage
    )
    if session.scalar(known) is not None:
        raise ConflictError("law.noted")
    session.add(step)
    session.flush()
    ledger.record(
        session,
        actor,
        "law.noted",
        consultation_id=consultation.id,
        subject=step.stage.value,
        detail={"reached_on": step.reached_on.isoformat(), "source_url": step.source_url},
    )
    news.announce(
        session, NewsKind.COMMITMENT, consultation, f"law {step.id}", code="commitment.changed"
    )
    return step


def _checked(given: LawNote) -> dict[str, object]:
    if given.stage not in set(LawStage):
        raise InvalidError("law.stage_unknown", field="stage")
    if given.reached_on > now().astimezone(BANGKOK).date():
        raise InvalidError("law.future", field="reached_on")
    source = web_link(given.source_url, field="source_url")
    if not source and given.stage in _LOOKED_UP:
        raise InvalidError("law.source_needed", field="source_url")
    return {
        "stage": LawStage(given.stage),
        "reached_on": given.reached_on,
        "note_th": _optional(given.note_th, "note_th"),
        "note_en": _optional(given.note_en, "note_en"),
        "source_url": source,
    }


def _optional(value: str, field: str) -> str:
    return plain_text(value, max_length=LONGEST_NOTE, field=field) if value.strip() else ""
