"""Looks at a text before it is stored."""

from consultations.models import ModerationPolicy, Visibility
from consultations.screening import Screening


def screen(text: str, policy: ModerationPolicy) -> Screening:
    """Return how visible a text starts."""
    return Screening(Visibility.PENDING if policy is ModerationPolicy.BEFORE else Visibility.PUBLISHED)
