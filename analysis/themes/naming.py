"""Give themes and sub-themes their ids, and tell what became of the previous ones."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.texts.parameters import ThemeParameters
from analysis.themes.building import Sheet
from analysis.themes.comment_grouping import DraftTheme, LanguageGroup
from analysis.themes.theme_ids import Numbering, Origin, match_groups

Placed = tuple[DraftTheme, LanguageGroup]


@dataclass(frozen=True)
class Name:
    """The id of a theme, the ids of its sub-themes, where it comes from, what an official fixed."""

    theme: str
    sub_themes: list[str]
    origin: Origin
    pinned: frozenset[str] = frozenset()
    words: str = ""


def name_themes(
    placed: Sequence[Placed], sheet: Sheet, previous: Mapping[str, Any] | None
) -> tuple[list[Name], dict[str, int]]:
    """Return a name for each theme in the given order, and the last numbers used.

    Themes are matched among those of the same language, answer and kind; sub-themes among all
    of these. The order in which new ids are given is the order of ``placed``.
    """
    last = dict((previous or {}).get("numbering", {}))
    themes = Numbering("t", int(last.get("theme", 0)))
    subs = Numbering("s", int(last.get("sub_theme", 0)))
    old = _previous_groups(previous)
    decided = {
        theme["id"]: (frozenset(theme["pinned"]), str(theme["name"]))
        for theme in (previous or {}).get("themes", ())
        if theme["pinned"]
    }
    by_key: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for number, (draft, _) in enumerate(placed):
        by_key[draft.language, draft.stance, draft.kind].append(number)
    origins: dict[int, Origin] = {}
    sub_ids: dict[int, list[str | None]] = {}
    for key, numbers in by_key.items():
        entries = [placed[number] for number in numbers]
        old_themes, old_subs = old.get(key, ({}, {}))
        found = match_groups(
            [_comments(draft.rows, group, sheet) for draft, group in entries],
            old_themes,
            sheet.parameters,
            pinned=decided.keys(),
        )
        origins.update(zip(numbers, found, strict=True))
        sub_ids.update(
            zip(numbers, _match_subs(entries, old_subs, sheet, sheet.parameters), strict=True)
        )
    names = [
        Name(
            origins[number].kept or themes.take(),
            [sub or subs.take() for sub in sub_ids[number]],
            origins[number],
            *decided.get(origins[number].kept or "", (frozenset(), "")),
        )
        for number in range(len(placed))
    ]
    return names, {"theme": themes.last, "sub_theme": subs.last}


def _match_subs(
    entries: Sequence[Placed],
    old: Mapping[str, frozenset[str]],
    sheet: Sheet,
    parameters: ThemeParameters,
) -> list[list[str | None]]:
    groups = [_comments(rows, group, sheet) for draft, group in entries for rows in draft.sub_rows]
    found = iter(match_groups(groups, old, parameters))
    return [[next(found).kept for _ in draft.sub_rows] for draft, _ in entries]


def _comments(rows: Sequence[int], group: LanguageGroup, sheet: Sheet) -> frozenset[str]:
    return frozenset(sheet.ids([group.units[row] for row in rows]))


def _previous_groups(
    previous: Mapping[str, Any] | None,
) -> dict[tuple[str, str, str], tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]]:
    found: dict[tuple[str, str, str], Any] = {}
    for theme in (previous or {}).get("themes", ()):
        key = (theme["language"], theme["stance"], theme["kind"])
        themes, subs = found.setdefault(key, ({}, {}))
        themes[theme["id"]] = frozenset(theme["comments"])
        for sub in theme["sub_themes"]:
            subs[sub["id"]] = frozenset(sub["comments"])
    return found
