"""Pure rules: who may do what to a consultation, and when. ``require_*`` raise what ``may_*`` tell."""

from datetime import datetime

from consultations.lifecycle import PRIVATE_STAGES, stage_at
from consultations.models import Consultation, Stage
from core.actor import Actor, Role
from core.errors import ConflictError, NotAllowedError, NotFoundError

#: Stages at which people can write and vote.
TAKING_STAGES = frozenset({Stage.OPEN, Stage.EXTENDED})
#: Stages at which the agency's answers are written.
ANSWERING_STAGES = frozenset({Stage.ANSWERING})


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


def require_can_take_part(actor: Actor, consultation: Consultation) -> None:
    """Raise unless the actor can take part as a citizen.

    Raises
    ------
    NotAllowedError
        ``participation.sign_in``, or ``participation.own_agency``: officers take part in their own
        agency's consultations through their answers, not through comments and votes.
    """
    if actor.person_tag is None or actor.keyring is None:
        raise NotAllowedError("participation.sign_in")
    if actor.agency_id == consultation.agency_id:
        raise NotAllowedError("participation.own_agency")


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
