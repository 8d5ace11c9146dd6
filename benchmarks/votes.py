"""The vote analysis on real conversations, each figure beside a baseline of the same call."""

from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from analysis.array_types import FloatArray, IndexArray
from analysis.opinions.ideal_point import fit_ideal_point, locate_participants, predict_agreement
from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.partitions import LocalEngine
from analysis.opinions.placement import place_by_ideal_point
from analysis.opinions.vote_files import read_polis_folder
from analysis.opinions.votes import PASS, VoteTable
from benchmarks.votes_baseline import Baseline, baseline_name, run_baseline
from benchmarks.votes_intervals import intervals
from benchmarks.votes_parity import parity
from benchmarks.votes_routing import routing
from benchmarks.votes_scale import scale

PARAMETERS = OpinionParameters()
SEEDS = 3
RESAMPLES = 4
LEAST_VOTES = 3_000
#: Chances are kept this far from certainty for every method alike.
CLIP = 0.01
HIDDEN_SHARE = 0.1
ACTIVE = 10


def main(data: Path) -> dict[str, Any]:
    """Measure prediction, stability of groups and map, routing, and speed at size."""
    name = baseline_name()
    print(f"   baseline: {name}")
    figures: dict[str, Any] = {"baseline": name}
    with threadpool_limits(1):
        tables = conversations(data / "polis")
        if tables:
            figures["parity"] = parity(tables, name)
            figures["prediction"] = prediction(tables, name)
            figures["stability"] = stability(tables, name)
        figures["intervals"] = intervals()
        figures["routing"] = routing()
    figures["scale"] = scale(name)
    return figures


def conversations(folder: Path) -> dict[str, VoteTable]:
    """Return the conversations with enough votes, without what moderation removed."""
    tables = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        votes, listed, _ = read_polis_folder(path)
        if votes.n_votes >= LEAST_VOTES:
            tables[path.name] = votes.without_statements(listed.moderated_out)
    return tables


def prediction(tables: dict[str, VoteTable], name: str) -> dict[str, Any]:
    """Hide a tenth of the votes of active participants and compare log-losses."""
    rows = {}
    for title, votes in tables.items():
        losses = [_losses(votes, seed, name) for seed in range(SEEDS)]
        row = {key: float(np.mean([loss[key] for loss in losses])) for key in losses[0]}
        rows[title] = row
        print(f"   {title[:28]:28} " + "  ".join(f"{k} {v:.4f}" for k, v in row.items()))
    mean = {
        key: float(np.mean([row[key] for row in rows.values()]))
        for key in ("ours", "groups", "pca")
    }
    better = {
        key: sum(row["ours"] < row[key] for row in rows.values()) for key in ("groups", "pca")
    }
    ratio = mean["ours"] / mean["groups"]
    print(
        f"   mean log-loss: ours {mean['ours']:.4f}, groups {mean['groups']:.4f}, "
        f"pca {mean['pca']:.4f}; ratio to groups {ratio:.3f}; lower on {better} of {len(rows)}"
    )
    return {"conversations": rows, "mean": mean, "ratio_to_groups": ratio, "lower_on": better}


def stability(tables: dict[str, VoteTable], name: str) -> dict[str, Any]:
    """Draw participants again and compare groups and maps with those of the whole."""
    rows = {}
    for title, votes in tables.items():
        active = votes.select_participants(votes.votes_per_participant >= PARAMETERS.included_votes)
        whole = {"ours": _ours(active), "baseline": run_baseline(active, name)}
        found: dict[str, list[float]] = {}
        for seed in range(RESAMPLES):
            random = np.random.default_rng(seed)
            drawn = np.unique(random.integers(active.n_participants, size=active.n_participants))
            part = active.select_participants(drawn)
            for key, again in (("ours", _ours(part)), ("baseline", run_baseline(part, name))):
                before = whole[key]
                same = len(set(before.groups)) == len(set(again.groups))
                score = adjusted_rand_score(before.groups[drawn], again.groups)
                found.setdefault(f"{key} ARI", []).append(float(score))
                found.setdefault(f"{key} same k", []).append(float(same))
                fit = map_fit(before.points[drawn], again.points)
                found.setdefault(f"{key} map R2", []).append(fit)
        rows[title] = {key: float(np.mean(values)) for key, values in found.items()}
        sizes = np.bincount(whole["ours"].groups)
        rows[title]["smallest group"] = float(sizes.min() / sizes.sum())
        print(f"   {title[:28]:28} " + "  ".join(f"{k} {v:.3f}" for k, v in rows[title].items()))
    keys = list(next(iter(rows.values())))
    mean = {key: float(np.mean([row[key] for row in rows.values()])) for key in keys}
    print("   mean: " + "  ".join(f"{key} {value:.3f}" for key, value in mean.items()))
    return {"conversations": rows, "mean": mean}


def map_fit(first: FloatArray, second: FloatArray) -> float:
    """Return the share of variance that a Procrustes fit of two maps explains."""
    parts = [points - points.mean(0) for points in (first, second)]
    one, other = (points / np.linalg.norm(points) for points in parts)
    return float(np.linalg.svd(one.T @ other, compute_uv=False).sum() ** 2)


def _ours(votes: VoteTable) -> Baseline:
    """Return our groups and points in the same form as the baseline's."""
    placed = place_by_ideal_point(votes, PARAMETERS, previous=None, engine=LocalEngine(1))
    return Baseline(placed.labels(), placed.points, np.zeros((0, 2)), 0.0)


def _losses(votes: VoteTable, seed: int, name: str) -> dict[str, float]:
    """Return the log-loss of each method on one split."""
    random = np.random.default_rng(seed)
    people = votes.participant_index()
    active = (votes.votes_per_participant >= ACTIVE)[people]
    hide = active & (random.random(votes.n_votes) < HIDDEN_SHARE)
    training, hidden = votes.select_votes(~hide), votes.select_votes(hide & (votes.choices != PASS))
    rows, items = hidden.participant_index(), hidden.statement_index.astype(np.intp)
    model = fit_ideal_point(training, PARAMETERS)
    positions = locate_participants(model, training, PARAMETERS)
    found = run_baseline(training, name)
    chances = {
        "ours": predict_agreement(model, positions, rows, items),
        "groups": _by_group(training, found, rows, items),
        "pca": _by_components(training, found, rows, items),
    }
    return {key: _log_loss(chance, hidden.choices > 0) for key, chance in chances.items()}


def _log_loss(chance: FloatArray, agreed: Any) -> float:
    """Return the mean log-loss of clipped chances."""
    kept = np.clip(chance, CLIP, 1 - CLIP)
    return float(-np.log(np.where(agreed, kept, 1 - kept)).mean())


def _by_group(votes: VoteTable, found: Baseline, rows: IndexArray, items: IndexArray) -> FloatArray:
    """Return the smoothed agree rate of each pair's group; everybody's for who has no group."""
    groups = np.where(found.groups < 0, found.groups.max() + 1, found.groups)
    size = int(groups.max()) + 1
    own = groups[votes.participant_index()]
    shape = (size, votes.n_statements)
    agree, disagree = np.zeros(shape), np.zeros(shape)
    for table, side in ((agree, 1), (disagree, -1)):
        cast = votes.choices == side
        np.add.at(table, (own[cast], votes.statement_index[cast]), 1)
    rate = (agree + 1) / (agree + disagree + 2)
    general = (agree.sum(0) + 1) / ((agree + disagree).sum(0) + 2)
    ungrouped = found.groups[rows] < 0
    chances: FloatArray = np.where(ungrouped, general[items], rate[groups[rows], items])
    return chances


def _by_components(
    votes: VoteTable, found: Baseline, rows: IndexArray, items: IndexArray
) -> FloatArray:
    """Return the reconstruction from two principal components, scaled by Platt's method."""
    people, width = votes.participant_index(), votes.n_statements
    count = np.bincount(votes.statement_index, minlength=width)
    total = np.bincount(votes.statement_index, weights=votes.choices, minlength=width)
    mean = total / np.maximum(count, 1)
    centred = votes.choices - mean[votes.statement_index]
    points = np.zeros((votes.n_participants, 2))
    np.add.at(points, people, centred[:, None] * found.components[votes.statement_index])

    def score(person: IndexArray, item: IndexArray) -> FloatArray:
        value: FloatArray = mean[item] + (points[person] * found.components[item]).sum(1)
        return value[:, None]

    cast = votes.choices != PASS
    known = score(people[cast], votes.statement_index[cast].astype(np.intp))
    scaling = LogisticRegression().fit(known, votes.choices[cast] > 0)
    chances: FloatArray = scaling.predict_proba(score(rows, items))[:, 1]
    return chances
