"""The statistics that Polis publishes, formula by formula, from counts per group."""

from dataclasses import dataclass

import numpy as np

from analysis.array_types import BoolArray, CountArray, FloatArray
from analysis.proportions import one_share_test, smoothed_share, two_share_test


@dataclass(frozen=True)
class GroupCounts:
    """Votes per group and statement.

    Attributes
    ----------
    agree, disagree, seen : ndarray of shape (n_groups, n_statements), dtype=int64
        Passes count as seen.
    """

    agree: CountArray
    disagree: CountArray
    seen: CountArray

    @property
    def passed(self) -> CountArray:
        """Passes, of the same shape."""
        return self.seen - self.agree - self.disagree


@dataclass(frozen=True)
class Representativeness:
    """How much more a group agrees (disagrees) with a statement than everybody else.

    Attributes
    ----------
    agree_share, disagree_share : ndarray of shape (n_groups, n_statements)
        Laplace shares pa and pd.
    agree_test, disagree_test : ndarray
        z of the share being above one half, pat and pdt.
    agree_ratio, disagree_ratio : ndarray
        Share inside over share outside, ra and rd.
    agree_ratio_test, disagree_ratio_test : ndarray
        z of the share being higher inside, rat and rdt.
    """

    agree_share: FloatArray
    disagree_share: FloatArray
    agree_test: FloatArray
    disagree_test: FloatArray
    agree_ratio: FloatArray
    disagree_ratio: FloatArray
    agree_ratio_test: FloatArray
    disagree_ratio_test: FloatArray

    @property
    def agrees(self) -> BoolArray:
        """Whether agreeing, rather than disagreeing, is what sets the group apart."""
        return self.agree_ratio_test > self.disagree_ratio_test

    @property
    def ratio(self) -> FloatArray:
        """Ratio of the side that sets the group apart."""
        return np.where(self.agrees, self.agree_ratio, self.disagree_ratio)

    @property
    def metric(self) -> FloatArray:
        """What Polis sorts by: ratio, its test, share and its test, multiplied."""
        agree = self.agree_ratio * self.agree_ratio_test * self.agree_share * self.agree_test
        disagree = (
            self.disagree_ratio
            * self.disagree_ratio_test
            * self.disagree_share
            * self.disagree_test
        )
        return np.where(self.agrees, agree, disagree)

    def significant(self, threshold: float) -> BoolArray:
        """Whether either side is both above one half and above the rest (one-sided)."""
        agree = (self.agree_ratio_test > threshold) & (self.agree_test > threshold)
        disagree = (self.disagree_ratio_test > threshold) & (self.disagree_test > threshold)
        both: BoolArray = agree | disagree
        return both


def representativeness(counts: GroupCounts) -> Representativeness:
    """Compare each group with all the others taken together.

    References
    ----------
    Polis, `math/src/polismath/math/repness.clj`, ``comment-stats`` and ``add-comparitive-stats``.
    """
    agree_out, disagree_out, seen_out = (
        values.sum(0, keepdims=True) - values
        for values in (counts.agree, counts.disagree, counts.seen)
    )
    agree_share = smoothed_share(counts.agree, counts.seen)
    disagree_share = smoothed_share(counts.disagree, counts.seen)
    return Representativeness(
        agree_share=agree_share,
        disagree_share=disagree_share,
        agree_test=one_share_test(counts.agree, counts.seen),
        disagree_test=one_share_test(counts.disagree, counts.seen),
        agree_ratio=agree_share / smoothed_share(agree_out, seen_out),
        disagree_ratio=disagree_share / smoothed_share(disagree_out, seen_out),
        agree_ratio_test=two_share_test(counts.agree, counts.seen, agree_out, seen_out),
        disagree_ratio_test=two_share_test(counts.disagree, counts.seen, disagree_out, seen_out),
    )


def group_aware_consensus(counts: GroupCounts) -> FloatArray:
    """Return the product over groups of the Laplace share of agreement, per statement.

    References
    ----------
    Polis, `math/src/polismath/math/conversation.clj`, ``group-aware-consensus``.
    """
    product: FloatArray = smoothed_share(counts.agree, counts.seen).prod(0)
    return product


def statement_priority(
    agree: CountArray,
    passed: CountArray,
    seen: CountArray,
    extremity: FloatArray,
) -> FloatArray:
    """Return how urgently each statement should be shown next.

    Statements that are agreed with, seldom passed, far from the centre or new come first.

    Parameters
    ----------
    agree, passed, seen : ndarray of shape (n_statements,), dtype=int64
    extremity : ndarray of shape (n_statements,)
        Distance from the centre of someone who only agreed with this statement.

    References
    ----------
    Polis, `math/src/polismath/math/conversation.clj`, ``importance-metric``, ``priority-metric``.
    """
    interest = (1 - smoothed_share(passed, seen)) * (extremity + 1) * smoothed_share(agree, seen)
    newness = 1 + 8 * np.exp2(-seen / 5)
    priority: FloatArray = (interest * newness) ** 2
    return priority


def representative_statements(
    table: Representativeness,
    counts: GroupCounts,
    group: int,
    *,
    eligible: BoolArray,
    threshold: float,
    length: int,
) -> list[int]:
    """Return the statements that represent a group best, agrees before disagrees.

    Parameters
    ----------
    table, counts
        As from `representativeness`.
    group : int
    eligible : ndarray of shape (n_statements,), dtype=bool
        Statements that may be listed.
    threshold : float
        Significance, z.
    length : int
        Most statements returned.

    References
    ----------
    Polis, `math/src/polismath/math/repness.clj`, ``select-rep-comments``.
    """
    candidates = np.flatnonzero(eligible).tolist()
    best_agree = _best_agree(table, counts, group, candidates, threshold=threshold)
    sufficient = [item for item in candidates if table.significant(threshold)[group, item]]
    if not sufficient:
        return _fallback(table, group, candidates, best_agree)
    metric = table.metric[group]
    ranked = sorted((item for item in sufficient if item != best_agree), key=lambda i: -metric[i])
    chosen = ([] if best_agree is None else [best_agree]) + ranked
    chosen = chosen[:length]
    agrees = table.agrees[group]
    return [i for i in chosen if agrees[i]] + [i for i in chosen if not agrees[i]]


def majority_statements(
    counts: GroupCounts, *, eligible: BoolArray, threshold: float, length: int
) -> dict[str, list[int]]:
    """Return the statements that most of all participants agree (disagree) with.

    `counts` holds everybody as one group.

    References
    ----------
    Polis, `math/src/polismath/math/repness.clj`, ``select-consensus-comments``.
    """
    lists = {}
    for side, count in (("agree", counts.agree[0]), ("disagree", counts.disagree[0])):
        share, test = smoothed_share(count, counts.seen[0]), one_share_test(count, counts.seen[0])
        fits = np.flatnonzero(eligible & (share > 0.5) & (test > threshold)).tolist()
        metric = share * test
        lists[side] = sorted(fits, key=lambda item: -float(metric[item]))[:length]
    return lists


def _fallback(
    table: Representativeness, group: int, candidates: list[int], best_agree: int | None
) -> list[int]:
    """Return the one statement of a group that has no significant one."""
    if best_agree is not None:
        return [best_agree]
    score = np.maximum(table.agree_ratio_test[group], table.disagree_ratio_test[group])
    return [max(candidates, key=lambda item: float(score[item]))] if candidates else []


def _best_agree(
    table: Representativeness,
    counts: GroupCounts,
    group: int,
    candidates: list[int],
    *,
    threshold: float,
) -> int | None:
    """Return the statement that the group agrees with most typically, walking in order."""
    general = table.agree_share[group] * table.agree_test[group]
    typical = general * table.agree_ratio[group] * table.agree_ratio_test[group]
    best: int | None = None
    for item in candidates:
        if counts.agree[group, item] == 0 and counts.disagree[group, item] == 0:
            continue
        if best is None:
            liked = table.agree_ratio[group, item] > 1 and table.agree_share[group, item] > 0.5
            better = bool(table.agree_test[group, item] > threshold or liked)
        elif table.agree_ratio[group, best] > 1:
            better = bool(typical[item] > typical[best])
        else:
            better = bool(general[item] > general[best])
        best = item if better else best
    return best
