"""From comments to a theme report, step by step.

Normalise, set aside what says nothing, find copies, split by language and answer, build the
space, find themes, name and quote them, keep the ids of the previous run.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from analysis.errors import MalformedCommentsError
from analysis.single_thread import single_threaded
from analysis.texts.comment_files import CommentTable
from analysis.texts.comment_units import Prepared, Unit, prepare
from analysis.texts.duplicate_report import duplicate_report
from analysis.texts.embedders import Embedder
from analysis.texts.parameters import ThemeParameters
from analysis.texts.probe import MeaningSource
from analysis.themes.anchors import link_languages
from analysis.themes.building import Sheet, build_campaigns, build_minorities, build_theme
from analysis.themes.comment_grouping import (
    DraftTheme,
    Grouping,
    LanguageGroup,
    Start,
    group_language,
)
from analysis.themes.naming import Name, name_themes
from analysis.themes.pinning import Pin, with_pins
from analysis.themes.report import SecondTheme, Theme, ThemeReport

ENGINE_VERSION = "1"
_LIBRARIES = ("numpy", "scipy", "scikit-learn", "pythainlp", "nlpo3")

Placed = tuple[DraftTheme, LanguageGroup]


def analyse_comments(
    comments: CommentTable,
    parameters: ThemeParameters | None = None,
    *,
    previous: Mapping[str, Any] | None = None,
    pins: Sequence[Pin] = (),
    title: str = "",
    embedder: Embedder | None = None,
    agreement: Mapping[str, float] | None = None,
) -> ThemeReport:
    """Find the themes, campaigns and small voices in comments.

    Parameters
    ----------
    comments : CommentTable
        Any number of comments, none included.
    parameters : ThemeParameters, optional
        Constants of the method.
    previous : mapping, optional
        The theme report of an earlier run (``sarn.themes/1``): themes start where they were and
        keep their ids.
    pins : sequence of Pin
        What officials decided about its themes: named, merged or fixed; they stay so in later runs.
    title : str, default=""
        Title or question of the draft; its words never name a theme.
    embedder : Embedder, optional
        Points of meaning set beside the lexical ones, for the languages whose probe it passes.
    agreement : mapping of str to float, optional
        For comments with reactions, the lowest agreement of any opinion group; used for the
        bridging quote.

    Returns
    -------
    report : ThemeReport
        Equal for the same comments in any order and on any number of threads.

    Raises
    ------
    MalformedCommentsError
        If ``previous`` is no theme report, or a pin names a theme that is not in it.
    """
    parameters = parameters or ThemeParameters()
    if previous is not None:
        previous = with_pins(ThemeReport.from_dict(previous).to_dict(), pins)
    elif pins:
        raise MalformedCommentsError("pins: there is no last report; give the one they are about")
    sheet = Sheet(comments, parameters, agreement or {})
    with single_threaded():
        prepared = prepare(comments, parameters)
        source = MeaningSource(embedder, parameters) if embedder else None
        known, fixed = _previous_themes(previous), _fixed_comments(previous)
        grouping = Grouping(parameters, title, source, known, fixed)
        groups = _group_all(prepared, sheet, grouping)
        placed = [(draft, group) for group in groups for draft in group.drafts]
        report = _report(prepared, placed, sheet, previous)
    used = source.to_dict() if source else None
    return replace(report, engine={**report.engine, "embedder": used})


def find_duplicates(
    comments: CommentTable, parameters: ThemeParameters | None = None
) -> dict[str, Any]:
    """Return the groups of nearly equal comments (``sarn.duplicates/1``)."""
    parameters = parameters or ThemeParameters()
    return duplicate_report(comments, prepare(comments, parameters), parameters)


def _group_all(prepared: Prepared, sheet: Sheet, grouping: Grouping) -> list[LanguageGroup]:
    by_language: dict[str, list[Unit]] = defaultdict(list)
    for unit in prepared.units:
        by_language[unit.language].append(unit)
    texts = sheet.comments.texts
    return [
        group_language(
            units,
            [texts[unit.comment][unit.start : unit.end] for unit in units],
            np.array([sheet.people([unit]) for unit in units], dtype=np.intp),
            [_start_of(unit, sheet, grouping) for unit in units],
            grouping,
        )
        for _, units in sorted(by_language.items())
    ]


def _previous_themes(
    previous: Mapping[str, Any] | None,
) -> dict[tuple[str, str], dict[str, str]]:
    """Return the theme of each comment in the previous run, by language and answer."""
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for theme in (previous or {}).get("themes", ()):
        if theme["kind"] == "theme":
            group = found[theme["language"], theme["stance"]]
            group.update(dict.fromkeys(theme["comments"], theme["id"]))
    return dict(found)


def _fixed_comments(previous: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the theme of each comment that an official has fixed."""
    themes = (previous or {}).get("themes", ())
    return {comment: theme["id"] for theme in themes for comment in theme["pinned"]}


def _start_of(unit: Unit, sheet: Sheet, grouping: Grouping) -> Start:
    """Return where a unit was; copies follow those of them that are fixed, then the most."""
    known = grouping.previous.get((unit.language, unit.stance), {})
    names = [sheet.comments.comments[index] for index in unit.members]
    present = [name for name in names if name in known]
    fixed = [name for name in present if grouping.pinned.get(name) == known[name]]
    counted = sorted(known[name] for name in (fixed or present))
    return Start(max(counted, key=counted.count, default=None), bool(fixed))


def _report(
    prepared: Prepared,
    placed: list[Placed],
    sheet: Sheet,
    previous: Mapping[str, Any] | None,
) -> ThemeReport:
    placed = sorted(placed, key=lambda entry: _rank(entry, sheet))
    names, numbering = name_themes(placed, sheet, previous)
    ids = {id(draft): name.theme for (draft, _), name in zip(placed, names, strict=True)}
    entries = list(zip(placed, names, strict=True))
    themes = [_linked(entry, name, sheet, ids) for entry, name in entries]
    themes = link_languages(themes, sheet.comments, sheet.parameters)
    minority = [
        small
        for (draft, group), name in entries
        for small in build_minorities(draft, group, sheet, name.theme, name.sub_themes)
    ]
    return ThemeReport(
        input=_input(sheet.comments, prepared),
        parameters=sheet.parameters.to_dict(),
        engine={"version": ENGINE_VERSION, "libraries": _library_versions()},
        themes=themes,
        campaigns=build_campaigns(prepared.groups, themes, sheet),
        not_substantive=[sheet.comments.comments[i] for i in prepared.not_substantive],
        minority=minority,
        numbering=numbering,
    )


def _linked(entry: Placed, name: Name, sheet: Sheet, ids: Mapping[int, str]) -> Theme:
    """Write a theme with its second themes, its siblings and its origin."""
    draft, group = entry
    theme = build_theme(draft, group, sheet, name.theme, name.sub_themes)
    second = [
        SecondTheme(comment, ids[id(other)])
        for row, other in draft.second.items()
        for comment in sheet.ids([group.units[row]])
    ]
    return replace(
        theme,
        second=sorted(second, key=lambda entry: entry.comment),
        siblings=sorted({ids[id(other)] for other in draft.siblings}),
        change=name.origin.change,
        before=name.origin.before,
        pinned=sorted(name.pinned.intersection(theme.comments)),
        name=name.words,
    )


def _rank(entry: Placed, sheet: Sheet) -> tuple[bool, int, str, str, str]:
    """Order themes: found before listed, large before small, then by what never changes."""
    draft, group = entry
    comments = sheet.ids([group.units[row] for row in draft.rows])
    first = comments[0] if comments else ""
    return draft.kind != "theme", -len(comments), draft.language, draft.stance, first


def _input(comments: CommentTable, prepared: Prepared) -> dict[str, Any]:
    languages: dict[str, int] = defaultdict(int)
    for unit in prepared.units:
        languages[unit.language] += len(unit.members)
    return {
        "comments": len(comments),
        "people": comments.people(),
        "distinct_texts": sum(bool(unit.members) for unit in prepared.units),
        "languages": dict(sorted(languages.items())),
        "digest": comments.digest,
        "authors": sum(bool(author) for author in comments.authors),
    }


def _library_versions() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found
