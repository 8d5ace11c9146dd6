"""Service: what participants tell about themselves of their own will, and the population's shares.

Only counts leave this: ``consultations.strata`` decides which of them can be shown.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import policy, strata
from consultations.models import Consultation, ParticipantProfile, PopulationTable
from consultations.participation import Hold, find_participant, locked_consultation
from core import ledger
from core.accounts import consents
from core.accounts.consents import Purpose
from core.actor import Actor
from core.clock import BANGKOK, now
from core.errors import ConflictError, InvalidError, NotAllowedError
from core.text import plain_text

SOURCE_LENGTH = 1000


def own_profile(
    session: Session, actor: Actor, consultation: Consultation
) -> ParticipantProfile | None:
    """Return what the actor has told here; None if nothing, or if they have not taken part."""
    participant = find_participant(session, actor, consultation)
    return None if participant is None else session.get(ParticipantProfile, participant.id)


def tell(
    session: Session,
    actor: Actor,
    consultation_id: int,
    *,
    answers: Mapping[str, str],
    agreed: bool,
) -> ParticipantProfile:
    """Keep a participant's answers about themselves, in place of earlier ones.

    Parameters
    ----------
    answers : mapping of question to answer
        The empty answer, and a question left out, mean that they did not say.
    agreed : bool
        Consent to the purpose; without it nothing is kept.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``participation.sign_in``, ``participation.own_agency`` or ``profile.take_part_first``.
    InvalidError
        ``profile.agree`` or ``profile.answer_unknown``.
    """
    consultation = locked_consultation(session, consultation_id)
    policy.require_can_take_part(actor, consultation)
    participant = find_participant(session, actor, consultation)
    if participant is None:
        raise NotAllowedError("profile.take_part_first")
    if not agreed:
        raise InvalidError("profile.agree", field="agreed")
    known = {question: answers.get(question, strata.NOT_SAID) for question in strata.STRATA}
    for question, value in known.items():
        if value and value not in strata.STRATA[question]:
            raise InvalidError("profile.answer_unknown", field=question)
    profile = session.get(ParticipantProfile, participant.id) or ParticipantProfile(
        participant_id=participant.id, consultation_id=consultation.id
    )
    profile.age, profile.region, profile.gender = (known[q] for q in ("age", "region", "gender"))
    profile.purpose_version = strata.PURPOSE_VERSION
    profile.agreed_on = now().astimezone(BANGKOK).date()
    session.add(profile)
    consents.record(session, Purpose.PROFILE, given=True, participant_id=participant.id)
    session.flush()
    return profile


def forget(session: Session, actor: Actor, consultation_id: int) -> None:
    """Delete what the actor has told here; results forget it as ``strata.steady`` has it.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    """
    consultation = locked_consultation(session, consultation_id)
    profile = own_profile(session, actor, consultation)
    if profile is not None:
        who = profile.participant_id
        consents.record(session, Purpose.PROFILE, given=False, participant_id=who)
        session.delete(profile)
        session.flush()


def told_in(session: Session, participant_ids: Collection[str]) -> Sequence[Consultation]:
    """Return the consultations in which some participants told about themselves; one query."""
    return session.scalars(
        select(Consultation)
        .join(ParticipantProfile, ParticipantProfile.consultation_id == Consultation.id)
        .where(ParticipantProfile.participant_id.in_(participant_ids))
        .order_by(Consultation.id)
    ).all()


def set_population(
    session: Session, actor: Actor, consultation_id: int, *, data: bytes, source: str
) -> PopulationTable:
    """Keep the shares of the population, in place of earlier ones.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    InvalidError
        ``population.malformed`` or ``population.source_required``.
    """
    consultation = locked_consultation(session, consultation_id)
    policy.require_officer(actor, consultation)
    named = plain_text(source, max_length=SOURCE_LENGTH, field="source") if source.strip() else ""
    if not named:
        raise InvalidError("population.source_required", field="source")
    shares = strata.read_population(data)
    table = session.get(PopulationTable, consultation_id) or PopulationTable(
        consultation_id=consultation_id
    )
    table.shares, table.source, table.uploaded_at = shares, named, now()
    session.add(table)
    ledger.record(
        session,
        actor,
        "population.set",
        consultation_id=consultation_id,
        detail={"questions": sorted(shares)},
    )
    session.flush()
    return table


def population_of(session: Session, consultation_id: int) -> PopulationTable | None:
    """Return the population's shares that a consultation is set against."""
    return session.get(PopulationTable, consultation_id)


def announce_open_votes(
    session: Session, actor: Actor, consultation_id: int, *, open_votes: bool
) -> None:
    """Announce, before anyone votes, whether votes are published row by row without names.

    Raises
    ------
    NotFoundError
        ``consultation.unknown``.
    NotAllowedError
        ``consultation.other_agency``.
    ConflictError
        ``open_votes.too_late``: people have voted on what was announced.
    """
    consultation = locked_consultation(session, consultation_id, Hold.CHANGE)
    policy.require_officer(actor, consultation)
    if policy.has_opened(consultation, now()):
        raise ConflictError("open_votes.too_late")
    consultation.open_votes = open_votes
    ledger.record(
        session,
        actor,
        "consultation.open_votes",
        consultation_id=consultation_id,
        detail={"open": open_votes},
    )
    session.flush()
