"""A document as it was split, beside its lines, and the mends that an officer makes to it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from consultations.outline import Line, parse_with_places
from consultations.outline_editing import (
    change_kind,
    merge_with_previous,
    set_heading,
    set_number,
    split_at,
)
from consultations.outline_numbering import Kind
from consultations.outline_tree import Outline, Provision
from core.errors import InvalidError

#: Kinds from the greatest to the smallest, on which a unit goes up and down.
LADDER: Final = (
    Kind.BOOK,
    Kind.TITLE,
    Kind.CHAPTER,
    Kind.PART,
    Kind.SECTION,
    Kind.CLAUSE,
    Kind.PARAGRAPH,
)
#: Where kinds that are not on the ladder stand beside it.
_BESIDE: Final = {Kind.HEADING: 3, Kind.TRANSITORY: 2}

Span = tuple[int, int]


@dataclass(frozen=True)
class Split:
    """Units of a document, and from which of its lines each was made.

    Parameters
    ----------
    lines : tuple of str
        The document without blank lines.
    outline : Outline
    spans : mapping of str to (int, int)
        First line of each unit, and the line after its last, by its key.
    losses : mapping of str to int
        As ``documents.read_with_losses`` counts.
    """

    lines: tuple[str, ...]
    outline: Outline
    spans: Mapping[str, Span]
    losses: Mapping[str, int]

    def source(self, key: str) -> tuple[str, ...]:
        """Return the lines that a unit was made from."""
        first, end = self.spans[key]
        return self.lines[first:end]

    def unit(self, key: str) -> Provision:
        """Return a unit; raise InvalidError ``import.unit_unknown``."""
        for provision in self.outline:
            if provision.key == key:
                return provision
        raise InvalidError("import.unit_unknown")


def split(lines: Sequence[Line], losses: Mapping[str, int]) -> Split:
    """Split a document that was read.

    Raises
    ------
    InvalidError
        ``document.empty``: there is no clause in it.
    """
    outline, places = parse_with_places(lines)
    if not any(provision.body for provision in outline):
        raise InvalidError("document.empty", field="file")
    filled = [place for place, line in enumerate(lines) if line.text.strip()]
    order = {place: index for index, place in enumerate(filled)}
    starts = [order[place] for place in places]
    ends = [*starts[1:], len(filled)]
    keys = [provision.key for provision in outline]
    spans = dict(zip(keys, zip(starts, ends, strict=True), strict=True))
    return Split(tuple(lines[place].text for place in filled), outline, spans, dict(losses))


def merged(before: Split, key: str) -> Split:
    """Join a unit to the one before it; errors as ``outline_editing.merge_with_previous``."""
    after = merge_with_previous(before.outline, key)
    spans = dict(before.spans)
    keys = [provision.key for provision in before.outline]
    holder = keys[keys.index(key) - 1]
    spans[holder] = (spans[holder][0], spans[key][1])
    return _with(before, after, spans)


def divided(before: Split, key: str, line: int) -> Split:
    """Begin a new unit at a line (from 1) of a unit; errors as ``outline_editing.split_at``."""
    unit = before.unit(key)
    after = split_at(before.outline, key, line)
    first, end = before.spans[key]
    border = max(first, end - (unit.body.count("\n") + 1 - line))
    spans = dict(before.spans)
    spans[key] = (first, border)
    spans.update({made.key: (border, end) for made in after if made.key not in spans})
    return _with(before, after, spans)


def with_kind(before: Split, key: str, kind: Kind) -> Split:
    """Make a unit another kind."""
    after = change_kind(before.outline, key, kind)
    spans = dict(before.spans)
    spans.update({made.key: spans[key] for made in after if made.key not in spans})
    return _with(before, after, spans)


def with_words(before: Split, key: str, number: str, heading: str) -> Split:
    """Set number and heading; InvalidError ``text.too_long`` on either."""
    outline = set_heading(set_number(before.outline, key, number), key, heading)
    return replace(before, outline=outline)


def level_up(kind: Kind) -> Kind | None:
    """Return the next greater kind; None at the top and for what stands outside the levels."""
    place = _place(kind)
    return LADDER[place - 1] if place else None


def level_down(kind: Kind) -> Kind | None:
    """Return the next smaller kind; None at the bottom and for what stands outside the levels."""
    place = _place(kind)
    return LADDER[place + 1] if place is not None and place + 1 < len(LADDER) else None


def to_rows(made: Split) -> list[list[Any]]:
    """Return the units as they are stored; ``from_rows`` reads them back."""
    return [
        [
            *(unit.key, unit.parent_key, unit.kind.value, unit.number, unit.heading, unit.body),
            *made.spans[unit.key],
        ]
        for unit in made.outline
    ]


def from_rows(
    lines: Sequence[str], rows: Sequence[Sequence[Any]], losses: Mapping[str, int]
) -> Split:
    """Return a split that was stored."""
    units = [Provision(row[0], row[1], Kind(row[2]), row[3], row[4], row[5]) for row in rows]
    spans = {row[0]: (row[6], row[7]) for row in rows}
    return Split(tuple(lines), Outline(tuple(units)), spans, losses)


def _place(kind: Kind) -> int | None:
    return LADDER.index(kind) if kind in LADDER else _BESIDE.get(kind)


def _with(before: Split, outline: Outline, spans: Mapping[str, Span]) -> Split:
    kept = {unit.key: spans[unit.key] for unit in outline}
    return replace(before, outline=outline, spans=kept)
