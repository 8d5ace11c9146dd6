"""Service: what people wrote to moderators goes with them; that they wrote it stays."""

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consultations.models import Contribution
from moderation.models import Appeal, Flag


def forget_notes(session: Session, participant_ids: Collection[str]) -> None:
    """Take away the words that some participants wrote when they reported or appealed."""
    session.execute(
        update(Flag)
        .where(Flag.participant_id.in_(participant_ids), Flag.note != "")
        .values(note="")
    )
    own = select(Contribution.id).where(Contribution.participant_id.in_(participant_ids))
    session.execute(update(Appeal).where(Appeal.contribution_id.in_(own)).values(words=""))


def forget_appeals(session: Session, contribution_id: int) -> None:
    """Take away the words of the appeals for one contribution that its author erases."""
    session.execute(
        update(Appeal).where(Appeal.contribution_id == contribution_id).values(words="")
    )
