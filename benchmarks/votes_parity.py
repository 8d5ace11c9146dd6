"""The Polis layer against red-dwarf's, number by number, given the same groups."""

import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from analysis.opinions.polis_statistics import (
    GroupCounts,
    group_aware_consensus,
    representativeness,
    statement_priority,
)
from analysis.opinions.votes import VoteTable
from benchmarks.votes_baseline import PYTHON

RUNNER = Path(__file__).with_name("red_dwarf_statistics.py")
FIGURES = (
    "agree_share",
    "disagree_share",
    "agree_test",
    "disagree_test",
    "agree_ratio",
    "disagree_ratio",
    "agree_ratio_test",
    "disagree_ratio_test",
)


def parity(tables: dict[str, VoteTable], name: str) -> dict[str, Any]:
    """Print the largest difference on any statement of any group, per conversation.

    Shares, ratios, their tests and the group-aware consensus are absolute; the priority, which
    grows without bound, is relative.
    """
    if name != "red-dwarf":
        print("   parity: skipped, red-dwarf is not installed (name one in RED_DWARF_PYTHON)")
        return {}
    figures = {title: _differences(votes) for title, votes in tables.items()}
    for title, row in figures.items():
        print(f"   parity {title[:28]:28} " + "  ".join(f"{k} {v:.1e}" for k, v in row.items()))
    largest = {
        key: max(row[key] for row in figures.values()) for key in next(iter(figures.values()))
    }
    print("   parity, largest: " + "  ".join(f"{k} {v:.1e}" for k, v in largest.items()))
    return {"conversations": figures, "largest": largest}


def _differences(votes: VoteTable) -> dict[str, float]:
    theirs = _run(votes)
    counts = _counts(votes, theirs["ids"], theirs["labels"])
    items = theirs["items"]
    ours = representativeness(counts)
    found = {
        "representativeness": max(
            _apart(getattr(ours, figure)[:, items], theirs[figure]) for figure in FIGURES
        ),
        "group-aware consensus": _apart(group_aware_consensus(counts)[items], theirs["consensus"]),
    }
    agree, passed, seen = (
        part.sum(0)[items] for part in (counts.agree, counts.passed, counts.seen)
    )
    mine = statement_priority(agree, passed, seen, theirs["extremity"])
    return {**found, "priority": _apart(mine / theirs["priority"], np.ones(len(items)))}


def _apart(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).max(initial=0.0))


def _counts(votes: VoteTable, people: np.ndarray, labels: np.ndarray) -> GroupCounts:
    groups = np.full(votes.n_participants, -1)
    groups[people] = labels
    own = groups[votes.participant_index()]
    shape = (int(labels.max()) + 1, votes.n_statements)

    def count(chosen: np.ndarray) -> np.ndarray:
        cast = chosen & (own >= 0)
        table = np.zeros(shape, dtype=np.int64)
        np.add.at(table, (own[cast], votes.statement_index[cast]), 1)
        return table

    everything = np.ones(votes.n_votes, dtype=bool)
    return GroupCounts(count(votes.choices == 1), count(votes.choices == -1), count(everything))


def _run(votes: VoteTable) -> dict[str, np.ndarray]:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "votes.npz"), Path(folder, "answer.npz")
        people = votes.participant_index()
        np.savez(source, people=people, items=votes.statement_index, choices=votes.choices)
        command = [PYTHON, "-W", "ignore", RUNNER, source, target]
        subprocess.run(command, check=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
        with np.load(target) as answer:
            return {key: answer[key] for key in answer.files}
