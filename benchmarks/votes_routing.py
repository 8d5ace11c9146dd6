"""How many votes the routing needs, against random order, for the same error."""

from typing import Any

import numpy as np

from analysis.opinions.parameters import OpinionParameters
from analysis.opinions.polis import polis_map
from analysis.opinions.routing import RoutedStatement, next_statement
from analysis.opinions.votes import VoteTable

STATEMENTS, PARTICIPANTS, EACH, REPEATS = 80, 240, 12, 20
#: Statements keep arriving, as they do, until this share of the participants has come.
ARRIVING = 0.75
#: Statements on the true list of consensus, and participants between two updates of the state.
LISTED, UPDATE = 10, 20
RESAMPLED = 1_000
PARAMETERS = OpinionParameters()


def routing() -> dict[str, Any]:
    """Simulate consultations and compare the error of the consensus list by order of statements.

    The interval is the middle 90 % of what resampled repetitions need (bootstrap over seeds).
    """
    curves = {
        order: np.array([_simulate(order, seed) for seed in range(REPEATS)])
        for order in ("priority", "random")
    }
    votes = np.arange(1, curves["random"].shape[1] + 1) * UPDATE * EACH
    needed = _needed(curves, np.arange(REPEATS), votes)
    source = np.random.default_rng(0)
    drawn = [
        _needed(curves, source.integers(REPEATS, size=REPEATS), votes) for _ in range(RESAMPLED)
    ]
    low, high = np.quantile(drawn, [0.05, 0.95])
    own = [_needed(curves, np.array([seed]), votes) for seed in range(REPEATS)]
    goal = float(curves["random"][:, -1].mean())
    figures = {
        "votes": votes.tolist(),
        **{order: curve.mean(0).tolist() for order, curve in curves.items()},
        "repetitions": REPEATS,
        "random_votes": int(votes[-1]),
        "priority_votes_for_the_same_error": needed,
        "interval_90": [float(low), float(high)],
        "repetitions_with_fewer_votes": int(np.sum(np.array(own) < votes[-1])),
    }
    print(
        f"   routing, {REPEATS} seeds: random order needs {votes[-1]} votes for an error of "
        f"{goal:.4f}; by priority {needed:.0f} (90 % interval {low:.0f} to {high:.0f}); fewer in "
        f"{figures['repetitions_with_fewer_votes']} of {REPEATS} seeds taken alone"
    )
    return figures


def _needed(curves: dict[str, np.ndarray], rows: np.ndarray, votes: np.ndarray) -> float:
    """Return the votes at which routing has the final error of random order; the end if never."""
    goal = curves["random"][rows, -1].mean()
    reached = np.flatnonzero(curves["priority"][rows].mean(0) <= goal)
    return float(votes[reached[0]] if len(reached) else votes[-1])


def _simulate(order: str, seed: int) -> list[float]:
    """Return the error of the top statements' agree shares after each update."""
    random = np.random.default_rng(seed)
    camp = np.where(np.arange(PARTICIPANTS) % 2, 1.0, -1.0)
    places = camp + 0.5 * random.normal(size=PARTICIPANTS)
    loadings, easiness = random.normal(size=STATEMENTS), random.normal(size=STATEMENTS)
    chance = 0.9 / (1 + np.exp(-(easiness + places[:, None] * loadings)))
    truth = chance.mean(0)
    best = np.argsort(-chance.reshape(-1, 2, STATEMENTS).mean(0).prod(0))[:LISTED]
    cast: dict[tuple[int, int], int] = {}
    extremity = np.zeros(STATEMENTS)
    errors = []
    for person in range(PARTICIPANTS):
        _vote(person, cast, extremity, chance=chance, order=order, random=random)
        if (person + 1) % UPDATE == 0:
            extremity = _extremity(cast)
            agree, seen = _counts(cast)
            share = (agree + 1) / (seen + 2)
            errors.append(float(np.sqrt(((share - truth)[best] ** 2).mean())))
    return errors


def _vote(
    person: int,
    cast: dict[tuple[int, int], int],
    extremity: np.ndarray,
    *,
    chance: np.ndarray,
    order: str,
    random: np.random.Generator,
) -> None:
    """Let one participant vote on the statements that they are shown."""
    agree, seen = _counts(cast)
    passed = np.zeros(STATEMENTS)
    for (_, item), choice in cast.items():
        passed[item] += choice == 0
    arrived = min(STATEMENTS, EACH + int(person * STATEMENTS / (ARRIVING * PARTICIPANTS)))
    voted: set[str] = set()
    for _ in range(EACH):
        state = [
            RoutedStatement(
                f"{item:02d}",
                int(agree[item]),
                int(passed[item]),
                int(seen[item]),
                float(extremity[item]),
            )
            for item in range(arrived)
        ]
        shown = _show(state, voted, person, order=order, random=random)
        voted.add(shown)
        item = int(shown)
        draw = random.random()
        choice = 0 if draw > 0.9 else 1 if draw < chance[person, item] else -1
        cast[person, item] = choice
        agree[item] += choice == 1
        passed[item] += choice == 0
        seen[item] += 1


def _show(
    state: list[RoutedStatement],
    voted: set[str],
    person: int,
    *,
    order: str,
    random: np.random.Generator,
) -> str:
    """Choose a statement in either order."""
    if order == "random":
        open_ones = [statement.id for statement in state if statement.id not in voted]
        return str(random.choice(open_ones))
    return str(
        next_statement(state, frozenset(voted), participant=f"p{person}", parameters=PARAMETERS)
    )


def _counts(cast: dict[tuple[int, int], int]) -> tuple[np.ndarray, np.ndarray]:
    """Return agrees and votes per statement."""
    agree, seen = np.zeros(STATEMENTS), np.zeros(STATEMENTS)
    for (_, item), choice in cast.items():
        agree[item] += choice == 1
        seen[item] += 1
    return agree, seen


def _extremity(cast: dict[tuple[int, int], int]) -> np.ndarray:
    """Return the extremity of each statement on Polis's map."""
    people, items = zip(*cast, strict=True)
    votes = VoteTable.from_rows(
        [f"{p:03d}" for p in people], [f"{i:02d}" for i in items], list(cast.values())
    )
    found = polis_map(votes, np.zeros(votes.n_statements, dtype=bool), PARAMETERS).extremity
    full = np.zeros(STATEMENTS)
    full[[int(item) for item in votes.statements]] = found
    return full
