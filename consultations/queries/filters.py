"""What someone looks for in the finder."""

from dataclasses import dataclass, replace
from enum import StrEnum

from consultations.models import Kind
from consultations.queries.standing import Standing
from consultations.search_words import terms_of


class Mine(StrEnum):
    """What ties a consultation to the person who looks."""

    TOOK_PART = "took_part"
    FOLLOWING = "following"


@dataclass(frozen=True)
class Filters:
    """What someone looks for; an empty filter lets everything through."""

    words: str = ""
    standing: Standing | None = None
    mine: Mine | None = None
    agency: str = ""
    topic: str = ""
    province: str = ""
    kind: Kind | None = None

    def __bool__(self) -> bool:
        """Whether anything is looked for."""
        return self != Filters()

    @property
    def terms(self) -> tuple[str, ...]:
        """The words to look for, folded."""
        return terms_of(self.words)

    def without(self, name: str) -> "Filters":
        """Return the same, but with one of them empty."""
        return replace(self, **{name: getattr(Filters(), name)})
