"""Writes findings as the entries of the published report, under the names of its schema."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from analysis.array_types import BoolArray, FloatArray
from analysis.findings import Findings
from analysis.grouping import Grouping
from analysis.opinion_parameters import OpinionParameters
from analysis.report import plain
from analysis.stability import GroupStability

Entry = dict[str, Any]


def statement_entries(
    statements: tuple[str, ...],
    findings: Findings,
    *,
    moderated: BoolArray,
    extremity: FloatArray,
    texts: Mapping[str, str],
    has_model: bool,
) -> list[Entry]:
    """Return one entry per statement of the table, in its order."""
    overall, scores = findings.overall, findings.bridging
    columns = {
        "agree": overall.agree[0].tolist(),
        "disagree": overall.disagree[0].tolist(),
        "pass": overall.passed[0].tolist(),
        "seen": overall.seen[0].tolist(),
        "group_aware_consensus": plain(findings.group_aware_consensus),
        "bridging": plain(scores.agree) if has_model else [],
        "bridging_low": plain(scores.agree_low) if has_model else [],
        "bridging_disagree": plain(scores.disagree) if has_model else [],
        "bridging_disagree_low": plain(scores.disagree_low) if has_model else [],
        "divisiveness": plain(scores.divisiveness) if has_model else [],
        "priority": plain(findings.priority),
        "extremity": plain(extremity),
        "moderated_out": moderated.tolist(),
        "too_few": findings.few.tolist(),
    }
    groups = _group_columns(findings)
    entries = []
    for position, name in enumerate(statements):
        entry: Entry = {"id": name}
        if texts:
            entry["text"] = texts.get(name, "")
        entry.update((key, values[position] if values else None) for key, values in columns.items())
        entry["by_group"] = [
            {"group": group, **{key: values[group][position] for key, values in groups.items()}}
            for group in range(len(findings.counts.seen))
        ]
        entries.append(entry)
    return entries


def unseen_entry(name: str, texts: Mapping[str, str], groups: int, *, moderated: bool) -> Entry:
    """Return the entry of a statement that nobody has voted on."""
    entry: Entry = {"id": name}
    if texts:
        entry["text"] = texts.get(name, "")
    entry.update({"agree": 0, "disagree": 0, "pass": 0, "seen": 0})
    empty = (
        *("group_aware_consensus", "bridging", "bridging_low", "bridging_disagree"),
        *("bridging_disagree_low", "divisiveness", "priority", "extremity"),
    )
    entry.update(dict.fromkeys(empty))
    entry.update({"moderated_out": moderated, "too_few": True})
    counts = {"agree": 0, "disagree": 0, "pass": 0, "seen": 0, "p_agree": 0.5}
    rest = {"low": 0.0, "high": 1.0, "representativeness": 1.0, "side": "disagree"}
    entry["by_group"] = [{"group": group, **counts, **rest} for group in range(groups)]
    return entry


def list_entries(statements: tuple[str, ...], findings: Findings) -> Entry:
    """Return the consensus, the differences, the representative and the majority statements."""
    low = {"agree": findings.bridging.agree_low, "disagree": findings.bridging.disagree_low}
    return {
        "consensus": [
            {
                "statement": statements[item],
                "side": side,
                "bridging_low": plain(low[side][item]),
                "by_group_low": plain(findings.bounds[side][0][:, item]),
            }
            for item, side in findings.consensus
        ],
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
    if stability.overall is not None and stability.overall < parameters.stable:
        return "unstable"
    return None


def _group_columns(findings: Findings) -> dict[str, list[list[Any]]]:
    """Return each figure as a list per group of a list per statement."""
    counts, (low, high) = findings.counts, findings.bounds["agree"]
    sides = np.where(findings.table.agrees, "agree", "disagree")
    return {
        "agree": counts.agree.tolist(),
        "disagree": counts.disagree.tolist(),
        "pass": counts.passed.tolist(),
        "seen": counts.seen.tolist(),
        "p_agree": plain(findings.table.agree_share),
        "low": plain(low),
        "high": plain(high),
        "representativeness": plain(findings.table.ratio),
        "side": sides.tolist(),
    }


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
