"""Ids that last: themes of a new run take over the ids of the themes they continue."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from analysis.texts.parameters import ThemeParameters


@dataclass(frozen=True)
class Origin:
    """What a group of comments was in the previous run.

    ``kept`` is the id it takes over, or None. ``change`` is ``new``, ``kept``, ``split`` (most
    of its known comments come from a theme that another group continues) or ``merged`` (it
    also holds most of another theme); ``before`` names the previous groups.
    """

    kept: str | None
    change: str
    before: list[str]


def match_groups(
    groups: Sequence[frozenset[str]],
    previous: Mapping[str, frozenset[str]],
    parameters: ThemeParameters,
    pinned: Collection[str] = (),
) -> list[Origin]:
    """Match new groups of comments to previous ones by the comments that they share.

    The match maximises the number of shared comments (Kuhn 1955, the Hungarian method); it
    holds where the two share at least ``kept_overlap`` of the smaller, counted among comments
    that both runs know. A group in ``pinned`` is continued by whoever shares most with it,
    before all others and however little that is.
    """
    known = frozenset().union(*previous.values()) if previous else frozenset()
    present = frozenset().union(*groups) if groups else frozenset()
    names = sorted(previous)
    olds = [previous[name] & present for name in names]
    news = [group & known for group in groups]
    shared = np.array([[len(new & old) for old in olds] for new in news], dtype=np.intp)
    if not shared.size:
        return [Origin(None, "new", []) for _ in groups]
    first = np.zeros_like(shared)
    for column, name in enumerate(names):
        if name in pinned and shared[:, column].any():
            first[shared[:, column].argmax(), column] = 1 + shared.sum()
    rows, columns = linear_sum_assignment(shared + first, maximize=True)
    kept: dict[int, int] = {}
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        smaller = min(len(news[row]), len(olds[column]))
        enough = smaller and shared[row, column] >= parameters.kept_overlap * smaller
        if enough or first[row, column]:
            kept[row] = column
    return [_origin(row, kept, shared, olds, names) for row in range(len(groups))]


def _origin(
    row: int,
    kept: Mapping[int, int],
    shared: np.ndarray[tuple[int, int], np.dtype[np.intp]],
    olds: Sequence[frozenset[str]],
    names: Sequence[str],
) -> Origin:
    continued = set(kept.values())
    swallowed = [
        names[column]
        for column, old in enumerate(olds)
        if column not in continued and old and 2 * shared[row, column] > len(old)
    ]
    if row in kept:
        own = names[kept[row]]
        return Origin(own, "merged" if swallowed else "kept", [own, *swallowed])
    if swallowed:
        return Origin(None, "merged", swallowed)
    total = int(shared[row].sum())
    source = int(shared[row].argmax())
    if total and 2 * int(shared[row, source]) > total:
        return Origin(None, "split", [names[source]])
    return Origin(None, "new", [])


class Numbering:
    """Hands out ids that no earlier run has used."""

    def __init__(self, prefix: str, last: int = 0) -> None:
        self.prefix = prefix
        self.last = last

    def take(self) -> str:
        """Return the next unused id."""
        self.last += 1
        return f"{self.prefix}{self.last}"
