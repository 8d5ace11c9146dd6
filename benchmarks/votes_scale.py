"""Time and memory of the vote analysis on planted conversations of growing size."""

import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from analysis.array_types import IndexArray
from analysis.opinions.partitions import LocalEngine
from analysis.opinions.pipeline import analyse_votes
from analysis.opinions.stability import adjusted_rand
from analysis.opinions.vote_files import write_parquet
from analysis.opinions.votes import VoteTable
from benchmarks.votes_baseline import run_baseline

#: Participants and votes each; always a thousand statements, four groups that overlap.
SIZES = ((10_000, 97), (100_000, 97), (1_000_000, 51))
STATEMENTS = 1_000
#: The baseline needs gigabytes and minutes beyond this.
BASELINE_PARTICIPANTS = int(os.environ.get("RED_DWARF_PARTICIPANTS", "10000"))
_BLOCK = 4_000
ROOT = Path(__file__).resolve().parent.parent


def scale(name: str) -> dict[str, Any]:
    """Measure each size in processes of their own, so that their memory can be told."""
    engines = ["numpy", *(["numba"] if importlib.util.find_spec("numba") else [])]
    rows = [_row(*size, engine) for size in SIZES for engine in engines]
    for participants, each in SIZES:
        if participants <= BASELINE_PARTICIPANTS:
            _add_ratios([row for row in rows if row["participants"] == participants], each, name)
    commands = [_command(*size) for size in SIZES]
    growth = {
        engine: _exponent([row for row in rows if row["engine"] == engine]) for engine in engines
    }
    for engine, exponent in growth.items():
        print(f"   time grows with the {exponent:.2f}th power of the votes ({engine})")
    return {"analysis": rows, "command": commands, "growth": growth}


def _row(participants: int, each: int, engine: str) -> dict[str, Any]:
    """Analyse one size in a process of its own."""
    command = ["-m", "benchmarks.votes_scale", str(participants), str(each), engine]
    done = subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, check=True, cwd=ROOT
    )
    row: dict[str, Any] = json.loads(done.stdout)
    _show(row)
    return row


def _add_ratios(rows: list[dict[str, Any]], each: int, name: str) -> None:
    """Run the baseline on the same votes and say how many times its CPU ours is."""
    baseline = run_baseline(planted(rows[0]["participants"], each)[0], name).seconds
    for row in rows:
        row["baseline_cpu_seconds"], row["ratio"] = baseline, baseline / row["cpu_seconds"]
        print(f"   {row['engine']} at {row['votes']:,} votes: {name} took {baseline:,.1f} CPU s, ")
        print(f"     {row['ratio']:.1f} times ours")


def _command(participants: int, each: int) -> dict[str, Any]:
    """Time ``python -m analysis opinions``, from a Parquet file to the written report."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "votes.parquet")
        votes, _ = planted(participants, each)
        write_parquet(votes, source)
        command = ["-m", "analysis", "opinions", str(source), "-o", str(Path(folder, "r.json"))]
        started = time.perf_counter()
        process = subprocess.Popen([sys.executable, *command], cwd=ROOT)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    row = {
        "participants": participants,
        "votes": votes.n_votes,
        "command_cpu_seconds": used.ru_utime + used.ru_stime,
        "command_wall_seconds": time.perf_counter() - started,
        "command_peak_megabytes": used.ru_maxrss / 1024,
        "exit": process.returncode,
    }
    _show(row)
    return row


def _exponent(rows: list[dict[str, Any]]) -> float:
    """Return the slope of log CPU time over log votes; 1 is linear."""
    votes, seconds = (np.log([row[key] for row in rows]) for key in ("votes", "cpu_seconds"))
    return float(np.polyfit(votes, seconds, 1)[0])


def _show(row: dict[str, Any]) -> None:
    shown = (f"{k} {v:,.3f}" if isinstance(v, float) else f"{k} {v}" for k, v in row.items())
    print("   " + "  ".join(shown), flush=True)


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


def measure(participants: int, each: int, engine_name: str) -> dict[str, Any]:
    """Analyse one planted conversation, report included, and say what it took."""
    engine = LocalEngine(compiled=engine_name == "numba")
    first = time.process_time()
    analyse_votes(planted(200, 20)[0], engine=engine)
    first = time.process_time() - first
    votes, group = planted(participants, each)
    wall, cpu = time.perf_counter(), time.process_time()
    report = analyse_votes(votes, engine=engine)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    rows = report.participants
    found = np.array([], dtype=np.intp) if isinstance(rows, list) else rows.groups
    grouped = found >= 0
    return {
        "engine": engine_name,
        "participants": participants,
        "votes": votes.n_votes,
        "cpu_seconds": cpu,
        "wall_seconds": wall,
        "first_small_cpu_seconds": first,
        "votes_per_second": votes.n_votes / wall,
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "planted_ari": adjusted_rand(group[grouped], found[grouped]),
        "groups": report.content["grouping"]["k"],
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])))
