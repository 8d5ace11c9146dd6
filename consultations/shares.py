"""Pure: what the check of a summary says, from counts of answers by opinion group.

Formulas and rules are explained in docs/methods.md, "How a summary is checked".
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: Standard normal quantile of a two-sided interval of 95 %.
Z: Final = 1.959963984540054
#: Nothing is said of fewer people.
LEAST: Final = 5
#: A group is large enough to contest a sentence from so many answers.
LEAST_TO_CONTEST: Final = 10
#: Names of everybody together, and of those without a clear group, among the groups.
ALL, NO_GROUP = "all", "none"
#: The answer whose share is told, and the others.
REFLECTS, MISSES, WRONG = "reflects", "misses", "wrong"
ANSWERS: Final = (REFLECTS, MISSES, WRONG)

#: Number of answers by opinion group (``"0"``, ``"1"``, ..., ``NO_GROUP``) and answer.
Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Share:
    """How many of a group chose the answer in question; all None where too few to say.

    Attributes
    ----------
    group : str
        Name of the group, or ``ALL``.
    total : int or None
        People who answered.
    counts : mapping of str to int, or None
        How many gave each answer.
    share, low, high : float or None
        Share of the first answer, and its Wilson interval of 95 %.
    """

    group: str
    total: int | None
    counts: Mapping[str, int] | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None


def wilson(count: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of a share; the whole range without anybody.

    References
    ----------
    Wilson 1927, "Probable inference, the law of succession, and statistical inference", JASA 22.
    """
    if total == 0:
        return 0.0, 1.0
    share, weight = count / total, Z * Z / total
    centre = share + weight / 2
    spread = Z * math.sqrt(share * (1 - share) / total + weight / (4 * total))
    low, high = (centre - spread) / (1 + weight), (centre + spread) / (1 + weight)
    # Exact at the ends, where rounding would miss them by a hair.
    return 0.0 if count == 0 else low, 1.0 if count == total else high


def is_contested(counts: Counts) -> bool:
    """Whether a sentence is contested.

    It is when, in any opinion group with at least ``LEAST_TO_CONTEST`` answers, or among everybody
    together if they are as many, the lower bound of the share of "reflects me" is below one half.
    """
    return any(
        sum(cell.values()) >= LEAST_TO_CONTEST
        and wilson(cell.get(REFLECTS, 0), sum(cell.values()))[0] < 0.5
        for cell in (*counts.values(), together(counts))
    )


def shown(counts: Counts, answers: tuple[str, ...] = ANSWERS) -> list[Share]:
    """Return the share of the first answer among everybody, then in each group.

    Cells of fewer than ``LEAST`` people are kept back, and as many others that nobody can compute
    them from what is shown.
    """
    everybody = together(counts)
    totals = {group: sum(cell.values()) for group, cell in counts.items()}
    if sum(totals.values()) < LEAST:
        return [Share(group, None) for group in (ALL, *_ordered(counts))]
    hidden = hidden_groups(totals)
    cells = {ALL: everybody, **{group: counts[group] for group in _ordered(counts)}}
    return [
        Share(group, None) if group in hidden else _share(group, cell, answers)
        for group, cell in cells.items()
    ]


def hidden_groups(totals: Mapping[str, int]) -> set[str]:
    """Return which groups are kept back while the sum of all is shown.

    One hidden group could be computed from the sum and the others, and two could be known to hold
    fewer than ``LEAST`` people together: the next smallest groups are hidden with them.
    """
    hidden = {group for group, total in totals.items() if 0 < total < LEAST}
    others = sorted(
        (group for group, total in totals.items() if total >= LEAST),
        key=lambda group: (totals[group], group),
    )
    while hidden and others and (len(hidden) == 1 or sum(totals[g] for g in hidden) < LEAST):
        hidden.add(others.pop(0))
    return hidden


def together(counts: Counts) -> dict[str, int]:
    """Add up the groups."""
    answers = {answer for cell in counts.values() for answer in cell}
    return {
        answer: sum(cell.get(answer, 0) for cell in counts.values()) for answer in sorted(answers)
    }


def _ordered(counts: Counts) -> list[str]:
    return sorted(counts, key=lambda group: (group == NO_GROUP, len(group), group))


def _share(group: str, cell: Mapping[str, int], answers: tuple[str, ...]) -> Share:
    filled = {answer: cell.get(answer, 0) for answer in answers}
    total, count = sum(filled.values()), filled[answers[0]]
    if total == 0:
        return Share(group, 0, filled)
    return Share(group, total, filled, count / total, *wilson(count, total))
