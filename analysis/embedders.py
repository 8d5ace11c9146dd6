"""Where the points of comments come from besides words: the interface of embedders."""

from collections.abc import Sequence
from typing import Protocol

from analysis.features import Points


class Embedder(Protocol):
    """Turns texts into points whose nearness is likeness of meaning.

    Attributes
    ----------
    id, version : str
        Written into the report; the same pair gives the same points.
    languages : frozenset of str or None
        Language codes that it claims to understand; None for any.
    offline : bool
        Whether texts stay on this machine.
    """

    id: str
    version: str
    languages: frozenset[str] | None
    offline: bool

    def embed(self, texts: Sequence[str]) -> Points:
        """Return one row per text, unit length; a row depends on its own text only."""
        ...
