"""Puts participants on the map and into groups, by the method asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.array_types import BoolArray, FloatArray, IndexArray
from analysis.errors import AnalysisError
from analysis.opinions.grouping import Grouping, KeptCount, find_groups, match_groups, no_groups
from analysis.opinions.ideal_point import IdealPointModel, fit_ideal_point, locate_participants
from analysis.opinions.ideal_point_scan import Positions
from analysis.opinions.opinion_map import draw_map
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.partitions import Engine
from analysis.opinions.polis import PolisMap, polis_groups, polis_included
from analysis.opinions.votes import VoteTable


@dataclass(frozen=True)
class Placement:
    """Where everyone stands and with whom.

    Attributes
    ----------
    included : ndarray of shape (n_participants,), dtype=bool
    points : ndarray of shape (n_participants, 2)
    ellipses : ndarray of shape (n_participants, 3)
    grouping : Grouping
        Of the included participants.
    model, positions
        The vote model and everyone's posterior; None where the method has none.
    axes : ndarray of shape (n_statements, 2) or None
        Weights of the model's statements on the axes of the map.
    """

    included: BoolArray
    points: FloatArray
    ellipses: FloatArray
    grouping: Grouping
    model: IdealPointModel | None = None
    positions: Positions | None = None
    axes: FloatArray | None = None

    def labels(self) -> IndexArray:
        """Return everyone's group, -1 where there is none, shape (n_participants,)."""
        labels = np.full(len(self.included), -1, dtype=np.intp)
        labels[self.included] = self.grouping.labels
        return labels

    def membership(self) -> FloatArray:
        """Return everyone's membership, zero where not included."""
        shares = np.zeros((len(self.included), self.grouping.count))
        shares[self.included] = self.grouping.membership
        return shares


@dataclass(frozen=True)
class PreviousReport:
    """What the last published report says of the participants who are still there.

    Attributes
    ----------
    shown : ndarray of shape (n_participants,), dtype=bool
        On the last map and included there.
    points : ndarray of shape (shown.sum(), 2)
    groups : ndarray of shape (n_participants,), dtype=intp
        -1 where there was none.
    kept : KeptCount or None
    """

    shown: BoolArray
    points: FloatArray
    groups: IndexArray
    kept: KeptCount | None


def read_previous(votes: VoteTable, document: Mapping[str, Any]) -> PreviousReport:
    """Find this table's participants in an earlier report.

    Raises
    ------
    AnalysisError
        If the report lacks what it should hold.
    """
    try:
        return _read_previous(votes, document)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnalysisError(
            "the previous report is damaged; leave it out or make it again"
        ) from error


def _read_previous(votes: VoteTable, document: Mapping[str, Any]) -> PreviousReport:
    """Take positions, groups and their number out of a report."""
    rows = {str(row["id"]): row for row in document.get("participants", []) if row["included"]}
    found = [rows.get(person) for person in votes.participants]
    shown = np.array([row is not None for row in found], dtype=bool)
    points = [(row["x"], row["y"]) for row in found if row is not None]
    groups = [-1 if row is None or row["group"] is None else row["group"] for row in found]
    grouping = document.get("grouping") or {}
    kept = None
    if grouping.get("k"):
        same = (document.get("input") or {}).get("digest") == votes.digest
        candidate = int(grouping.get("candidate") or grouping["k"])
        kept = KeptCount(int(grouping["k"]), candidate, int(grouping.get("wins") or 1), same)
    return PreviousReport(
        shown,
        np.array(points, dtype=float).reshape(-1, 2),
        np.array(groups, dtype=np.intp),
        kept,
    )


def place_by_ideal_point(
    votes: VoteTable,
    parameters: OpinionParameters,
    *,
    previous: PreviousReport | None,
    engine: Engine,
) -> Placement:
    """Place participants by the ideal-point model and latent classes.

    `votes` lacks the statements that moderation removed.
    """
    number = votes.votes_per_participant
    included = (number > 0) & (number >= min(parameters.included_votes, votes.n_statements))
    model = fit_ideal_point(votes, parameters, engine=engine)
    positions = locate_participants(model, votes, parameters, engine=engine)
    seen_before = None
    if previous is not None:
        both = previous.shown & included
        seen_before = (both, previous.points[both[previous.shown]])
    places = draw_map(
        votes,
        model,
        positions,
        included,
        parameters=parameters,
        previous=seen_before,
        engine=engine,
    )
    grouping = find_groups(
        votes.select_participants(included),
        places.points[included],
        parameters,
        wanted=parameters.wanted_groups,
        kept=previous.kept if previous else None,
        engine=engine,
    )
    if previous is not None:
        grouping = match_groups(grouping, previous.groups[included])
    return Placement(
        included, places.points, places.ellipses, grouping, model, positions, places.axes
    )


def place_by_polis(
    votes: VoteTable,
    projection: PolisMap,
    parameters: OpinionParameters,
    *,
    previous: PreviousReport | None,
) -> Placement:
    """Place participants as Polis does; membership is all or nothing."""
    included = polis_included(votes, parameters)
    labels = polis_groups(projection.points[included])
    count = int(labels.max(initial=-1)) + 1
    grouping = no_groups(len(labels))
    if count > 0:
        membership = np.eye(count)[labels]
        grouping = Grouping(labels, membership, "silhouette", {}, count)
    if previous is not None:
        grouping = match_groups(grouping, previous.groups[included])
    return Placement(included, projection.points, np.zeros((len(included), 3)), grouping)
