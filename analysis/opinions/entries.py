"""Writes groups and lists of statements under the names of the report's schema."""

from typing import Any

import numpy as np

from analysis.array_types import FloatArray
from analysis.opinions.findings import Findings
from analysis.opinions.grouping import Grouping
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.participant_columns import plain
from analysis.opinions.robustness import CoordinationFlag
from analysis.opinions.stability import GroupStability
from analysis.opinions.votes import VoteTable

Entry = dict[str, Any]

#: Statements named as the ones that shape an axis.
_AXIS_STATEMENTS = 5


def consensus_entries(statements: tuple[str, ...], findings: Findings) -> list[Entry]:
    """Return what nearly everybody agrees, or disagrees, with; surest first."""
    low = {"agree": findings.bridging.agree_low, "disagree": findings.bridging.disagree_low}
    return [
        {
            "statement": statements[item],
            "side": side,
            "bridging_low": plain(low[side][item]),
            "by_group_low": plain(findings.bounds[side][0][:, item]),
        }
        for item, side in findings.consensus
    ]


def list_entries(statements: tuple[str, ...], findings: Findings) -> Entry:
    """Return the differences, the representative and the majority statements."""
    return {
        "differences": [
            {
                "statement": statements[item],
                "divisiveness": plain(findings.bridging.divisiveness[item]),
                "p_agree": plain(findings.table.agree_share[:, item]),
            }
            for item in findings.differences
        ],
        "representative": {
            str(group): [_representative_entry(statements, findings, group, item) for item in items]
            for group, items in enumerate(findings.representative)
        },
        "majority": {
            side: [statements[item] for item in items] for side, items in findings.majority.items()
        },
    }


def too_few_entries(entries: list[Entry], parameters: OpinionParameters) -> list[Entry]:
    """Return the statements about which nothing can be said yet, and what they need."""
    return [
        {"statement": entry["id"], "seen": entry["seen"], "needed": parameters.statement_votes}
        for entry in entries
        if entry["too_few"] and not entry["moderated_out"]
    ]


def flag_entries(votes: VoteTable, flags: list[CoordinationFlag]) -> list[Entry]:
    """Return who votes like copies of one another."""
    return [
        {
            "kind": flag.kind,
            "participants": [votes.participants[row] for row in flag.rows],
            "surprise": plain(np.array(flag.surprise)),
        }
        for flag in flags
    ]


def map_entry(statements: tuple[str, ...], axes: FloatArray | None) -> Entry | None:
    """Return the statements that shape each axis; None where the method has no such axes."""
    if axes is None:
        return None
    named = {}
    for axis, name in enumerate(("x", "y")):
        order = sorted(range(len(statements)), key=lambda item: -abs(float(axes[item, axis])))
        named[name] = [
            {"statement": statements[item], "weight": plain(axes[item, axis])}
            for item in order[:_AXIS_STATEMENTS]
        ]
    return {"distance": "root mean square difference of votes, expected where not cast", **named}


def group_entries(grouping: Grouping, stability: GroupStability) -> list[Entry]:
    """Return one entry per group."""
    sizes = grouping.sizes()
    return [
        {
            "id": group,
            "size": sizes[group],
            "stability": _rounded(stability.by_group[group]) if stability.by_group else None,
        }
        for group in range(grouping.count)
    ]


def grouping_entry(
    grouping: Grouping, stability: GroupStability, parameters: OpinionParameters
) -> Entry:
    """Return how the number of groups came about and how far it can be trusted."""
    return {
        "k": grouping.count,
        "chosen_by": grouping.chosen_by,
        "stability": _rounded(stability.overall),
        "warning": _warning(grouping, stability, parameters),
        "same_k": _rounded(stability.same_count),
        "resamples": stability.resamples,
        "resampled_participants": stability.participants,
        "candidate": grouping.candidate,
        "wins": grouping.wins,
        "criterion": {str(count): _rounded(value) for count, value in grouping.criterion.items()},
    }


def _warning(
    grouping: Grouping, stability: GroupStability, parameters: OpinionParameters
) -> str | None:
    """Return the code of what a reader must know before trusting the groups."""
    if grouping.chosen_by == "too few":
        return "too few participants"
    if parameters.wanted_groups not in (None, grouping.count):
        return "wanted number of groups not possible"
    if stability.participants < len(grouping.labels) and grouping.count > 1:
        return "stability measured on a sample"
    if stability.overall is not None and stability.overall < parameters.stable:
        return "unstable"
    return None


def _representative_entry(
    statements: tuple[str, ...], findings: Findings, group: int, item: int
) -> Entry:
    """Return a statement that is typical of a group, with the figures that make it so."""
    table = findings.table
    agrees = bool(table.agrees[group, item])
    share = table.agree_share if agrees else table.disagree_share
    test = table.agree_test if agrees else table.disagree_test
    ratio_test = table.agree_ratio_test if agrees else table.disagree_ratio_test
    return {
        "statement": statements[item],
        "side": "agree" if agrees else "disagree",
        "representativeness": plain(table.ratio[group, item]),
        "representativeness_test": plain(ratio_test[group, item]),
        "p": plain(share[group, item]),
        "p_test": plain(test[group, item]),
    }


def _rounded(value: float | None) -> float | None:
    """Round a figure of the report; None stays None."""
    return None if value is None else float(plain(np.array(value)))
