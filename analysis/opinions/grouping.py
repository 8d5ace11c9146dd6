"""Opinion groups: how many there are (one included), who belongs to which, and how surely."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from analysis.array_types import BoolArray, FloatArray, IndexArray
from analysis.kmeans import kmeans
from analysis.opinions.latent_classes import (
    LatentClasses,
    fit_latent_classes,
    information_criterion,
    opinion_matrix,
)
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.partitions import Block, Engine, LocalEngine, blocks_of
from analysis.opinions.sampling import sample_rows
from analysis.opinions.votes import VoteTable


@dataclass(frozen=True)
class Grouping:
    """Groups of the included participants.

    Attributes
    ----------
    labels : ndarray of shape (n_included,), dtype=intp
        0 ... count - 1; group 0 is the largest unless an earlier report named it otherwise.
    membership : ndarray of shape (n_included, count)
        P(group, given votes).
    chosen_by : str
        ``bic``, ``kept``, ``officer``, ``silhouette`` or ``too few``.
    criterion : dict of int to float
        Information criterion of each number of groups that was possible; lower is better.
    candidate, wins : int
        The number of groups that fits best now, and for how many updates in a row it has.
    """

    labels: IndexArray
    membership: FloatArray
    chosen_by: str
    criterion: dict[int, float]
    candidate: int
    wins: int = 1

    @property
    def count(self) -> int:
        """Number of groups."""
        return int(self.membership.shape[1])

    def sizes(self) -> list[int]:
        """Return participants per group."""
        sizes = np.bincount(self.labels[self.labels >= 0], minlength=self.count)
        return [int(size) for size in sizes]

    def undecided(self, parameters: OpinionParameters) -> BoolArray:
        """Tell for each participant whether no group holds enough of their membership."""
        if self.count == 0:
            return np.zeros(len(self.labels), dtype=bool)
        unsure: BoolArray = self.membership.max(1) < parameters.undecided
        return unsure


@dataclass(frozen=True)
class KeptCount:
    """What the last report says of the number of groups: the number, its rival and its wins."""

    count: int
    candidate: int
    wins: int
    same_votes: bool


def find_groups(
    votes: VoteTable,
    points: FloatArray,
    parameters: OpinionParameters,
    *,
    wanted: int | None = None,
    kept: KeptCount | None = None,
    engine: Engine | None = None,
) -> Grouping:
    """Group the participants of `votes`, who are all included.

    Parameters
    ----------
    votes : VoteTable
        Votes of the included participants only.
    points : ndarray of shape (n_participants, 2)
        Their places on the map, where the search begins.
    parameters : OpinionParameters
    wanted : int, optional
        Number of groups that an officer asks for.
    kept : KeptCount, optional
        From the last report: its number of groups stays until a rival has won often enough.
    engine : Engine, optional
        Where blocks of participants are assigned.

    Returns
    -------
    Grouping
        Without groups (count 0) if there are too few participants.
    """
    if votes.n_participants < parameters.grouped_participants:
        return no_groups(votes.n_participants)
    rows = sample_rows(votes, parameters.sample_participants, parameters.sample_votes)
    sample = votes.select_participants(rows)
    tried = _try_counts(sample, points[rows], parameters)
    criterion = {
        count: information_criterion(classes, sample.n_participants, sample.n_statements)
        for count, classes in tried.items()
    }
    best = best_count(criterion, parameters.group_gain)
    chosen, chosen_by, wins = _choose(best, set(tried), parameters, wanted=wanted, kept=kept)
    membership = _assign(tried[chosen], votes, parameters, engine or LocalEngine())
    found = Grouping(membership.argmax(1), membership, chosen_by, criterion, best, wins)
    return _in_order(found, points)


def best_count(criterion: Mapping[int, float], least_gain: float) -> int:
    """Return the number of groups with the lowest criterion, without groups that add little.

    Parameters
    ----------
    criterion : mapping of int to float
        Information criterion of each possible number of groups, 1 among them; lower is better.
    least_gain : float
        A last group that brings less than this share of the whole gain over one group is given
        up: with other participants it might as well not have appeared.
    """
    best = min(criterion, key=lambda count: (criterion[count], count))
    while best > 1:
        fewer = [count for count in criterion if count < best]
        rival = min(fewer, key=lambda count: (criterion[count], count))
        if criterion[rival] - criterion[best] >= least_gain * (criterion[1] - criterion[best]):
            break
        best = rival
    return best


def no_groups(participants: int) -> Grouping:
    """Return the answer for conversations that are too small to group."""
    return Grouping(
        np.full(participants, -1, dtype=np.intp), np.zeros((participants, 0)), "too few", {}, 0
    )


def match_groups(found: Grouping, previous: IndexArray) -> Grouping:
    """Renumber the groups so that they overlap most with the last report's.

    Parameters
    ----------
    found : Grouping
    previous : ndarray of shape (n_included,), dtype=intp
        Group in the last report, -1 where there was none.
    """
    known = previous >= 0
    if found.count == 0 or not known.any():
        return found
    width = max(found.count, int(previous.max()) + 1)
    overlap = np.zeros((found.count, width))
    np.add.at(overlap, (found.labels[known], previous[known]), 1)
    rows, columns = linear_sum_assignment(-overlap)
    wish = {int(row): int(column) for row, column in zip(rows, columns, strict=True)}
    order = sorted(range(found.count), key=lambda group: (wish[group], group))
    taken = {wish[group]: group for group in order if wish[group] < found.count}
    spare = [group for group in order if wish[group] >= found.count]
    return _renumbered(
        found, [taken[new] if new in taken else spare.pop(0) for new in range(found.count)]
    )


def smallest_group(participants: int, parameters: OpinionParameters) -> int:
    """Return how many participants a group needs."""
    return max(parameters.group_participants, int(np.ceil(parameters.group_share * participants)))


def _try_counts(
    votes: VoteTable, points: FloatArray, parameters: OpinionParameters
) -> dict[int, LatentClasses]:
    """Fit every number of groups; keep those whose groups are all large enough."""
    matrix = opinion_matrix(votes)
    distinct = len(np.unique(points, axis=0))
    least = smallest_group(votes.n_participants, parameters)
    tried = {}
    for count in range(1, min(parameters.groups, distinct) + 1):
        labels, _ = kmeans(points, count, seed=parameters.seed)
        classes = fit_latent_classes(matrix, labels, count, parameters)
        sizes = np.bincount(classes.log_joint(matrix).argmax(1), minlength=count)
        if count == 1 or sizes.min() >= least:
            tried[count] = classes
    return tried


def _assign(
    classes: LatentClasses, votes: VoteTable, parameters: OpinionParameters, engine: Engine
) -> FloatArray:
    """Return everyone's membership, block by block."""

    def assign(block: Block) -> FloatArray:
        return classes.membership(opinion_matrix(votes.select_range(*block)))

    blocks = blocks_of(votes.n_participants, parameters.block_participants)
    return np.concatenate(engine.map(assign, blocks))


def _choose(
    best: int,
    possible: set[int],
    parameters: OpinionParameters,
    *,
    wanted: int | None,
    kept: KeptCount | None,
) -> tuple[int, str, int]:
    """Return the number of groups to publish, why, and the wins of the best one so far."""
    wins = 1
    if kept is not None and kept.candidate == best:
        wins = kept.wins if kept.same_votes else kept.wins + 1
    if wanted is not None and wanted in possible:
        return wanted, "officer", wins
    rival = kept is not None and kept.count != best and kept.count in possible
    if kept is not None and rival and wins < parameters.keep_groups:
        return kept.count, "kept", wins
    return best, "bic", wins


def _in_order(found: Grouping, points: FloatArray) -> Grouping:
    """Renumber the groups by size, then from left to right."""
    sizes = np.bincount(found.labels, minlength=found.count)
    middle = [
        float(points[found.labels == group, 0].mean()) if sizes[group] else 0.0
        for group in range(found.count)
    ]
    order = sorted(range(found.count), key=lambda group: (-sizes[group], middle[group]))
    return _renumbered(found, order)


def _renumbered(found: Grouping, order: list[int]) -> Grouping:
    """Return the same groups so that old group ``order[i]`` is the new group i."""
    new = np.empty(len(order), dtype=np.intp)
    new[order] = np.arange(len(order))
    return replace(found, labels=new[found.labels], membership=found.membership[:, order])
