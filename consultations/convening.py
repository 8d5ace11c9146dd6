"""Service: create, schedule, open and close a consultation."""

import hashlib
import re
from datetime import date, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consultations import lifecycle, policy, readiness
from consultations.announcement import REASON_LENGTH, Announcement, checked, last_day
from consultations.lifecycle import Event
from consultations.models import Consultation, DraftState, Stage, StageChange
from core import ledger
from core.actor import Actor, Role, system_actor
from core.clock import now
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.text import plain_text

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")

#: Steps that an approver decides; the others of people are an officer's, or anyone's of the agency.
_APPROVERS_STEPS = frozenset(
    {
        Event.SEND_BACK,
        Event.APPROVE,
        Event.EXTEND,
        Event.CLOSE,
        Event.NEXT_ROUND,
        Event.CONCLUDE,
        Event.MONITOR,
        Event.ARCHIVE,
    }
)


def create(session: Session, actor: Actor, slug: str, announcement: Announcement) -> Consultation:
    """Create a consultation of the officer's agency, seen only by the agency until approved.

    Raises
    ------
    NotAllowedError
        ``consultation.officer_needed``.
    InvalidError
        ``slug.invalid``, ``slug.taken``, or as ``announcement.checked``.
    """
    if not actor.has(Role.OFFICER) or actor.agency_id is None or actor.keyring is None:
        raise NotAllowedError("consultation.officer_needed")
    if not _SLUG.fullmatch(slug):
        raise InvalidError("slug.invalid", field="slug")
    consultation = Consultation(
        slug=slug,
        agency_id=actor.agency_id,
        stage=Stage.PREPARING,
        sealed_key=actor.keyring.new_consultation_key(),
        created_at=now(),
        **vars(checked(announcement)),
    )
    try:
        with session.begin_nested():
            session.add(consultation)
    except IntegrityError as error:
        raise InvalidError("slug.taken", field="slug") from error
    ledger.record(session, actor, "consultation.created", consultation_id=consultation.id)
    session.flush()
    return consultation


def edit(
    session: Session, actor: Actor, consultation_id: int, announcement: Announcement
) -> Consultation:
    """Change what is announced, while the consultation is being prepared.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``consultation.wrong_stage``.
    InvalidError
        As ``announcement.checked``.
    """
    consultation = _locked(session, actor, consultation_id)
    policy.require_officer(actor, consultation)
    policy.require_stage(consultation, now(), Stage.PREPARING)
    for field, value in vars(checked(announcement)).items():
        setattr(consultation, field, value)
    ledger.record(session, actor, "consultation.edited", consultation_id=consultation.id)
    session.flush()
    return consultation


def take_step(
    session: Session,
    actor: Actor,
    consultation_id: int,
    event: Event,
    *,
    reason: str = "",
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
) -> StageChange:
    """Take a step of the life cycle and log it, with its reason.

    Parameters
    ----------
    reason : str
        Needed to send back, extend, close early and open another round, and to conclude with items
        unanswered. Public, except that of sending back.
    opens_at : datetime or None
        For another round only.
    closes_at : datetime or None
        For an extension and for another round.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``, ``consultation.by_clock``, ``approval.approver_needed`` or
        ``approval.own_work``.
    ConflictError
        ``consultation.wrong_stage``, ``consultation.unanswered``, or a code of ``readiness``.
    InvalidError
        ``reason.needed``, or about the dates.
    """
    consultation = _locked(session, actor, consultation_id)
    moment = now()
    require_may_step(actor, consultation, event)
    _follow_clock(session, consultation, moment)
    target = lifecycle.after(consultation.stage, event)
    if lifecycle.STEPS[event].needs_reason or event is Event.CLOSE:
        _require_reason(reason)
    _require_ready(session, consultation, event, moment, reason=reason)
    _prepare(session, actor, consultation, event, moment)
    if event in (Event.EXTEND, Event.NEXT_ROUND):
        _set_dates(consultation, event, moment, opens_at, closes_at)
    return _log_step(session, actor, consultation, event, target, moment, reason)


def advance_due(session: Session, actor: Actor) -> int:
    """Take the steps of all life cycles that the clock asks for; return how many.

    Writers that hold a consultation are waited for, so that what they checked still holds when
    they commit.
    """
    moment = now()
    opening = and_(Consultation.stage == Stage.SCHEDULED, Consultation.opens_at <= moment)
    closing = and_(
        Consultation.stage.in_((Stage.OPEN, Stage.EXTENDED)), Consultation.closes_at <= moment
    )
    due = session.scalars(
        select(Consultation)
        .where(or_(opening, closing))
        .order_by(Consultation.id)
        .with_for_update(of=Consultation)
        .execution_options(populate_existing=True)
    )
    return sum(_follow_clock(session, consultation, moment, actor) for consultation in due.all())
