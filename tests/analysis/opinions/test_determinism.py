"""The same votes give the same labels, byte for byte, wherever and however they are analysed."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.partitions import LocalEngine
from analysis.opinions.pipeline import analyse_votes
from analysis.opinions.votes import VoteTable
from tests.analysis.vote_samples import Rows, camps, rows_of, table_of

ROOT = Path(__file__).resolve().parents[3]
#: Small blocks, so that there is something to put together.
PARAMETERS = OpinionParameters(stability_resamples=2, block_participants=16)
ENGINES = [False, True] if importlib.util.find_spec("numba") else [False]
SCRIPT = """
import sys
from tests.analysis.opinions.test_determinism import conversation, labels_of
sys.stdout.write(labels_of(conversation(), int(sys.argv[1]), compiled=sys.argv[2] == "True").hex())
"""


def conversation() -> VoteTable:
    votes, _ = camps((30, 25, 20))
    return votes


def labels_of(votes: VoteTable, threads: int, *, compiled: bool = False) -> bytes:
    engine = LocalEngine(threads, compiled=compiled)
    return analyse_votes(votes, PARAMETERS, engine=engine).participants.groups.tobytes()


def shuffled(rows: Rows, seed: int) -> VoteTable:
    return table_of([rows[place] for place in np.random.default_rng(seed).permutation(len(rows))])


def test_twenty_orders_of_the_rows_give_the_same_labels_on_one_and_two_threads() -> None:
    votes = conversation()
    rows, wanted = rows_of(votes), labels_of(votes, 1)
    assert len(set(wanted)) > 1
    for seed in range(20):
        assert labels_of(shuffled(rows, seed), 1 + seed % 2) == wanted


@pytest.mark.parametrize("compiled", ENGINES)
def test_threads_and_compiled_loops_give_the_same_labels(compiled: bool) -> None:
    votes = conversation()
    for threads in (1, 2):
        assert labels_of(votes, threads, compiled=compiled) == labels_of(votes, 1)


@pytest.mark.parametrize("compiled", ENGINES)
def test_processes_with_one_and_two_threads_of_linear_algebra_give_the_same_labels(
    compiled: bool,
) -> None:
    wanted = labels_of(conversation(), 1).hex()
    for threads in ("1", "2"):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        environment = {**os.environ, **dict.fromkeys(names, threads), "PYTHONHASHSEED": threads}
        command = [sys.executable, "-c", SCRIPT, threads, str(compiled)]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        assert done.stdout == wanted
