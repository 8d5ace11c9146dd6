"""Pure: how far the support of each comment reaches across the opinion groups of a run."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

#: Scores are whole numbers of millionths, so that they compare alike in every database.
WHOLE = 1_000_000


def scores(opinions: Mapping[str, Any], supports: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Return the bridging score of each comment that someone in a group supports.

    The geometric mean over the groups of (s + 1) / (n + 2), where s of the n people in a group
    support the comment: Polis's group-aware consensus with support in the place of agreement. A
    comment that two groups support stands before one that a single group supports twice as much.
    Not having supported a comment is no rejection: most people have not read it.

    Parameters
    ----------
    opinions : mapping
        Report of the schema ``sarn.opinions/1``.
    supports : iterable of (comment, participant)
        Who supports what, by the labels of the snapshot.

    Returns
    -------
    dict of str to int
        In millionths; empty where fewer than two groups were found.

    References
    ----------
    Small et al. 2021, "Polis: Scaling deliberation by mapping high dimensional opinion spaces".
    """
    group_of = {
        row["id"]: row["group"] for row in opinions["participants"] if row["group"] is not None
    }
    sizes = Counter(group_of.values())
    if len(sizes) < 2:
        return {}
    found: dict[str, Counter[Any]] = defaultdict(Counter)
    for comment, participant in supports:
        if participant in group_of:
            found[comment][group_of[participant]] += 1
    return {comment: _score(counts, sizes) for comment, counts in found.items()}


def _score(counts: Mapping[Any, int], sizes: Mapping[Any, int]) -> int:
    logs = [math.log((counts.get(group, 0) + 1) / (size + 2)) for group, size in sizes.items()]
    return round(WHOLE * math.exp(math.fsum(logs) / len(logs)))
