"""Service: a participant flags a contribution. Flags alone never hide anything."""

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consultations import policy
from consultations.models import Contribution, Participant, Visibility
from consultations.participation import join
from core import ledger
from core.actor import Actor
from core.clock import now
from core.errors import ConflictError, NotAllowedError, NotFoundError
from core.text import plain_text
from moderation.cases import locked_contribution
from moderation.models import Flag
from moderation.reasons import find_rule

#: Longest note to the moderators, in characters.
NOTE_LENGTH = 1000


def flag(session: Session, actor: Actor, reference: str, *, rule: str, note: str = "") -> Flag:
    """Bring a published contribution to the moderators' attention.

    Parameters
    ----------
    session : Session
    actor : Actor
        Takes part in the consultation by this, if they did not before.
    reference : str
        Public code of the contribution.
    rule : str
        Code of the rule that it seems to break.
    note : str
        What the moderators should know; may be empty.

    Raises
    ------
    NotFoundError
        ``contribution.unknown``: there is none, or it is not published.
    NotAllowedError
        ``participation.sign_in``, ``participation.own_agency`` or ``flag.own_contribution``.
    InvalidError
        ``rule.needed`` or ``rule.unknown`` on ``rule``; ``text.too_long`` on ``note``.
    ConflictError
        ``flag.exists``: one flag for each person and contribution, settled or not.
    """
    contribution, consultation = locked_contribution(session, reference, shared=True)
    if contribution.visibility is not Visibility.PUBLISHED:
        raise NotFoundError("contribution.unknown")
    policy.require_visible(actor, consultation)
    policy.require_can_take_part(actor, consultation)
    broken = find_rule(rule)
    words = plain_text(note, max_length=NOTE_LENGTH, field="note") if note.strip() else ""
    participant = join(session, actor, consultation)
    if contribution.participant_id == participant.id:
        raise NotAllowedError("flag.own_contribution")
    made = _store(session, contribution, participant, rule=broken.code, note=words)
    ledger.record(
        session,
        actor,
        "contribution.flagged",
        consultation_id=consultation.id,
        subject=reference,
        detail={"rule": broken.code},
    )
    session.flush()
    return made


def _store(
    session: Session, contribution: Contribution, participant: Participant, *, rule: str, note: str
) -> Flag:
    """Store the flag, or raise ConflictError ``flag.exists``, also under races."""
    already = exists().where(
        Flag.contribution_id == contribution.id, Flag.participant_id == participant.id
    )
    if session.scalar(select(already)):
        raise ConflictError("flag.exists")
    made = Flag(
        contribution_id=contribution.id,
        participant_id=participant.id,
        rule=rule,
        note=note,
        flagged_at=now(),
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError as error:
        raise ConflictError("flag.exists") from error
    return made
