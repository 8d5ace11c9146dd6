"""The steps of one vote analysis, each on the results of those before."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analysis.array_types import BoolArray, FloatArray
from analysis.opinions.findings import Findings, find
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.partitions import Engine
from analysis.opinions.placement import (
    Placement,
    PreviousReport,
    place_by_ideal_point,
    place_by_polis,
)
from analysis.opinions.polis import polis_axes, polis_map
from analysis.opinions.robustness import CoordinationFlag, find_coordination, flagged_rows
from analysis.opinions.stability import GroupStability, measure_stability
from analysis.opinions.votes import VoteTable

IDEAL_POINT, POLIS = METHODS = ("ideal-point", "polis")


@dataclass(frozen=True)
class Study:
    """What the steps share.

    Attributes
    ----------
    votes : VoteTable
        All of them.
    parameters : OpinionParameters
    moderated : ndarray of shape (n_statements,), dtype=bool
        Statements that moderation removed.
    engine : Engine
    method : str
        One of `METHODS`.
    """

    votes: VoteTable
    parameters: OpinionParameters
    moderated: BoolArray
    engine: Engine
    method: str

    @cached_property
    def live(self) -> VoteTable:
        """Votes on the statements that moderation left in place."""
        names = zip(self.votes.statements, self.moderated.tolist(), strict=True)
        return self.votes.without_statements({name for name, removed in names if removed})

    @cached_property
    def extremity(self) -> FloatArray:
        """Extremity of each statement on Polis's map, part of the priority by any method."""
        return polis_axes(self.votes, self.moderated, self.parameters).extremity


@dataclass(frozen=True)
class Outcome:
    """What one analysis found.

    Attributes
    ----------
    placement : Placement
    findings : Findings
    stability : GroupStability
    flags : list of CoordinationFlag
    findings_without : Findings or None
        The findings without the flagged participants; None if nobody is flagged or the method has
        no model.
    """

    placement: Placement
    findings: Findings
    stability: GroupStability
    flags: list[CoordinationFlag]
    findings_without: Findings | None


def carry_out(study: Study, previous: PreviousReport | None) -> Outcome:
    """Place, group, count, resample and look for coordination."""
    placement = _place(study, previous)
    findings = _find(study, placement)
    flags = find_coordination(study.live, study.parameters, engine=study.engine)
    return Outcome(placement, findings, _stability(study, placement), flags, _without(study, flags))


def _place(study: Study, previous: PreviousReport | None) -> Placement:
    """Put everyone on the map and into groups."""
    if study.method == POLIS:
        projection = polis_map(study.votes, study.moderated, study.parameters)
        return place_by_polis(study.votes, projection, study.parameters, previous=previous)
    return place_by_ideal_point(
        study.live, study.parameters, previous=previous, engine=study.engine
    )


def _find(study: Study, placement: Placement) -> Findings:
    """Count and score."""
    return find(
        study.votes,
        placement,
        moderated=study.moderated,
        extremity=study.extremity,
        parameters=study.parameters,
        engine=study.engine,
    )


def _stability(study: Study, placement: Placement) -> GroupStability:
    """Resample, for the method whose groups are ours."""
    if study.method == POLIS:
        return GroupStability(None, [], None, 0, 0)
    return measure_stability(
        study.live.select_participants(placement.included),
        placement.grouping.labels,
        placement.grouping.count,
        study.parameters,
        engine=study.engine,
    )


def _without(study: Study, flags: list[CoordinationFlag]) -> Findings | None:
    """Repeat the analysis without the flagged participants."""
    if not flags or study.method == POLIS:
        return None
    kept = ~flagged_rows(flags, study.votes.n_participants)
    rows = np.flatnonzero(kept)
    thinner = replace(study, votes=study.votes.select_participants(rows))
    return _find(thinner, _place(thinner, None))
