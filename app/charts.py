"""Geometry of charts that the server draws: numbers in, paths and places out. Pure."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Size of the opinion map and its inner margin, in the units of its view box.
WIDTH, HEIGHT, MARGIN = 640, 400, 36
#: People nearer to each other than this are drawn as one larger mark.
CELL = 11.0
#: Half size of the mark of one person, and of the largest mark.
SMALLEST, LARGEST = 3.4, 7.5
#: Half size of the smallest mark of a dense map.
FAINTEST = 1.4
#: Shapes by group, so that groups differ without colour; nobody's group is a ring.
SHAPES = ("circle", "square", "triangle", "diamond", "cross")
RING = "ring"
#: Least and greatest half size of the ring around where one stands oneself.
NEAR, FAR = 14.0, 90.0

#: Across, down, group, people.
Mark = tuple[float, float, int, int]


@dataclass(frozen=True)
class Layer:
    """All marks of one group as one path, and where its label stands; group -1 is nobody's."""

    group: int
    shape: str
    path: str
    label_x: float
    label_y: float


@dataclass(frozen=True)
class Region:
    """The ellipse in which most of a group stand; the angle in degrees, clockwise."""

    group: int
    x: float
    y: float
    rx: float
    ry: float
    degrees: float


@dataclass(frozen=True)
class Own:
    """Where the reader stands, and how far around it they may stand."""

    x: float
    y: float
    radius: float

    @property
    def label_y(self) -> float:
        """Where the label stands: below the ring, or above it near the lower edge."""
        below = self.y + self.radius + MARGIN * 0.75
        return below if below < HEIGHT - 4 else self.y - self.radius - 6


@dataclass(frozen=True)
class OpinionMap:
    """A map to draw: its size and its layers, larger groups first."""

    width: int
    height: int
    layers: tuple[Layer, ...]
    regions: tuple[Region, ...] = ()
    own: Own | None = None
    dense: bool = False


@dataclass(frozen=True)
class Frame:
    """Turns the engine's units into those of the view box; equal in both directions."""

    scale: float
    middle: tuple[float, float]

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a position is drawn."""
        across, down = x - self.middle[0], y - self.middle[1]
        return WIDTH / 2 + across * self.scale, HEIGHT / 2 - down * self.scale


def opinion_map(
    data: Mapping[str, Any], own: tuple[float, float, float] | None = None
) -> OpinionMap:
    """Place participants on the map; equal distances stay equal in both directions.

    Parameters
    ----------
    data : mapping
        As ``consultations.map_data`` returns it; ``points`` alone are enough.
    own : (x, y, spread), optional
        Where the reader stands.

    Returns
    -------
    OpinionMap
        Empty of layers without points.
    """
    cells = data.get("cells") or []
    crowd = [(x, y, g, 1) for x, y, g in data["points"]] or [tuple(cell) for cell in cells]
    frame = _frame([(x, y) for x, y, *_ in crowd])
    placed: list[Mark] = [(*frame.place(x, y), int(g), int(n)) for x, y, g, n in crowd]
    sizes: Counter[int] = Counter()
    for _x, _y, group, people in placed:
        sizes[group] += people
    largest = max((mark[3] for mark in placed), default=1)
    layers = (
        _layer(group, [mark for mark in placed if mark[2] == group], largest if cells else 0)
        for group, _ in sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
    )
    return OpinionMap(
        WIDTH,
        HEIGHT,
        tuple(layers),
        tuple(_region(region, frame) for region in data.get("regions", ())),
        _own(own, frame) if own else None,
        dense=bool(cells),
    )


def bars(values: Sequence[float]) -> str:
    """Return one path of bars: each one unit wide with a gap, the tallest 100 units high."""
    highest = max(values, default=0) or 1
    return "".join(
        f"M{place} 100v{-100 * value / highest:.4g}h.84V100z"
        for place, value in enumerate(values)
        if value
    )


def _frame(places: Sequence[tuple[float, float]]) -> Frame:
    """Fit positions into the view box, the middle of their extent into its middle."""
    if not places:
        return Frame(0.0, (0.0, 0.0))
    columns, rows = [x for x, _ in places], [y for _, y in places]
    width, height = max(columns) - min(columns), max(rows) - min(rows)
    room = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
    scale = min(room[0] / width if width else math.inf, room[1] / height if height else math.inf)
    middle = (max(columns) + min(columns)) / 2, (max(rows) + min(rows)) / 2
    return Frame(0.0 if math.isinf(scale) else scale, middle)


def _layer(group: int, marks: Sequence[Mark], largest: int) -> Layer:
    """Draw a group's marks; `largest` is the greatest number in a cell of a dense map, else 0."""
    shape = SHAPES[group % len(SHAPES)] if group >= 0 else RING
    if largest:
        drawn = [
            _mark(shape, x, y, max(FAINTEST, LARGEST * math.sqrt(people / largest)))
            for x, y, _group, people in marks
        ]
    else:
        cells = Counter((round(x / CELL), round(y / CELL)) for x, y, *_ in marks)
        drawn = [
            _mark(shape, column * CELL, row * CELL, min(LARGEST, SMALLEST * math.sqrt(count)))
            for (column, row), count in sorted(cells.items())
        ]
    total = sum(mark[3] for mark in marks)
    x = sum(mark[0] * mark[3] for mark in marks) / total
    y = sum(mark[1] * mark[3] for mark in marks) / total
    return Layer(group, shape, "".join(drawn), round(x, 1), round(y, 1))


def _region(region: Mapping[str, Any], frame: Frame) -> Region:
    x, y = frame.place(region["x"], region["y"])
    rx, ry = region["major"] * frame.scale, region["minor"] * frame.scale
    turned = -math.degrees(region["angle"])
    rounded = (round(value, 1) for value in (x, y, max(rx, CELL), max(ry, CELL), turned))
    return Region(region["group"], *rounded)


def _own(own: tuple[float, float, float], frame: Frame) -> Own:
    x, y = frame.place(own[0], own[1])
    inside = min(max(x, MARGIN), WIDTH - MARGIN), min(max(y, MARGIN), HEIGHT - MARGIN)
    radius = min(max(own[2] * frame.scale, NEAR), FAR)
    return Own(round(inside[0], 1), round(inside[1], 1), round(radius, 1))


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
