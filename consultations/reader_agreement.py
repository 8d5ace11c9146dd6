"""Pure formulas about readers of comments: how far two agree, and how well the machine does.

A reader puts a comment into any number of themes, none included. Explained in docs/methods.md,
"How far readers agree".
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from consultations import shares

#: Nothing is said of fewer comments.
LEAST: Final = 20
#: Nothing is said of a theme's precision or recall on fewer comments.
LEAST_OF_THEME: Final = 10

#: Themes that a reader put a comment into.
Choice = frozenset[int]


@dataclass(frozen=True)
class ReaderAgreement:
    """Chance-corrected agreement of two readers with its 95 % interval.

    Attributes
    ----------
    comments, same : int
        Comments that both read; those for which they chose exactly the same themes.
    value, low, high : float or None
        Krippendorff's alpha, at most 1; None where there are too few, or where both chose the same
        for every comment so that chance cannot be told from agreement.
    """

    comments: int
    same: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class MachineFit:
    """How a machine's theme stands against what people said of comments they read.

    Attributes
    ----------
    both, machine_only, person_only : int
        Comments that both put into the theme, or one of them alone.
    precision, recall : tuple of float or None
        Share, lower and upper end of its 95 % interval (Wilson); None where too few to say.
    """

    both: int
    machine_only: int
    person_only: int
    precision: tuple[float, float, float] | None
    recall: tuple[float, float, float] | None


def distance(first: Choice, second: Choice) -> float:
    """Return how different two choices are, in [0, 1]; 0 for the same, none included.

    References
    ----------
    Passonneau 2006, "Measuring Agreement on Set-valued Items (MASI) for Semantic and Pragmatic
    Annotation", LREC: 1 - J M, with the Jaccard share J, and M = 1 for equal sets, 2/3 where one
    holds the other, 1/3 where they overlap, 0 where they share nothing.
    """
    if first == second:
        return 0.0
    shared = len(first & second)
    if not shared:
        return 1.0
    weight = 2 / 3 if first <= second or second <= first else 1 / 3
    return 1 - weight * shared / len(first | second)


def alpha(pairs: Sequence[tuple[Choice, Choice]]) -> ReaderAgreement:
    """Return Krippendorff's alpha of two readers who each read all comments.

    Parameters
    ----------
    pairs : sequence of (Choice, Choice)
        What the first and the second reader chose, one pair for each comment.

    References
    ----------
    Krippendorff 2004, "Content Analysis", chapter 11: 1 - observed / expected disagreement, the
    expected one over all pairs of the 2n choices; with the distance above. The interval is the
    delete-one jackknife's, +/- 1.96 standard errors (Efron and Tibshirani 1993, chapter 11). Where
    the readers never differ the jackknife sees no spread: the lower end then takes the upper bound
    of the share of comments on which they might (Wilson 1927).
    """
    number = len(pairs)
    same = sum(first == second for first, second in pairs)
    if number < LEAST:
        return ReaderAgreement(number, same)
    counts = Counter(choice for pair in pairs for choice in pair)
    far = {
        one: sum(times * distance(one, other) for other, times in counts.items()) for one in counts
    }
    total = sum(times * far[one] for one, times in counts.items())
    if not total:
        return ReaderAgreement(number, same)
    apart = [distance(first, second) for first, second in pairs]
    value = _alpha(sum(apart), total, number)
    if same == number:
        most = shares.wilson(0, number)[1] * number
        return ReaderAgreement(number, same, value, _alpha(most, total, number), 1.0)
    without = [
        _alpha(
            sum(apart) - gap,
            total - 2 * (far[first] + far[second]) + 2 * gap,
            number - 1,
        )
        for (first, second), gap in zip(pairs, apart, strict=True)
    ]
    middle = sum(without) / number
    spread = math.sqrt((number - 1) / number * sum((each - middle) ** 2 for each in without))
    low, high = max(-1.0, value - shares.Z * spread), min(1.0, value + shares.Z * spread)
    return ReaderAgreement(number, same, value, low, high)


def fit(both: int, machine_only: int, person_only: int) -> MachineFit:
    """Return precision (of the machine's, how many people confirm) and recall (of the people's)."""
    return MachineFit(
        both,
        machine_only,
        person_only,
        _share(both, both + machine_only),
        _share(both, both + person_only),
    )


def _alpha(observed: float, total: float, number: int) -> float:
    """Return 1 - D_o / D_e for n pairs; 1 where nothing differs at all.

    D_o = observed / n; D_e = total / (2n (2n - 1)).
    """
    if total <= 0:
        return 1.0
    return 1 - (observed / number) * (2 * number * (2 * number - 1)) / total


def _share(count: int, total: int) -> tuple[float, float, float] | None:
    if total < LEAST_OF_THEME:
        return None
    return (count / total, *shares.wilson(count, total))
