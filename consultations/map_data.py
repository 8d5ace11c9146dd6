"""Pure: from the engine's positions to what the opinion map is drawn from."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

#: Most people drawn one by one; of more, the map shows how dense they stand.
MOST_POINTS = 2000
#: Cells of a dense map along its longer side.
CELLS = 40
#: Smallest group whose region is drawn, and the share of it that the region holds.
LEAST_MEMBERS, REGION_SHARE = 5, 0.8

Entry = dict[str, Any]
#: Position and group; group -1 is nobody's.
Point = tuple[float, float, int]
EMPTY: Entry = {"points": [], "cells": [], "regions": [], "axes": {}, "drawn": 0, "of": 0}


def points_of(included: Sequence[Mapping[str, Any]]) -> list[Point]:
    """Return positions and groups of participants as the report has them."""
    return [(row["x"], row["y"], -1 if row["group"] is None else row["group"]) for row in included]


def map_data(included: Sequence[Mapping[str, Any]], axes: Mapping[str, Any] | None) -> Entry:
    """Return the map: everyone of a small crowd, how dense a large one stands, and its regions.

    Parameters
    ----------
    included : sequence of mapping
        Participants of the report that are on the map.
    axes : mapping or None
        The report's ``map``: which statements weigh most on each axis.
    """
    points = points_of(included)
    dense = len(points) > MOST_POINTS
    return {
        "points": [] if dense else sorted([round(x, 3), round(y, 3), g] for x, y, g in points),
        "cells": _cells(points) if dense else [],
        "regions": regions(points),
        "axes": {name: (axes or {}).get(name, [])[:2] for name in ("x", "y")},
        "drawn": len(points),
        "of": len(points),
    }


def regions(points: Sequence[Point]) -> list[Entry]:
    """Return the ellipse of each group: centre, half axes, and angle from the x axis in radians."""
    groups = sorted({group for _x, _y, group in points if group >= 0})
    found = []
    for group in groups:
        own = [(x, y) for x, y, each in points if each == group]
        if len(own) >= LEAST_MEMBERS:
            found.append({"group": group, **_ellipse(own)})
    return found


def _cells(points: Sequence[Point]) -> list[list[float]]:
    """Count each group in square cells: x and y of the middle, group, people."""
    left, low = min(x for x, _, _ in points), min(y for _, y, _ in points)
    extent = max(max(x for x, _, _ in points) - left, max(y for _, y, _ in points) - low)
    size = extent / CELLS or 1.0
    counts = Counter((int((x - left) / size), int((y - low) / size), g) for x, y, g in points)
    return [
        [round(left + (column + 0.5) * size, 3), round(low + (row + 0.5) * size, 3), group, count]
        for (column, row, group), count in sorted(counts.items())
    ]


def _ellipse(own: Sequence[tuple[float, float]]) -> Entry:
    number = len(own)
    x, y = sum(a for a, _ in own) / number, sum(b for _, b in own) / number
    first = sum((a - x) ** 2 for a, _ in own) / number
    second = sum((b - y) ** 2 for _, b in own) / number
    cross = sum((a - x) * (b - y) for a, b in own) / number
    middle, half = (first + second) / 2, math.hypot((first - second) / 2, cross)
    angle = 0.5 * math.atan2(2 * cross, first - second)
    spread = math.sqrt(middle + half), math.sqrt(max(middle - half, 0.0))
    reach = _reach([(a - x, b - y) for a, b in own], spread, angle)
    return {
        "x": round(x, 3),
        "y": round(y, 3),
        "major": round(reach * spread[0], 3),
        "minor": round(reach * spread[1], 3),
        "angle": round(angle, 4),
    }


def _reach(
    moves: Sequence[tuple[float, float]], spread: tuple[float, float], angle: float
) -> float:
    """Return how many standard deviations around the centre hold the wanted share of the group."""
    along, across = (max(size, 1e-9) for size in spread)
    cos, sin = math.cos(angle), math.sin(angle)
    distances = sorted(
        math.hypot((a * cos + b * sin) / along, (b * cos - a * sin) / across) for a, b in moves
    )
    return distances[math.ceil(REGION_SHARE * len(distances)) - 1]
