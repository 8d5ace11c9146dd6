"""Whether the 90 % intervals of group shares hold the planted truth, in several kinds of crowd."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.pipeline import analyse_votes
from analysis.opinions.votes import VoteTable

PARAMETERS = OpinionParameters(stability_resamples=0)
CONVERSATIONS = 40


@dataclass(frozen=True)
class Crowd:
    """Planted groups whose members agree with each statement at a rate of their group.

    Attributes
    ----------
    sizes : tuple of int
        Members of each group.
    statements : int
    shown : float
        Share of the statements that each member votes on.
    passes : float
        Chance of a pass.
    spread : float
        Rates lie evenly between one half minus and one half plus this.
    """

    sizes: tuple[int, ...]
    statements: int = 60
    shown: float = 0.5
    passes: float = 0.0
    spread: float = 0.45


CROWDS = {
    "two groups": Crowd((80, 80)),
    "unbalanced, 140 and 20": Crowd((140, 20)),
    "four groups": Crowd((70, 70, 70, 70)),
    "four unbalanced": Crowd((120, 60, 40, 30)),
    "few votes, 8 a person": Crowd((80, 80), statements=40, shown=0.2),
    "sparse, 200 statements": Crowd((200, 200), statements=200, shown=0.06),
    "one group": Crowd((120,)),
    "passes": Crowd((80, 80), passes=0.2),
    "groups alike": Crowd((100, 100), spread=0.25),
}


def intervals(conversations: int = CONVERSATIONS) -> dict[str, Any]:
    """Simulate conversations of each kind; print the share of intervals that hold the truth."""
    figures = {}
    for name, crowd in CROWDS.items():
        found = [coverage(crowd, seed) for seed in range(conversations)]
        held = np.concatenate([one for one, _ in found])
        own = np.array([one.mean() for one, _ in found if len(one)])
        figures[name] = {
            "held": round(float(held.mean()), 4),
            "lowest_conversation": round(float(own.min()), 4),
            "right_number_of_groups": round(
                float(np.mean([count == len(crowd.sizes) for _, count in found])), 3
            ),
            "intervals": len(held),
        }
        print(f"   intervals, {name}: {figures[name]}", flush=True)
    return figures


def coverage(crowd: Crowd, seed: int) -> tuple[np.ndarray, int]:
    """Return, per interval of one conversation, whether it holds the truth, and the groups found.

    The truth of a found group is the mean chance of agreeing of its members, planted by us; a pass
    is no agreement. Statements with too few votes claim nothing and are left out.
    """
    random = np.random.default_rng(seed)
    low, high = 0.5 - crowd.spread, 0.5 + crowd.spread
    rates = random.uniform(low, high, (len(crowd.sizes), crowd.statements))
    rates *= 1 - crowd.passes
    camps = np.repeat(np.arange(len(crowd.sizes)), crowd.sizes)
    people, items = np.nonzero(random.random((len(camps), crowd.statements)) < crowd.shown)
    draws, chances = random.random(len(people)), rates[camps[people], items]
    choices = np.where(draws < chances, 1, np.where(draws < 1 - crowd.passes, -1, 0))
    votes = VoteTable.from_rows(
        [f"{person:04d}" for person in people], [f"{item:03d}" for item in items], choices
    )
    report = analyse_votes(votes, PARAMETERS).to_dict()
    found = {int(row["id"]): row["group"] for row in report["participants"]}
    groups = np.array([-1 if found.get(p) is None else found[p] for p in range(len(camps))])
    held = [
        group["low"]
        <= rates[camps[groups == group["group"]], int(entry["id"])].mean()
        <= group["high"]
        for entry in report["statements"]
        if not entry["too_few"]
        for group in entry["by_group"]
    ]
    return np.array(held, dtype=bool), len(report["groups"])
