"""Corrections of a proposed split: pure functions that return a new outline with every word."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from consultations.outline_numbering import (
    CONTAINERS,
    NUMBER_LENGTH,
    Kind,
    recognise,
    recognise_bare,
)
from consultations.outline_tree import KeyChooser, Outline, Provision, nest
from core import text
from core.errors import InvalidError, NotFoundError

#: Longest heading that can be typed, in characters.
MAX_HEADING = 500


def merge_with_previous(outline: Outline, key: str) -> Outline:
    """Add a unit's words to the unit before it in reading order; its key is given up.

    Raises
    ------
    NotFoundError
        ``clause.unknown``.
    InvalidError
        ``outline.nothing_before`` for the first unit.
    """
    place = _place(outline, key)
    if place == 0:
        raise InvalidError("outline.nothing_before", field="key")
    before, merged = outline.provisions[place - 1 : place + 1]
    printed = _printed(merged)
    if before.kind in CONTAINERS:
        joined = replace(before, heading=" ".join([before.heading, *printed.split()]).strip())
    else:
        joined = replace(before, body="\n".join(filter(None, [before.body, printed])))
    return _replaced(outline, place - 1, [joined], taken=2)


def split_at(
    outline: Outline, key: str, line_offset: int, *, used_keys: Collection[str] = ()
) -> Outline:
    """Begin a new unit at a line of a unit's body.

    Parameters
    ----------
    line_offset : int
        Index of the line that moves first to the new unit, from 1.
    used_keys : collection of str
        Keys of earlier versions, which the new unit may not get.

    Raises
    ------
    NotFoundError
        ``clause.unknown``.
    InvalidError
        ``outline.split_outside`` when the body has no such line.
    """
    place = _place(outline, key)
    whole = outline.provisions[place]
    lines = whole.body.split("\n")
    if not 1 <= line_offset < len(lines):
        raise InvalidError("outline.split_outside", field="line", lines=len(lines))
    used = {provision.key for provision in outline} | set(used_keys)
    kept = replace(whole, body="\n".join(lines[:line_offset]))
    opened = _opened(lines[line_offset:])
    first = replace(opened, key=KeyChooser(used).choose(opened, whole.parent_key))
    return _replaced(outline, place, [kept, *_as_kind(first, first.kind)])


def change_kind(outline: Outline, key: str, kind: Kind) -> Outline:
    """Make a unit another kind; what it holds is nested anew.

    A unit that becomes a container keeps its key; its body becomes its heading if it has none and
    is one line, or else a paragraph in it.

    Raises
    ------
    NotFoundError
        ``clause.unknown``.
    """
    place = _place(outline, key)
    return _replaced(outline, place, _as_kind(outline.provisions[place], kind))


def set_number(outline: Outline, key: str, number: str) -> Outline:
    """Set the printed number, with its word; empty takes it away.

    Raises
    ------
    NotFoundError
        ``clause.unknown``.
    InvalidError
        ``text.too_long``.
    """
    place = _place(outline, key)
    clean = _one_line(number, NUMBER_LENGTH, "number")
    return _replaced(outline, place, [replace(outline.provisions[place], number=clean)])


def set_heading(outline: Outline, key: str, heading: str) -> Outline:
    """Set the heading; empty takes it away.

    Raises
    ------
    NotFoundError
        ``clause.unknown``.
    InvalidError
        ``text.too_long``.
    """
    place = _place(outline, key)
    clean = _one_line(heading, MAX_HEADING, "heading")
    return _replaced(outline, place, [replace(outline.provisions[place], heading=clean)])


def _place(outline: Outline, key: str) -> int:
    for place, provision in enumerate(outline):
        if provision.key == key:
            return place
    raise NotFoundError("clause.unknown")


def _replaced(
    outline: Outline, place: int, provisions: Sequence[Provision], *, taken: int = 1
) -> Outline:
    """Put provisions in the place of others and nest the whole again, as deep as it was."""
    depths: dict[str | None, int] = {None: 0}
    for provision in outline:
        depths[provision.key] = depths[provision.parent_key] + 1
    here = depths[outline.provisions[place].key]
    changed = [*outline.provisions]
    changed[place : place + taken] = provisions
    return nest(changed, [depths.get(provision.key or None) or here for provision in changed])


def _printed(provision: Provision) -> str:
    """Return the unit's words as they stood in the document."""
    if provision.heading:
        first = " ".join(filter(None, [provision.number, provision.heading]))
        return "\n".join(filter(None, [first, provision.body]))
    return " ".join(filter(None, [provision.number, provision.body]))


def _opened(lines: Sequence[str]) -> Provision:
    label = recognise(lines[0]) or recognise_bare(lines[0])
    if label is None:
        return Provision("", None, Kind.PARAGRAPH, "", "", "\n".join(lines))
    body = "\n".join(filter(None, [label.rest, *lines[1:]]))
    if label.kind in CONTAINERS:
        return Provision("", None, label.kind, label.number, label.rest, "\n".join(lines[1:]))
    return Provision("", None, label.kind, label.number, "", body)


def _as_kind(provision: Provision, kind: Kind) -> list[Provision]:
    """Return the unit as another kind, with a paragraph for a body that a container cannot have."""
    changed = replace(provision, kind=kind)
    if kind not in CONTAINERS or not provision.body:
        return [changed]
    if not provision.heading and "\n" not in provision.body:
        return [replace(changed, heading=provision.body, body="")]
    paragraph = Provision("", None, Kind.PARAGRAPH, "", "", provision.body)
    return [replace(changed, body=""), paragraph]


def _one_line(value: str, maximum: int, field: str) -> str:
    return text.single_line(value, max_length=maximum, field=field) if value.strip() else ""
