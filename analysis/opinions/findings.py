"""Everything that is counted and scored once participants stand in groups."""

from dataclasses import dataclass

import numpy as np

from analysis.array_types import BoolArray, FloatArray, IndexArray
from analysis.opinions.agreement import (
    Bridging,
    bridging,
    consensus_order,
    count_by_group,
    dividing_order,
    empty_bridging,
    side_bounds,
    too_few,
)
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.partitions import Engine
from analysis.opinions.placement import Placement
from analysis.opinions.polis_statistics import (
    GroupCounts,
    Representativeness,
    group_aware_consensus,
    majority_statements,
    representative_statements,
    representativeness,
    statement_priority,
)
from analysis.opinions.sampling import evenly_spaced
from analysis.opinions.votes import VoteTable


@dataclass(frozen=True)
class Findings:
    """Figures per statement of the table, and the lists made from them.

    Attributes
    ----------
    overall : GroupCounts
        Everybody's votes as one group, whether included or not.
    counts : GroupCounts
        Votes of the included, by group.
    bounds : dict of str to (low, high)
        Credible intervals of each group's share, for ``agree`` and ``disagree``.
    table : Representativeness
    group_aware_consensus, priority : ndarray of shape (n_statements,)
        The former is empty without groups.
    bridging : Bridging
    few : ndarray of shape (n_statements,), dtype=bool
        Too few have seen the statement to say anything.
    consensus : list of (statement, side)
    differences : list of int
    representative : list of list of int
        Statements of each group.
    majority : dict of str to list of int
    """

    overall: GroupCounts
    counts: GroupCounts
    bounds: dict[str, tuple[FloatArray, FloatArray]]
    table: Representativeness
    group_aware_consensus: FloatArray
    priority: FloatArray
    bridging: Bridging
    few: BoolArray
    consensus: list[tuple[int, str]]
    differences: list[int]
    representative: list[list[int]]
    majority: dict[str, list[int]]


def find(
    votes: VoteTable,
    placement: Placement,
    *,
    moderated: BoolArray,
    extremity: FloatArray,
    parameters: OpinionParameters,
    engine: Engine,
) -> Findings:
    """Count and score the statements of `votes`.

    Parameters
    ----------
    votes : VoteTable
        With the moderated statements.
    placement : Placement
    moderated : ndarray of shape (n_statements,), dtype=bool
    extremity : ndarray of shape (n_statements,)
        As from `analysis.opinions.polis.polis_map`.
    parameters : OpinionParameters
    engine : Engine
    """
    block, groups = parameters.block_participants, placement.grouping.count
    labels = placement.labels()
    counts, overall = count_by_group(votes, labels, groups, block=block, engine=engine)
    seen = overall.seen[0]
    few = too_few(seen, parameters)
    heard = ~few & ~moderated
    scores = _bridging(votes, placement, overall, moderated=moderated, parameters=parameters)
    table = representativeness(counts)
    bounds = side_bounds(counts, parameters.interval)
    return Findings(
        overall=overall,
        counts=counts,
        bounds=bounds,
        table=table,
        group_aware_consensus=group_aware_consensus(counts) if groups else np.zeros(0),
        priority=statement_priority(overall.agree[0], overall.passed[0], seen, extremity),
        bridging=scores,
        few=few,
        consensus=_consensus(scores, heard, parameters),
        differences=dividing_order(scores.divisiveness, bounds["agree"], heard, parameters),
        representative=_representative(table, counts, heard, parameters),
        majority=majority_statements(
            overall,
            eligible=heard,
            threshold=parameters.significance,
            length=parameters.representative_length,
        ),
    )


def _bridging(
    votes: VoteTable,
    placement: Placement,
    overall: GroupCounts,
    *,
    moderated: BoolArray,
    parameters: OpinionParameters,
) -> Bridging:
    """Score the statements of the model; moderated ones stay at zero."""
    result = empty_bridging(votes.n_statements)
    rows = np.flatnonzero(placement.included)
    if placement.model is None or placement.positions is None or len(rows) == 0:
        return result
    rows = rows[evenly_spaced(len(rows), parameters.bridging_participants)]
    kept = np.flatnonzero(~moderated)
    part = GroupCounts(overall.agree[:, kept], overall.disagree[:, kept], overall.seen[:, kept])
    scores = bridging(
        placement.model, placement.positions, rows, overall=part, parameters=parameters
    )
    return Bridging(
        *(_spread(values, kept, votes.n_statements) for values in vars(scores).values())
    )


def _spread(values: FloatArray, places: IndexArray, length: int) -> FloatArray:
    """Put values at their places in a longer array of zeros."""
    spread = np.zeros(length)
    spread[places] = values
    return spread


def _consensus(
    scores: Bridging, heard: BoolArray, parameters: OpinionParameters
) -> list[tuple[int, str]]:
    """Return the statements of both sides in one list, surest first."""
    sides = (("agree", scores.agree_low), ("disagree", scores.disagree_low))
    found = [
        (float(low[item]), item, side)
        for side, low in sides
        for item in consensus_order(low, heard, parameters)
    ]
    found.sort(key=lambda entry: (-entry[0], entry[1]))
    return [(item, side) for _, item, side in found[: parameters.list_length]]


def _representative(
    table: Representativeness,
    counts: GroupCounts,
    heard: BoolArray,
    parameters: OpinionParameters,
) -> list[list[int]]:
    """Return each group's list; a statement that few of the group have seen is left out."""
    return [
        representative_statements(
            table,
            counts,
            group,
            eligible=heard & (counts.seen[group] >= parameters.group_votes),
            threshold=parameters.significance,
            length=parameters.representative_length,
        )
        for group in range(len(counts.seen))
    ]
