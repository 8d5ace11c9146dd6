"""Pure: where somebody stands on a finished map, from their own votes alone.

The run keeps no way from a person to a point. It keeps, for cells of the map, how the people there
voted; whoever asks is placed by comparing their own votes with those.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Cells along the longer side of the map.
CELLS = 14
#: Most people whose votes the cells are counted from; an even sample of more.
MOST_PEOPLE = 20_000
#: Votes at the statement's own rate that are added to each cell, so that few people decide little.
PRIOR_VOTES = 2.0
#: Votes below which nobody is placed.
LEAST_VOTES = 3

Entry = dict[str, Any]
_CHOICES = (1, -1)


@dataclass(frozen=True)
class Standing:
    """A place on the map, how far around it the person may stand, and the groups near it.

    Attributes
    ----------
    x, y, spread : float
        In the units of the map; `spread` is the standard deviation of the place.
    groups : mapping of int to float
        Chance of each group; -1 is no group.
    votes : int
        Own votes that it rests on.
    """

    x: float
    y: float
    spread: float
    groups: Mapping[int, float]
    votes: int


def places(included: Sequence[Mapping[str, Any]], votes: Iterable[tuple[str, str, int]]) -> Entry:
    """Count how the people of each cell of the map voted.

    Parameters
    ----------
    included : sequence of mapping
        Participants of the report that are on the map.
    votes : iterable of (participant, statement, choice)

    Returns
    -------
    dict
        ``cells``: x, y, people and members by group; ``statements``: agreements and disagreements
        by cell, and of all.
    """
    size = min(len(included), MOST_PEOPLE)
    sample = [included[place * len(included) // size] for place in range(size)]
    if not sample:
        return {"cells": [], "statements": {}}
    left, low = min(row["x"] for row in sample), min(row["y"] for row in sample)
    extent = max(
        max(row["x"] for row in sample) - left, max(row["y"] for row in sample) - low, 1e-9
    )
    home = {row["id"]: _cell(row, left, low, extent) for row in sample}
    numbers = {cell: number for number, cell in enumerate(sorted(set(home.values())))}
    members: dict[tuple[int, int], list[Mapping[str, Any]]] = defaultdict(list)
    for row in sample:
        members[home[row["id"]]].append(row)
    counts: dict[str, Counter[tuple[int, int]]] = defaultdict(Counter)
    for person, statement, choice in votes:
        if choice and person in home:
            counts[statement][numbers[home[person]], choice] += 1
    return {
        "cells": [_summary(members[cell]) for cell in numbers],
        "statements": {name: _by_cell(own, len(numbers)) for name, own in sorted(counts.items())},
    }


def locate(places: Mapping[str, Any], choices: Mapping[str, int]) -> Standing | None:
    """Place somebody by their own choices; None with fewer than `LEAST_VOTES` that can be compared.

    Notes
    -----
    Each cell's weight is its people times the chance that they would vote like this (votes taken
    as independent within a cell, passes left out); the place is the weighted mean of the cells.
    """
    known = {
        name: choice
        for name, choice in choices.items()
        if choice in _CHOICES and name in places["statements"]
    }
    cells = places["cells"]
    if len(known) < LEAST_VOTES or not cells:
        return None
    logs = [math.log(cell["people"]) for cell in cells]
    for name, choice in known.items():
        agree, disagree = places["statements"][name]
        base = (sum(agree) + 1) / (sum(agree) + sum(disagree) + 2)
        for number, (yes, no) in enumerate(zip(agree, disagree, strict=True)):
            chance = (yes + PRIOR_VOTES * base) / (yes + no + PRIOR_VOTES)
            logs[number] += math.log(chance if choice > 0 else 1 - chance)
    highest = max(logs)
    weights = [math.exp(value - highest) for value in logs]
    return _mean(cells, weights, len(known))


def _mean(cells: Sequence[Mapping[str, Any]], weights: Sequence[float], votes: int) -> Standing:
    total = sum(weights)
    pairs = list(zip(cells, weights, strict=True))
    x = sum(cell["x"] * weight for cell, weight in pairs) / total
    y = sum(cell["y"] * weight for cell, weight in pairs) / total
    around = sum(((c["x"] - x) ** 2 + (c["y"] - y) ** 2) * w for c, w in pairs) / total / 2
    groups: Counter[int] = Counter()
    for cell, weight in pairs:
        for group, people in cell["groups"].items():
            groups[int(group)] += weight / total * people / cell["people"]
    return Standing(x, y, math.sqrt(around), dict(groups), votes)


def _cell(row: Mapping[str, Any], left: float, low: float, extent: float) -> tuple[int, int]:
    last = CELLS - 1
    column = min(int((row["x"] - left) / extent * CELLS), last)
    return column, min(int((row["y"] - low) / extent * CELLS), last)


def _summary(rows: Sequence[Mapping[str, Any]]) -> Entry:
    groups = Counter(-1 if row["group"] is None else row["group"] for row in rows)
    return {
        "x": round(sum(row["x"] for row in rows) / len(rows), 4),
        "y": round(sum(row["y"] for row in rows) / len(rows), 4),
        "people": len(rows),
        "groups": {str(group): count for group, count in sorted(groups.items())},
    }


def _by_cell(own: Mapping[tuple[int, int], int], cells: int) -> list[list[int]]:
    return [[own.get((number, choice), 0) for number in range(cells)] for choice in _CHOICES]
