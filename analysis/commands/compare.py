"""Compares two reports: equal but for rounding, or a list of what differs."""

from collections.abc import Iterator, Mapping
from typing import Any

#: Two runs must agree to this, absolutely or relative to the larger figure.
TOLERANCE = 1e-6
#: Parts that may differ between machines, or that repeat others in packed form.
_SKIPPED = frozenset({"engine", "model"})
#: Words are not results, and a published report may leave them out.
_WORDS = "text"
_KEYS = ("id", "statement", "group")


def compare_reports(
    first: Mapping[str, Any], second: Mapping[str, Any], *, tolerance: float = TOLERANCE
) -> Iterator[str]:
    """Yield each difference beyond the tolerance as one line; nothing if there is none.

    Lists whose entries have an ``id`` are matched by it, others by position.

    Parameters
    ----------
    first, second : mapping
        Parsed reports of one schema.
    tolerance : float
        Absolute below 1, relative above.
    """
    names = (set(first) | set(second)) - _SKIPPED
    for name in sorted(names):
        yield from _differences(name, first.get(name), second.get(name), tolerance)


def _differences(place: str, left: Any, right: Any, tolerance: float) -> Iterator[str]:
    """Yield the differences of two values at a place."""
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        for key in sorted((set(left) | set(right)) - {_WORDS}):
            yield from _differences(f"{place}.{key}", left.get(key), right.get(key), tolerance)
    elif isinstance(left, list) and isinstance(right, list):
        yield from _list_differences(place, left, right, tolerance)
    elif _is_number(left) and _is_number(right):
        if abs(left - right) > tolerance * max(1.0, abs(left), abs(right)):
            yield f"{place}: {left} and {right}"
    elif left != right or _is_number(left) != _is_number(right):
        yield f"{place}: {_shown(left)} and {_shown(right)}"


def _list_differences(
    place: str, left: list[Any], right: list[Any], tolerance: float
) -> Iterator[str]:
    """Yield the differences of two lists."""
    key = _key_of(left, right)
    if key is None:
        if len(left) != len(right):
            yield f"{place}: {len(left)} and {len(right)} entries"
        for number, (one, other) in enumerate(zip(left, right, strict=False)):
            yield from _differences(f"{place}[{number}]", one, other, tolerance)
        return
    old = {str(entry[key]): entry for entry in left}
    new = {str(entry[key]): entry for entry in right}
    for name in sorted(set(old) | set(new)):
        if name not in old or name not in new:
            yield f"{place}[{name}]: only in the {'first' if name in old else 'second'} report"
        else:
            yield from _differences(f"{place}[{name}]", old[name], new[name], tolerance)
    shared = [name for name in old if name in new]
    if shared != [name for name in new if name in old]:
        yield f"{place}: the order differs"


def _key_of(left: list[Any], right: list[Any]) -> str | None:
    """Return the key by which the entries of both lists can be matched."""
    entries = left + right
    for key in _KEYS:
        if entries and all(isinstance(entry, Mapping) and key in entry for entry in entries):
            distinct = [len({str(entry[key]) for entry in side}) for side in (left, right)]
            if distinct == [len(left), len(right)]:
                return key
    return None


def _is_number(value: Any) -> bool:
    """Tell numbers from truth values."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    """Return a short form of a value."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
