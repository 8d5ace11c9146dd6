"""The baseline of the vote benchmarks: red-dwarf where it is installed, else our Polis method."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.array_types import FloatArray, IndexArray
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.polis import polis_groups, polis_included, polis_map
from analysis.opinions.votes import VoteTable

#: An interpreter with red-dwarf 0.4.0, if it is not this one.
PYTHON = os.environ.get("RED_DWARF_PYTHON", sys.executable)
RUNNER = Path(__file__).with_name("red_dwarf_runner.py")


@dataclass(frozen=True)
class Baseline:
    """What the baseline makes of a table: a group (-1 for none) and a point each, and its axes."""

    groups: IndexArray
    points: FloatArray
    components: FloatArray
    seconds: float


def baseline_name() -> str:
    """Return which baseline runs here."""
    probe = subprocess.run([PYTHON, "-c", "import reddwarf"], capture_output=True, check=False)
    if probe.returncode == 0:
        return "red-dwarf"
    return "our Polis method (red-dwarf is not installed; name one in RED_DWARF_PYTHON)"


def run_baseline(votes: VoteTable, name: str) -> Baseline:
    """Analyse a table with the baseline of that name."""
    if name == "red-dwarf":
        return _run_red_dwarf(votes)
    started = time.process_time()
    parameters = OpinionParameters()
    projection = polis_map(votes, np.zeros(votes.n_statements, dtype=bool), parameters)
    included = polis_included(votes, parameters)
    groups = np.full(votes.n_participants, -1, dtype=np.intp)
    groups[included] = polis_groups(projection.points[included])
    seconds = time.process_time() - started
    return Baseline(groups, projection.points, projection.components, seconds)


def _run_red_dwarf(votes: VoteTable) -> Baseline:
    """Run red-dwarf in its own process and bring its answer into the table's order."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "votes.npz"), Path(folder, "answer.npz")
        people = votes.participant_index()
        np.savez(source, people=people, items=votes.statement_index, choices=votes.choices)
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        command = [PYTHON, "-W", "ignore", RUNNER, source, target]
        subprocess.run(command, check=True, env=environment)
        with np.load(target) as answer:
            groups = np.full(votes.n_participants, -1, dtype=np.intp)
            points = np.zeros((votes.n_participants, 2))
            components = np.zeros((votes.n_statements, 2))
            groups[answer["ids"]] = answer["groups"]
            points[answer["ids"]] = answer["points"]
            components[answer["item_ids"]] = answer["components"].T
            return Baseline(groups, points, components, float(answer["seconds"]))
