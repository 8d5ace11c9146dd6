"""Group the units of each language, and of each answer, into drafts of themes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from analysis.texts.comment_units import Unit
from analysis.texts.parameters import ThemeParameters
from analysis.texts.probe import MeaningSource
from analysis.themes.comment_space import Space, make_space
from analysis.themes.labels import label_terms
from analysis.themes.partition import (
    ThemeFit,
    fit_themes,
    number_of_themes,
    shared_number,
    siblings,
)

Indexes = NDArray[np.intp]


@dataclass
class DraftTheme:
    """A theme before it has an id; ``rows`` and the rest count units of its language."""

    language: str
    stance: str
    kind: str
    rows: list[int]
    terms: list[str]
    sub_rows: list[list[int]] = field(default_factory=list)
    sub_terms: list[list[str]] = field(default_factory=list)
    promoted: list[int] = field(default_factory=list)
    weak: list[int] = field(default_factory=list)
    second: dict[int, "DraftTheme"] = field(default_factory=dict)
    siblings: list["DraftTheme"] = field(default_factory=list)


@dataclass(frozen=True)
class LanguageGroup:
    """The units of one language, the space they lie in, and the drafts found there."""

    units: list[Unit]
    texts: list[str]
    space: Space
    drafts: list[DraftTheme]


@dataclass(frozen=True)
class Start:
    """Theme of a unit in the previous run, None if it is new; fixed there by an official or not."""

    theme: str | None = None
    fixed: bool = False


@dataclass(frozen=True)
class Grouping:
    """What the grouping needs besides the units.

    ``previous`` gives the theme of each comment in the last run, by language and answer;
    ``pinned`` that of each comment which an official has fixed there.
    """

    parameters: ThemeParameters
    title: str = ""
    source: MeaningSource | None = None
    previous: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    pinned: Mapping[str, str] = field(default_factory=dict)


def group_language(
    units: list[Unit],
    texts: list[str],
    people: Indexes,
    starts: Sequence[Start],
    grouping: Grouping,
) -> LanguageGroup:
    """Group the units of one language, in canonical order.

    Parameters
    ----------
    units : list of Unit
        All of the same language.
    texts : list of str
        The original text of each unit.
    people : ndarray of shape (n_units,), dtype=intp
        How many people sent each unit.
    starts : sequence of Start
        Where each unit was in the previous run.
    """
    parameters = grouping.parameters
    language = units[0].language
    normalised = [unit.normalised for unit in units]
    few = len(units) < parameters.fewest_to_group
    source = None if few else grouping.source
    meanings = source.points(language, texts) if source else None
    space = make_space(normalised, parameters, meanings=meanings)
    if few:
        rows = np.arange(len(units), dtype=np.intp)
        terms = label_terms(space.vocabulary, np.zeros_like(rows), parameters, title=grouping.title)
        drafts = [DraftTheme(language, "", "listed", rows.tolist(), terms[0])]
    else:
        drafts = _group_by_stance(units, space, people, starts, grouping)
    return LanguageGroup(units, texts, space, drafts)


def _group_by_stance(
    units: list[Unit],
    space: Space,
    people: Indexes,
    starts: Sequence[Start],
    grouping: Grouping,
) -> list[DraftTheme]:
    by_stance: dict[str, list[int]] = defaultdict(list)
    for row, unit in enumerate(units):
        by_stance[unit.stance].append(row)
    stances = sorted(by_stance)
    parameters = grouping.parameters
    if len(stances) == 1:
        counts = [number_of_themes(len(units), parameters)]
    else:
        counts = shared_number([len(by_stance[stance]) for stance in stances], parameters)
    drafts: list[DraftTheme] = []
    fits: list[tuple[ThemeFit, list[DraftTheme]]] = []
    for stance, count in zip(stances, counts, strict=True):
        rows = np.array(by_stance[stance], dtype=np.intp)
        own = [starts[row] for row in rows]
        start = _start([entry.theme for entry in own], count, parameters)
        fit = fit_themes(
            space.points[rows], people[rows], count, parameters, start=start, pinned=_pinned(own)
        )
        made = _drafts(units[rows[0]], space, rows, fit, grouping)
        fits.append((fit, made))
        drafts += made
    _link_siblings(fits, parameters)
    return drafts


def _start(
    previous: Sequence[str | None], count: int, parameters: ThemeParameters
) -> Indexes | None:
    """Return numbers of the previous themes, or None when a fresh start is due.

    That is when most texts are new, or when there are now far too few themes for the texts.
    """
    known = sorted({theme for theme in previous if theme is not None})
    old = sum(theme is not None for theme in previous)
    if len(previous) > parameters.warm_growth * old:
        return None
    if not known or count > parameters.warm_shortage * len(known):
        return None
    numbers = {theme: number for number, theme in enumerate(known)}
    return np.array([numbers[t] if t is not None else -1 for t in previous], dtype=np.intp)


def _pinned(starts: Sequence[Start]) -> Indexes:
    """Return numbers of the themes in which texts are fixed, -1 for the others."""
    names = sorted({str(start.theme) for start in starts if start.fixed})
    numbers = [names.index(str(start.theme)) if start.fixed else -1 for start in starts]
    return np.array(numbers, dtype=np.intp)


def _drafts(
    first: Unit, space: Space, rows: Indexes, fit: ThemeFit, grouping: Grouping
) -> list[DraftTheme]:
    vocabulary = space.vocabulary.only(rows)
    parameters, title = grouping.parameters, grouping.title
    terms = label_terms(vocabulary, fit.labels, parameters, title=title)
    sub_terms = label_terms(vocabulary, fit.sub_labels, parameters, title=title)
    drafts: list[DraftTheme] = []
    for theme, named in enumerate(terms):
        inside = np.flatnonzero(fit.labels == theme)
        subs = np.unique(fit.sub_labels[inside]).tolist()
        draft = DraftTheme(first.language, first.stance, "theme", rows[inside].tolist(), named)
        draft.sub_rows = [rows[fit.sub_labels == sub].tolist() for sub in subs]
        draft.sub_terms = [sub_terms[sub] for sub in subs]
        draft.promoted = [place for place, sub in enumerate(subs) if sub in fit.promoted]
        draft.weak = rows[inside[fit.weak[inside]]].tolist()
        drafts.append(draft)
    for place in np.flatnonzero(fit.second >= 0).tolist():
        own, other = int(fit.labels[place]), int(fit.second[place])
        drafts[own].second[int(rows[place])] = drafts[other]
    return drafts


def _link_siblings(
    fits: Sequence[tuple[ThemeFit, list[DraftTheme]]], parameters: ThemeParameters
) -> None:
    for place, (fit, drafts) in enumerate(fits):
        for other_fit, others in fits[place + 1 :]:
            for one, other in siblings(fit.centres, other_fit.centres, parameters):
                drafts[one].siblings.append(others[other])
                others[other].siblings.append(drafts[one])
