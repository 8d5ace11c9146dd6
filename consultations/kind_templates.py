"""What each kind of consultation begins with; kept as data in ``consultations/kinds``."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from consultations.models import Kind, ModerationPolicy

#: Stands in a template's text where the agency fills in its own words.
BLANK: Final = "[…]"
_FOLDER: Final = Path(__file__).parent / "kinds"


@dataclass(frozen=True)
class KindTemplate:
    """Rules and first words of one kind.

    Parameters
    ----------
    advised_days : int
        Advised number of days to take part; a shorter consultation must say why.
    needs_draft : bool
        Whether there must be a text to comment on.
    days_before_opening : int
        Days from preparing to the opening that is proposed.
    answer_days : int
        Days from closing to the answers that are proposed.
    summary_th, scope_th, affected_th : str
        First words in Thai, with ``BLANK`` where the agency fills in its own.
    """

    advised_days: int
    needs_draft: bool
    days_before_opening: int
    answer_days: int
    moderation_policy: ModerationPolicy
    summary_th: str
    scope_th: str
    affected_th: str


def _read(kind: Kind) -> KindTemplate:
    given = json.loads((_FOLDER / f"{kind.value}.json").read_text(encoding="utf-8"))
    return KindTemplate(
        **{**given, "moderation_policy": ModerationPolicy(given["moderation_policy"])}
    )


TEMPLATES: Final = {kind: _read(kind) for kind in Kind}


def has_blank(text: str) -> bool:
    """Whether a text still holds a place that the agency should have filled in."""
    return BLANK in text
