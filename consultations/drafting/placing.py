"""Where a unit can stand: moving, adding and removing in an outline, everything nested anew."""

from collections.abc import Sequence

from consultations.outline_numbering import RANK, Kind
from consultations.outline_tree import Outline, Provision, nest
from core.errors import InvalidError, NotFoundError


def place_of(outline: Outline, key: str) -> int:
    """Return the place of a unit; raise NotFoundError ``clause.unknown`` if there is none."""
    for place, provision in enumerate(outline):
        if provision.key == key:
            return place
    raise NotFoundError("clause.unknown")


def moved(outline: Outline, key: str, *, up: bool) -> Outline:
    """Move a unit, with all it holds, past its neighbour.

    A unit at the end of a chapter goes on into the next one; a chapter passes the whole chapter
    beside it.

    Raises
    ------
    NotFoundError
        ``clause.unknown``.
    InvalidError
        ``clause.at_the_end``.
    """
    units = [*outline]
    start = place_of(outline, key)
    end = _end(units, start)
    if (up and start == 0) or (not up and end == len(units)):
        raise InvalidError("clause.at_the_end", field="key")
    block = units[start:end]
    if up:
        target = _before(units, start)
        order = [*units[:target], *block, *units[target:start], *units[end:]]
    else:
        target = _after(units, start, end)
        order = [*units[:start], *units[end:target], *block, *units[target:]]
    return nested(outline, order)


def added(outline: Outline, key: str, provision: Provision) -> Outline:
    """Put a new unit, which has no key yet, behind another."""
    place = place_of(outline, key) + 1
    return nested(
        outline, [*outline.provisions[:place], provision, *outline.provisions[place:]], key
    )


def removed(outline: Outline, key: str) -> Outline:
    """Take a unit out; what it held belongs to what then stands before it."""
    place = place_of(outline, key)
    return nested(outline, [*outline.provisions[:place], *outline.provisions[place + 1 :]])


def nested(outline: Outline, order: Sequence[Provision], beside: str | None = None) -> Outline:
    """Nest units anew, headings as deep as they were; a new one as deep as the unit beside it."""
    depths: dict[str | None, int] = {None: 0}
    for provision in outline:
        depths[provision.key] = depths[provision.parent_key] + 1
    here = depths.get(beside, 1)
    return nest(order, [depths.get(provision.key or None) or here for provision in order])


def _end(units: Sequence[Provision], start: int) -> int:
    """Return the place behind all that a unit holds."""
    inside = {units[start].key}
    end = start + 1
    while end < len(units) and units[end].parent_key in inside:
        inside.add(units[end].key)
        end += 1
    return end


def _before(units: Sequence[Provision], start: int) -> int:
    """Return where a unit that goes up begins."""
    places = {unit.key: place for place, unit in enumerate(units)}
    target = start - 1
    while True:
        parent = units[target].parent_key
        if units[target].key == units[start].parent_key or parent == units[start].parent_key:
            return target
        if parent is None:
            return target
        target = places[parent]


def _after(units: Sequence[Provision], start: int, end: int) -> int:
    """Return where a unit that goes down begins, in the present order."""
    if _rank(units[end]) < _rank(units[start]):
        return end + 1
    return _end(units, end)


def _rank(unit: Provision) -> int:
    return RANK.get(unit.kind, RANK[Kind.CHAPTER])
