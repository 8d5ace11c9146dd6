"""Time and memory of the vote analysis on planted conversations of growing size."""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from analysis.array_types import IndexArray
from analysis.opinions.pipeline import analyse_votes
from analysis.opinions.stability import adjusted_rand
from analysis.opinions.votes import VoteTable
from benchmarks.votes_baseline import run_baseline

#: Participants and votes each; always a thousand statements, four groups that overlap.
SIZES = ((10_000, 97), (100_000, 97), (1_000_000, 51))
STATEMENTS = 1_000
#: The baseline needs gigabytes and minutes beyond this.
BASELINE_PARTICIPANTS = int(os.environ.get("RED_DWARF_PARTICIPANTS", "10000"))
_BLOCK = 4_000


def scale(name: str) -> list[dict[str, Any]]:
    """Measure each size in a process of its own, so that its memory can be told."""
    rows = []
    for participants, each in SIZES:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.votes_scale", str(participants), str(each)],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).resolve().parent.parent,
        )
        row = json.loads(done.stdout)
        if participants <= BASELINE_PARTICIPANTS:
            votes, _ = planted(participants, each)
            row["baseline_cpu_seconds"] = run_baseline(votes, name).seconds
            row["ratio"] = row["baseline_cpu_seconds"] / row["cpu_seconds"]
        rows.append(row)
        print("   " + "  ".join(f"{key} {value:,.3f}" for key, value in row.items()))
    return rows


def planted(participants: int, each: int, seed: int = 0) -> tuple[VoteTable, IndexArray]:
    """Make four overlapping groups of people who each vote on some of a thousand statements."""
    random = np.random.default_rng(seed)
    group = random.integers(4, size=participants)
    centres = 1.5 * np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    places = centres[group] + 0.7 * random.normal(size=(participants, 2))
    loadings = random.normal(size=(STATEMENTS, 2))
    easiness, inclination = random.normal(size=STATEMENTS), 0.5 * random.normal(size=participants)
    number = random.lognormal(np.log(each) - 0.125, 0.5, participants).astype(int)
    number = np.clip(number, 1, STATEMENTS)
    columns, choices = [], []
    for first in range(0, participants, _BLOCK):
        part = slice(first, min(first + _BLOCK, participants))
        keys = random.random((part.stop - part.start, STATEMENTS), dtype=np.float32)
        order = np.argsort(keys, axis=1).argsort(axis=1)
        rows, items = np.nonzero(order < number[part, None])
        logit = easiness[items] + inclination[part][rows]
        logit += (loadings[items] * places[part][rows]).sum(1)
        side = np.where(random.random(len(rows)) < 1 / (1 + np.exp(-logit)), 1, -1)
        side[random.random(len(rows)) < 0.1] = 0
        columns.append(items.astype(np.int32))
        choices.append(side.astype(np.int8))
    starts = np.concatenate([[0], np.cumsum(number)]).astype(np.int64)
    people = tuple(f"{person:08d}" for person in range(participants))
    items = tuple(f"{item:04d}" for item in range(STATEMENTS))
    table = VoteTable(people, items, starts, np.concatenate(columns), np.concatenate(choices))
    return table, group.astype(np.intp)


def measure(participants: int, each: int) -> dict[str, Any]:
    """Analyse one planted conversation, report included, and say what it took."""
    votes, group = planted(participants, each)
    wall, cpu = time.perf_counter(), time.process_time()
    report = analyse_votes(votes)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    rows = report.participants
    found = np.array([], dtype=np.intp) if isinstance(rows, list) else rows.groups
    grouped = found >= 0
    return {
        "participants": participants,
        "votes": votes.n_votes,
        "cpu_seconds": cpu,
        "wall_seconds": wall,
        "votes_per_second": votes.n_votes / wall,
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "planted_ari": adjusted_rand(group[grouped], found[grouped]),
        "groups": report.content["grouping"]["k"],
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
