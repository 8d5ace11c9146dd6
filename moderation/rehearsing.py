"""For samples only: let days pass in a consultation, its flags and decisions included."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultations import rehearsing
from consultations.models import Consultation, Contribution
from moderation.models import Appeal, Decision, Escalation, Flag, Label, Review


def let_days_pass(session: Session, consultation: Consultation, days: int) -> None:
    """Move every date of a sample so many whole days into the past."""
    written = select(Contribution.id).where(Contribution.consultation_id == consultation.id)
    rehearsing.move_back(
        session,
        (
            (Decision, Decision.contribution_id.in_(written)),
            (Flag, Flag.contribution_id.in_(written)),
            (Appeal, Appeal.contribution_id.in_(written)),
            (Label, Label.contribution_id.in_(written)),
            (Escalation, Escalation.contribution_id.in_(written)),
            (Review, Review.contribution_id.in_(written)),
        ),
        days,
    )
    rehearsing.let_days_pass(session, consultation, days)
