"""Service: say what one makes of the agency's answer to one's own words."""

from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from consultations import participation, policy
from consultations.ballots import store_single
from consultations.models import ResponseRating
from consultations.queries import own_answer
from core.actor import Actor
from core.clock import now


@dataclass(frozen=True)
class Rating:
    """Whether the answer understood one's words, gives reasons, and convinces."""

    understood: bool
    reasoned: bool
    agrees: bool


def rate(session: Session, actor: Actor, response_id: int, rating: Rating | None) -> None:
    """Store what one makes of an answer, in the place of what one made of it before.

    Nothing of it goes to the ledger, and only totals are shown. None takes it back.

    Raises
    ------
    NotFoundError
        ``response.unknown``: there is none, or it is not published.
    NotAllowedError
        ``participation.sign_in``, ``participation.own_agency``, ``participation.verified_only`` or
        ``participation.organisation_vote``; ``response.not_yours``.
    ConflictError
        ``consultation.wrong_stage``.
    """
    consultation_id = own_answer.published(session, response_id).consultation_id
    consultation = participation.locked_consultation(session, consultation_id)
    policy.require_can_vote(actor, consultation)
    policy.require_stage(consultation, now(), *policy.COMMITTING_STAGES)
    participant = own_answer.require_author(session, actor, consultation, response_id)
    key = {"response_id": response_id, "participant_id": participant.id}
    if rating is not None:
        store_single(session, ResponseRating, key, vars(rating))
        return
    session.execute(delete(ResponseRating).filter_by(**key))
