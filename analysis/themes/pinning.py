"""Themes that an official has fixed: named, merged, and kept whatever the next run finds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import MalformedCommentsError


@dataclass(frozen=True)
class Pin:
    """A decision about a theme of the last report.

    Attributes
    ----------
    theme : str
        Its id.
    name : str
        What the official calls it; empty keeps an earlier name.
    merge : tuple of str
        Themes of the same language and answer whose comments belong to it from now on.
    pinned : bool
        False lets go of an earlier pin.
    """

    theme: str
    name: str = ""
    merge: tuple[str, ...] = ()
    pinned: bool = True


def with_pins(previous: Mapping[str, Any], pins: Iterable[Pin]) -> dict[str, Any]:
    """Return the last report with decisions applied, for a run that starts from it.

    The comments that a theme holds when it is pinned stay in it; those that join later do not
    become fixed.

    Raises
    ------
    MalformedCommentsError
        If a theme is unknown, has gone into another, or is of another language or answer.
    """
    themes = {str(theme["id"]): dict(theme) for theme in previous["themes"]}
    for pin in pins:
        target = _theme(themes, pin.theme)
        for name in pin.merge:
            if name != pin.theme:
                _merge(target, _theme(themes, name))
                del themes[name]
        if not pin.pinned:
            target.update(pinned=[], name="")
            continue
        fixed = target["pinned"] if target["pinned"] and not pin.merge else target["comments"]
        target.update(pinned=sorted(fixed), name=pin.name or target["name"])
    return {**previous, "themes": list(themes.values())}


def read_pins(document: Any, path: Path) -> list[Pin]:
    """Take pins out of parsed JSON: ``[{"theme": "t1", "name": "...", "merge": ["t2"]}]``.

    Raises
    ------
    MalformedCommentsError
        If it has another form; names the place.
    """
    if not isinstance(document, list):
        raise MalformedCommentsError(
            f'{path.name}: row 1, column 1: not a list; write [{{"theme": "t1"}}]'
        )
    return [_pin(entry, f"{path.name}: pin {place}") for place, entry in enumerate(document, 1)]


def _pin(entry: Any, place: str) -> Pin:
    known = {"theme": str, "name": str, "merge": list, "pinned": bool}
    if not isinstance(entry, dict) or "theme" not in entry:
        raise MalformedCommentsError(f'{place}: names no theme; write {{"theme": "t1"}}')
    for key, value in entry.items():
        if key not in known or not isinstance(value, known[key]):
            raise MalformedCommentsError(
                f"{place}: {key!r} is not understood; use theme, name, merge (a list), pinned"
            )
    merge = tuple(str(name) for name in entry.get("merge", ()))
    return Pin(entry["theme"], entry.get("name", ""), merge, entry.get("pinned", True))


def _theme(themes: Mapping[str, dict[str, Any]], name: str) -> dict[str, Any]:
    found = themes.get(name)
    if found is None or found["kind"] != "theme":
        raise MalformedCommentsError(
            f"pin of {name!r}: no such theme in the last report; use an id that stands there once"
        )
    return found


def _merge(target: dict[str, Any], other: Mapping[str, Any]) -> None:
    for key in ("language", "stance"):
        if target[key] != other[key]:
            raise MalformedCommentsError(
                f"pin of {target['id']!r}: {other['id']!r} is of another {key}; "
                "merge themes of one language and answer"
            )
    for key in ("comments", "sub_themes", "pinned"):
        target[key] = [*target[key], *other[key]]
