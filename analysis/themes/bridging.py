"""Bridging quotes from statements that were put to the vote, placed in the themes they speak of.

Comments are not voted on, statements are. Where every opinion group mostly agrees with a
statement, it is quoted in the theme whose comments share its words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analysis.single_thread import single_threaded
from analysis.sparse_rows import dense
from analysis.texts.comment_files import CommentTable
from analysis.texts.features import vocabulary_of, weighted_features
from analysis.texts.normalising import is_substantive, language_of, normalise
from analysis.texts.parameters import ThemeParameters
from analysis.texts.personal_data import find_personal_data
from analysis.themes.quotes import BRIDGING, STATEMENT, Quote, quotable_window
from analysis.themes.report import Theme, ThemeReport

#: Share of each group that must agree at least, at the lower end of its interval.
_MOST = 0.5


@dataclass(frozen=True)
class _Voted:
    """A statement that every group mostly agrees with."""

    name: str
    text: str
    normalised: str
    agreement: float


def lowest_agreement(opinions: Mapping[str, Any]) -> dict[str, float]:
    """Return, for statements that most of every opinion group agrees with, the lowest bound.

    Parameters
    ----------
    opinions : mapping
        Report of the schema ``sarn.opinions/1``.

    Returns
    -------
    agreement : dict of str to float
        The lower end of the interval in the group that agrees least. Statements with too few votes,
        and all if there are no two groups, are absent.
    """
    found: dict[str, float] = {}
    if len(opinions.get("groups", ())) < 2:
        return found
    for entry in opinions["statements"]:
        if entry["too_few"] or entry["moderated_out"] or not entry["by_group"]:
            continue
        least = min(float(group["low"]) for group in entry["by_group"])
        if least > _MOST:
            found[str(entry["id"])] = least
    return found


def with_bridging_statements(
    report: ThemeReport,
    comments: CommentTable,
    statements: CommentTable,
    agreement: Mapping[str, float],
    parameters: ThemeParameters | None = None,
) -> ThemeReport:
    """Add to each theme the statement on its subject with the highest lowest agreement.

    A statement belongs to the theme of its language with the comments nearest to it, if the mean
    cosine of the nearest ``bridging_comments`` reaches ``bridging_similarity``; otherwise to none.
    A theme that already has a bridging quote keeps it.

    Parameters
    ----------
    report : ThemeReport
    comments : CommentTable
        Those that the report was made from.
    statements : CommentTable
        Statements with their words; ids are not those of comments.
    agreement : mapping of str to float
        From `lowest_agreement`.
    """
    parameters = parameters or ThemeParameters()
    themes = list(report.themes)
    texts = dict(zip(comments.comments, comments.texts, strict=True))
    with single_threaded():
        for language, voted in _by_language(statements, agreement, parameters).items():
            places = [
                place
                for place, theme in enumerate(themes)
                if theme.kind == "theme" and theme.language == language
            ]
            near = _nearest([themes[place] for place in places], texts, voted, parameters)
            for place, best in _best(places, near, voted).items():
                themes[place] = _quoting(themes[place], best, parameters)
    return replace(report, themes=themes)


def _by_language(
    statements: CommentTable, agreement: Mapping[str, float], parameters: ThemeParameters
) -> dict[str, list[_Voted]]:
    found: dict[str, list[_Voted]] = {}
    for name, text, declared in sorted(
        zip(statements.comments, statements.texts, statements.languages, strict=True)
    ):
        normalised = normalise(text, parameters)
        usable = is_substantive(normalised, parameters) and not find_personal_data(text)
        if name in agreement and usable:
            language = language_of(normalised, declared, parameters)
            voted = _Voted(name, text, normalised, agreement[name])
            found.setdefault(language, []).append(voted)
    return found


def _nearest(
    themes: Sequence[Theme],
    texts: Mapping[str, str],
    voted: Sequence[_Voted],
    parameters: ThemeParameters,
) -> list[int]:
    """Return the place of each statement's theme, -1 for none."""
    samples = [theme.comments[: parameters.bridging_sample] for theme in themes]
    owners = np.repeat(np.arange(len(themes)), [len(sample) for sample in samples])
    said = [normalise(texts[comment], parameters) for sample in samples for comment in sample]
    if not said:
        return [-1] * len(voted)
    rows = [*said, *(entry.normalised for entry in voted)]
    features = weighted_features(vocabulary_of(rows, parameters), parameters)
    similar = dense(features[len(said) :] @ features[: len(said)].T)
    scores = np.stack([_near(similar[:, owners == own], parameters) for own in range(len(themes))])
    best = scores.argmax(axis=0)
    enough = scores.max(axis=0) >= parameters.bridging_similarity
    return [int(place) if ok else -1 for place, ok in zip(best, enough, strict=True)]


def _near(similar: Any, parameters: ThemeParameters) -> Any:
    """Return the mean cosine of the nearest comments of one theme, per statement."""
    count = min(parameters.bridging_comments, similar.shape[1])
    return np.sort(similar, axis=1)[:, -count:].mean(axis=1)


def _best(places: Sequence[int], near: Sequence[int], voted: Sequence[_Voted]) -> dict[int, _Voted]:
    found: dict[int, _Voted] = {}
    for place, entry in zip(near, voted, strict=True):
        if place >= 0:
            own = places[place]
            if own not in found or entry.agreement > found[own].agreement:
                found[own] = entry
    return found


def _quoting(theme: Theme, voted: _Voted, parameters: ThemeParameters) -> Theme:
    if any(quote.role == BRIDGING for quote in theme.quotes):
        return theme
    start, end = quotable_window(voted.text, parameters, theme.label_terms)
    quote = Quote(voted.name, start, end, BRIDGING, STATEMENT)
    return replace(theme, quotes=[*theme.quotes, quote])
