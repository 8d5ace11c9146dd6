"""Pure rules: who may do what, and when. ``require_*`` raise what ``may_*`` tell."""

from collections.abc import Sequence
from datetime import datetime

from consultations.lifecycle import ORDER, PRIVATE_STAGES, Event, allowed_events, stage_at
from consultations.models import Admission, Consultation, Stage
from core.actor import Actor, Role
from core.errors import ConflictError, NotAllowedError, NotFoundError

#: Stages at which people can write and vote.
TAKING_STAGES = frozenset({Stage.OPEN, Stage.EXTENDED})
#: Stages at which the agency's answers are written.
ANSWERING_STAGES = frozenset({Stage.ANSWERING})
#: Stages at which there is, or can be, a results report; public at the ended ones in any case.
ENDED_STAGES = (Stage.CONCLUDED, Stage.MONITORING, Stage.ARCHIVED)
REPORTING_STAGES = (Stage.ANSWERING, *ENDED_STAGES)
#: Stages at which an agency promises, reports on its promises, and says where the law is.
COMMITTING_STAGES = (Stage.ANSWERING, Stage.CONCLUDED, Stage.MONITORING)
#: Stages at which a draft is written: before anyone commented, and while answers are written.
DRAFTING_STAGES = frozenset({Stage.PREPARING, Stage.ANSWERING})
#: Steps of the life cycle that an approver decides.
APPROVERS_EVENTS = frozenset(
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
#: Steps that one person of the agency proposes and an approver, another person, approves.
TWO_PERSON_EVENTS = frozenset({Event.EXTEND, Event.CLOSE})


def current_stage(consultation: Consultation, at: datetime) -> Stage:
    """Return the stage that holds at a moment."""
    return stage_at(consultation.stage, consultation.opens_at, consultation.closes_at, at)


def is_taking_contributions(consultation: Consultation, at: datetime) -> bool:
    """Whether people can write and vote at a moment."""
    return current_stage(consultation, at) in TAKING_STAGES


def is_public(consultation: Consultation) -> bool:
    """Whether visitors can see the consultation."""
    return consultation.stage not in PRIVATE_STAGES


def may_see(actor: Actor, consultation: Consultation) -> bool:
    """Whether the actor can see the consultation."""
    return is_public(consultation) or may_prepare(actor, consultation)


def may_prepare(actor: Actor, consultation: Consultation) -> bool:
    """Whether the actor works for the agency that holds the consultation."""
    return actor.serves(consultation.agency_id, Role.OFFICER, Role.APPROVER)


def may_moderate(actor: Actor, consultation: Consultation) -> bool:
    """Whether the actor may moderate; nobody who works for the agency ever may."""
    return (
        actor.has(Role.MODERATOR, Role.SENIOR_MODERATOR)
        and actor.agency_id != consultation.agency_id
    )


def require_visible(actor: Actor, consultation: Consultation) -> None:
    """Raise NotFoundError ``consultation.unknown`` if the actor cannot see the consultation."""
    if not may_see(actor, consultation):
        raise NotFoundError("consultation.unknown")


def require_taking_contributions(consultation: Consultation, at: datetime) -> None:
    """Raise unless people can write and vote at the moment.

    Raises
    ------
    ConflictError
        ``consultation.not_open_yet`` or ``consultation.closed``.
    """
    stage = current_stage(consultation, at)
    if stage in TAKING_STAGES:
        return
    early = stage in PRIVATE_STAGES or stage is Stage.SCHEDULED
    raise ConflictError("consultation.not_open_yet" if early else "consultation.closed")


def is_checking(consultation: Consultation, at: datetime) -> bool:
    """Whether participants can check the summary at a moment."""
    ends_at = consultation.check_ends_at
    return consultation.stage is Stage.RATIFICATION and ends_at is not None and at < ends_at


def require_checking(consultation: Consultation, at: datetime) -> None:
    """Raise unless participants can check the summary at the moment.

    Raises
    ------
    ConflictError
        ``check.not_open_yet`` or ``check.over``.
    """
    if is_checking(consultation, at):
        return
    early = ORDER.index(consultation.stage) < ORDER.index(Stage.RATIFICATION)
    raise ConflictError("check.not_open_yet" if early else "check.over")


def require_can_take_part(actor: Actor, consultation: Consultation) -> None:
    """Raise unless the actor can take part as a citizen.

    Raises
    ------
    NotAllowedError
        ``participation.sign_in``, or ``participation.own_agency``: officers take part in their own
        agency's consultations through their answers, not through comments and votes; or
        ``participation.verified_only``.
    """
    if actor.person_tag is None or actor.keyring is None:
        raise NotAllowedError("participation.sign_in")
    if actor.agency_id == consultation.agency_id:
        raise NotAllowedError("participation.own_agency")
    if not is_admitted(actor, consultation):
        raise NotAllowedError("participation.verified_only")


def is_admitted(actor: Actor, consultation: Consultation) -> bool:
    """Whether it is known surely enough for the consultation that the actor is one person."""
    is_known = actor.is_verified or bool(actor.organisation)
    return is_known or consultation.admission is Admission.EVERYONE


def require_can_vote(actor: Actor, consultation: Consultation) -> None:
    """Raise unless the actor can vote as a person: organisations state positions instead.

    Raises
    ------
    NotAllowedError
        As ``require_can_take_part``, or ``participation.organisation_vote``.
    """
    require_can_take_part(actor, consultation)
    if actor.organisation:
        raise NotAllowedError("participation.organisation_vote")


def require_officer(actor: Actor, consultation: Consultation) -> None:
    """Raise NotAllowedError ``consultation.other_agency`` unless an officer of the agency acts."""
    if not actor.serves(consultation.agency_id, Role.OFFICER):
        raise NotAllowedError("consultation.other_agency")


def require_agency_staff(actor: Actor, consultation: Consultation) -> None:
    """Raise NotAllowedError ``consultation.other_agency`` unless agency staff acts."""
    if not may_prepare(actor, consultation):
        raise NotAllowedError("consultation.other_agency")


def require_approver(actor: Actor, consultation: Consultation, author_id: int | None) -> None:
    """Raise unless the actor may approve what ``author_id`` prepared.

    Raises
    ------
    NotAllowedError
        ``approval.approver_needed`` or ``approval.own_work``.
    """
    if not actor.serves(consultation.agency_id, Role.APPROVER):
        raise NotAllowedError("approval.approver_needed")
    if author_id is not None and actor.account_id == author_id:
        raise NotAllowedError("approval.own_work")


def require_stage(consultation: Consultation, at: datetime, *stages: Stage) -> None:
    """Raise ConflictError ``consultation.wrong_stage`` unless one of the stages holds."""
    stage = current_stage(consultation, at)
    if stage not in stages:
        raise ConflictError("consultation.wrong_stage", stage=stage.value, event="")


def require_preparing(consultation: Consultation, at: datetime) -> None:
    """Raise ConflictError ``consultation.wrong_stage`` unless it is still being prepared."""
    require_stage(consultation, at, Stage.PREPARING)


def has_opened(consultation: Consultation, at: datetime) -> bool:
    """Whether people can, or could, write and vote at a moment."""
    return ORDER.index(current_stage(consultation, at)) >= ORDER.index(Stage.OPEN)


def has_closed(stage: Stage) -> bool:
    """Whether contributions were taken and are no longer, in this round."""
    return ORDER.index(stage) >= ORDER.index(Stage.CLOSED)


def has_answered(consultation: Consultation) -> bool:
    """Whether the agency answers or has answered, in this round."""
    return ORDER.index(consultation.stage) >= ORDER.index(Stage.ANSWERING)


def require_step(actor: Actor, consultation: Consultation, event: Event) -> None:
    """Raise unless the actor may take a step of the life cycle, or propose it, at any stage.

    Raises
    ------
    NotAllowedError
        ``consultation.by_clock``, ``consultation.other_agency``, ``approval.approver_needed`` or
        ``approval.own_work``.
    """
    if event is Event.OPEN:
        raise NotAllowedError("consultation.by_clock")
    require_agency_staff(actor, consultation)
    if event is Event.SUBMIT:
        require_officer(actor, consultation)
    elif event in APPROVERS_EVENTS - TWO_PERSON_EVENTS:
        author = consultation.submitted_by_id if event is Event.APPROVE else None
        require_approver(actor, consultation, author)


def may_step(actor: Actor, consultation: Consultation, event: Event) -> bool:
    """Whether the actor may take a step of the life cycle, whatever the stage."""
    try:
        require_step(actor, consultation, event)
    except NotAllowedError:
        return False
    return True


def offered_steps(actor: Actor, consultation: Consultation, at: datetime) -> list[Event]:
    """Return the steps that lie with this actor at the stage that holds at a moment."""
    return [
        event
        for event in allowed_events(current_stage(consultation, at))
        if may_step(actor, consultation, event)
    ]


def acting_role(actor: Actor, event: Event) -> Role:
    """Return the role under which a step is logged."""
    if actor.has(Role.SYSTEM):
        return Role.SYSTEM
    if event in APPROVERS_EVENTS or not actor.has(Role.OFFICER):
        return Role.APPROVER
    return Role.OFFICER


def with_hand(hands: Sequence[int], actor: Actor) -> list[int]:
    """Return the accounts that had a hand in something, with the actor's among them."""
    own = [] if actor.account_id is None else [actor.account_id]
    return sorted({*hands, *own})
