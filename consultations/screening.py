"""The port by which moderation looks at a text before it is stored."""

from dataclasses import dataclass
from typing import Protocol

from consultations.models import ModerationPolicy, Visibility


@dataclass(frozen=True)
class Screening:
    """What a screen says: how visible the text starts, and the codes of the signals it saw."""

    visibility: Visibility
    signals: tuple[str, ...] = ()


class Screen(Protocol):
    """Looks at a text under a consultation's moderation policy."""

    def __call__(self, text: str, policy: ModerationPolicy) -> Screening:
        """Return how visible the text starts, and why."""
