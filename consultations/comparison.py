"""What happened to each clause between two versions of a draft."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from consultations.outline_numbering import canonical_number


class Mark(StrEnum):
    """What a reader is told about a clause; edited, moved and renumbered may come together."""

    UNCHANGED = "unchanged"
    EDITED = "edited"
    NEW = "new"
    REMOVED = "removed"
    MOVED = "moved"
    RENUMBERED = "renumbered"


class ProvisionView(Protocol):
    """A unit of a draft as far as comparing needs it: a stored clause or a ``Provision``."""

    @property
    def key(self) -> str:
        """Same in both versions for the same unit."""

    @property
    def parent_key(self) -> str | None:
        """Key of the unit that holds it."""

    @property
    def number(self) -> str:
        """As printed."""

    @property
    def heading(self) -> str:
        """May be empty."""

    @property
    def body(self) -> str:
        """May be empty."""


@dataclass(frozen=True)
class Change:
    """One unit in both versions; ``before`` is None for a new one, ``after`` for a removed one."""

    key: str
    marks: frozenset[Mark]
    before: ProvisionView | None
    after: ProvisionView | None


@dataclass(frozen=True)
class Comparison:
    """All units in the order of the new version, removed ones at the place where they stood."""

    changes: tuple[Change, ...]

    def with_mark(self, mark: Mark) -> tuple[Change, ...]:
        """Return the changes that carry a mark."""
        return tuple(change for change in self.changes if mark in change.marks)


def compare(before: Sequence[ProvisionView], after: Sequence[ProvisionView]) -> Comparison:
    """Compare two versions of a draft unit by unit.

    Parameters
    ----------
    before, after : sequence of ProvisionView
        In reading order, with unique keys in each.

    Returns
    -------
    Comparison
        A unit is *edited* when its heading or body has other words (white space aside),
        *renumbered* when its number reads differently (Thai and Arabic digits are the same), and
        *moved* when it stands in another surviving chapter or is not among the longest run of
        units that kept their order. Inserting a clause or a chapter heading moves nothing.
    """
    old = {unit.key: unit for unit in before}
    new = {unit.key: unit for unit in after}
    moved = _moved(before, after)
    changes = [
        Change(
            unit.key, _marks(old.get(unit.key), unit, unit.key in moved), old.get(unit.key), unit
        )
        for unit in after
    ]
    steady = new.keys() - moved
    stays = _removed_after(before, new, steady)
    ordered = [*stays.get(None, ())]
    for change in changes:
        ordered += [change, *stays.get(change.key, ())]
    return Comparison(tuple(ordered))


def needing_a_reason(before: Sequence[ProvisionView], after: Sequence[ProvisionView]) -> set[str]:
    """Return the keys of units whose change the agency must explain.

    A unit that only has another number follows from a change elsewhere and needs none.
    """
    told = {Mark.EDITED, Mark.NEW, Mark.REMOVED, Mark.MOVED}
    return {change.key for change in compare(before, after).changes if change.marks & told}


def _marks(before: ProvisionView | None, after: ProvisionView, is_moved: bool) -> frozenset[Mark]:
    if before is None:
        return frozenset({Mark.NEW})
    marks = set()
    if _words(before) != _words(after):
        marks.add(Mark.EDITED)
    if canonical_number(before.number) != canonical_number(after.number):
        marks.add(Mark.RENUMBERED)
    if is_moved:
        marks.add(Mark.MOVED)
    return frozenset(marks or {Mark.UNCHANGED})


def _words(unit: ProvisionView) -> tuple[list[str], list[str]]:
    return unit.heading.split(), unit.body.split()


def _moved(before: Sequence[ProvisionView], after: Sequence[ProvisionView]) -> set[str]:
    """Return the keys of units that stand elsewhere.

    Where the chapter survived, a unit is compared with its neighbours in the chapter, so that a
    moved chapter does not mark all it holds. Elsewhere the order of the whole text decides.
    """
    places = {unit.key: place for place, unit in enumerate(before)}
    holders = {unit.key: unit.parent_key for unit in before}
    common = [unit for unit in after if unit.key in places]
    kept = {None, *(unit.key for unit in common)}
    chapters: dict[str | None, list[str]] = {}
    moved: set[str] = set()
    for unit in common:
        holder = holders[unit.key]
        if holder == unit.parent_key and holder in kept:
            chapters.setdefault(holder, []).append(unit.key)
        elif None not in (holder, unit.parent_key) and {holder, unit.parent_key} <= kept:
            moved.add(unit.key)
    settled = moved.union(*chapters.values())
    order = [unit.key for unit in common if unit.key not in moved]
    moved |= _out_of_order(order, places) - settled
    for keys in chapters.values():
        moved |= _out_of_order(keys, places)
    return moved


def _out_of_order(keys: Sequence[str], places: Mapping[str, int]) -> set[str]:
    """Return the keys outside a longest increasing run of their former places."""
    ends: list[int] = []
    end_keys: list[str] = []
    previous: dict[str, str | None] = {}
    for key in keys:
        length = bisect_left(ends, places[key])
        previous[key] = end_keys[length - 1] if length else None
        ends[length : length + 1] = [places[key]]
        end_keys[length : length + 1] = [key]
    run: set[str] = set()
    key_in_run = end_keys[-1] if end_keys else None
    while key_in_run is not None:
        run.add(key_in_run)
        key_in_run = previous[key_in_run]
    return set(keys) - run


def _removed_after(
    before: Iterable[ProvisionView], new: Mapping[str, ProvisionView], steady: set[str]
) -> dict[str | None, list[Change]]:
    """Group removed units by the unit before them that still stands in its place."""
    groups: dict[str | None, list[Change]] = {}
    last: str | None = None
    for unit in before:
        if unit.key in steady:
            last = unit.key
        elif unit.key not in new:
            groups.setdefault(last, []).append(
                Change(unit.key, frozenset({Mark.REMOVED}), unit, None)
            )
    return groups
