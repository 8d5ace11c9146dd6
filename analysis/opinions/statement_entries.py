"""Writes the figures of each statement under the names of the report's schema."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from analysis.opinions.findings import Findings
from analysis.opinions.participant_columns import plain
from analysis.opinions.study import Outcome, Study

Entry = dict[str, Any]

#: Figures of a statement that nobody has voted on.
_UNSEEN = {
    **dict.fromkeys(("agree", "disagree", "pass", "seen"), 0),
    **dict.fromkeys(("group_aware_consensus", "bridging", "bridging_low", "bridging_disagree")),
    **dict.fromkeys(("bridging_disagree_low", "divisiveness", "priority", "extremity")),
}
_UNSEEN_GROUP = {
    "agree": 0,
    "disagree": 0,
    "pass": 0,
    "seen": 0,
    "p_agree": 0.5,
    "low": 0.0,
    "high": 1.0,
    "representativeness": 1.0,
    "side": "disagree",
}


def statement_entries(
    study: Study, outcome: Outcome, texts: Mapping[str, str], moderated_out: Collection[str]
) -> list[Entry]:
    """Return one entry per statement, voted on or not, sorted by identifier.

    Parameters
    ----------
    study, outcome
        The analysis.
    texts : mapping
        Statements put to the vote and their text, empty where unknown.
    moderated_out : collection of str
    """
    findings, names = outcome.findings, study.votes.statements
    columns = _columns(study, outcome)
    groups = _group_columns(findings)
    entries: dict[str, Entry] = {}
    for position, name in enumerate(names):
        entries[name] = {
            "id": name,
            **{key: values[position] if values else None for key, values in columns.items()},
            "by_group": [
                {"group": group, **{key: values[group][position] for key, values in groups.items()}}
                for group in range(len(findings.counts.seen))
            ],
        }
    for name in set(texts) - set(names):
        by_group = [{"group": group, **_UNSEEN_GROUP} for group in range(len(findings.counts.seen))]
        entries[name] = {
            "id": name,
            **_UNSEEN,
            "moderated_out": name in moderated_out,
            "too_few": True,
            "by_group": by_group,
        }
    if any(texts.values()):
        for name, entry in entries.items():
            entry["text"] = texts.get(name, "")
    return [entries[name] for name in sorted(entries)]


def _columns(study: Study, outcome: Outcome) -> dict[str, list[Any]]:
    """Return each figure of the statements as a list; empty where the method has none."""
    findings = outcome.findings
    overall, scores = findings.overall, findings.bridging
    modelled = {
        "bridging": scores.agree,
        "bridging_low": scores.agree_low,
        "bridging_disagree": scores.disagree,
        "bridging_disagree_low": scores.disagree_low,
        "divisiveness": scores.divisiveness,
    }
    has_model = outcome.placement.model is not None
    return {
        "agree": overall.agree[0].tolist(),
        "disagree": overall.disagree[0].tolist(),
        "pass": overall.passed[0].tolist(),
        "seen": overall.seen[0].tolist(),
        "group_aware_consensus": plain(findings.group_aware_consensus),
        **{key: plain(values) if has_model else [] for key, values in modelled.items()},
        "priority": plain(findings.priority),
        "extremity": plain(study.extremity),
        "moderated_out": study.moderated.tolist(),
        "too_few": findings.few.tolist(),
    }


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
