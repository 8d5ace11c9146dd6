"""Would the same groups appear with other participants? Bootstrap, published with the groups."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from analysis.array_types import FloatArray, IndexArray
from analysis.opinions.grouping import Grouping, find_groups
from analysis.opinions.ideal_point import fit_ideal_point, locate_participants
from analysis.opinions.opinion_map import draw_points
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.partitions import Engine, LocalEngine
from analysis.opinions.sampling import sample_rows
from analysis.opinions.votes import VoteTable


@dataclass(frozen=True)
class GroupStability:
    """How reproducible the groups are.

    Attributes
    ----------
    overall : float or None
        Mean adjusted Rand index between the published groups and those of the resamples, over
        shared participants; 1 is the same groups, 0 is chance. None if there is nothing to
        compare (one group in the report).
    by_group : list of float
        Mean overlap (Jaccard) of each group with its counterpart.
    same_count : float or None
        Share of resamples that find the same number of groups.
    resamples : int
    participants : int
        Participants that were resampled; fewer than all where there are very many votes.
    """

    overall: float | None
    by_group: list[float]
    same_count: float | None
    resamples: int
    participants: int


def measure_stability(
    votes: VoteTable,
    labels: IndexArray,
    count: int,
    parameters: OpinionParameters,
    *,
    engine: Engine | None = None,
) -> GroupStability:
    """Repeat the whole analysis on resampled participants and compare the groups.

    Parameters
    ----------
    votes : VoteTable
        Votes of the included participants.
    labels : ndarray of shape (n_participants,), dtype=intp
        Published groups, 0 ... count - 1.
    count : int
    parameters : OpinionParameters
        ``stability_resamples`` of them; each holds the distinct participants of a draw with
        replacement, about 63 % of them. Beyond ``stability_votes`` votes an evenly spaced part of
        the participants is resampled, half as often.
    engine : Engine, optional

    References
    ----------
    Hennig 2007, "Cluster-wise assessment of cluster stability", section 3 (overlap per group).
    Hubert and Arabie 1985, "Comparing partitions", eq. 5 (adjusted Rand index).
    """
    rows = sample_rows(votes, votes.n_participants, parameters.stability_votes)
    limited = len(rows) < votes.n_participants
    resamples = (parameters.stability_resamples + limited) // (1 + limited)
    if count == 0 or parameters.stability_resamples == 0:
        return GroupStability(None, [], None, 0, 0)
    sample, known = votes.select_participants(rows), labels[rows]
    runner = engine or LocalEngine()
    alone = LocalEngine(1, compiled=runner.compiled is not None)

    def resample(number: int) -> tuple[IndexArray, Grouping]:
        random = np.random.default_rng([parameters.seed, number])
        drawn = np.unique(random.integers(len(rows), size=len(rows)))
        return drawn, _regroup(sample.select_participants(drawn), parameters, alone)

    results = runner.map(resample, range(resamples))
    scores, overlaps, same = [], [], []
    for drawn, found in results:
        scores.append(adjusted_rand(known[drawn], found.labels))
        overlaps.append(_overlaps(known[drawn], found.labels, count))
        same.append(found.count == count)
    overall = float(np.mean(scores)) if count > 1 else None
    by_group = np.mean(overlaps, axis=0).tolist()
    return GroupStability(overall, by_group, float(np.mean(same)), len(results), len(rows))


def adjusted_rand(first: IndexArray, second: IndexArray) -> float:
    """Return the agreement of two groupings beyond chance; 1 if they are the same."""
    table = contingency(first, second)
    pairs = _pairs(table.ravel()).sum()
    rows, columns = _pairs(table.sum(1)).sum(), _pairs(table.sum(0)).sum()
    expected = rows * columns / max(float(_pairs(np.array([float(len(first))])).sum()), 1.0)
    most = (rows + columns) / 2
    if most == expected:
        return 1.0
    return float((pairs - expected) / (most - expected))


def contingency(first: IndexArray, second: IndexArray) -> FloatArray:
    """Count members shared by each pair of groups; labels below zero form a group of their own."""
    left, right = first + 1, second + 1
    shape = (int(left.max(initial=0)) + 1, int(right.max(initial=0)) + 1)
    table = np.zeros(shape)
    np.add.at(table, (left, right), 1)
    return table


def _regroup(votes: VoteTable, parameters: OpinionParameters, engine: Engine) -> Grouping:
    """Run the analysis from the votes to the groups, as for a report."""
    parameters = replace(parameters, passes=parameters.stability_passes)
    model = fit_ideal_point(votes, parameters, engine=engine)
    positions = locate_participants(model, votes, parameters, engine=engine)
    points = draw_points(votes, model, positions, parameters)
    wanted = parameters.wanted_groups
    return find_groups(votes, points, parameters, wanted=wanted, engine=engine)


def _overlaps(published: IndexArray, found: IndexArray, count: int) -> FloatArray:
    """Return each published group's Jaccard overlap with its best counterpart."""
    table = contingency(published, found)[1:]
    table = np.vstack([table, np.zeros((max(count - len(table), 0), table.shape[1]))])
    sizes = np.bincount(published, minlength=count)[:, None]
    union = sizes + np.bincount(found + 1, minlength=table.shape[1])[None, :] - table
    overlap = table / np.maximum(union, 1)
    best = np.zeros(count)
    rows, columns = linear_sum_assignment(-overlap)
    best[rows] = overlap[rows, columns]
    return best


def _pairs(counts: FloatArray) -> FloatArray:
    """Return the number of pairs in each count."""
    return counts * (counts - 1) / 2
