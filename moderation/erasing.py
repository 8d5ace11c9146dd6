"""Service: what people wrote to moderators goes with them; that something was reported stays."""

from collections.abc import Collection

from sqlalchemy import update
from sqlalchemy.orm import Session

from moderation.models import Flag


def forget_notes(session: Session, participant_ids: Collection[str]) -> None:
    """Take away the words that some participants wrote when they reported something."""
    session.execute(
        update(Flag)
        .where(Flag.participant_id.in_(participant_ids), Flag.note != "")
        .values(note="")
    )
