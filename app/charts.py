"""Geometry of charts that the server draws: numbers in, paths and places out. Pure."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

#: Size of the opinion map and its inner margin, in the units of its view box.
WIDTH, HEIGHT, MARGIN = 640, 400, 28
#: People nearer to each other than this are drawn as one larger mark.
CELL = 11.0
#: Half size of the mark of one person, and of the largest mark.
SMALLEST, LARGEST = 3.4, 7.5
#: Shapes by group, so that groups differ without colour; nobody's group is a ring.
SHAPES = ("circle", "square", "triangle", "diamond", "cross")
RING = "ring"

Point = tuple[float, float, int]


@dataclass(frozen=True)
class Layer:
    """All marks of one group as one path, and where its label stands; group -1 is nobody's."""

    group: int
    shape: str
    path: str
    label_x: float
    label_y: float


@dataclass(frozen=True)
class OpinionMap:
    """A map to draw: its size and its layers, larger groups first."""

    width: int
    height: int
    layers: tuple[Layer, ...]


def opinion_map(points: Sequence[Sequence[float]]) -> OpinionMap:
    """Place participants on the map; equal distances stay equal in both directions.

    Parameters
    ----------
    points : sequence of (x, y, group)
        Positions in the engine's units; group -1 is nobody's.

    Returns
    -------
    OpinionMap
        Empty of layers without points.
    """
    placed = _placed([(float(x), float(y), int(group)) for x, y, group in points])
    sizes = Counter(group for _, _, group in placed)
    layers = (
        _layer(group, [(x, y) for x, y, each in placed if each == group])
        for group, _ in sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
    )
    return OpinionMap(WIDTH, HEIGHT, tuple(layers))


def _placed(points: Sequence[Point]) -> list[Point]:
    """Scale positions into the frame, the middle of their extent into its middle."""
    if not points:
        return []
    columns, rows = [x for x, _, _ in points], [y for _, y, _ in points]
    width, height = max(columns) - min(columns), max(rows) - min(rows)
    middle = (max(columns) + min(columns)) / 2, (max(rows) + min(rows)) / 2
    room = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
    scale = min(room[0] / width if width else math.inf, room[1] / height if height else math.inf)
    scale = 0.0 if math.isinf(scale) else scale
    return [
        (WIDTH / 2 + (x - middle[0]) * scale, HEIGHT / 2 - (y - middle[1]) * scale, group)
        for x, y, group in points
    ]


def _layer(group: int, places: Sequence[tuple[float, float]]) -> Layer:
    cells = Counter((round(x / CELL), round(y / CELL)) for x, y in places)
    shape = SHAPES[group % len(SHAPES)] if group >= 0 else RING
    marks = [
        _mark(shape, column * CELL, row * CELL, min(LARGEST, SMALLEST * math.sqrt(count)))
        for (column, row), count in sorted(cells.items())
    ]
    x = sum(place[0] for place in places) / len(places)
    y = sum(place[1] for place in places) / len(places)
    return Layer(group, shape, "".join(marks), round(x, 1), round(y, 1))


def _mark(shape: str, x: float, y: float, size: float) -> str:
    """Return the path of one mark around a place; shapes cover about the same area."""
    if shape in ("circle", RING):
        half = f"a{size:.1f} {size:.1f} 0 1 0"
        return f"M{x - size:.1f} {y:.1f}{half} {2 * size:.1f} 0{half} {-2 * size:.1f} 0z"
    corners = {
        "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
        "triangle": [(0, -1.2), (1.15, 0.85), (-1.15, 0.85)],
        "diamond": [(0, -1.3), (1.2, 0), (0, 1.3), (-1.2, 0)],
        "cross": [
            *((-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4)),
            *((0.4, 1.2), (-0.4, 1.2), (-0.4, 0.4), (-1.2, 0.4), (-1.2, -0.4), (-0.4, -0.4)),
        ],
    }[shape]
    places = [f"{x + across * size:.1f} {y + down * size:.1f}" for across, down in corners]
    return f"M{'L'.join(places)}z"
