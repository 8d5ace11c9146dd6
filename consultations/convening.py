"""Service: create, schedule, open and close a consultation."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consultations import (
    kind_versions,
    lifecycle,
    policy,
    search_index,
    seconding,
    summary_check,
)
from consultations.announcement import (
    REASON_LENGTH,
    Announcement,
    announced,
    check_end,
    checked,
    is_shorter_than_advised,
)
from consultations.kind_templates import read_json, template_of
from consultations.lifecycle import Event
from consultations.models import Consultation, DraftState, Kind, Stage, StageChange
from consultations.participation import Hold, locked_consultation
from consultations.queries import readiness
from consultations.stage_steps import follow_clock, log_step, move_closing
from core import ledger
from core.actor import Actor, Role, system_actor
from core.clock import now
from core.errors import InvalidError, NotAllowedError
from core.slugs import checked_slug
from core.text import plain_text

#: Steps of people that cannot be taken without telling why.
_REASONED = frozenset({Event.SEND_BACK, Event.NEXT_ROUND})


def create(
    session: Session,
    actor: Actor,
    slug: str,
    announcement: Announcement,
    *,
    steps: Sequence[str] | None = None,
) -> Consultation:
    """Create a consultation of the officer's agency, seen only by the agency until approved.

    ``steps`` of the preparation are saved with it, and it keeps the present template of its kind;
    None when it is not prepared by steps, and its kind's checklist does not hold it up.

    Raises
    ------
    NotAllowedError
        ``consultation.officer_needed``.
    InvalidError
        ``slug.invalid``, ``slug.taken``, or as ``announcement.checked``.
    """
    if not actor.has(Role.OFFICER) or actor.agency_id is None or actor.keyring is None:
        raise NotAllowedError("consultation.officer_needed")
    template = None if steps is None else kind_versions.adopted(session, announcement.kind)
    rules = read_json(template.content) if template else None
    consultation = Consultation(
        slug=checked_slug(slug),
        agency_id=actor.agency_id,
        stage=Stage.PREPARING,
        sealed_key=actor.keyring.new_consultation_key(),
        created_at=now(),
        prepared_steps=None if steps is None else list(steps),
        template=template,
        **vars(checked(announcement, rules)),
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
    session: Session, actor: Actor, consultation_id: int, *, step: str = "", **changes: object
) -> Consultation:
    """Change some of what is announced, while the consultation is being prepared.

    ``step`` names the step of the preparation that was saved; ``changes`` are new values by their
    names in ``Announcement``, the others stay.

    Raises
    ------
    NotFoundError, NotAllowedError, ConflictError
        ``consultation.unknown``; ``consultation.other_agency``; ``consultation.wrong_stage``.
    InvalidError
        As ``announcement.checked``.
    """
    consultation = _locked(session, actor, consultation_id)
    policy.require_officer(actor, consultation)
    policy.require_preparing(consultation, now())
    _follow_kind(session, consultation, changes.get("kind"))
    asked = replace(announced(consultation), **changes)  # type: ignore[arg-type]
    words = checked(asked, template_of(consultation))
    for field, value in vars(words).items():
        setattr(consultation, field, value)
    if step:
        saved = consultation.prepared_steps or []
        consultation.prepared_steps = [*(each for each in saved if each != step), step]
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
        Needed to send back and open another round, to end the check of the summary early, and to
        conclude with items unanswered. Public, except that of sending back.
    opens_at, closes_at : datetime or None
        For another round only. ``rescheduling`` moves a closing that is announced.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``, ``consultation.by_clock``, ``approval.second_needed``,
        ``approval.approver_needed`` or ``approval.own_work``.
    ConflictError
        ``consultation.wrong_stage``, ``consultation.unanswered``, or a code of ``readiness``.
    InvalidError
        ``reason.needed``, or about the dates.
    """
    consultation = _locked(session, actor, consultation_id)
    policy.require_step(actor, consultation, event)
    if event in policy.TWO_PERSON_EVENTS:
        raise NotAllowedError("approval.second_needed")
    if event is Event.APPROVE:
        seconding.require_other(session, actor, consultation.submitted_by_id)
        draft = readiness.first_draft(session, consultation.id)
        seconding.require_no_hand(session, actor, draft.hands if draft else ())
    moment = now()
    follow_clock(session, consultation, moment, system_actor())
    target = lifecycle.after(consultation.stage, event)
    words = _checked_reason(event, reason)
    readiness.require_ready(session, consultation, event, moment, words)
    if event is Event.SUBMIT:
        consultation.submitted_by_id = actor.account_id
    elif event is Event.APPROVE:
        _publish_first_draft(session, actor, consultation, moment)
        search_index.refresh(session, consultation)
    elif event is Event.RATIFY:
        consultation.check_ends_at = check_end(moment, consultation.check_days)
    elif event is Event.ANSWER:
        _end_check(session, actor, consultation, moment, words)
    elif event is Event.NEXT_ROUND:
        _plan_next_round(consultation, moment, opens_at, closes_at, words)
    return log_step(session, actor, consultation, event, target, at=moment, reason=words)


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
    return sum(follow_clock(session, consultation, moment, actor) for consultation in due.all())


def _follow_kind(session: Session, consultation: Consultation, kind: object) -> None:
    """Let another kind bring its own template, where the consultation began with one."""
    if isinstance(kind, Kind) and kind is not consultation.kind:
        if consultation.template is not None:
            consultation.template = kind_versions.adopted(session, kind)
        consultation.kind = kind


def _locked(session: Session, actor: Actor, consultation_id: int) -> Consultation:
    """Load a consultation for a change that nobody else may make or rely on meanwhile."""
    consultation = locked_consultation(session, consultation_id, Hold.CHANGE)
    policy.require_visible(actor, consultation)
    return consultation


def _checked_reason(event: Event, reason: str) -> str:
    words = plain_text(reason, max_length=REASON_LENGTH, field="reason") if reason.strip() else ""
    if not words and event in _REASONED:
        raise InvalidError("reason.needed", field="reason")
    return words


def _publish_first_draft(
    session: Session, actor: Actor, consultation: Consultation, moment: datetime
) -> None:
    draft = readiness.first_draft(session, consultation.id)
    if draft is None or draft.state is DraftState.PUBLISHED:
        return
    draft.state, draft.published_at = DraftState.PUBLISHED, moment
    ledger.record(
        session,
        actor,
        "draft.published",
        consultation_id=consultation.id,
        subject=f"draft:{draft.number}",
    )


def _end_check(
    session: Session, actor: Actor, consultation: Consultation, moment: datetime, reason: str
) -> None:
    """Keep what people said to the summary; to end early takes a second person and a reason."""
    if policy.is_checking(consultation, moment):
        summary = summary_check.checked_summary(session, consultation.id)
        author = summary.prepared_by_id if summary else None
        policy.require_approver(actor, consultation, author)
        seconding.require_other(session, actor, author)
        if not reason:
            raise InvalidError("reason.needed", field="reason")
        consultation.check_ends_at = moment
    summary_check.close(session, actor, consultation, moment)


def _plan_next_round(
    consultation: Consultation,
    moment: datetime,
    opens_at: datetime | None,
    closes_at: datetime | None,
    reason: str,
) -> None:
    if opens_at is None or opens_at <= moment:
        raise InvalidError("consultation.opens_in_past", field="opens_on")
    if closes_at is None or closes_at <= opens_at:
        raise InvalidError("consultation.closes_too_early", field="closes_on")
    consultation.check_ends_at = None
    short = is_shorter_than_advised(template_of(consultation), opens_at, closes_at)
    consultation.short_reason = reason if short else ""
    consultation.opens_at = opens_at
    move_closing(consultation, closes_at)
